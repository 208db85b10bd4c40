//! What the host tells of a message to whoever traces: nothing unless spans are exported.

use std::time::Duration;

use peer_contract_core::envelope::{Header, Outgoing, id};
use peer_contract_core::inbox::{CallMessage, Delivery};
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Problem};

use super::{CallFailure, Invocation, Response, Sandbox, Turn};
use crate::clock::{now_ns, until};
use crate::peers::Unreached;
use crate::trace::{End, Kind, Span, Tracer};

impl Sandbox {
    /// A span of handling a message, where its trace is recorded.
    pub(super) fn trace(&self, header: &Header, invocation: &Invocation) -> Option<Span> {
        self.recorder(header)?;
        Some(Span::handling(header, invocation, now_ns()))
    }

    fn recorder(&self, header: &Header) -> Option<&Tracer> {
        self.trace.as_deref().filter(|_| header.trace().is_sampled())
    }

    /// Notes that a message was refused before a handler saw it.
    pub(super) async fn refused(&self, header: Option<&Header>, problem: &Problem, invocation: &Invocation) {
        let Some((tracer, header)) = header.and_then(|header| Some((self.recorder(header)?, header))) else { return };
        let span = Span::handling(header, invocation, now_ns());
        tracer.handled(span, End::Failed(problem.code.as_str().to_owned()));
        self.exported(invocation).await;
    }

    /// Notes that a message came again whose outcome was there: the attempt that made it may have ended before it could tell.
    pub(super) async fn repeated(
        &self,
        span: Option<Span>,
        delivery: &Delivery,
        invocation: &Invocation,
        response: &Response,
    ) {
        let (Some(tracer), Some(span)) = (&self.trace, span) else { return };
        let cause = delivery.header();
        let mut next = cause.clone();
        next.id = id::derived(&cause.id, 0);
        let sending = Span::sending(&next, cause, Kind::Producer, now_ns());
        tracer.note(sending.again(), End::Well("send"));
        tracer.handled(span.again(), End::Well("repeated").and(response));
        self.exported(invocation).await;
    }

    /// Notes that a message came while another delivery of it was at work: a span beside the one of that delivery, which has the
    /// ids of the message.
    pub(super) async fn beside(
        &self,
        span: Option<Span>,
        (response, told): (Response, Option<ErrorCode>),
        invocation: &Invocation,
    ) -> Response {
        if let (Some(tracer), Some(span)) = (&self.trace, span) {
            let end = told.map_or(End::Well("repeated"), |code| End::Failed(code.as_str().to_owned()));
            tracer.handled(span.of_delivery(&invocation.request_id).again(), end.and(&response));
            self.exported(invocation).await;
        }
        response
    }

    /// Exports the spans of an invocation, unless others of its messages come first.
    async fn exported(&self, invocation: &Invocation) {
        if !invocation.batched {
            self.export(invocation).await;
        }
    }

    /// Exports the spans of an invocation that is about to be answered, within half of the time that it still has.
    pub(super) async fn export(&self, invocation: &Invocation) {
        if let Some(tracer) = &self.trace {
            tracer.flush(invocation.deadline_ms.map_or(Duration::MAX, until) / 2).await;
        }
    }
}

impl Turn {
    pub(super) fn call_span(&self, call: &CallMessage) -> Option<Span> {
        self.span_of(&call.outgoing.header, Kind::Client)
    }

    /// The span of sending an outcome on. A reply is no message of its own.
    pub(super) fn sending_span(&self, outgoing: &Outgoing) -> Option<Span> {
        let header = Some(&outgoing.header).filter(|header| !header.reply)?;
        let span = self.span_of(header, Kind::Producer)?;
        Some(if outgoing.fan_out.is_some() { span.spreading(&header.target) } else { span })
    }

    fn span_of(&self, header: &Header, kind: Kind) -> Option<Span> {
        self.inner.span.as_ref()?;
        Some(Span::sending(header, self.inner.delivery.header(), kind, now_ns()))
    }

    pub(super) fn called(&self, span: Option<Span>, answered: &Result<Json, CallFailure>) {
        let end = || match answered {
            Ok(_) => End::Well("reply"),
            Err(CallFailure::Declared(raised)) => End::Declared(raised.code.clone()),
            Err(CallFailure::Problem(problem)) => End::Failed(problem.code.as_str().to_owned()),
        };
        self.note(span, end);
    }

    pub(super) fn sent(&self, span: Option<Span>, unreached: Option<&Unreached>) {
        let failed = |unreached: &Unreached| End::Failed(unreached.problem.code.as_str().to_owned());
        self.note(span, || unreached.map_or(End::Well("send"), failed));
    }

    fn note(&self, span: Option<Span>, end: impl FnOnce() -> End) {
        if let (Some(tracer), Some(span)) = (&self.inner.sandbox.trace, span) {
            tracer.note(span, end());
        }
    }

    /// Ends the span of handling and exports, before the answer is given.
    pub(super) async fn traced(&self, end: Option<End>, response: Response) -> Response {
        if let (Some(tracer), Some(span), Some(end)) = (&self.inner.sandbox.trace, &self.inner.span, end) {
            tracer.handled(span.clone(), end.and(&response));
            self.inner.sandbox.exported(&self.inner.invocation).await;
        }
        response
    }
}
