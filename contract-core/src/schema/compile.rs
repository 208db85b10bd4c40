//! A schema, compiled once and used often.

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use super::{explain, formats};
use crate::{Limits, Problems};

/// Bytes that one compiled pattern may take.
const PATTERN_BYTES: usize = 10 << 20;

/// A compiled schema.
///
/// Today the whole schema runs on the `jsonschema` crate over a parsed tree; the one-pass plan over
/// raw bytes takes its place behind these same functions.
pub struct Schema {
    validator: Validator,
}

impl Schema {
    /// Compiles a schema whose references all lead into `document` itself: nothing is ever fetched.
    pub(crate) fn compile(document: &Value) -> Result<Self, String> {
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .should_validate_formats(true)
            .with_format("int64", formats::is_int64)
            .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES));
        options.build(document).map(|validator| Self { validator }).map_err(|error| error.to_string())
    }

    /// Whether the value fits; the fast answer.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// Every way in which the value does not fit.
    ///
    /// # Errors
    /// Problems at the places in the value, sorted by place, with the codes of validation.
    pub fn validate(&self, value: &Value) -> Result<(), Problems> {
        if self.is_valid(value) {
            return Ok(());
        }
        Problems::result_of(explain::problems(self.validator.iter_errors(value)))
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
