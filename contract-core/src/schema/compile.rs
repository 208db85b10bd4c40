//! A schema, compiled once and used often.

use serde_json::Value;

use crate::{Limits, Problems};

/// A compiled schema.
///
/// Today the whole schema runs on the `jsonschema` crate over a parsed tree; the one-pass plan over
/// raw bytes takes its place behind these same functions.
pub struct Schema {
    _private: (),
}

impl Schema {
    /// Whether the value fits; the fast answer.
    pub fn is_valid(&self, value: &Value) -> bool {
        let _ = value;
        todo!()
    }

    /// Every way in which the value does not fit.
    ///
    /// # Errors
    /// Problems at the places in the value, sorted by place, with the codes of validation.
    pub fn validate(&self, value: &Value) -> Result<(), Problems> {
        let _ = value;
        todo!()
    }

    /// Reads strict JSON and validates it.
    ///
    /// # Errors
    /// A `json_*` code, or the problems of [`Schema::validate`].
    pub fn read(&self, text: &[u8], limits: &Limits) -> Result<Value, Problems> {
        let value = crate::json::parse(text, limits)?;
        self.validate(&value)?;
        Ok(value)
    }
}
