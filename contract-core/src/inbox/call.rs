//! Calls to peers.

use super::{Delivery, next};
use crate::contract::Operation;
use crate::envelope::{Header, Outgoing, Recipient};
use crate::json::Draft;
use crate::{ErrorCode, Pointer, Problem, Problems};

/// A call to a peer, ready to be sent synchronously.
#[derive(Debug, Clone, PartialEq)]
pub struct CallMessage {
    /// The agent to invoke.
    pub agent: String,
    /// How often in all it may be tried.
    pub attempts: u32,
    /// The message.
    pub outgoing: Outgoing,
}

impl Delivery {
    /// A call to a peer. `ordinal` counts the calls of this delivery from 0.
    ///
    /// # Errors
    /// `outcome_refused` when `calls` does not list it, `hop_limit`, `deadline_exceeded`, and the
    /// problems of its input, at `/…` of the input.
    pub fn call(
        &self,
        ordinal: u32,
        target: &str,
        input: impl Into<Draft>,
        now_ms: u64,
    ) -> Result<CallMessage, Problems> {
        let operation = self.declared_call(target)?;
        let input = self.own.contract.schema(&operation.input)?.accept(input, &self.own.limits)?;
        let expiry_ms = self.time_for_call(now_ms)?;
        let header = next::call(&self.own, &self.header, ordinal, operation, now_ms)?;
        let header = Header { expiry_ms: Some(expiry_ms), ..header };
        let mut outgoing = Outgoing::new(header, Recipient::Agent(operation.agent.clone()));
        outgoing.input = Some(input);
        Ok(CallMessage { agent: operation.agent.clone(), attempts: operation.constraints.attempts, outgoing })
    }

    fn declared_call(&self, target: &str) -> Result<&Operation, Problem> {
        let caller = self.operation();
        let listed = caller.calls.iter().any(|call| call == target);
        self.own.contract.operation(target).filter(|_| listed).ok_or_else(|| {
            let message = format!("`{}` may not call `{target}`; `calls` does not list it", caller.target);
            Problem::new(ErrorCode::OutcomeRefused, Pointer::root(), message)
        })
    }

    /// A callee has no longer than its caller.
    fn time_for_call(&self, now_ms: u64) -> Result<u64, Problem> {
        let expiry_ms = self.header.expiry_ms.unwrap_or(u64::MAX).min(self.info.deadline_ms);
        if expiry_ms > now_ms {
            return Ok(expiry_ms);
        }
        let message = format!("the time of `{}` is over", self.header.target);
        Err(Problem::new(ErrorCode::DeadlineExceeded, Pointer::root(), message))
    }
}
