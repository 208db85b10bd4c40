//! `events` starts work at an entry, with an input that the event can give.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operations_of;
use crate::contract::lookup::{certain, property_of, required_names};
use crate::contract::{Document, ObjectChange, ObjectEventsDocument, ObjectFact, OperationDocument};
use crate::{ErrorCode, Pointer, Problem};

pub(super) fn check(contract: &Value, document: &Document, problems: &mut Vec<Problem>) {
    let start = document.phases.as_ref().map(|phases| phases.start.as_str());
    let mut taken = BTreeMap::new();
    for (at, target, operation) in operations_of(document) {
        let Some(events) = &operation.events else { continue };
        let at = at.key("events");
        if !operation.from.iter().any(|phase| Some(phase.as_str()) == start) {
            problems.push(refused(at, "only an entry can be started by an event: work begins there"));
            continue;
        }
        let Some(objects) = &events.s3 else {
            problems.push(refused(at, "`events` names no service; `s3` is the one there is"));
            continue;
        };
        let at = at.key("s3");
        let agent = target.split('.').next().unwrap_or_default().to_owned();
        for change in objects.changes() {
            if let Some(other) = taken.insert((agent.clone(), change), target.clone()) {
                let message = format!("`{other}` takes the same events, and which of the two is meant cannot be told");
                problems.push(refused(at.key("on"), &message));
            }
        }
        Mapping { contract, operation, objects, at: at.key("input") }.check(problems);
    }
}

/// A mapping from facts to the properties of an input.
struct Mapping<'a> {
    contract: &'a Value,
    operation: &'a OperationDocument,
    objects: &'a ObjectEventsDocument,
    at: Pointer,
}

impl Mapping<'_> {
    fn check(&self, problems: &mut Vec<Problem>) {
        let (contract, input) = (self.contract, &self.operation.input.0);
        let required = required_names(contract, input);
        for (property, fact) in &self.objects.input {
            let at = self.at.key(property);
            match property_of(contract, input, property) {
                None => problems.push(refused(at, &format!("the input has no property `{property}`"))),
                Some(schema) if !takes(contract, schema, fact.json_type()) => {
                    let message = format!("the property takes no {}, which this fact is", fact.json_type());
                    problems.push(refused(at, &message));
                }
                Some(_) if required.contains(property.as_str()) && !self.is_always_there(*fact) => {
                    let message = format!("the input requires `{property}`, and not every such event has this fact");
                    problems.push(refused(at, &message));
                }
                Some(_) => {}
            }
        }
        for property in required {
            if !self.objects.input.contains_key(property) {
                let message = format!("the input requires `{property}`, and no fact of the event is mapped to it");
                problems.push(refused(self.at.clone(), &message));
            }
        }
    }

    fn is_always_there(&self, fact: ObjectFact) -> bool {
        let mut changes = self.objects.changes();
        changes.all(|change| match fact {
            ObjectFact::Bucket | ObjectFact::Key | ObjectFact::Region | ObjectFact::Time => true,
            ObjectFact::ETag | ObjectFact::Sequencer | ObjectFact::Size => change == ObjectChange::Created,
            ObjectFact::VersionId => false,
        })
    }
}

/// Whether a schema says that it takes this type, or says nothing about types.
fn takes(contract: &Value, schema: &Value, wanted: &str) -> bool {
    let is = |found: &Value| found == wanted || (wanted == "integer" && found == "number");
    certain(contract, schema).all(|schema| match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(is),
        Some(found) => is(found),
        None => true,
    })
}

fn refused(at: Pointer, message: &str) -> Problem {
    Problem::new(ErrorCode::EventMappingInvalid, at, message)
}
