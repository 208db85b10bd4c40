//! RFC 8785, the JSON Canonicalization Scheme.

use serde_json::Value;

/// Bytes that are in canonical form. [`canonical`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalBytes(Vec<u8>);

impl CanonicalBytes {
    /// Bytes of which the caller shows, by a hash, that they were canonical bytes before.
    pub(crate) fn hashed_before(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to keep.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

/// Writes `value` in canonical form: members sorted by UTF-16 code unit, numbers as ECMAScript prints them.
pub fn canonical(value: &Value) -> CanonicalBytes {
    CanonicalBytes(
        serde_json_canonicalizer::to_vec(value).expect("a `Value` holds finite numbers and string keys only"),
    )
}
