//! A valid message, and what its handler learns.

use std::sync::Arc;

use super::Own;
use crate::contract::Operation;
use crate::envelope::{Header, Reference, Travel};
use crate::json::Json;

/// What a handler learns about its work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkInfo {
    /// The work, a UUIDv7.
    pub work: String,
    /// The message being handled.
    pub message: String,
    /// Stable key for effects on the outside: the same for every delivery of this message.
    pub key: String,
    /// `agent.operation`.
    pub target: String,
    /// Hop of this message, from 1.
    pub hop: u32,
    /// Phase the work is in.
    pub phase: Option<String>,
    /// Time of the message, milliseconds since 1970.
    pub time_ms: u64,
    /// When the handler must be done, milliseconds since 1970.
    pub deadline_ms: u64,
    /// W3C trace context.
    pub traceparent: Option<String>,
}

impl WorkInfo {
    pub(super) fn of(header: &Header, deadline_ms: u64) -> Self {
        Self {
            work: header.work.clone(),
            message: header.id.clone(),
            key: header.id.clone(),
            target: header.target.clone(),
            hop: header.hop,
            phase: header.phase.clone(),
            time_ms: header.time_ms,
            deadline_ms,
            traceparent: header.traceparent.clone(),
        }
    }
}

/// A valid message, and all that is needed to answer it.
pub struct Delivery {
    pub(super) own: Arc<Own>,
    pub(super) header: Header,
    pub(super) info: WorkInfo,
    pub(super) input: Json,
    pub(super) state: Option<Json>,
    /// The reference behind which the state came, if it came so.
    pub(super) state_form: Option<Reference>,
    pub(super) plain: bool,
}

impl Delivery {
    /// The operation to run.
    pub fn operation(&self) -> &Operation {
        self.own.operation(&self.header.target).expect("an opening finds the operation before it is ready")
    }

    /// The message's header; for a plain start, the one it was given here.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How handoffs travel.
    pub fn travel(&self) -> Travel {
        self.header.travel
    }

    /// Whether the event was a plain input, to be answered with `{work, result}`.
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// What the handler learns.
    pub fn info(&self) -> &WorkInfo {
        &self.info
    }

    /// The valid input.
    pub fn input(&self) -> &Json {
        &self.input
    }

    /// The valid state; none for a callable operation.
    pub fn state(&self) -> Option<&Json> {
        self.state.as_ref()
    }
}
