//! A schema of the suite as a type of a contract.

use serde_json::{Map, Value};

/// The same schema for `#/$defs/Case`: what referred to its root refers to there.
pub fn as_type(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            members.iter().map(|(keyword, value)| (keyword.clone(), of_keyword(keyword, value))).collect()
        }
        other => other.clone(),
    }
}

fn of_keyword(keyword: &str, value: &Value) -> Value {
    match (keyword, value) {
        ("$ref", Value::String(reference)) => match reference.strip_prefix('#') {
            Some(fragment) if fragment.is_empty() || fragment.starts_with('/') => {
                format!("#/$defs/Case{fragment}").into()
            }
            _ => value.clone(),
        },
        ("properties" | "patternProperties" | "dependentSchemas" | "$defs", Value::Object(schemas)) => {
            Value::Object(schemas.iter().map(|(name, schema)| (name.clone(), as_type(schema))).collect::<Map<_, _>>())
        }
        ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(schemas)) => schemas.iter().map(as_type).collect(),
        ("const" | "enum" | "default" | "examples", data) => data.clone(),
        (_, schema) => as_type(schema),
    }
}
