//! Sending a finished message: blobs first, then the payload, to whoever gets it next.

use std::time::Duration;

use bytes::Bytes;
use peer_contract_core::Problem;
use peer_contract_core::claim::{Claim, StoredOutcome};
use peer_contract_core::contract::Kind;
use peer_contract_core::envelope::{Outgoing, Packed, Recipient, Room};
use peer_contract_core::events::Via;
use peer_contract_core::inbox::{Delivery, Named};

use super::answer::receipt;
use super::{Invocation, Response, Sandbox};
use crate::clock::{now_ms, until};
use crate::peers::{Answer, Mode, Request, Unreached, fault_as_unreached, retry};
use crate::store::{Key, failed, put_blob};

/// A message as it leaves: what the outcome record keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) recipient: Recipient,
    pub(super) work: String,
    pub(super) bytes: Vec<u8>,
}

/// Sends for one invocation.
pub(super) struct Post<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) invocation: &'a Invocation,
}

impl<'a> Post<'a> {
    pub(super) fn new(sandbox: &'a Sandbox, invocation: &'a Invocation) -> Self {
        Self { sandbox, invocation }
    }

    /// Packs a message; its blobs lie in the store when this returns.
    pub(super) async fn seal(&self, outgoing: &Outgoing) -> Result<Sealed, Problem> {
        let packed = outgoing.pack(self.room(outgoing))?;
        self.sandbox.put_blobs(&packed).await?;
        Ok(Sealed { recipient: outgoing.recipient.clone(), work: outgoing.header.work.clone(), bytes: packed.bytes })
    }

    fn room(&self, outgoing: &Outgoing) -> Room {
        let shared_store = self.sandbox.store.is_some();
        let answers_a_call = outgoing.header.reply && outgoing.header.phase.is_none();
        match &outgoing.recipient {
            // Whoever calls reads the reply as it comes, and looks into no store.
            Recipient::Invoker if self.invocation.via == Via::Request => {
                Room::response(shared_store && !answers_a_call)
            }
            Recipient::Invoker if answers_a_call => Room::sync(false),
            Recipient::Invoker | Recipient::ResultRecord => Room::sync(shared_store),
            Recipient::Agent(agent) => self.sandbox.peers.room(agent, shared_store),
            // What starts with a reply is another message; the reply itself is recorded.
            Recipient::ReplyTo(to) if self.sandbox.inbox.contract().operation(to).is_none() => {
                self.sandbox.peers.room(to, shared_store)
            }
            Recipient::ReplyTo(_) => Room::sync(shared_store),
            Recipient::Children => Room::sync(shared_store),
            // Whoever completes the group reads the reply as it lies there.
            Recipient::Group(_) => Room::sync(false),
        }
    }

    /// Sends what was sealed. Doing it twice does no harm.
    pub(super) async fn send(&self, sealed: Sealed) -> Result<Response, Unreached> {
        match &sealed.recipient {
            Recipient::Invoker => return Ok(Response::Payload(sealed.bytes)),
            Recipient::Agent(agent) => {
                self.invoke(agent, sealed.bytes.into(), self.invocation.trace_id.as_deref()).await?;
            }
            Recipient::ResultRecord | Recipient::ReplyTo(_) => self.end(&sealed).await?,
            Recipient::Children => self.begin_group(&sealed).await?,
            Recipient::Group(slot) => self.settle_child(slot, &sealed).await?,
        }
        Ok(receipt(&sealed.work))
    }

    /// Sends, and throws what went wrong.
    pub(super) async fn send_or_throw(&self, sealed: Sealed) -> Response {
        self.send(sealed).await.unwrap_or_else(|unreached| unreached.problem.into())
    }

    /// The same for the outcome of an earlier delivery, or of an earlier request.
    pub(super) async fn send_again(&self, sealed: Sealed, delivery: &Delivery) -> Response {
        match self.readdressed(sealed, delivery).await {
            Ok(sealed) => self.send_or_throw(sealed).await,
            Err(problem) => problem.into(),
        }
    }

    /// An outcome as this delivery is answered with it: a call gets a reply of its own, and who waits for a work
    /// that turned out to be another one finds its outcome.
    pub(super) async fn readdressed(&self, sealed: Sealed, delivery: &Delivery) -> Result<Sealed, Problem> {
        if let Some(Named { work, message }) = delivery.awaited() {
            self.share(&sealed, work, message).await?;
        }
        let operation = delivery.operation();
        if operation.kind != Kind::Callable || operation.idempotency_key.is_none() {
            return Ok(sealed);
        }
        let sealed = self.seal(&delivery.answer_again(sealed.bytes, now_ms())?).await?;
        if let Recipient::Group(slot) = &sealed.recipient
            && delivery.repeats()
        {
            // Its group looks under the id of the child.
            self.share(&sealed, &sealed.work, &slot.child()).await?;
        }
        Ok(sealed)
    }

    /// Puts an outcome under the ids of a message that shares it with another one; with a claim, or its next delivery would take the
    /// message for a new one.
    async fn share(&self, sealed: &Sealed, work: &str, message: &str) -> Result<(), Problem> {
        let Some(store) = &self.sandbox.store else { return Ok(()) };
        let claim = Claim { request_id: String::new(), lease_until_ms: 0, fence: 0 };
        store.put_if_absent(&Key::claim(work, message)?, &claim.to_bytes()).await?;
        let outcome = StoredOutcome { fence: 0, recipient: sealed.recipient.clone(), payload: sealed.bytes.clone() };
        store.put_if_absent(&Key::outcome(work, message)?, &outcome.to_bytes()).await.map(drop)
    }

    /// Seals and sends, and throws what went wrong.
    pub(super) async fn post_or_throw(&self, outgoing: &Outgoing) -> Response {
        match self.seal(outgoing).await {
            Ok(sealed) => self.send_or_throw(sealed).await,
            Err(problem) => problem.into(),
        }
    }

    /// Invokes the next agent as an event; Lambda takes it into its queue, so that retries here are few.
    pub(super) async fn invoke(&self, agent: &str, payload: Bytes, trace_id: Option<&str>) -> Result<(), Unreached> {
        let mut failures = 0;
        loop {
            let Err(unreached) = self.invoke_once(agent, payload.clone(), trace_id).await else { return Ok(()) };
            failures += 1;
            let pause = retry::pause_after(failures);
            if !unreached.retryable || failures >= EVENT_TRIES || self.time_left() < pause {
                return Err(unreached);
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn invoke_once(&self, agent: &str, payload: Bytes, trace_id: Option<&str>) -> Result<(), Unreached> {
        let request =
            Request { agent, payload, mode: Mode::Event, trace_id, timeout: self.time_left().min(EVENT_TIMEOUT) };
        match self.sandbox.peers.invoke(request).await?.answer {
            Answer::Payload(_) => Ok(()),
            Answer::Fault(fault) => Err(fault_as_unreached(agent, &fault)),
        }
    }

    pub(super) fn time_left(&self) -> Duration {
        until(self.invocation.deadline_ms.unwrap_or_else(|| now_ms() + EVENT_TIMEOUT.as_millis() as u64))
    }
}

const EVENT_TRIES: u32 = 3;
const EVENT_TIMEOUT: Duration = Duration::from_secs(10);

impl Sandbox {
    /// Puts the large parts of a message where its receiver reads them.
    pub(super) async fn put_blobs(&self, packed: &Packed) -> Result<(), Problem> {
        for blob in &packed.blobs {
            let Some(store) = &self.store else { return Err(failed("there is no shared store for a large part")) };
            put_blob(&**store, &Key::parse(&blob.key)?, &blob.bytes).await?;
        }
        Ok(())
    }
}

impl From<Problem> for Unreached {
    fn from(problem: Problem) -> Self {
        Self { retryable: problem.code.retryable(), problem }
    }
}
