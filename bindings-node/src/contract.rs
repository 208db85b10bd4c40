//! Contracts and the schemas in them.

use std::sync::Arc;

use napi::bindgen_prelude::{Buffer, External};
use napi::{Env, JsString, Result};
use napi_derive::napi;
use peer_contract_core::contract::{Kind, Operation};
use peer_contract_core::envelope::draw;
use peer_contract_core::json::Json;
use peer_contract_core::schema::Schema;
use peer_contract_core::{Contract, ErrorCode, Limits, Pointer};
use serde_json::{Value, json};

use crate::convert::{to_string, to_utf8};
use crate::error::{problem_to_exception, to_exception};

/// Reads and checks a contract in strict JSON.
#[napi]
pub fn parse_contract(text: &[u8]) -> Result<External<Contract>> {
    Contract::parse(text).map(External::new).map_err(|problems| to_exception(&problems))
}

/// Reads the contract that generated code carries: its canonical text, and the hash it had when it was checked.
#[napi]
pub fn embedded_contract(text: String, hash: String) -> Result<External<Contract>> {
    let hash = hash.parse().map_err(|_| napi::Error::from_reason("not the hash of a contract"))?;
    Contract::embedded(text.as_bytes(), hash).map(External::new).map_err(|problems| to_exception(&problems))
}

/// Name, version, hash and operations, as JSON.
#[napi]
pub fn describe_contract(contract: &External<Contract>) -> String {
    let operations: Vec<Value> = contract.operations().map(describe_operation).collect();
    json!({
        "name": contract.name(),
        "version": contract.version(),
        "hash": contract.hash().to_string(),
        "operations": operations,
    })
    .to_string()
}

fn describe_operation(operation: &Operation) -> Value {
    let kind = match operation.kind {
        Kind::Entry => "entry",
        Kind::Phased => "phased",
        Kind::Callable => "callable",
    };
    json!({
        "agent": operation.agent,
        "name": operation.name,
        "target": operation.target,
        "hash": operation.hash().to_string(),
        "kind": kind,
    })
}

/// The bytes that the contract's hash is over.
#[napi]
pub fn canonical_contract(contract: &External<Contract>) -> Buffer {
    contract.canonical().to_vec().into()
}

/// The schema at a JSON Pointer of the contract, compiled.
#[napi]
pub fn schema_at(contract: &External<Contract>, at: String) -> Result<External<Arc<Schema>>> {
    let at = at.parse::<Pointer>().map_err(|error| napi::Error::from_reason(error.to_string()))?;
    contract.schema(&at).map(External::new).map_err(problem_to_exception)
}

/// Checks a text by a schema.
#[napi]
pub fn validate(schema: &External<Arc<Schema>>, text: &[u8]) -> Result<()> {
    schema.check(text, &Limits::default()).map(drop).map_err(|problems| to_exception(&problems))
}

/// Checks a text by a schema, and gives it as a string for `JSON.parse`.
#[napi]
pub fn read_text<'env>(env: &'env Env, schema: &External<Arc<Schema>>, text: &[u8]) -> Result<JsString<'env>> {
    validate(schema, text)?;
    to_string(env, text)
}

/// A text that was checked, as a string for `JSON.parse`.
#[napi]
pub fn text_of<'env>(env: &'env Env, json: &External<Json>) -> Result<JsString<'env>> {
    to_string(env, json.as_bytes())
}

/// Bytes of a text that was checked.
#[napi]
pub fn size_of(json: &External<Json>) -> u32 {
    u32::try_from(json.as_bytes().len()).unwrap_or(u32::MAX)
}

/// Checks a text by a schema, and gives the SHA-256 of its canonical form as 32 characters up to U+00FF: a string
/// costs a third of what a buffer does.
#[napi]
pub fn digest<'env>(env: &'env Env, schema: &External<Arc<Schema>>, text: JsString<'_>) -> Result<JsString<'env>> {
    let digest = schema.digest(&to_utf8(text)?, &Limits::default()).map_err(|problems| to_exception(&problems))?;
    env.create_string_latin1(digest)
}

/// The words of `schemas/errors.json`, in its order.
#[napi]
pub fn error_codes() -> Vec<&'static str> {
    ErrorCode::ALL.iter().map(|code| code.as_str()).collect()
}

/// The draw of this number under a message's key, as a UUIDv8.
#[napi]
pub fn drawn_uuid(key: String, number: u32) -> String {
    draw::uuid(&key, number.into())
}

/// The draw of this number under a message's key, from 0 to below 1.
#[napi]
pub fn drawn_fraction(key: String, number: u32) -> f64 {
    draw::fraction(&key, number.into())
}

/// The limits on one JSON text, for the façade's walk over objects.
#[napi(object, object_from_js = false)]
pub struct JsonLimits {
    /// Nesting of arrays and objects.
    pub depth: u32,
    /// Values in one text.
    pub values: u32,
}

/// The core's limits on one JSON text.
#[napi]
pub fn json_limits() -> JsonLimits {
    let limits = Limits::default();
    JsonLimits { depth: limits.json_depth as u32, values: limits.json_values as u32 }
}
