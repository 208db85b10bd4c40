//! `idempotencyKey` points at a required scalar of the input.

use serde_json::Value;

use super::operations_of;
use crate::contract::lookup::{certain, property_of, required_names};
use crate::contract::{Document, OperationDocument};
use crate::{ErrorCode, Pointer, Problem};

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
        let is_required = required_names(contract, schema).contains(token.as_str());
        schema = property_of(contract, schema, &token)
            .filter(|_| is_required)
            .ok_or_else(|| format!("the input does not require a property `{token}` here"))?;
    }
    if certain(contract, schema).any(is_scalar) {
        Ok(())
    } else {
        Err("the key must be a string, a number or a boolean by its schema".into())
    }
}

fn is_scalar(schema: &Value) -> bool {
    let scalar = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    let typed = schema.get("type").and_then(Value::as_str);
    typed.is_some_and(|kind| matches!(kind, "string" | "integer" | "number" | "boolean"))
        || schema.get("const").is_some_and(scalar)
        || schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.iter().all(scalar))
}
