//! The schema that contracts themselves follow, as it is published. `schemas()` makes it from the types of
//! `document`, and a test holds the two together; agents carry the text, and not the code that makes it.

use serde_json::Value;

const PUBLISHED: &str = include_str!("../../../schemas/contract.schema.json");

/// `schemas/contract.schema.json`: the schema that contracts themselves follow.
///
/// Objects of ours are closed but for `x-…` members; schemas inside are JSON Schema 2020-12.
pub fn meta_schema() -> Value {
    serde_json::from_str(PUBLISHED).expect("the published file is JSON")
}
