//! Schemas and values left to chance, small enough that they meet.
//!
//! Objects here always say what they think of further properties, so the assumption about undeclared
//! ones stays out of it.

use peer_contract_core::Value;
use proptest::prelude::*;
use serde_json::json;

pub(crate) fn schema() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(json!(-1)), Just(json!(0)), Just(json!(1)), Just(json!(2)), Just(json!(0.5))];
    let words = prop::sample::subsequence(vec!["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], 0..3);
    let numbers = (prop::bool::ANY, words, prop::collection::vec(number, 3), 0..6_usize).prop_map(
        |(whole, words, values, of)| {
            let mut schema = json!({ "type": if whole { "integer" } else { "number" } });
            words.iter().zip(values).for_each(|(word, value)| schema[*word] = value);
            if of > 0 {
                schema["multipleOf"] = json!([0.1, 0.25, 1.0, 1.5, 2.0][of - 1]);
            }
            schema
        },
    );
    let strings = (0..3_u64, 0..3_u64)
        .prop_map(|(least, most)| json!({ "type": "string", "minLength": least, "maxLength": most }));
    let patterns = vec!["^a*$", "^[ab]{1,2}$", "^(?:|ccc)$", "b", "^[a-z]?", "^\\d+$"];
    let patterns = prop::sample::select(patterns).prop_map(|pattern| json!({ "type": "string", "pattern": pattern }));
    let listed = prop::collection::btree_set(
        prop::sample::select(vec!["\"\"", "\"a\"", "0", "1", "null", "true", "[]"]),
        1..4,
    )
    .prop_map(
        |texts| json!({ "enum": texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect::<Vec<Value>>() }),
    );
    let types = prop::sample::subsequence(vec!["null", "boolean", "string", "integer", "number", "array"], 1..4)
        .prop_map(|types| json!({ "type": types }));
    let leaf = prop_oneof![numbers, strings, patterns, listed, types, Just(json!(true)), Just(json!({}))];
    leaf.prop_recursive(3, 20, 3, |inner| {
        let inner = inner.boxed();
        let rest = prop_oneof![Just(json!(false)), Just(json!(true)), inner.clone()];
        let names = || prop::sample::subsequence(vec!["a", "b", "c"], 0..3);
        let objects = (names(), names(), prop::collection::vec(inner.clone(), 3), rest.clone()).prop_map(
            |(required, named, schemas, rest)| {
                let properties: Value = named.iter().zip(schemas).map(|(name, schema)| ((*name).to_owned(), schema)).collect();
                json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": rest })
            },
        );
        let arrays = (prop::collection::vec(inner.clone(), 0..3), rest, 0..3_u64, 0..3_u64, prop::bool::ANY).prop_map(
            |(prefix, items, least, most, unique)| {
                let mut schema = json!({ "type": "array", "items": items, "minItems": least, "maxItems": most, "uniqueItems": unique });
                if !prefix.is_empty() {
                    schema["prefixItems"] = json!(prefix);
                }
                schema
            },
        );
        let union = |word: &'static str| prop::collection::vec(inner.clone(), 1..4).prop_map(move |parts| json!({ word: parts }));
        prop_oneof![3 => objects, 2 => arrays, 1 => union("anyOf"), 1 => union("oneOf"), 1 => union("allOf"),
            1 => inner.clone().prop_map(|schema| json!({ "not": schema })),
            1 => conditional(inner.clone()), 1 => dependent(inner.clone()), 1 => tagged(inner.clone()),
            2 => unevaluated_properties(inner.clone()), 1 => unevaluated_items(inner.clone()), 1 => containing(inner)]
    })
}

type Schema = BoxedStrategy<Value>;

/// What is left of a list of keywords, each with a schema.
fn some(keywords: Vec<&'static str>, inner: Schema) -> impl Strategy<Value = Value> {
    let count = keywords.len();
    (prop::sample::subsequence(keywords, 0..=count), prop::collection::vec(inner, count)).prop_map(
        |(words, schemas)| words.into_iter().zip(schemas).map(|(word, schema)| (word.to_owned(), schema)).collect(),
    )
}

fn conditional(inner: Schema) -> impl Strategy<Value = Value> {
    some(vec!["if", "then", "else"], inner)
}

fn dependent(inner: Schema) -> impl Strategy<Value = Value> {
    let names = || prop::sample::subsequence(vec!["a", "b", "c"], 0..3);
    (names(), names(), some(vec!["a", "b"], inner)).prop_map(|(one, other, schemas)| {
        json!({ "type": "object", "dependentRequired": { "a": one, "b": other }, "dependentSchemas": schemas,
            "additionalProperties": true })
    })
}

/// Objects told apart by `a`, each closed or open.
fn tagged(inner: Schema) -> impl Strategy<Value = Value> {
    let tags = prop::sample::subsequence(vec![json!("a"), json!(0), json!(1), json!(null)], 1..3);
    let rest = prop_oneof![Just(json!(false)), inner.clone()];
    let branch = (tags, prop::bool::ANY, inner, rest).prop_map(|(tags, required, schema, rest)| {
        let required = if required { json!(["a", "b"]) } else { json!(["a"]) };
        let properties = json!({ "a": { "enum": tags }, "b": schema });
        json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": rest })
    });
    let word = prop::sample::select(vec!["oneOf", "anyOf"]);
    (word, prop::collection::vec(branch, 1..4)).prop_map(|(word, branches)| json!({ word: branches }))
}

/// Properties here and there, and what is left of them.
fn unevaluated_properties(inner: Schema) -> impl Strategy<Value = Value> {
    let properties = || some(vec!["a", "b", "c"], inner.clone());
    let required = || prop::sample::subsequence(vec!["a", "b"], 0..2);
    let part = (properties(), required())
        .prop_map(|(properties, required)| json!({ "properties": properties, "required": required }));
    let around = (
        prop::sample::select(vec!["allOf", "anyOf", "oneOf", "if", "dependentSchemas"]),
        prop::collection::vec(part, 1..3),
    );
    let rest = prop_oneof![Just(json!(false)), inner.clone()];
    (properties(), around, rest).prop_map(|(properties, (word, parts), rest)| {
        let mut schema = json!({ "type": "object", "properties": properties, "unevaluatedProperties": rest });
        match word {
            "if" => {
                schema["if"] = parts[0].clone();
                schema[["then", "else"][parts.len() - 1]] = parts[parts.len() - 1].clone();
            }
            "dependentSchemas" => schema[word] = json!({ "a": parts[0] }),
            _ => schema[word] = json!(parts),
        }
        schema
    })
}

fn containing(inner: Schema) -> impl Strategy<Value = Value> {
    (inner.clone(), inner, 0..3_u64, 0..4_u64).prop_map(|(items, wanted, least, most)| {
        let mut schema = json!({ "type": "array", "items": items, "contains": wanted, "minContains": least });
        if most > 0 {
            schema["maxContains"] = json!(most);
        }
        schema
    })
}

fn unevaluated_items(inner: Schema) -> impl Strategy<Value = Value> {
    let part = prop::collection::vec(inner.clone(), 1..3).prop_map(|prefix| json!({ "prefixItems": prefix }));
    let word = prop::sample::select(vec!["allOf", "anyOf", "oneOf"]);
    let rest = prop_oneof![Just(json!(false)), inner];
    (prop::bool::ANY, word, prop::collection::vec(part, 1..3), rest).prop_map(|(own, word, parts, rest)| {
        let mut schema = json!({ "type": "array", word: parts, "unevaluatedItems": rest });
        if own {
            schema["prefixItems"] = json!([true]);
        }
        schema
    })
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![
        "null", "true", "false", "-1", "0", "1", "2", "3", "0.5", "1.5", "\"\"", "\"a\"", "\"bb\"", "\"ccc\"",
    ])
    .prop_map(|text| serde_json::from_str(text).unwrap());
    leaf.prop_recursive(3, 12, 3, |inner| {
        let names = prop::sample::select(vec!["a", "b", "c", "d"]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
