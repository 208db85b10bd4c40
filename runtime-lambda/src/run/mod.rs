//! A work from its first message to its end, as the client that starts it sees it.
//!
//! ```text
//! start ─→ message ─invoke→ answer ─┬→ handoff: the next message     (return: forwarded here)
//!                                   ├→ group: its children, then its join as the next message
//!                                   └→ reply: the end
//! start ─→ message ─invoke (event)→ … result record                  (event: waited for here)
//! ```
//!
//! Only an entry client forwards; agents never do. Nothing here waits longer than the work may live.

mod answer;
mod event;
mod forward;
mod gather;
mod hop;
mod part;
mod settled;

use std::sync::Arc;
use std::time::Duration;

use peer_contract_core::envelope::{Header, Outgoing, Packed, Room, TraceContext, Travel};
pub use peer_contract_core::inbox::Raised;
use peer_contract_core::inbox::{self, Start};
use peer_contract_core::json::{Draft, Json};
use peer_contract_core::{Contract, Problem};

pub use hop::{ChildHop, Gathered, Hop, HopEnd, Observer};

use crate::agent::codec::{draft_of, from_checked};
use crate::agent::{Error, Operation};
use crate::clock::now_ms;
use crate::peers::{Invoke, Unreached};
use crate::settings::Settings;
use crate::store::{Key, Store, put_blob};
use crate::trace::{self, Tracer};

/// Starts works of one contract and follows them.
pub struct Runner<'a> {
    contract: &'a Contract,
    peers: &'a dyn Invoke,
    store: Option<&'a dyn Store>,
    observer: &'a dyn Observer,
    tracer: Option<Arc<Tracer>>,
}

/// What to start.
#[derive(Debug, Clone)]
pub struct Order {
    /// `agent.operation`, the agent where it has one entry, or nothing where the contract has one.
    pub entry: String,
    /// The input of the entry.
    pub input: Draft,
    /// How handoffs travel; [`Travel::Event`] needs a shared store.
    pub travel: Travel,
    /// W3C trace context to go on with.
    pub traceparent: Option<String>,
    /// Who gets the reply that ends the work, if it travels by [`Travel::Event`]: an entry of the contract, `agent.operation`, or an
    /// address that its agents reply to (`reply-to` in `PEER_CONTRACT_PEERS`).
    pub reply_to: Option<String>,
}

impl Order {
    /// An order that travels by `return`.
    pub fn new(entry: impl Into<String>, input: impl Into<Draft>) -> Self {
        Self { entry: entry.into(), input: input.into(), travel: Travel::Return, traceparent: None, reply_to: None }
    }

    /// An order for an entry of generated code, applied to its input: `Order::of(&reasoner::plan(question))`.
    ///
    /// # Errors
    /// `output_invalid` for an input that has no JSON form.
    pub fn of<O: Operation>(entry: &O) -> Result<Self, Error> {
        Ok(Self::new(O::TARGET, draft_of(entry.input())?))
    }

    /// The same with another way of travelling.
    #[must_use]
    pub fn travelling(mut self, travel: Travel) -> Self {
        self.travel = travel;
        self
    }

    /// The same, by [`Travel::Event`], with the reply sent to an entry or an address as well.
    #[must_use]
    pub fn replying_to(mut self, reply_to: impl Into<String>) -> Self {
        self.travel = Travel::Event;
        self.reply_to = Some(reply_to.into());
        self
    }
}

/// The first message of a work that somebody else sends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct First {
    /// The work.
    pub work: String,
    /// The agent that it goes to.
    pub agent: String,
    /// The payload of its invocation, or the body of the message in its queue.
    pub message: Vec<u8>,
}

/// Makes the first message of a work, for whoever sends it by other ways than a [`Runner`].
///
/// # Errors
/// Those of the input; `address_refused`, at `/replyto`; `payload_too_large` beyond what an event carries.
pub fn first_message(contract: &Contract, order: Order) -> Result<First, Problem> {
    let first = first_of(contract, order)?;
    let room = if first.header.travel == Travel::Event { Room::event(false) } else { Room::sync(false) };
    let message = first.pack(room)?.bytes;
    let agent = first.header.target.split('.').next().unwrap_or_default().to_owned();
    Ok(First { work: first.header.work, agent, message })
}

fn first_of(contract: &Contract, order: Order) -> Result<Outgoing, Problem> {
    let Order { entry, input, travel, traceparent, reply_to } = order;
    let random = crate::entropy::bytes();
    let trace = traceparent.and_then(|traceparent| TraceContext::read(&traceparent, None));
    let start = Start { entry: &entry, input, now_ms: now_ms(), random, travel, trace, reply_to };
    inbox::start(contract, start).map_err(|problems| problems.first().clone())
}

/// A work that ended as its contract foresees.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finished {
    /// The work.
    pub work: String,
    /// The operation that ended it, `agent.operation`.
    pub target: String,
    /// The phase it ended in; none when an error without a phase ended it.
    pub phase: Option<String>,
    /// Messages it took.
    pub hops: u32,
    /// What came out.
    pub end: End,
}

impl Finished {
    /// The output as the type of the operation that gave it; `None` when the work ended otherwise.
    ///
    /// # Errors
    /// `type_mismatch` when the generated code is of another version.
    pub fn output_of<O: Operation>(&self) -> Result<Option<O::Output>, Error> {
        match &self.end {
            End::Output(output) if self.target == O::TARGET => from_checked(output).map(Some),
            _ => Ok(None),
        }
    }
}

/// What a work came to.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// The output, valid.
    Output(Json),
    /// An error of the contract.
    Declared(Raised),
}

/// A work that did not end as its contract foresees, or not yet.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{problem}")]
pub struct Stopped {
    /// The work, once there is one.
    pub work: Option<String>,
    /// Why.
    pub problem: Problem,
    /// The last hop that is known, finished or not.
    pub last: Option<Box<Hop>>,
}

impl<'a> Runner<'a> {
    /// A runner over a way to invoke agents. `store` is the shared store of the agents, if they have one.
    pub fn new(contract: &'a Contract, peers: &'a dyn Invoke, store: Option<&'a dyn Store>) -> Self {
        Self { contract, peers, store, observer: &(), tracer: None }
    }

    /// The same with an observer of every hop.
    #[must_use]
    pub fn observed_by(mut self, observer: &'a dyn Observer) -> Self {
        self.observer = observer;
        self
    }

    /// The same with a span for each whole work, exported where the settings say: by the variables of OpenTelemetry.
    #[must_use]
    pub fn traced_by(self, settings: &Settings) -> Self {
        Self { tracer: Tracer::new(self.contract, None, settings.trace.as_deref()), ..self }
    }

    /// Runs one work to its end.
    ///
    /// # Errors
    /// The problems of the input; `deadline_exceeded` at the expiry of the work; what an agent refused with;
    /// `peer_unreachable`, `peer_failed`, `handler_failed` once the contract's attempts are used up.
    pub async fn run(&self, order: Order) -> Result<Finished, Stopped> {
        let travel = order.travel;
        let mut first = first_of(self.contract, order).map_err(Stopped::before_work)?;
        self.observer.started(&first.header.work);
        let span = self.tracer.as_ref().map(|tracer| tracer.begin(&mut first.header));
        let ended = match travel {
            Travel::Return => self.forward(first).await,
            Travel::Event => self.follow(first).await,
        };
        if let (Some(tracer), Some(span)) = (&self.tracer, span) {
            tracer.note(span, end_of(&ended));
            tracer.flush(Duration::MAX).await;
        }
        ended
    }

    async fn pack(&self, outgoing: &Outgoing, room: Room) -> Result<Packed, Unreached> {
        let packed = outgoing.pack(room)?;
        for blob in &packed.blobs {
            let Some(store) = self.store else { break };
            put_blob(store, &Key::parse(&blob.key)?, &blob.bytes).await?;
        }
        Ok(packed)
    }
}

impl Stopped {
    fn before_work(problem: Problem) -> Self {
        Self { work: None, problem, last: None }
    }

    fn at(problem: Problem, hop: Hop) -> Self {
        Self { work: Some(hop.work.clone()), problem, last: Some(Box::new(hop)) }
    }
}

fn end_of(ended: &Result<Finished, Stopped>) -> trace::End {
    match ended {
        Ok(Finished { end: End::Output(_), .. }) => trace::End::Well("reply"),
        Ok(Finished { end: End::Declared(raised), .. }) => trace::End::Declared(raised.code.clone()),
        Err(stopped) => trace::End::Failed(stopped.problem.code.as_str().to_owned()),
    }
}

/// Past any expiry that an honest sender sets; what has none is held to the contract's own deadline.
fn expiry_of(header: &Header, contract: &Contract) -> u64 {
    header.expiry_ms.unwrap_or_else(|| header.time_ms.saturating_add(contract.deadline_ms()))
}
