use serde_json::json;

use super::*;

fn contract(schema: &Value) -> Contract {
    let document = json!({
        "peerContract": "1", "name": "sampled", "version": "1.0.0",
        "agents": { "one": { "operations": { "take": { "input": { "$ref": "#/$defs/Taken" }, "output": { "schema": true } } } } },
        "$defs": { "Taken": schema, "Leaf": { "type": "integer" } },
    });
    Contract::from_value(document).unwrap_or_else(|problems| panic!("{problems} in {schema}"))
}

fn at() -> Pointer {
    Pointer::root().key("$defs").key("Taken")
}

/// Schemas with what makes a value of them hard to find.
fn schemas() -> Vec<Value> {
    vec![
        json!({ "type": "string", "pattern": "^[A-Z]{2}-\\d{3,5}$", "maxLength": 7 }),
        json!({ "type": "string", "pattern": "^(?:red|green|\\p{Lu}\\w+)$" }),
        json!({ "type": "integer", "minimum": 3, "maximum": 1000, "multipleOf": 7 }),
        json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 0.001 }),
        json!({ "type": "integer", "exclusiveMinimum": 4, "exclusiveMaximum": 6 }),
        json!({ "type": "array", "uniqueItems": true, "minItems": 2, "items": { "enum": [1, 2, 3] } }),
        json!({ "type": "array", "contains": { "const": 7 }, "items": { "type": "integer" } }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "null" }], "items": false, "minItems": 2 }),
        json!({ "type": "object", "minProperties": 2, "additionalProperties": { "type": "integer" }, "propertyNames": { "pattern": "^[a-f]{1,9}$" } }),
        json!({ "type": "object", "patternProperties": { "^x-[a-z]+$": { "type": "boolean" } }, "additionalProperties": false, "minProperties": 1 }),
        json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "integer" } }, "dependentRequired": { "a": ["b"] }, "dependentSchemas": { "b": { "properties": { "b": { "type": "string" } } } } }),
        json!({ "allOf": [{ "properties": { "n": { "type": "integer", "minimum": 3 } }, "required": ["n"] }, { "properties": { "n": { "maximum": 4 } } }], "type": "object", "unevaluatedProperties": false }),
        json!({ "oneOf": [{ "type": "object", "properties": { "kind": { "const": "a" } }, "required": ["kind"] }, { "type": "object", "properties": { "kind": { "const": "b" }, "n": { "type": "number" } }, "required": ["kind", "n"] }] }),
        json!({ "oneOf": [{ "type": "integer", "minimum": 0 }, { "type": "integer", "maximum": 10 }] }),
        json!({ "type": "object", "properties": { "v": { "type": "integer" }, "next": { "$ref": "#/$defs/Taken" } }, "required": ["v"] }),
        json!({ "oneOf": [{ "$ref": "#/$defs/Leaf" }, { "type": "object", "properties": { "left": { "$ref": "#/$defs/Taken" }, "right": { "$ref": "#/$defs/Taken" } }, "required": ["left", "right"], "additionalProperties": false }] }),
        json!({ "type": "object", "properties": { "big": { "type": "boolean" }, "size": { "type": "integer" } }, "required": ["big", "size"], "if": { "properties": { "big": { "const": true } } }, "then": { "properties": { "size": { "minimum": 100 } } }, "else": { "properties": { "size": { "maximum": 9 } } } }),
        json!({ "type": "integer", "not": { "multipleOf": 2 } }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "format": "uuid" }),
        json!({ "type": "string", "minLength": 200, "maxLength": 210 }),
        json!({ "type": ["string", "null"], "maxLength": 3 }),
        json!({ "enum": ["a", 1, null, { "x": [1] }] }),
    ]
}

#[test]
fn valid_samples_are_found_and_fit() {
    for schema in schemas() {
        let contract = contract(&schema);
        let compiled = contract.schema(&at()).unwrap();
        for seed in 0..8 {
            let samples = Sampler::new(&contract, seed).valid(&at(), 3);
            assert!(!samples.is_empty(), "{schema}");
            assert!(samples.iter().all(|sample| compiled.is_valid(sample)), "{schema}: {samples:?}");
        }
    }
}

#[test]
fn nearly_valid_samples_are_refused_and_say_why() {
    for schema in schemas() {
        let contract = contract(&schema);
        let compiled = contract.schema(&at()).unwrap();
        let misses = Sampler::new(&contract, 7).nearly_valid(&at(), 5);
        assert!(!misses.is_empty(), "{schema}");
        for miss in misses {
            assert!(!compiled.is_valid(&miss.value), "{schema}: {miss:?}");
            assert!(miss.problems.first().code != crate::ErrorCode::HandlerFailed, "{schema}: {miss:?}");
        }
    }
}

#[test]
fn each_rule_of_an_object_is_missed_by_a_sample_of_its_own() {
    let schema = json!({
        "type": "object", "required": ["text"], "additionalProperties": false,
        "properties": { "text": { "type": "string", "minLength": 3, "maxLength": 9 }, "n": { "type": "integer", "minimum": 1 } },
    });
    let contract = contract(&schema);
    let misses = Sampler::new(&contract, 1).nearly_valid(&at(), 12);
    let rules: BTreeSet<String> =
        misses.iter().map(|miss| format!("{} {}", miss.problems.first().code, miss.problems.first().at)).collect();
    for rule in [
        "required_missing /text",
        "length_mismatch /text",
        "property_unknown /unexpected",
        "range_mismatch /n",
        "type_mismatch /n",
    ] {
        assert!(rules.contains(rule), "{rule} is not in {rules:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_samples_and_another_one_others() {
    let contract =
        contract(&json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "number" } } }));
    let of = |seed| Sampler::new(&contract, seed).valid(&at(), 4);
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    assert_eq!(of(1)[..2], Sampler::new(&contract, 1).valid(&at(), 2)[..], "more samples do not change the first");
}

#[test]
fn what_nothing_fits_has_no_samples() {
    for schema in [
        json!(false),
        json!({ "type": "integer", "minimum": 2, "maximum": 1 }),
        json!({ "allOf": [{ "const": 1 }, { "const": 2 }] }),
    ] {
        let contract = contract(&schema);
        assert_eq!(Sampler::new(&contract, 0).valid(&at(), 2), [Value::Null; 0], "{schema}");
    }
    assert!(Sampler::new(&contract(&json!(true)), 0).nearly_valid(&at(), 2).is_empty());
}

#[test]
fn schemas_made_to_ask_for_too_much_end() {
    let wide = json!({ "type": "array", "minItems": 100_000, "items": { "type": "array", "minItems": 100_000 } });
    assert!(Sampler::new(&contract(&wide), 0).valid(&at(), 1).is_empty());
    let deep = json!({ "type": "object", "required": ["a", "b"], "properties": { "a": { "$ref": "#/$defs/Taken" }, "b": { "$ref": "#/$defs/Taken" } } });
    assert!(Sampler::new(&contract(&deep), 0).valid(&at(), 1).is_empty());
}
