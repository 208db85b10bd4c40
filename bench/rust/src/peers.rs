//! The same work with the crates that people use today.

use jsonschema::Validator;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// `serde_json`, `jsonschema`, `serde_json_canonicalizer`, `sha2`.
pub struct Peers {
    validator: Validator,
}

impl Peers {
    /// Compiles the schema, formats asserted.
    pub fn new(schema: &Value) -> Self {
        let validator = jsonschema::options().should_validate_formats(true).build(schema).expect("the schema compiles");
        Self { validator }
    }

    /// Bytes to verdict.
    pub fn verdict(&self, text: &[u8]) -> bool {
        self.read(text).is_some()
    }

    /// Bytes to the SHA-256 of their canonical form, checked.
    pub fn digest(&self, text: &[u8]) -> Option<[u8; 32]> {
        let canonical = serde_json_canonicalizer::to_vec(&self.read(text)?).ok()?;
        Some(sha256(&canonical))
    }

    fn read(&self, text: &[u8]) -> Option<Value> {
        let value = serde_json::from_slice(text).ok()?;
        self.validator.is_valid(&value).then_some(value)
    }
}

/// Bytes to canonical bytes, not checked against the schema.
pub fn canonical(text: &[u8]) -> Option<Vec<u8>> {
    serde_json_canonicalizer::to_vec(&serde_json::from_slice::<Value>(text).ok()?).ok()
}

/// What no engine that names messages by SHA-256 can be faster than.
pub fn sha256(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}
