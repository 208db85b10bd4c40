//! `idempotencyKey` points at a required scalar of the input.

use serde_json::Value;

use super::operations_of;
use crate::contract::reference::target_of;
use crate::contract::{Document, OperationDocument, place};
use crate::{ErrorCode, Pointer, Problem};

/// Schemas that one step of the pointer may lead through.
const DEEPEST: usize = 64;

pub(super) fn check(contract: &Value, document: &Document, problems: &mut Vec<Problem>) {
    let start = document.phases.as_ref().map(|phases| phases.start.as_str());
    for (at, _, operation) in operations_of(document) {
        let Some(key) = &operation.idempotency_key else { continue };
        if let Err(message) = hold(contract, key, operation, start) {
            problems.push(Problem::new(ErrorCode::IdempotencyKeyInvalid, at.key("idempotencyKey"), message));
        }
    }
}

fn hold(contract: &Value, key: &str, operation: &OperationDocument, start: Option<&str>) -> Result<(), String> {
    let begins = operation.from.is_empty() || operation.from.iter().any(|phase| Some(phase.as_str()) == start);
    if !begins {
        return Err("only an entry or a callable operation can have a key: later messages have derived ids".into());
    }
    let pointer: Pointer = key.parse().map_err(|error| format!("{error}"))?;
    let mut schema = &operation.input.0;
    for token in pointer.tokens() {
        schema = required(contract, schema, &token, DEEPEST)
            .ok_or_else(|| format!("the input does not require a property `{token}` here"))?;
    }
    if is_scalar(contract, schema, DEEPEST) {
        Ok(())
    } else {
        Err("the key must be a string, a number or a boolean by its schema".into())
    }
}

/// The schema itself, then those that apply to the same value for certain.
fn certain<'a>(contract: &'a Value, schema: &'a Value) -> impl Iterator<Item = &'a Value> {
    let referred = schema.get("$ref").and_then(Value::as_str).and_then(target_of);
    let referred = referred.and_then(|at| place::schema_at(contract, &at));
    let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    referred.into_iter().chain(all)
}

fn required<'a>(contract: &'a Value, schema: &'a Value, property: &str, depth: usize) -> Option<&'a Value> {
    let depth = depth.checked_sub(1)?;
    let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let own = schema.get("properties").and_then(|properties| properties.get(property));
    match own {
        Some(own) if names.into_iter().any(|name| name == property) => Some(own),
        _ => certain(contract, schema).find_map(|schema| required(contract, schema, property, depth)),
    }
}

fn is_scalar(contract: &Value, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let scalar = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    let typed = schema.get("type").and_then(Value::as_str);
    typed.is_some_and(|kind| matches!(kind, "string" | "integer" | "number" | "boolean"))
        || schema.get("const").is_some_and(scalar)
        || schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.iter().all(scalar))
        || certain(contract, schema).any(|schema| is_scalar(contract, schema, depth))
}
