//! Receiving a message and answering it, as a state machine without I/O.
//!
//! ```text
//! open ─→ Ready(Delivery)                 handler runs; close(outcome, state) → Outgoing
//!      ├→ Needs(Pending) ─supply(bytes)─→ the same three again
//!      └→ Refused(Refusal)                what to answer or throw
//! ```

use std::sync::Arc;

use serde_json::Value;

use crate::contract::Operation;
use crate::envelope::{Header, Outgoing, Reference, Travel};
use crate::registry::Registry;
use crate::{Contract, ContractHash, Limits, Problem, Problems};

/// What came in.
pub enum Event<'a> {
    /// Raw bytes; strict JSON holds in full.
    Bytes(&'a [u8]),
    /// Objects that a managed runtime made of the bytes.
    Value(Value),
}

/// Facts that only the host knows.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Milliseconds since 1970.
    pub now_ms: u64,
    /// When the platform ends this invocation, milliseconds since 1970.
    pub deadline_ms: Option<u64>,
    /// For the id of a work that starts here.
    pub random: [u8; 10],
    /// Whether a shared store is configured.
    pub shared_store: bool,
}

/// Receives for one agent. Shared by all invocations of a sandbox.
pub struct Inbox {
    contract: Contract,
    agent: String,
    limits: Limits,
    registry: Arc<Registry>,
}

impl Inbox {
    /// An inbox for `agent` of `contract`.
    ///
    /// # Errors
    /// `operation_unknown` when the contract has no such agent.
    pub fn new(contract: Contract, agent: &str, limits: Limits) -> Result<Self, Problem> {
        let _ = (contract, agent, limits);
        todo!()
    }

    /// The contract this agent was built with.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Takes one event as far as it goes without I/O.
    pub fn open(&self, event: Event<'_>, arrival: &Arrival) -> Opened {
        let _ = (event, arrival, &self.agent, &self.limits, &self.registry);
        todo!()
    }
}

/// How far an event came.
pub enum Opened {
    /// Valid; a handler may see it.
    Ready(Box<Delivery>),
    /// Something must be loaded first.
    Needs(Box<Pending>),
    /// Not for a handler.
    Refused(Box<Refusal>),
}

/// What must be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A contract: from `/tmp`, then from the shared store under `contract/<hex>`.
    Contract(ContractHash),
    /// A blob of the shared store.
    Blob {
        /// Its key.
        key: String,
        /// What it must turn out to be.
        reference: Reference,
    },
}

/// An event that waits for something.
pub struct Pending {
    _private: (),
}

impl Pending {
    /// What it waits for.
    pub fn need(&self) -> &Need {
        todo!()
    }

    /// Goes on with what was found: the bytes as stored, or `None` when nothing is there.
    /// They are verified against the hash here.
    pub fn supply(self: Box<Self>, found: Option<Vec<u8>>) -> Opened {
        let _ = found;
        todo!()
    }
}

/// An event that no handler sees.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub problem: Problem,
    /// Its header, when it could be read.
    pub header: Option<Header>,
    /// The reply to give. `None`: nothing could be replied to; throw the problem instead.
    pub reply: Option<Box<Outgoing>>,
}

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

/// How an operation ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The output.
    Reply(Value),
    /// The work goes on.
    Handoff {
        /// `agent.operation`.
        target: String,
        /// Its input.
        input: Value,
    },
    /// An error of the contract.
    Error {
        /// Name in the contract.
        code: String,
        /// For people.
        message: String,
        /// What it carries.
        data: Option<Value>,
    },
}

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

/// What came back from a call.
#[derive(Debug, Clone, PartialEq)]
pub enum CallAnswer {
    /// The output, valid.
    Output(Value),
    /// An error of the contract.
    Declared {
        /// Its name.
        code: String,
        /// For people.
        message: String,
        /// What it carries, valid.
        data: Option<Value>,
        /// Whether the same call may be tried again.
        retryable: bool,
    },
    /// The callee refused: a word of `schemas/errors.json`.
    Refused {
        /// Why, at a place of the message that was sent.
        problem: Problem,
    },
    /// The callee asks for the contract: send the call once more with the contract inline.
    ContractRequired,
}

/// A valid message, and all that is needed to answer it.
pub struct Delivery {
    _private: (),
}

impl Delivery {
    /// The operation to run.
    pub fn operation(&self) -> &Operation {
        todo!()
    }

    /// The message's header; for a plain start, the one it was given here.
    pub fn header(&self) -> &Header {
        todo!()
    }

    /// How handoffs travel.
    pub fn travel(&self) -> Travel {
        self.header().travel
    }

    /// Whether the event was a plain input, to be answered with `{work, result}`.
    pub fn is_plain(&self) -> bool {
        todo!()
    }

    /// What the handler learns.
    pub fn info(&self) -> &WorkInfo {
        todo!()
    }

    /// The valid input.
    pub fn input(&self) -> &Value {
        todo!()
    }

    /// The valid state; none for a callable operation.
    pub fn state(&self) -> Option<&Value> {
        todo!()
    }

    /// Checks an outcome against the contract and makes the message that carries it.
    ///
    /// # Errors
    /// `outcome_refused`, `output_invalid` (at `/output/…`, `/input/…`, `/state/…`, `/data/…`), `state_too_large`, `hop_limit`.
    pub fn close(&self, outcome: Outcome, state: Option<Value>, now_ms: u64) -> Result<Outgoing, Problems> {
        let _ = (outcome, state, now_ms);
        todo!()
    }

    /// The reply that refuses this message.
    pub fn refuse(&self, problem: &Problem, now_ms: u64) -> Outgoing {
        let _ = (problem, now_ms);
        todo!()
    }

    /// A call to a peer. `ordinal` counts the calls of this delivery from 0.
    ///
    /// # Errors
    /// `outcome_refused` when `calls` does not list it, `hop_limit`, `deadline_exceeded`, and the problems of its input.
    pub fn call(&self, ordinal: u32, target: &str, input: Value, now_ms: u64) -> Result<CallMessage, Problems> {
        let _ = (ordinal, target, input, now_ms);
        todo!()
    }

    /// Reads what came back from a call.
    ///
    /// # Errors
    /// `peer_invalid`, and `json_*` codes.
    pub fn read_answer(&self, call: &CallMessage, answer: &[u8]) -> Result<CallAnswer, Problem> {
        let _ = (call, answer);
        todo!()
    }
}

/// How the first message of a work is made.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    /// The entry, `agent.operation`.
    pub entry: &'a str,
    /// Its input.
    pub input: Value,
    /// Milliseconds since 1970.
    pub now_ms: u64,
    /// For the work's id.
    pub random: [u8; 10],
    /// How handoffs travel.
    pub travel: Travel,
    /// W3C trace context to go on with.
    pub traceparent: Option<String>,
}

/// The first message of a new work.
///
/// # Errors
/// `operation_unknown`, `entry_ambiguous`, and the problems of the input.
pub fn start(contract: &Contract, start: Start<'_>) -> Result<Outgoing, Problems> {
    let _ = (contract, start);
    todo!()
}

/// The contract as it travels in `data.contract`: base64 of zstd of its canonical bytes.
pub fn inline_contract(contract: &Contract) -> String {
    let _ = contract;
    todo!()
}
