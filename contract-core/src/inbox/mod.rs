//! Receiving a message and answering it, as a state machine without I/O.
//!
//! ```text
//! open ─→ Ready(Delivery)                 handler runs; close(outcome, state) → Outgoing
//!      ├→ Needs(Pending) ─supply(bytes)─→ the same three again
//!      └→ Refused(Refusal)                what to answer or throw
//! ```

mod agree;
mod answer;
mod call;
mod close;
mod delivery;
mod fan_out;
#[cfg(test)]
mod glances;
mod next;
mod open;
mod parts;
mod pending;
mod rehearse;
mod reply_to;
mod rules;
mod start;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use serde_json::Value;

use crate::contract::Operation;
use crate::envelope::{Header, Outgoing, TraceContext, compress, to_base64};
use crate::events::{Carried, Parcel, Via};
use crate::registry::Registry;
use crate::{Contract, ErrorCode, Limits, Pointer, Problem};

pub(crate) use answer::Replies;
pub use answer::{CallAnswer, Raised};
pub use call::CallMessage;
pub use close::Outcome;
pub use delivery::{Delivery, Named, WorkInfo};
pub(crate) use next::refusing_reply;
pub use pending::{Need, Pending};
pub use rehearse::{Rehearsal, rehearse};
pub use start::{Start, start};
pub(crate) use start::{first_header, first_state};

/// What came in.
pub enum Event {
    /// Raw bytes; strict JSON holds in full. They are shared, not copied.
    Bytes(Bytes),
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
    /// How the message came.
    pub via: Via,
    /// The trace that it goes on with, where it says nothing of one itself.
    pub trace: Option<TraceContext>,
}

/// Receives for one agent. Shared by all invocations of a sandbox.
pub struct Inbox {
    own: Arc<Own>,
}

/// What stays the same for all messages of a sandbox.
struct Own {
    contract: Contract,
    agent: String,
    limits: Limits,
    registry: Registry,
    inline: OnceLock<Option<Arc<str>>>,
    /// Addresses that a message may name in `replyto`.
    reply_addresses: BTreeSet<String>,
    /// Whether an operation takes the replies of works that go on from another one.
    takers: Mutex<BTreeMap<(String, String), Result<(), Problem>>>,
}

impl Inbox {
    /// An inbox for `agent` of `contract`.
    ///
    /// # Errors
    /// `operation_unknown` when the contract has no such agent.
    pub fn new(contract: Contract, agent: &str, limits: Limits) -> Result<Self, Problem> {
        if !contract.agents().contains_key(agent) {
            let message = format!("the contract `{}` has no agent `{agent}`", contract.name());
            return Err(Problem::new(ErrorCode::OperationUnknown, Pointer::root(), message));
        }
        let (agent, registry, inline) = (agent.to_owned(), Registry::default(), OnceLock::new());
        let (reply_addresses, takers) = (BTreeSet::new(), Mutex::default());
        Ok(Self { own: Arc::new(Own { contract, agent, limits, registry, inline, reply_addresses, takers }) })
    }

    /// The same with addresses that replies may go to.
    #[must_use]
    pub fn replying_to(mut self, addresses: BTreeSet<String>) -> Self {
        if let Some(own) = Arc::get_mut(&mut self.own) {
            own.reply_addresses = addresses;
        }
        self
    }

    /// The contract this agent was built with.
    pub fn contract(&self) -> &Contract {
        &self.own.contract
    }

    /// Takes one event as far as it goes without I/O.
    pub fn open(&self, event: Event, arrival: &Arrival) -> Opened {
        open::open(&self.own, event, arrival)
    }

    /// The same for a message that an event carried. It never carries others.
    pub fn open_parcel(&self, parcel: Parcel, arrival: &Arrival) -> Opened {
        open::open_parcel(&self.own, parcel, arrival)
    }
}

impl Own {
    /// An operation of this agent by its target.
    fn operation(&self, target: &str) -> Option<&Operation> {
        self.contract.operation(target).filter(|operation| operation.agent == self.agent)
    }

    /// Hops of one work: the smaller of what the contract and the platform allow.
    fn most_hops(&self) -> u32 {
        self.contract.max_hops().min(self.limits.hops)
    }

    /// The own contract as it travels, made once; `None` when it is too long for that.
    fn inline(&self) -> Option<Arc<str>> {
        self.inline.get_or_init(|| inline_within(&self.contract, &self.limits)).clone()
    }
}

/// How far an event came.
pub enum Opened {
    /// Valid; a handler may see it.
    Ready(Box<Delivery>),
    /// An event of a service, which carries messages: each is opened by itself.
    Carried(Box<Carried>),
    /// Something must be loaded first.
    Needs(Box<Pending>),
    /// Not for a handler.
    Refused(Box<Refusal>),
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

/// The contract as it travels in `data.contract`: base64 of zstd of its canonical bytes.
pub fn inline_contract(contract: &Contract) -> String {
    to_base64(&compress(contract.canonical()))
}

/// The same; `None` when it is too long to travel.
pub(crate) fn inline_within(contract: &Contract, limits: &Limits) -> Option<Arc<str>> {
    let text = inline_contract(contract);
    (text.len() <= limits.inline_contract_bytes).then(|| text.into())
}
