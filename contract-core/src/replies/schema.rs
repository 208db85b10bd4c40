//! Whether entries accept the replies that may end a work.

use serde_json::{Map, Value, json};

use super::refused;
use crate::compat::{Break, Verdict, accepts};
use crate::contract::{Kind, Operation};
use crate::fan::{all_required, declared, failed, reference};
use crate::{Contract, Problem};

/// Whether an entry takes every reply that may end a work which goes on from `from`.
///
/// # Errors
/// `address_refused`, at `/replyto`.
pub(crate) fn check(contract: &Contract, from: &Operation, entry: &str) -> Result<(), Problem> {
    let known = contract.operation(entry).filter(|operation| operation.kind == Kind::Entry);
    let entry = known.ok_or_else(|| refused(format!("`{entry}` is no entry; a reply starts a work of its own")))?;
    let replies = replies(contract, from);
    let Verdict::Broken(Break { at, message, .. }) = accepts(contract, replies.clone(), &entry.input) else {
        return Ok(());
    };
    let message = format!("`{}` does not accept all replies that may come: at `{at}`, {message}", entry.target);
    Err(refused(message).with_help(format!("its input must accept {replies}")))
}

/// The entries that take every reply which may end a work that goes on from an operation.
pub fn takers<'a>(contract: &'a Contract, from: &Operation) -> Vec<&'a Operation> {
    let entries = contract.operations().filter(|operation| operation.kind == Kind::Entry);
    entries.filter(|entry| check(contract, from, &entry.target).is_ok()).collect()
}

/// The schema of these replies. Its `$ref`s lead into the contract.
fn replies(contract: &Contract, from: &Operation) -> Value {
    let kinds: Vec<Value> = ends(contract, from).into_iter().flat_map(|end| replies_of(contract, end)).collect();
    json!({ "anyOf": kinds })
}

/// The operations that may come from here on.
fn ends<'a>(contract: &'a Contract, from: &'a Operation) -> Vec<&'a Operation> {
    let mut found = vec![from];
    let mut next = 0;
    while let Some(operation) = found.get(next).copied() {
        let join = operation.fans_out.as_ref().map(|fan_out| &fan_out.join);
        for target in operation.hands_to.keys().chain(join) {
            let is_new = found.iter().all(|known| known.target != *target);
            found.extend(contract.operation(target).filter(|_| is_new));
        }
        next += 1;
    }
    found
}

fn replies_of(contract: &Contract, end: &Operation) -> Vec<Value> {
    let output = end.output.as_ref();
    let output = output.map(|output| reply(end, "output", reference(contract, &output.schema), output.to.as_deref()));
    let errors = end.errors.values().map(|error| {
        let data = error.data.as_ref().map(|data| reference(contract, data));
        reply(end, "error", declared(&error.name, data), error.to.as_deref())
    });
    output.into_iter().chain(errors).chain([reply(end, "error", failed(), None)]).collect()
}

fn reply(end: &Operation, member: &str, schema: Value, phase: Option<&str>) -> Value {
    let mut properties = Map::new();
    properties.insert(member.into(), schema);
    properties.insert("operation".into(), json!({ "const": end.target }));
    properties.extend(phase.map(|phase| ("phase".to_owned(), json!({ "const": phase }))));
    properties.insert("work".into(), json!({ "type": "string", "format": "uuid" }));
    let mut object = all_required(properties);
    object["additionalProperties"] = false.into();
    object
}
