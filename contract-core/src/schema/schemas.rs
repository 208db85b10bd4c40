//! The schemas of one contract, compiled on first use and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde_json::Value;

use super::Schema;
use super::prepare::prepare;
use crate::contract::{place, reference};
use crate::{ErrorCode, Pointer, Problem};

/// Schemas by place. The contract is their one resource: each `$ref` resolves in it, and nowhere else.
pub(crate) struct Schemas {
    contract: Value,
    prepared: OnceLock<Value>,
    compiled: RwLock<BTreeMap<Pointer, Arc<Schema>>>,
}

impl Schemas {
    /// The schemas of a contract without annotations.
    pub(crate) fn new(contract: Value) -> Self {
        Self { contract, prepared: OnceLock::new(), compiled: RwLock::default() }
    }

    /// The schema at `at`.
    ///
    /// # Errors
    /// `ref_unresolved` when no schema stands there.
    pub(crate) fn get(&self, at: &Pointer) -> Result<Arc<Schema>, Problem> {
        // A panic elsewhere cannot leave the map half-written, so a poisoned lock is as good as any.
        if let Some(schema) = self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(at) {
            return Ok(schema.clone());
        }
        let schema = Arc::new(self.compile(at)?);
        let mut compiled = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        Ok(compiled.entry(at.clone()).or_insert(schema).clone())
    }

    fn compile(&self, at: &Pointer) -> Result<Schema, Problem> {
        let refuse = |message: String| Problem::new(ErrorCode::RefUnresolved, at.clone(), message);
        place::schema_at(&self.contract, at)
            .ok_or_else(|| refuse("the contract has no schema at this place".into()))?;
        let mut document = self.prepared.get_or_init(|| prepare(&self.contract)).clone();
        document["$ref"] = Value::String(reference::to(at));
        Schema::compile(&document).map_err(refuse)
    }
}
