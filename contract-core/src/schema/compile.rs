//! The schemas of one contract, compiled once and used often.

use std::sync::Arc;

use jsonschema::Validator;
use serde_json::Value;

use super::engine::Engine;
use super::explain;
use crate::{ErrorCode, Limits, Pointer, Problem, Problems};

/// The schemas of a contract by place. The contract is their one resource: each `$ref` resolves in
/// it, and nowhere else; nothing is ever fetched.
pub(crate) struct Schemas(Arc<Engine>);

impl Schemas {
    /// The schemas of a contract without annotations.
    pub(crate) fn new(stripped: Arc<Value>) -> Self {
        Self(Arc::new(Engine::new(stripped)))
    }

    /// The schema at `at`, compiled on first use.
    ///
    /// # Errors
    /// `ref_unresolved` when no schema stands there.
    pub(crate) fn get(&self, at: &Pointer) -> Result<Arc<Schema>, Problem> {
        let refuse = |message: String| Problem::new(ErrorCode::RefUnresolved, at.clone(), message);
        self.0.schema(at).ok_or_else(|| refuse("the contract has no schema at this place".into()))?;
        let validator = self.0.validator(at).map_err(refuse)?;
        Ok(Arc::new(Schema { engine: self.0.clone(), at: at.clone(), validator }))
    }
}

/// A compiled schema.
///
/// Today the whole schema runs on the `jsonschema` crate over a parsed tree; the one-pass plan over
/// raw bytes takes its place behind these same functions.
pub struct Schema {
    engine: Arc<Engine>,
    at: Pointer,
    validator: Arc<Validator>,
}

impl Schema {
    /// Whether the value fits; the fast answer.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// The ways in which the value does not fit: all of them, or the first few hundred.
    ///
    /// Where a value fits none of several alternatives, the one it was meant for is told by its
    /// tag (a property with a `const` of its own) or by its type, and only what is wrong with that
    /// one is listed.
    ///
    /// # Errors
    /// Problems at the places in the value, sorted by place, with the codes of validation.
    pub fn validate(&self, value: &Value) -> Result<(), Problems> {
        if self.is_valid(value) {
            return Ok(());
        }
        Problems::result_of(explain::problems(&self.engine, &self.at, value))
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
