//! What must hold for every value and every contract.

use peer_contract_core::{Contract, Limits, Problems, Value, json};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, json};

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<f64>().prop_filter("finite", |double| double.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Small values over few names, so that schemas and values meet.
fn small() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        (-2..4_i64).prop_map(Value::from),
        Just(json!(1.5)),
        "[ab]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map("[abk]", inner, 0..3).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Schemas of every keyword over the same few names.
fn schema() -> impl Strategy<Value = Value> {
    let types = prop::sample::select(vec!["null", "boolean", "integer", "number", "string", "array", "object"]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        types.prop_map(|kind| json!({ "type": kind })),
        small().prop_map(|constant| json!({ "const": constant })),
        vec(small(), 1..3).prop_map(|options| json!({ "enum": options })),
        (0..3_u64, 0..3_u64)
            .prop_map(|(least, most)| json!({ "minLength": least, "maxItems": most, "minProperties": least })),
        (-1..3_i64).prop_map(|bound| json!({ "minimum": bound, "multipleOf": 2 })),
        Just(json!({ "pattern": "^a+$", "uniqueItems": true })),
        Just(json!({ "required": ["a"], "dependentRequired": { "b": ["k"] } })),
        Just(json!({ "$ref": "#/$defs/Other" })),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        let tagged = |tag: &str, schema: &Value| json!({ "type": "object", "required": ["k"], "properties": { "k": { "const": tag }, "a": schema } });
        prop_oneof![
            vec(inner.clone(), 1..3).prop_map(|all| json!({ "allOf": all })),
            vec(inner.clone(), 1..3).prop_map(|any| json!({ "anyOf": any })),
            vec(inner.clone(), 1..3).prop_map(|one| json!({ "oneOf": one })),
            vec(inner.clone(), 1..3).prop_map(move |parts| {
                let tags = ["a", "b", "ab"].into_iter().zip(&parts).map(|(tag, part)| tagged(tag, part));
                json!({ "oneOf": tags.collect::<Vec<_>>() })
            }),
            inner.clone().prop_map(|not| json!({ "not": not })),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(cond, yes, no)| object([("if", cond), ("then", yes), ("else", no)])),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, pattern, rest)| {
                json!({ "properties": { "a": a }, "patternProperties": { "^b": pattern }, "additionalProperties": rest })
            }),
            (inner.clone(), inner.clone()).prop_map(|(first, rest)| json!({ "prefixItems": [first], "items": rest })),
            inner.clone().prop_map(|item| json!({ "contains": item, "maxContains": 2 })),
            inner.clone().prop_map(|name| json!({ "propertyNames": name })),
            inner.clone().prop_map(|schema| json!({ "dependentSchemas": { "a": schema } })),
            (inner.clone(), inner).prop_map(|(part, rest)| {
                json!({ "allOf": [{ "properties": { "a": part } }], "unevaluatedProperties": rest.clone(), "unevaluatedItems": rest })
            }),
        ]
    })
}

fn contract(schema: &Value) -> Result<Contract, Problems> {
    Contract::from_value(json!({
        "peerContract": "1", "name": "laws", "version": "1.0.0",
        "agents": { "a": { "operations": { "op": { "input": schema, "output": { "schema": true } } } } },
        "$defs": { "Other": { "type": ["object", "integer"], "properties": { "a": { "type": "string" } } } },
    }))
}

/// The same JSON, written with its members in the other order and with white space.
fn rewritten(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .rev()
                .map(|(key, value)| format!("{} :\n{}", Value::from(key.as_str()), rewritten(value)))
                .collect();
            format!("{{ {} }}", members.join(" ,\t"))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(rewritten).collect::<Vec<_>>().join(" , ")),
        scalar => scalar.to_string(),
    }
}

proptest! {
    #[test]
    fn canonical_bytes_read_back_to_themselves(value in value()) {
        let canonical = json::canonical(&value);
        let Ok(read) = json::parse(canonical.as_bytes(), &Limits::default()) else {
            // An integer beyond 2^53-1 that came as a double.
            let mut value = value;
            prop_assert!(json::admit(&mut value, &Limits::default()).is_err());
            return Ok(());
        };
        prop_assert_eq!(json::canonical(&read), canonical);
    }

    #[test]
    fn the_pass_writes_the_canonical_form(value in value()) {
        let canonical = json::canonical(&value);
        for text in [canonical.as_bytes(), rewritten(&value).as_bytes(), value.to_string().as_bytes()] {
            match json::parse(text, &Limits::default()) {
                Ok(_) => {
                    let written = json::canonicalize(text, &Limits::default()).unwrap();
                    prop_assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(canonical.as_bytes()));
                }
                Err(problem) => prop_assert_eq!(json::canonicalize(text, &Limits::default()), Err(problem)),
            }
        }
    }

    #[test]
    fn the_pass_takes_the_bytes_that_the_reader_takes(text in r#"[\[\]{}",:0-9eE.+\-a-u\\ ]{0,24}"#) {
        let limits = Limits::default();
        let read = json::parse(text.as_bytes(), &limits).map(|value| json::canonical(&value).into_vec());
        let written = json::canonicalize(text.as_bytes(), &limits).map(|written| written.into_owned());
        prop_assert_eq!(written, read);
    }

    #[test]
    fn the_pass_and_the_engine_give_one_verdict(schema in schema(), values in vec(small(), 8)) {
        let Ok(contract) = contract(&schema) else { return Ok(()) };
        let input = contract.schema(&contract.operation("a.op").unwrap().input).unwrap();
        for value in values {
            let canonical = json::canonical(&value).into_vec();
            for text in [canonical.clone(), rewritten(&value).into_bytes()] {
                let checked = input.check(&text, &Limits::default());
                prop_assert_eq!(checked.is_ok(), input.is_valid(&value), "{} {}", schema, value);
                if let Ok(checked) = checked {
                    prop_assert_eq!(checked.canonical, text == canonical, "{}", String::from_utf8_lossy(&text));
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused_as_the_reference_reader_does(text in r#"[\[\]{}",:0-9eE.+\-a-u\\ ]{0,24}"#) {
        let ours = json::parse(text.as_bytes(), &Limits::default());
        let theirs: Result<Value, _> = serde_json::from_str(&text);
        // Ours refuses more (unsafe integers, the same key twice), and never less.
        if let Ok(value) = &ours {
            let theirs = theirs.expect("the reference reader takes it too");
            prop_assert_eq!(json::canonical(value), json::canonical(&theirs));
        }
    }

    #[test]
    fn order_of_members_and_white_space_leave_the_hashes_alone(schema in schema()) {
        let Ok(one) = contract(&schema) else { return Ok(()) };
        let other = Contract::parse(rewritten(one.value()).as_bytes()).unwrap();
        prop_assert_eq!(one.hash(), other.hash());
        let (one, other) = (one.operation("a.op").unwrap().hash(), other.operation("a.op").unwrap().hash());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn the_canonical_form_is_a_contract_of_the_same_hash(schema in schema(), note in ".*") {
        let mut noted = match schema {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let Ok(bare) = contract(&Value::Object(noted.clone())) else { return Ok(()) };
        noted.insert("description".into(), Value::from(note));
        noted.insert("x-note".into(), json!({ "type": 3 }));
        let noted = contract(&Value::Object(noted)).unwrap();
        prop_assert_eq!(noted.hash(), bare.hash());
        prop_assert_eq!(Contract::parse(noted.canonical()).unwrap().hash(), bare.hash());
    }

    #[test]
    fn what_the_engine_refuses_has_a_reason_of_its_own(schema in schema(), value in small()) {
        let Ok(contract) = contract(&schema) else { return Ok(()) };
        let input = contract.schema(&contract.operation("a.op").unwrap().input).unwrap();
        match input.validate(&value) {
            Ok(()) => prop_assert!(input.is_valid(&value)),
            Err(problems) => {
                prop_assert!(!input.is_valid(&value));
                let unexplained = problems.as_slice().iter().find(|one| one.message == "the value does not fit its schema");
                prop_assert!(unexplained.is_none(), "{schema} {value}");
                for problem in problems.as_slice() {
                    let exists = value.pointer(problem.at.as_str()).is_some();
                    let missing = problem.message.contains("missing");
                    prop_assert!(exists || missing, "{problem} leads nowhere in {value}");
                }
            }
        }
    }
}
