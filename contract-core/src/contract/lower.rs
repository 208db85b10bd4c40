//! From the checked document to the model: defaults filled in, places of schemas noted.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::document::{AgentDocument, ErrorDocument, OperationConstraints, OperationDocument};
use super::duration;
use super::events::ObjectEventsDocument;
use super::fan_out::FanOut;
use super::hash::Surface;
use super::model::{Agent, Constraints, DeclaredError, Kind, Operation, Output};
use crate::Pointer;
use crate::gather::Gather;

const TIMEOUT_MS: u64 = 60_000;
const MEMORY_MB: u32 = 512;
const ATTEMPTS: u32 = 1;
/// A day.
const KEY_LIFETIME_MS: u64 = 86_400_000;

/// The agents of a document that keeps all rules. `start` is its first phase.
pub(super) fn agents(
    agents: &BTreeMap<String, AgentDocument>,
    start: Option<&str>,
    stripped: &Arc<Value>,
) -> BTreeMap<String, Agent> {
    let root = Pointer::root().key("agents");
    let lowered = agents.iter().map(|(name, agent)| {
        let at = root.key(name);
        let operations = agent.operations.iter().map(|(operation, written)| {
            let at = at.key("operations").key(operation);
            let lowered = lower((name, operation), written, &at, start, Surface::new(stripped.clone()));
            let fans_out = written.fans_out.as_ref().map(|written| FanOut::of(written, agents));
            (operation.clone(), Operation { fans_out, ..lowered })
        });
        (name.clone(), Agent { name: name.clone(), config: config(agent, &at), operations: operations.gather() })
    });
    lowered.gather()
}

fn config(agent: &AgentDocument, at: &Pointer) -> Option<Pointer> {
    agent.config.as_ref().map(|_| at.key("config"))
}

fn lower(
    (agent, name): (&str, &str),
    written: &OperationDocument,
    at: &Pointer,
    start: Option<&str>,
    surface: Surface,
) -> Operation {
    let output = written.output.as_ref();
    Operation {
        agent: agent.to_owned(),
        name: name.to_owned(),
        target: format!("{agent}.{name}"),
        kind: kind(written, start),
        input: at.key("input"),
        output: output.map(|output| Output { schema: at.key("output").key("schema"), to: output.to.clone() }),
        from: written.from.clone(),
        hands_to: written.hands_to.clone(),
        calls: written.calls.clone(),
        fans_out: None,
        errors: written.errors.iter().map(|(name, error)| (name.clone(), declared(name, error, at))).gather(),
        constraints: constraints(written.constraints.as_ref()),
        idempotency_key: written.idempotency_key.as_deref().and_then(|key| key.parse().ok()),
        objects: written.events.as_ref().and_then(|events| events.s3.as_ref()).map(ObjectEventsDocument::lower),
        surface,
    }
}

fn kind(written: &OperationDocument, start: Option<&str>) -> Kind {
    match start {
        _ if written.from.is_empty() => Kind::Callable,
        Some(start) if written.from.iter().any(|phase| phase == start) => Kind::Entry,
        _ => Kind::Phased,
    }
}

fn declared(name: &str, error: &ErrorDocument, at: &Pointer) -> DeclaredError {
    DeclaredError {
        name: name.to_owned(),
        data: error.data.as_ref().map(|_| at.key("errors").key(name).key("data")),
        retryable: error.retryable,
        to: error.to.clone(),
    }
}

fn constraints(written: Option<&OperationConstraints>) -> Constraints {
    let duration = |text: Option<&String>| text.and_then(|text| duration::milliseconds(text));
    Constraints {
        timeout_ms: duration(written.and_then(|w| w.timeout.as_ref())).unwrap_or(TIMEOUT_MS),
        memory_mb: written.and_then(|w| w.memory_mb).unwrap_or(MEMORY_MB),
        attempts: written.and_then(|w| w.attempts).unwrap_or(ATTEMPTS),
        key_lifetime_ms: duration(written.and_then(|w| w.key_lifetime.as_ref())).unwrap_or(KEY_LIFETIME_MS),
    }
}
