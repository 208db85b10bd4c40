//! `Fits` is a proof: no value that one schema accepts is refused by the other.

use peer_contract_core::compat::{Verdict, fits};
use peer_contract_core::sample::Sampler;
use peer_contract_core::{Contract, Value};
use proptest::prelude::*;
use serde_json::json;

use crate::schemas::{schema, value};

/// Pairs of schemas; `PEER_CONTRACT_PAIRS` asks for more of them when the test is built.
fn pairs() -> u32 {
    option_env!("PEER_CONTRACT_PAIRS").and_then(|count| count.parse().ok()).unwrap_or(600)
}

/// Two schemas, often related: unrelated ones hardly ever fit.
fn pair() -> impl Strategy<Value = (Value, Value)> {
    (schema(), schema(), 0..16).prop_map(|(one, other, how)| match how {
        0 => (one.clone(), json!({ "anyOf": [other, one] })),
        1 => (one.clone(), json!({ "oneOf": [one, other] })),
        2 => (json!({ "allOf": [one, other] }), one),
        3 => (json!({ "anyOf": [one, other] }), json!({ "anyOf": [other, one] })),
        4 => (json!({ "enum": [0, "a", null] }), one),
        5 => (json!({ "allOf": [one, { "not": other }] }), json!({ "not": other })),
        6 => (one.clone(), json!({ "if": other, "then": one, "else": one })),
        7 => (json!({ "if": one, "then": other }), json!({ "if": one, "then": { "anyOf": [other, one] } })),
        8 => (one, json!({ "not": other })),
        9 => (json!({ "not": { "anyOf": [one, other] } }), json!({ "not": one })),
        10 => (closed(&one, "additionalProperties"), closed(&one, "unevaluatedProperties")),
        11 => (closed(&one, "unevaluatedProperties"), one),
        12 => (closed(&one, "unevaluatedProperties"), closed(&other, "unevaluatedProperties")),
        13 => (one.clone(), wider(one)),
        _ => (one, other),
    })
}

/// The schema with room for nothing else.
fn closed(schema: &Value, word: &str) -> Value {
    json!({ "type": ["object", "array"], "allOf": [schema], word: false })
}

/// The schema with an alternative or an item more, or a property less that has to be there.
fn wider(mut schema: Value) -> Value {
    for word in ["anyOf", "oneOf"] {
        if let Some(branches) = schema.get_mut(word).and_then(Value::as_array_mut) {
            branches.push(json!({ "const": "new" }));
        }
    }
    if let Some(most) = schema.get("maxContains").and_then(Value::as_u64) {
        schema["maxContains"] = json!(most + 1);
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.pop();
    }
    schema
}

fn contract(input: &Value) -> Option<Contract> {
    let operation = json!({ "input": input, "output": { "schema": true } });
    let agents = json!({ "a": { "operations": { "op": operation } } });
    Contract::from_value(json!({ "peerContract": "1", "name": "pair", "version": "1.0.0", "agents": agents })).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(pairs()))]

    #[test]
    fn what_fits_is_never_refused((sent, accepted) in pair(), values in prop::collection::vec(value(), 24)) {
        let (Some(sender), Some(receiver)) = (contract(&sent), contract(&accepted)) else { return Ok(()) };
        let operation = |contract: &Contract| contract.operation("a.op").unwrap().clone();
        let (one, other) = (operation(&sender), operation(&receiver));
        let valid = |contract: &Contract, value: &Value| contract.schema(&one.input).unwrap().is_valid(value);
        match fits((&sender, &one), (&receiver, &other)) {
            Verdict::Fits => {
                let made = Sampler::new(&sender, 7).valid(&one.input, 24);
                for value in values.iter().chain(&made).filter(|value| valid(&sender, value)) {
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
