//! Where peers are, and how they are invoked.

#[cfg(feature = "client")]
pub(crate) mod address;
#[cfg(feature = "client")]
mod carried;
#[cfg(feature = "client")]
pub(crate) mod client;
#[cfg(feature = "client")]
pub(crate) mod connect;
#[cfg(feature = "client")]
pub(crate) mod credentials;
#[cfg(feature = "client")]
mod lambda_api;
#[cfg(feature = "client")]
mod queue;
pub mod retry;
#[cfg(feature = "client")]
pub(crate) mod sign;
#[cfg(feature = "client")]
mod topic;
#[cfg(feature = "client")]
mod trust;
#[cfg(feature = "client")]
mod url;

#[cfg(feature = "client")]
pub use address::{Address, Addresses};
#[cfg(feature = "client")]
pub use credentials::{Credentials, Provide};
#[cfg(feature = "client")]
pub use lambda_api::LambdaApi;
#[cfg(feature = "client")]
pub use peer_contract_tls::{WITHOUT_TLS, look_beside as look_beside_for_tls};
#[cfg(feature = "client")]
pub use queue::Queue;
#[cfg(feature = "client")]
pub use topic::Topic;

use std::time::Duration;

use bytes::Bytes;
use peer_contract_core::envelope::Room;
use peer_contract_core::{ErrorCode, Pointer, Problem};

use crate::BoxFuture;
use crate::host::Fault;

/// Whether the invoker waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `RequestResponse`: the answer comes back.
    Wait,
    /// `Event`: taken into a queue.
    Event,
}

/// One invocation of an agent.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The agent's name in the contract.
    pub agent: &'a str,
    /// The payload.
    pub payload: Bytes,
    /// Whether to wait for the answer.
    pub mode: Mode,
    /// `X-Amzn-Trace-Id` of the invocation this one comes from.
    pub trace_id: Option<&'a str>,
    /// How long to wait in all.
    pub timeout: Duration,
}

/// What an invocation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoked {
    /// The answer.
    pub answer: Answer,
    /// Whether a sandbox had to be started, where the invoked side says so.
    pub cold: Option<bool>,
    /// The request id of the platform, where it gives one.
    pub request_id: Option<String>,
}

/// The answer of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The payload; empty for [`Mode::Event`].
    Payload(Bytes),
    /// A function error: the handler threw, timed out, or its process ended.
    Fault(Fault),
}

/// An invocation that reached no function, or whose answer did not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreached {
    /// Why.
    pub problem: Problem,
    /// Whether the same message may be sent again.
    pub retryable: bool,
}

impl Unreached {
    /// Worth another try.
    pub fn retryable(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { problem: Problem::new(code, Pointer::root(), message), retryable: true }
    }

    /// Not worth another try.
    pub fn terminal(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { problem: Problem::new(code, Pointer::root(), message), retryable: false }
    }

    #[cfg(feature = "client")]
    fn without_host() -> Self {
        Self::terminal(ErrorCode::ConfigurationInvalid, "the address of the peer is no URL")
    }
}

/// Invokes agents: over HTTP, through the local Lambda, or within one process.
pub trait Invoke: Send + Sync + 'static {
    /// Invokes once; retries are the caller's. Ends within the request's timeout.
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>>;

    /// How much an event to an agent may carry.
    fn room(&self, agent: &str, shared_store: bool) -> Room {
        let _ = agent;
        Room::event(shared_store)
    }
}

/// No peers: every invocation is refused. What a sandbox without configuration and without the HTTP client has.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPeers;

impl Invoke for NoPeers {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        let message = format!("there is no way to invoke `{}`: this build has no client for peers", request.agent);
        Box::pin(async move { Err(Unreached::terminal(ErrorCode::PeerUnreachable, message)) })
    }
}

/// What a function error means to the one who invoked: its own code when it is one of ours, else `peer_failed`.
pub fn fault_as_unreached(agent: &str, fault: &Fault) -> Unreached {
    let known = ErrorCode::from_word(&fault.code);
    let code = known.unwrap_or(ErrorCode::PeerFailed);
    let at = fault.at.parse().unwrap_or_default();
    let message = match known {
        Some(_) => fault.message.clone(),
        None => format!("`{agent}` ended with `{}`: {}", fault.code, fault.message),
    };
    Unreached { problem: Problem::new(code, at, message), retryable: code.retryable() }
}
