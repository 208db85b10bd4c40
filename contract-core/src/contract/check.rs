//! The rules of a contract beyond its shape. All problems at once.

use serde_json::Value;

use super::Document;
use crate::{ErrorCode, Pointer, Problem, Problems};

/// The document, when it keeps all rules.
pub(super) fn check(value: &Value) -> Result<Document, Problems> {
    let document: Document = serde_json::from_value(value.clone())
        .map_err(|error| Problem::new(ErrorCode::ContractShape, Pointer::root(), error.to_string()))?;
    Ok(document)
}
