//! Asking a peer and waiting for its reply.

use std::time::Duration;

use bytes::Bytes;
use peer_contract_core::envelope::{Header, Room};
use peer_contract_core::inbox::{CallAnswer, CallMessage, Raised, inline_contract};
use peer_contract_core::json::{Draft, Json};
use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::claims;
use super::turn::{Inner, Turn};
use crate::clock::{now_ms, until};
use crate::peers::{Answer, Invoked, Mode, Request, Unreached, fault_as_unreached, retry};

/// Why a call gave no output.
#[derive(Debug, Clone, PartialEq)]
pub enum CallFailure {
    /// An error of the contract.
    Declared(Raised),
    /// Anything else, coded.
    Problem(Problem),
}

impl From<Problem> for CallFailure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What one try came to.
enum Tried {
    Output(Json),
    /// The callee does not know our contract.
    ContractRequired,
    /// Another delivery of the call is being worked on; asking again is no new attempt.
    InProgress(CallFailure),
    Failed {
        failure: CallFailure,
        retryable: bool,
    },
}

impl Turn {
    /// Asks a callable operation of a peer and waits: retries, deadline and contract exchange included.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn call(&self, target: &str, input: impl Into<Draft>) -> Result<Json, CallFailure> {
        let ordinal = self.next_call();
        let call = self.inner.delivery.call(ordinal, target, input, now_ms());
        let mut call = call.map_err(|problems| problems.first().clone())?;
        let span = self.call_span(&call);
        let answered = self.answered(&mut call).await;
        self.called(span, &answered);
        answered
    }

    async fn answered(&self, call: &mut CallMessage) -> Result<Json, CallFailure> {
        let target = call.outgoing.header.target.clone();
        let (mut attempts, mut tries) = (0, 0);
        loop {
            let (failure, again) = match self.try_call(call).await {
                Tried::Output(output) => return Ok(output),
                Tried::ContractRequired if call.outgoing.contract.is_none() => {
                    call.outgoing.contract = Some(inline_contract(self.inner.sandbox.inbox.contract()).into());
                    continue;
                }
                Tried::ContractRequired => return Err(still_required(&target).into()),
                Tried::InProgress(failure) => (failure, true),
                Tried::Failed { failure, retryable } => {
                    attempts += 1;
                    (failure, retryable && attempts < call.attempts)
                }
            };
            tries += 1;
            let pause = retry::pause_after(tries);
            if !again || self.time_left() <= pause {
                return Err(failure);
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn try_call(&self, call: &CallMessage) -> Tried {
        match self.ask(call).await {
            Ok(answer) => match self.inner.delivery.read_answer(call, answer) {
                Ok(answer) => read(answer),
                Err(problem) => Unreached::from(problem).into(),
            },
            Err(unreached) => unreached.into(),
        }
    }

    async fn ask(&self, call: &CallMessage) -> Result<Bytes, Unreached> {
        let Inner { sandbox, invocation, .. } = &*self.inner;
        let packed = call.outgoing.pack(Room::sync(sandbox.store.is_some()))?;
        sandbox.put_blobs(&packed).await?;
        let request = Request {
            agent: &call.agent,
            payload: packed.bytes.into(),
            mode: Mode::Wait,
            trace_id: invocation.trace_id.as_deref(),
            timeout: self.time_left().min(self.longest(&call.outgoing.header.target)),
        };
        let Invoked { answer, request_id, .. } = sandbox.peers.invoke(request).await?;
        match answer {
            Answer::Payload(bytes) => Ok(bytes),
            Answer::Fault(fault) => {
                let Header { work, id, .. } = &call.outgoing.header;
                if let (Some(store), Some(request_id)) = (&sandbox.store, &request_id) {
                    claims::free(&**store, work, id, request_id).await;
                }
                Err(fault_as_unreached(&call.agent, &fault))
            }
        }
    }

    fn time_left(&self) -> Duration {
        until(self.info().deadline_ms)
    }

    /// How long the target may take, with a start of its sandbox.
    fn longest(&self, target: &str) -> Duration {
        let timeout = self.inner.sandbox.inbox.contract().operation(target).map(|to| to.constraints.timeout_ms);
        timeout.map_or(Duration::MAX, |ms| Duration::from_millis(ms) + START)
    }
}

/// Lambda gives a sandbox ten seconds to start.
const START: Duration = Duration::from_secs(12);

fn read(answer: CallAnswer) -> Tried {
    match answer {
        CallAnswer::Output(output) => Tried::Output(output),
        CallAnswer::ContractRequired => Tried::ContractRequired,
        CallAnswer::Declared(raised) => {
            Tried::Failed { retryable: raised.retryable, failure: CallFailure::Declared(raised) }
        }
        CallAnswer::Refused { problem } if problem.code == ErrorCode::InProgress => Tried::InProgress(problem.into()),
        CallAnswer::Refused { problem } => Unreached::from(problem).into(),
    }
}

impl From<Unreached> for Tried {
    fn from(unreached: Unreached) -> Self {
        Self::Failed { retryable: unreached.retryable, failure: unreached.problem.into() }
    }
}

fn still_required(target: &str) -> Problem {
    let message = format!("`{target}` asks for the contract although it was sent inline");
    Problem::new(ErrorCode::ContractRequired, Pointer::root(), message)
}
