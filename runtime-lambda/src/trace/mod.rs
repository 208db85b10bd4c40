//! Spans of works, exported by OTLP over HTTP when an endpoint is configured.
//!
//! ```text
//! host, run ─note→ Tracer (so many spans at most) ─flush, before the answer→ JSON ─client for peers→ collector
//! ```
//!
//! A sandbox of Lambda is frozen once it has answered, so spans go out before that: each answer waits for one request, and no longer
//! than the timeout says. A collector that does not take them is asked again after a pause; nothing fails for it, and it is told once.
//! Without an endpoint no [`Tracer`] is made: what is left then is a look at an `Option`.
//!
//! Ids are those of the messages (see the core's `TraceContext`), so a message that is delivered again gives the same spans again,
//! which those who keep spans tell by their ids.

mod export;
mod sampler;
mod settings;
mod span;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use peer_contract_core::Contract;
use peer_contract_core::envelope::{Header, TraceContext};
use peer_contract_core::inbox::Delivery;
use serde_json::{Value, json};

pub(crate) use settings::TraceSettings;
pub(crate) use span::{End, Kind, Span};

use crate::clock::now_ns;
use span::attribute;

/// Spans that wait to be exported; more are dropped, and counted. OpenTelemetry has the same bound.
const MOST: usize = 2048;

/// Gathers the spans of one sandbox, or of one entry client, and exports them.
pub(crate) struct Tracer {
    settings: TraceSettings,
    /// `resource` of OTLP.
    resource: Value,
    sender: export::Sender,
    pending: Mutex<Pending>,
    /// Whether no message was handled yet.
    cold: AtomicBool,
}

#[derive(Default)]
struct Pending {
    spans: Vec<Span>,
    /// Spans that found no room since the last export.
    dropped: u64,
    /// After a failure: when to ask again.
    not_before: Option<Instant>,
}

impl Tracer {
    /// A tracer for an agent, or for an entry client of the contract. Nothing when spans are not asked for.
    pub(crate) fn new(contract: &Contract, agent: Option<&str>, settings: Option<&TraceSettings>) -> Option<Arc<Self>> {
        let settings = settings?.clone();
        let sender = export::Sender::new(&settings)?;
        let resource = resource(contract, agent, &settings);
        let (pending, cold) = (Mutex::default(), AtomicBool::new(true));
        Some(Arc::new(Self { settings, resource, sender, pending, cold }))
    }

    /// Decides whether the trace of a message is recorded.
    pub(crate) fn decide(&self, delivery: &mut Delivery) {
        let (trace, begins) = (delivery.info().trace.clone(), delivery.header().trace.is_none());
        let records = self.settings.sampler.records(&trace, begins);
        if records != trace.is_sampled() {
            delivery.sample(records);
        }
    }

    /// The span of a whole work, which its first message goes on from.
    pub(crate) fn begin(&self, first: &mut Header) -> Span {
        let parent = first.trace.take();
        let trace = parent.clone().unwrap_or_else(|| TraceContext::begun_by(&first.work));
        let records = self.settings.sampler.records(&trace, parent.is_none());
        first.trace = Some(trace.sampled(records).sent(&first.id));
        Span::work(first, parent.as_ref(), now_ns())
    }

    /// Notes that a message was handled.
    pub(crate) fn handled(&self, span: Span, end: End) {
        let cold = self.cold.swap(false, Ordering::Relaxed);
        self.note(span.with("faas.coldstart", cold), end);
    }

    /// Notes a span that ends now.
    pub(crate) fn note(&self, span: Span, end: End) {
        if !span.place.is_sampled() {
            return;
        }
        let span = Span { until: now_ns(), end, ..span };
        let mut pending = self.pending();
        if pending.spans.len() < MOST { pending.spans.push(span) } else { pending.dropped += 1 }
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `ExportTraceServiceRequest` of OTLP.
    fn request(&self, spans: &[Span]) -> String {
        let spans: Vec<_> = spans.iter().map(Span::to_json).collect();
        let scope = json!({ "name": "peer-contract", "version": env!("CARGO_PKG_VERSION") });
        let of_scope = json!([{ "scope": scope, "spans": spans }]);
        json!({ "resourceSpans": [{ "resource": self.resource, "scopeSpans": of_scope }] }).to_string()
    }
}

fn resource(contract: &Contract, agent: Option<&str>, settings: &TraceSettings) -> Value {
    let own = || agent.map_or_else(|| contract.name().to_owned(), |agent| format!("{}-{agent}", contract.name()));
    let known = ["service.name", "faas.name"].into_iter().find_map(|name| settings.resource.get(name));
    let service = settings.service.as_ref().or(known).cloned().unwrap_or_else(own);
    let others = settings.resource.iter().filter(|(name, _)| *name != "service.name");
    let mut attributes: Vec<_> = others.map(|(name, value)| attribute(name, &json!(value))).collect();
    attributes.push(attribute("service.name", &json!(service)));
    attributes.extend(settings.memory.map(|bytes| attribute("faas.max_memory", &json!(bytes))));
    json!({ "attributes": attributes })
}
