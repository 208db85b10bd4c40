//! The files of `schemas/` that are made from the types of this crate.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::ErrorCode;
use crate::contract::Document;

const ID: &str = "urn:peer-contract:schema:contract:1";

/// Name and text of each file of `schemas/` that is written by a program and not by hand.
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![("contract.schema.json", text_of(&contract())), ("errors.json", text_of(&errors()))]
}

fn errors() -> Value {
    let all = ErrorCode::ALL.iter();
    all.map(|code| json!({ "code": code.as_str(), "retryable": code.retryable(), "about": code.about() })).collect()
}

fn text_of(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("a value of string keys can be written");
    text.push('\n');
    text
}

/// Objects of ours are closed but for `x-…` members; schemas inside are JSON Schema 2020-12.
fn contract() -> Value {
    let generated = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Document>();
    let mut schema: Map<String, Value> = generated.as_object().cloned().unwrap_or_default();
    schema.insert("$id".into(), json!(ID));
    schema.insert("title".into(), json!("Contract between agents"));
    close(&mut schema);
    if let Some(Value::Object(defs)) = schema.get_mut("$defs") {
        defs.values_mut().filter_map(Value::as_object_mut).for_each(close);
    }
    Value::Object(schema)
}

/// Refuses members that are neither ours nor `x-…`, and `null` for a member that may be absent.
fn close(object: &mut Map<String, Value>) {
    for alternative in object.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        let properties = alternative.get_mut("properties").and_then(Value::as_object_mut);
        properties.into_iter().flatten().filter_map(|(_, property)| property.as_object_mut()).for_each(without_null);
    }
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
    properties.values_mut().filter_map(Value::as_object_mut).for_each(without_null);
    object.insert("patternProperties".into(), json!({ "^x-": true }));
    object.insert("additionalProperties".into(), json!(false));
}

fn without_null(property: &mut Map<String, Value>) {
    // Widths of Rust integers; the bounds say what matters.
    if property.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("uint")) {
        property.remove("format");
    }
    if let Some(Value::Array(types)) = property.get_mut("type") {
        types.retain(|one| one != "null");
        if let [one] = types.as_slice() {
            property["type"] = one.clone();
        }
    }
    let alternatives = property.get("anyOf").and_then(Value::as_array).cloned().unwrap_or_default();
    if let [Value::Object(wanted), null] = alternatives.as_slice()
        && *null == json!({ "type": "null" })
    {
        property.remove("anyOf");
        property.extend(wanted.clone());
    }
}
