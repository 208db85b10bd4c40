//! A valid message, and what its handler learns.

use std::sync::Arc;

use super::Own;
use crate::contract::{Kind, Operation};
use crate::envelope::{Header, Reference, TraceContext, Travel};
use crate::json::Json;
use crate::request::{self, Request};

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
    /// Where in its trace the handler runs.
    pub trace: TraceContext,
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
            trace: header.trace().handled(&header.id),
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
    /// The first message of the same request, which this one repeats.
    pub(super) first: Option<Named>,
}

/// A message of a work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The work.
    pub work: String,
    /// The message.
    pub message: String,
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

    /// What makes it the same request as others, where its operation has an `idempotencyKey`.
    pub fn request(&self) -> Option<Request> {
        request::of(&self.own.contract, self.operation(), &self.input, self.state.as_ref())
    }

    /// Makes it a repetition of the first message of its request. Work that starts is then the first one's; a call
    /// stays the caller's own, and is answered with the first one's outcome.
    pub fn repeat(&mut self, work: String, message: String) {
        // What it does on the outside is the first one's, too.
        self.info.key.clone_from(&message);
        if self.operation().kind == Kind::Callable {
            self.first = Some(Named { work, message });
            return;
        }
        let own = Named { work: self.header.work.clone(), message: self.header.id.clone() };
        self.first = Some(own);
        (self.info.work, self.info.message) = (work.clone(), message.clone());
        (self.header.work, self.header.id) = (work, message);
        self.info.trace = self.header.trace().handled(&self.header.id);
    }

    /// Whether it repeats another message of the same request.
    pub fn repeats(&self) -> bool {
        self.first.is_some()
    }

    /// The message that is claimed and whose outcome counts.
    pub fn claimed(&self) -> (&str, &str) {
        match &self.first {
            Some(first) if self.operation().kind == Kind::Callable => (&first.work, &first.message),
            _ => (&self.header.work, &self.header.id),
        }
    }

    /// What an entry client waits for, when the work that it started turned out to be another one.
    pub fn awaited(&self) -> Option<&Named> {
        self.first.as_ref().filter(|_| self.operation().kind != Kind::Callable && !self.plain)
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

    /// Says whether the trace is recorded from here on.
    pub fn sample(&mut self, is_recorded: bool) {
        self.header.trace = Some(self.header.trace().sampled(is_recorded));
        self.info.trace = self.info.trace.sampled(is_recorded);
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
