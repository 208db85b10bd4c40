//! Several schemas of a contract, to hold trees of values to. No plans are made, and one program serves all.

use std::sync::Arc;

use serde_json::Value;

use super::engine::Engine;
use super::evaluate::{Program, Run};
use super::explain;
use crate::{Pointer, Problem};

pub(crate) struct Trees {
    engine: Engine,
    program: Program,
}

impl Trees {
    /// The schemas at some places of a contract without annotations.
    pub(crate) fn new(stripped: Arc<Value>, places: &[Pointer]) -> Self {
        let engine = Engine::new(stripped);
        let program = engine.compile(places);
        Self { engine, program }
    }

    /// What is wrong with a value by the schema at one of the places.
    pub(crate) fn problems(&self, at: &Pointer, value: &Value) -> Vec<Problem> {
        match self.program.at(at) {
            Some(id) if Run::new(&self.program).fits(id, value) => Vec::new(),
            _ => explain::problems(&self.engine, &self.program, at, value),
        }
    }
}
