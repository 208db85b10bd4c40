//! Descriptions of an API in OpenAPI 3: their types stand under `components/schemas`, and the rest is none of ours.

use peer_contract_core::Pointer;
use serde_json::Value;

use super::draft::Draft;

/// Where the schemas of a description stand; nowhere in a document that is something else.
pub(super) fn schemas(document: &Value) -> Vec<Pointer> {
    let at = Pointer::root().key("components").key("schemas");
    let schemas = document.pointer(at.as_str()).and_then(Value::as_object).filter(|_| draft(document).is_some());
    schemas.into_iter().flat_map(|schemas| schemas.keys()).map(|name| at.key(name)).collect()
}

/// The draft of a description's schemas.
pub(super) fn draft(document: &Value) -> Option<Draft> {
    match document.get("openapi").and_then(Value::as_str)? {
        version if version.starts_with("3.0") => Some(Draft::OpenApi30),
        version if version.starts_with("3.") => Some(Draft::Draft2020),
        _ => None,
    }
}
