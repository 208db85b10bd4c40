//! The rules of a contract. All problems at once.
//!
//! Names and schemas are looked at in any document. The rules that need the whole picture (phases,
//! targets, constraints) wait until the shape is right (a surplus member aside), paths through the phases until each target
//! and phase exists, and values are held to their schemas once these are sound: otherwise one
//! typing error would be reported ten times over.

mod constraints;
mod cycles;
mod events;
mod fan_out;
mod grammar;
mod idempotency;
mod keywords;
mod names;
mod numbers;
mod operations;
mod phases;
mod schemas;
mod shape;
mod values;

use serde::Deserialize;
use serde_json::Value;

pub(super) use keywords::CARRIED;

use super::Document;
use crate::{ErrorCode, Pointer, Problem, Problems};

/// The document, when it keeps all rules.
///
/// # Errors
/// Every rule that is broken, sorted by place.
pub(super) fn check(value: &Value) -> Result<Document, Problems> {
    let shape = shape::look(value);
    let mut problems = shape.problems;
    let document = if shape.is_broken { None } else { read(value, &mut problems) };
    names::check(value, &mut problems);
    let before = problems.len();
    schemas::check(value, &mut problems);
    let sound = problems.len() == before;
    if let Some(document) = &document {
        constraints::check(document, &mut problems);
        let before = problems.len();
        operations::check(document, &mut problems);
        phases::check(document, &mut problems);
        if problems.len() == before {
            phases::check_paths(document, &mut problems);
        }
        if sound {
            values::check(value, document, &mut problems);
            idempotency::check(value, document, &mut problems);
            events::check(value, document, &mut problems);
        }
    }
    Problems::result_of(Problem::in_order(problems))?;
    Ok(document.expect("a document that was not read has a problem"))
}

/// The document, when its shape lets it be read. A wrong name or number does not stand in the way.
fn read(value: &Value, problems: &mut Vec<Problem>) -> Option<Document> {
    let read = Document::deserialize(value);
    if let (Err(error), true) = (&read, problems.is_empty()) {
        problems.push(Problem::new(ErrorCode::ContractShape, Pointer::root(), error.to_string()));
    }
    read.ok()
}

/// `/agents/<agent>/operations/<operation>` for each operation, with its two names.
fn operations_of(document: &Document) -> impl Iterator<Item = (Pointer, String, &super::OperationDocument)> {
    document.agents.iter().flat_map(|(agent, written)| {
        let at = Pointer::root().key("agents").key(agent).key("operations");
        let target = move |operation: &str| format!("{agent}.{operation}");
        written.operations.iter().map(move |(name, operation)| (at.key(name), target(name), operation))
    })
}
