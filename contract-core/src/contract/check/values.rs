//! Defaults, examples and the first state fit their schemas.

use serde_json::{Value, json};

use crate::contract::Document;
use crate::contract::place::{self, Place};
use crate::schema::Schemas;
use crate::{ErrorCode, Pointer, Problem};

/// Holds the values of a contract whose schemas are sound to these schemas.
pub(super) fn check(contract: &Value, document: &Document, problems: &mut Vec<Problem>) {
    let schemas = Schemas::new(place::strip(contract).into());
    let mut check = Check { schemas: &schemas, problems };
    place::each_schema(contract, Place::Contract, &Pointer::root(), &mut |schema, at| {
        if let Some(default) = schema.get("default") {
            check.fits(default, at, &at.key("default"), ErrorCode::DefaultInvalid);
        }
        for (index, example) in schema.get("examples").and_then(Value::as_array).into_iter().flatten().enumerate() {
            check.fits(example, at, &at.key("examples").index(index), ErrorCode::ExampleInvalid);
        }
    });
    check.initial_state(document);
}

struct Check<'a> {
    schemas: &'a Schemas,
    problems: &'a mut Vec<Problem>,
}

impl Check<'_> {
    fn fits(&mut self, value: &Value, schema: &Pointer, at: &Pointer, code: ErrorCode) {
        match self.schemas.get(schema) {
            Ok(schema) => {
                if let Err(found) = schema.validate(value) {
                    let found = found.into_vec().into_iter();
                    self.problems.extend(found.map(|problem| Problem { code, ..problem.under(at) }));
                }
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    fn initial_state(&mut self, document: &Document) {
        let state = Pointer::root().key("state");
        let written = Pointer::root().key("initialState");
        match (&document.state, &document.initial_state) {
            (Some(_), Some(initial)) => self.fits(initial, &state, &written, ErrorCode::InitialStateInvalid),
            (Some(_), None) => self.empty_state(&state, written),
            (None, Some(_)) => {
                let message = "`initialState` stands without the schema of a `state`";
                self.problems.push(Problem::new(ErrorCode::InitialStateInvalid, written, message));
            }
            (None, None) => {}
        }
    }

    fn empty_state(&mut self, state: &Pointer, written: Pointer) {
        if self.schemas.get(state).is_ok_and(|schema| !schema.is_valid(&json!({}))) {
            let message = "`initialState` is left out, and the empty object it stands for does not fit `state`";
            self.problems.push(Problem::new(ErrorCode::InitialStateInvalid, written, message));
        }
    }
}
