//! The schemas of one contract as programs: by place, compiled on first use and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde_json::Value;

use super::evaluate::Program;
use super::prepare::prepare;
use crate::Pointer;
use crate::contract::place;

/// The schemas of a contract, and what decides over trees of values.
pub(crate) struct Engine {
    stripped: Arc<Value>,
    prepared: OnceLock<Value>,
    programs: RwLock<BTreeMap<Pointer, Arc<Program>>>,
}

impl Engine {
    pub(crate) fn new(stripped: Arc<Value>) -> Self {
        Self { stripped, prepared: OnceLock::new(), programs: RwLock::default() }
    }

    /// The schema at a place, with patterns in the syntax of the `regex` crate.
    pub(crate) fn schema(&self, at: &Pointer) -> Option<&Value> {
        place::schema_at(self.prepared(), at)
    }

    /// The program of the schema at a place.
    pub(crate) fn program(&self, at: &Pointer) -> Arc<Program> {
        // A panic elsewhere cannot leave the map half-written, so a poisoned lock is as good as any.
        if let Some(known) = self.programs.read().unwrap_or_else(PoisonError::into_inner).get(at) {
            return known.clone();
        }
        let program = Arc::new(self.compile(std::slice::from_ref(at)));
        let mut all = self.programs.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(at.clone()).or_insert(program).clone()
    }

    /// One program of the schemas at several places.
    pub(super) fn compile(&self, places: &[Pointer]) -> Program {
        Program::new(places, |at| self.schema(at))
    }

    fn prepared(&self) -> &Value {
        self.prepared.get_or_init(|| prepare(&self.stripped))
    }
}
