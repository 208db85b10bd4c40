//! One sandbox of one agent: invocations in, answers out. All languages go through here.
//!
//! ```text
//! bytes ─open→ (load contracts, blobs) ─claim→ Turn ─ handler, calls ─ finish ─seal→ answer | invoke | result record
//! ```
//!
//! The core decides; this module does the reading, writing and sending that the decisions ask for.
//! Without a shared store, and with the sender's contract known, nothing here waits: the futures of
//! [`Host::begin`] and [`Turn::finish`] are then ready when first polled, so that a binding needs no executor.

mod answer;
mod batch;
mod begin;
mod call;
mod children;
pub(crate) mod claims;
mod config;
mod post;
mod repeats;
mod replies;
mod requests;
mod supply;
mod tracing;
mod turn;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use peer_contract_core::envelope::TraceContext;
pub use peer_contract_core::events::Via;
pub use peer_contract_core::inbox::Event;
use peer_contract_core::inbox::{Arrival, Inbox};
use peer_contract_core::{ConfigHash, Contract, Limits, Problem};

pub use answer::{Fault, Response};
pub use batch::{Batch, Next};
pub use call::CallFailure;
pub use turn::Turn;

use crate::clock::now_ms;
use crate::peers::Invoke;
pub use crate::settings::Settings;
use crate::store::{self, FileStore, Scope, Store};
use crate::trace::Tracer;

/// What the platform says about one invocation.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// Lambda's request id: the same when Lambda itself retries.
    pub request_id: String,
    /// When the platform ends it, milliseconds since 1970.
    pub deadline_ms: Option<u64>,
    /// `X-Amzn-Trace-Id`, copied to every call.
    pub trace_id: Option<String>,
    /// How its message came. Hosts leave the default: what an event carries says so itself.
    pub via: Via,
    /// Whether it brings one message of several. Hosts leave the default.
    pub batched: bool,
}

/// One agent in one sandbox. Serves any number of invocations, also at once. Clones share it.
#[derive(Clone)]
pub struct Host {
    sandbox: Arc<Sandbox>,
}

/// What the invocations of a sandbox share.
struct Sandbox {
    inbox: Inbox,
    store: Option<Arc<dyn Store>>,
    cache: FileStore,
    peers: Arc<dyn Invoke>,
    agent: String,
    config: Option<ConfigHash>,
    trace: Option<Arc<Tracer>>,
    published: AtomicBool,
}

/// What becomes of an invocation.
pub enum Begun {
    /// The handler must run.
    Run(Turn),
    /// It is answered already: refused, a duplicate, or expired.
    Done(Response),
    /// It is an event of a service: its messages come one after the other.
    Batch(Batch),
}

impl Host {
    /// A host for `agent` of the contract that the code was generated from.
    ///
    /// # Errors
    /// `operation_unknown` for an agent that the contract does not have; `configuration_invalid`, `address_refused`.
    pub fn new(contract: Contract, agent: &str, settings: Settings) -> Result<Self, Problem> {
        let store = store::open(&settings)?;
        let peers = peers(&contract, &settings)?;
        Self::with_parts(contract, agent, settings, store, peers)
    }

    /// The same with a shared store and a way to peers of one's own.
    ///
    /// # Errors
    /// `operation_unknown` for an agent that the contract does not have.
    pub fn with_parts(
        contract: Contract,
        agent: &str,
        settings: Settings,
        store: Option<Arc<dyn Store>>,
        peers: Arc<dyn Invoke>,
    ) -> Result<Self, Problem> {
        let inbox = Inbox::new(contract, agent, Limits::default())?.replying_to(settings.reply_to);
        let cache = FileStore::new(settings.cache, Scope::Sandbox).without_sync();
        let trace = Tracer::new(inbox.contract(), Some(agent), settings.trace.as_deref());
        let (agent, config) = (agent.to_owned(), settings.config);
        let sandbox = Sandbox { inbox, store, cache, peers, agent, config, trace, published: AtomicBool::new(false) };
        Ok(Self { sandbox: Arc::new(sandbox) })
    }

    /// The agent's name in the contract.
    pub fn agent(&self) -> &str {
        &self.sandbox.agent
    }

    /// The contract this agent was built with.
    pub fn contract(&self) -> &Contract {
        self.sandbox.inbox.contract()
    }
}

impl Sandbox {
    fn arrival(&self, invocation: &Invocation) -> Arrival {
        Arrival {
            now_ms: now_ms(),
            deadline_ms: invocation.deadline_ms,
            random: crate::entropy::bytes(),
            shared_store: self.store.is_some(),
            via: invocation.via,
            trace: invocation.trace_id.as_deref().and_then(TraceContext::of_xray),
        }
    }
}

#[cfg(feature = "client")]
fn peers(contract: &Contract, settings: &Settings) -> Result<Arc<dyn Invoke>, Problem> {
    Ok(Arc::new(crate::peers::LambdaApi::new(contract, settings)?))
}

#[cfg(not(feature = "client"))]
fn peers(_: &Contract, _: &Settings) -> Result<Arc<dyn Invoke>, Problem> {
    Ok(Arc::new(crate::peers::NoPeers))
}
