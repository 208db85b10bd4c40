//! Spans, and their OTLP form.
//!
//! Names of attributes stand here and nowhere else. `messaging.*` and `faas.*` are semantic conventions of OpenTelemetry (the
//! latter, and much of the former, not stable yet); what they have no word for is `peer_contract.*`. No payload values.

use peer_contract_core::contract::ContractHash;
use peer_contract_core::envelope::{Header, Outgoing, TraceContext, Travel, id};
use peer_contract_core::events::Via;
use serde_json::{Value, json};

use crate::host::{Invocation, Response};
use peer_contract_core::hex::hex;

/// `SpanKind` of OTLP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}

/// How what a span is about ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// As the contract foresees.
    Well(&'static str),
    /// With an error of the contract, which is an outcome and no failure.
    Declared(String),
    /// With a word of `schemas/errors.json`.
    Failed(String),
}

/// One span.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    /// Its own place in the trace.
    pub(super) place: TraceContext,
    pub(super) parent: Option<[u8; 8]>,
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Nanoseconds since 1970.
    pub(super) since: u64,
    pub(super) until: u64,
    pub(super) attributes: Vec<(&'static str, Value)>,
    pub(super) end: End,
}

impl End {
    /// How a message that was made ends the one that it answers.
    pub(crate) fn of(outgoing: &Outgoing) -> Self {
        match &outgoing.error {
            Some(error) if error.at.is_some() => Self::Failed(error.code.clone()),
            Some(error) => Self::Declared(error.code.clone()),
            None if outgoing.header.reply => Self::Well("reply"),
            None if outgoing.fan_out.is_some() => Self::Well("fan_out"),
            None => Self::Well("handoff"),
        }
    }

    /// The same, once it is known what the platform gets.
    pub(crate) fn and(self, response: &Response) -> Self {
        match response {
            Response::Payload(_) => self,
            Response::Fault(fault) => Self::Failed(fault.code.clone()),
        }
    }
}

impl Span {
    /// Handling a message.
    pub(crate) fn handling(header: &Header, invocation: &Invocation, since: u64) -> Self {
        let waits = header.travel == Travel::Return && invocation.via != Via::Queue;
        let trigger = match invocation.via {
            Via::Request => "http",
            Via::Queue => "pubsub",
            Via::Invocation if header.travel == Travel::Event => "pubsub",
            Via::Invocation => "other",
        };
        let mut attributes = about(header, "process");
        attributes.extend([("faas.invocation_id", json!(invocation.request_id)), ("faas.trigger", json!(trigger))]);
        Self {
            place: header.trace().handled(&header.id),
            parent: header.trace.as_ref().map(TraceContext::span_id),
            name: format!("process {}", header.target),
            kind: if waits { Kind::Server } else { Kind::Consumer },
            since,
            until: since,
            attributes,
            end: End::Well("reply"),
        }
    }

    /// Sending a message while `cause` is handled: a call when somebody waits for its answer.
    pub(crate) fn sending(header: &Header, cause: &Header, kind: Kind, since: u64) -> Self {
        let verb = if kind == Kind::Client { "call" } else { "send" };
        Self {
            place: header.trace().sent(&header.id),
            parent: Some(cause.trace().handled(&cause.id).span_id()),
            name: format!("{verb} {}", header.target),
            kind,
            since,
            until: since,
            attributes: about(header, "send"),
            end: End::Well(verb),
        }
    }

    /// A whole work, as its entry client sees it: from the sending of its first message on.
    pub(crate) fn work(first: &Header, parent: Option<&TraceContext>, since: u64) -> Self {
        Self {
            place: first.trace().sent(&first.id),
            parent: parent.map(TraceContext::span_id),
            name: format!("run {}", first.target),
            kind: Kind::Client,
            since,
            until: since,
            attributes: about(first, "send"),
            end: End::Well("reply"),
        }
    }

    /// The same of a delivery that only found what an earlier one had made.
    pub(crate) fn again(self) -> Self {
        self.with("peer_contract.repeated", true)
    }

    /// The same of one delivery among several: its id is made of the message's own span and of the request.
    pub(crate) fn of_delivery(self, request_id: &str) -> Self {
        let place = self.place.sent(&id::derived(&format!("{} {request_id}", self.place), 0));
        Self { place, ..self }
    }

    /// The same of a fan-out, which the spans of its children and of its join come after.
    pub(crate) fn spreading(self, join: &str) -> Self {
        Self { name: format!("fan out to {join}"), ..self }
    }

    /// One more attribute.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// A span of OTLP in JSON: ids in hex, times as text.
    pub(super) fn to_json(&self) -> Value {
        let mut attributes: Vec<_> = self.attributes.iter().map(|(key, value)| attribute(key, value)).collect();
        let mut status = json!({});
        match &self.end {
            End::Well(outcome) => attributes.push(attribute("peer_contract.outcome", &json!(outcome))),
            End::Declared(code) => {
                let (outcome, code) = (json!("error"), json!(code));
                attributes
                    .extend([attribute("peer_contract.outcome", &outcome), attribute("peer_contract.error", &code)]);
            }
            End::Failed(code) => {
                attributes.push(attribute("error.type", &json!(code)));
                status = json!({ "code": 2, "message": code });
            }
        }
        let mut span = json!({
            "traceId": hex(&self.place.trace_id()),
            "spanId": hex(&self.place.span_id()),
            "flags": self.place.flags(),
            "name": self.name,
            "kind": self.kind as u8,
            "startTimeUnixNano": self.since.to_string(),
            "endTimeUnixNano": self.until.max(self.since).to_string(),
            "attributes": attributes,
            "status": status,
        });
        if let Some(parent) = self.parent {
            span["parentSpanId"] = hex(&parent).into();
        }
        if let Some(state) = self.place.state() {
            span["traceState"] = state.into();
        }
        span
    }
}

/// What a message is.
fn about(header: &Header, verb: &str) -> Vec<(&'static str, Value)> {
    let Header { id, work, target, hop, contract, phase, contract_name, .. } = header;
    let (agent, operation) = target.split_once('.').unwrap_or((target, ""));
    let mut attributes = vec![
        ("messaging.system", json!("peer_contract")),
        ("messaging.operation.type", json!(verb)),
        ("messaging.destination.name", json!(target)),
        ("messaging.message.id", json!(id)),
        ("messaging.message.conversation_id", json!(work)),
        ("peer_contract.contract", json!(contract_name)),
        ("peer_contract.contract_hash", json!(ContractHash::to_string(contract))),
        ("peer_contract.agent", json!(agent)),
        ("peer_contract.operation", json!(operation)),
        ("peer_contract.hop", json!(hop)),
    ];
    attributes.extend(phase.as_ref().map(|phase| ("peer_contract.phase", json!(phase))));
    attributes
}

/// `KeyValue` of OTLP. Whole numbers are texts there, as in all JSON of protobuf.
pub(super) fn attribute(key: &str, value: &Value) -> Value {
    let value = match value {
        Value::Bool(flag) => json!({ "boolValue": flag }),
        Value::Number(number) => json!({ "intValue": number.to_string() }),
        value => json!({ "stringValue": value.as_str().unwrap_or_default() }),
    };
    json!({ "key": key, "value": value })
}
