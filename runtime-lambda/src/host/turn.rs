//! One run of a handler, from its input to the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use peer_contract_core::envelope::{ErrorBody, Outgoing, Recipient, Travel};
use peer_contract_core::inbox::{Delivery, Outcome, WorkInfo};
use peer_contract_core::json::{Draft, Json};
use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::answer;
use super::claims::Claim;
use super::post::{Post, Sealed};
use super::{Fault, Invocation, Response, Sandbox};
use crate::clock::now_ms;
use crate::peers::Unreached;
use crate::trace::{End, Span};

/// Lambda delivers an event three times at most.
const EVENT_TRIES: u32 = 3;

/// One run of a handler. Clones share it.
#[derive(Clone)]
pub struct Turn {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) sandbox: Arc<Sandbox>,
    pub(super) delivery: Delivery,
    pub(super) invocation: Invocation,
    claim: Option<Claim>,
    calls: AtomicU32,
    /// The span of handling, where its trace is recorded.
    pub(super) span: Option<Span>,
}

impl Turn {
    pub(super) fn new(sandbox: Arc<Sandbox>, delivery: Delivery, invocation: Invocation, claim: Option<Claim>) -> Self {
        let span = sandbox.trace(delivery.header(), &invocation);
        Self { inner: Arc::new(Inner { sandbox, delivery, invocation, claim, calls: AtomicU32::new(0), span }) }
    }

    /// Name of the operation to run, without the agent.
    pub fn operation(&self) -> &str {
        &self.inner.delivery.operation().name
    }

    /// The platform's id of the invocation; the same when Lambda itself retries.
    pub fn request_id(&self) -> &str {
        &self.inner.invocation.request_id
    }

    /// What the handler learns about the work.
    pub fn info(&self) -> &WorkInfo {
        self.inner.delivery.info()
    }

    /// The valid input.
    pub fn input(&self) -> &Json {
        self.inner.delivery.input()
    }

    /// The valid state; none for a callable operation.
    pub fn state(&self) -> Option<&Json> {
        self.inner.delivery.state()
    }

    /// Ends the turn with an outcome of the contract. An outcome that breaks the contract is answered
    /// with `outcome_refused` or `output_invalid`.
    pub async fn finish(&self, outcome: Outcome, state: Option<Draft>) -> Response {
        let closed = self.inner.delivery.close(outcome, state, now_ms());
        let outgoing = closed.unwrap_or_else(|problems| self.refusal(problems.first()));
        let end = self.inner.span.as_ref().map(|_| End::of(&outgoing));
        let response = match &outgoing.error {
            Some(error) if error.retryable && !self.is_last_try() => self.leave_open(&outgoing, error).await,
            _ => self.end(outgoing).await,
        };
        self.traced(end, response).await
    }

    /// Ends the turn after the handler raised something unexpected.
    ///
    /// It is thrown as `handler_failed`, and the message may be tried again at once. When an event has no tries
    /// left, it is the result of the work, too, so that nobody waits for more.
    pub async fn fail(&self, message: &str) -> Response {
        let problem = Problem::new(ErrorCode::HandlerFailed, Pointer::root(), message);
        if self.is_last_try() {
            // What cannot be recorded is thrown all the same.
            let _ = self.settle(&self.refusal(&problem)).await;
        } else {
            self.release().await;
        }
        self.traced(Some(End::Failed(problem.code.as_str().to_owned())), problem.into()).await
    }

    /// Ends the turn after the handler took longer than it may: the work is over when its time is, else
    /// the message may be tried again.
    pub async fn time_out(&self) -> Response {
        let expired = self.inner.delivery.header().expiry_ms.is_some_and(|expiry| expiry <= now_ms());
        if !expired {
            return self.fail("the handler did not end within its timeout").await;
        }
        let message = "the time of the work ended while the handler ran";
        self.reject(&Problem::new(ErrorCode::DeadlineExceeded, Pointer::root(), message)).await
    }

    /// Ends the turn after the handler gave something that cannot even be written as JSON, with the
    /// problem that says so.
    pub async fn reject(&self, problem: &Problem) -> Response {
        let response = self.end(self.refusal(problem)).await;
        self.traced(Some(End::Failed(problem.code.as_str().to_owned())), response).await
    }

    pub(super) fn next_call(&self) -> u32 {
        self.inner.calls.fetch_add(1, Ordering::Relaxed)
    }

    fn refusal(&self, problem: &Problem) -> Outgoing {
        self.inner.delivery.refuse(problem, now_ms())
    }

    fn post(&self) -> Post<'_> {
        Post::new(&self.inner.sandbox, &self.inner.invocation)
    }

    fn is_event(&self) -> bool {
        self.inner.delivery.travel() == Travel::Event
    }

    /// Whether Lambda will not deliver this event again. On `return` and calls only the invoker knows.
    fn is_last_try(&self) -> bool {
        let tries = self.inner.delivery.operation().constraints.attempts.min(EVENT_TRIES);
        self.is_event() && self.inner.claim.as_ref().is_some_and(|claim| claim.number() >= u64::from(tries))
    }

    /// An error that another try may cure is no outcome yet: it is told to the invoker, or thrown for Lambda
    /// to try again, and the message stays open.
    async fn leave_open(&self, outgoing: &Outgoing, error: &ErrorBody) -> Response {
        self.release().await;
        if self.is_event() {
            let (code, message) = (error.code.clone(), error.message.clone());
            return Response::Fault(Fault { code, message, at: error.at.clone().unwrap_or_default() });
        }
        match self.seal(outgoing).await {
            Ok(sealed) => self.post().send_or_throw(sealed).await,
            Err(problem) => problem.into(),
        }
    }

    async fn end(&self, outgoing: Outgoing) -> Response {
        match self.settle(&outgoing).await {
            Ok(response) => response,
            Err(unreached) if unreached.retryable => {
                self.release().await;
                unreached.problem.into()
            }
            // The result is recorded; that nobody got the reply is for Lambda to try again, and to tell.
            Err(unreached) if matches!(outgoing.recipient, Recipient::ReplyTo(_)) => unreached.problem.into(),
            // Nobody can be reached with the outcome: the work ends with the reason.
            Err(unreached) => self.post().post_or_throw(&self.refusal(&unreached.problem)).await,
        }
    }

    async fn settle(&self, outgoing: &Outgoing) -> Result<Response, Unreached> {
        let sealed = self.seal(outgoing).await?;
        let sealed = match &self.inner.claim {
            Some(claim) => self.post().readdressed(claim.seal(sealed).await?, &self.inner.delivery).await?,
            None => sealed,
        };
        let span = self.sending_span(outgoing);
        let sent = self.post().send(sealed).await;
        self.sent(span, sent.as_ref().err());
        sent
    }

    /// Packs the outcome; one that fits no transport becomes the refusal that says so.
    async fn seal(&self, outgoing: &Outgoing) -> Result<Sealed, Problem> {
        match self.seal_once(outgoing).await {
            Err(problem) if !problem.code.retryable() => self.seal_once(&self.refusal(&problem)).await,
            sealed => sealed,
        }
    }

    async fn seal_once(&self, outgoing: &Outgoing) -> Result<Sealed, Problem> {
        let mut sealed = self.post().seal(outgoing).await?;
        if self.inner.delivery.is_plain() && sealed.recipient == Recipient::Invoker {
            sealed.bytes = answer::plain(outgoing, &sealed.bytes, self.inner.invocation.via)?;
        }
        Ok(sealed)
    }

    async fn release(&self) {
        if let Some(claim) = &self.inner.claim {
            claim.release().await;
        }
    }
}
