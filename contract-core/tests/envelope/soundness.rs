//! `Fits` is a proof: no value that one schema accepts is refused by the other.
//!
//! Objects here always say what they think of further properties, so the assumption about undeclared
//! ones stays out of it.

use peer_contract_core::compat::{Verdict, fits};
use peer_contract_core::{Contract, Value};
use proptest::prelude::*;
use serde_json::json;

pub(crate) fn schema() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(json!(-1)), Just(json!(0)), Just(json!(1)), Just(json!(2)), Just(json!(0.5))];
    let words = prop::sample::subsequence(vec!["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], 0..3);
    let numbers =
        (prop::bool::ANY, words, prop::collection::vec(number, 3), 0..3_u64).prop_map(|(whole, words, values, of)| {
            let mut schema = json!({ "type": if whole { "integer" } else { "number" } });
            words.iter().zip(values).for_each(|(word, value)| schema[*word] = value);
            if of > 0 {
                schema["multipleOf"] = json!(of);
            }
            schema
        });
    let strings = (0..3_u64, 0..3_u64)
        .prop_map(|(least, most)| json!({ "type": "string", "minLength": least, "maxLength": most }));
    let listed = prop::collection::btree_set(
        prop::sample::select(vec!["\"\"", "\"a\"", "0", "1", "null", "true", "[]"]),
        1..4,
    )
    .prop_map(
        |texts| json!({ "enum": texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect::<Vec<Value>>() }),
    );
    let types = prop::sample::subsequence(vec!["null", "boolean", "string", "integer", "number", "array"], 1..4)
        .prop_map(|types| json!({ "type": types }));
    let leaf = prop_oneof![numbers, strings, listed, types, Just(json!(true)), Just(json!({}))];
    leaf.prop_recursive(3, 20, 3, |inner| {
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
            1 => inner.clone().prop_map(|schema| json!({ "not": schema }))]
    })
}

/// Two schemas, often related: unrelated ones hardly ever fit.
fn pair() -> impl Strategy<Value = (Value, Value)> {
    (schema(), schema(), 0..7).prop_map(|(one, other, how)| match how {
        0 => (one.clone(), json!({ "anyOf": [other, one] })),
        1 => (one.clone(), json!({ "oneOf": [one, other] })),
        2 => (json!({ "allOf": [one, other] }), one),
        3 => (json!({ "anyOf": [one, other] }), json!({ "anyOf": [other, one] })),
        4 => (json!({ "enum": [0, "a", null] }), one),
        _ => (one, other),
    })
}

fn value() -> impl Strategy<Value = Value> {
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

fn contract(input: &Value) -> Option<Contract> {
    let operation = json!({ "input": input, "output": { "schema": true } });
    let agents = json!({ "a": { "operations": { "op": operation } } });
    Contract::from_value(json!({ "peerContract": "1", "name": "pair", "version": "1.0.0", "agents": agents })).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_fits_is_never_refused((sent, accepted) in pair(), values in prop::collection::vec(value(), 24)) {
        let (Some(sender), Some(receiver)) = (contract(&sent), contract(&accepted)) else { return Ok(()) };
        let operation = |contract: &Contract| contract.operation("a.op").unwrap().clone();
        let (one, other) = (operation(&sender), operation(&receiver));
        let valid = |contract: &Contract, value: &Value| contract.schema(&one.input).unwrap().is_valid(value);
        match fits((&sender, &one), (&receiver, &other)) {
            Verdict::Fits => {
                for value in values.iter().filter(|value| valid(&sender, value)) {
                    prop_assert!(valid(&receiver, value), "{}", value);
                }
            }
            Verdict::Broken(broken) => {
                let witness = broken.witness.unwrap();
                prop_assert!(valid(&sender, &witness) && !valid(&receiver, &witness));
            }
            Verdict::Unknown => {}
        }
    }
}
