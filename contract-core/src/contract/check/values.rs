//! Defaults, examples and the first state fit their schemas.

use serde_json::{Value, json};

use crate::contract::Document;
use crate::contract::place::{self, Place};
use crate::schema::Trees;
use crate::{ErrorCode, Pointer, Problem};

/// A value, where it stands, and the place of its schema.
struct Given<'v> {
    value: &'v Value,
    at: Pointer,
    schema: Pointer,
    code: ErrorCode,
}

/// Holds the values of a contract whose schemas are sound to these schemas.
pub(super) fn check(contract: &Value, document: &Document, problems: &mut Vec<Problem>) {
    let mut given = of_schemas(contract);
    let (empty, code) = (json!({}), ErrorCode::InitialStateInvalid);
    let (at, schema) = (Pointer::root().key("initialState"), Pointer::root().key("state"));
    match (&document.state, &document.initial_state) {
        (Some(_), initial) => given.push(Given { value: initial.as_ref().unwrap_or(&empty), at, schema, code }),
        (None, Some(_)) => {
            let message = "`initialState` stands without the schema of a `state`";
            problems.push(Problem::new(code, at, message));
        }
        (None, None) => {}
    }
    if given.is_empty() {
        return;
    }
    let places: Vec<Pointer> = given.iter().map(|given| given.schema.clone()).collect();
    let trees = Trees::new(place::strip(contract).into(), &places);
    for Given { value, at, schema, code } in given {
        let found = trees.problems(&schema, value);
        if std::ptr::eq(value, &empty) && !found.is_empty() {
            let message = "`initialState` is left out, and the empty object it stands for does not fit `state`";
            problems.push(Problem::new(code, at, message));
        } else {
            problems.extend(found.into_iter().map(|problem| Problem { code, ..problem.under(&at) }));
        }
    }
}

/// Defaults and examples.
fn of_schemas(contract: &Value) -> Vec<Given<'_>> {
    let mut given = Vec::new();
    place::each_schema(contract, Place::Contract, &Pointer::root(), &mut |schema, place| {
        if let Some(value) = schema.get("default") {
            let (at, schema) = (place.key("default"), place.clone());
            given.push(Given { value, at, schema, code: ErrorCode::DefaultInvalid });
        }
        let examples = schema.get("examples").and_then(Value::as_array).into_iter().flatten();
        given.extend(examples.enumerate().map(|(index, value)| {
            let (at, schema) = (place.key("examples").index(index), place.clone());
            Given { value, at, schema, code: ErrorCode::ExampleInvalid }
        }));
    });
    given
}
