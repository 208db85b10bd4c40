//! Agents under one contract, on AWS Lambda and on one laptop.
//!
//! `host` takes an invocation from bytes to a handler and back, for Rust and for the Python and
//! Node modules alike; `config` is what an agent is made from; `agent` is what generated Rust code stands on; `lambda` runs a Rust agent on
//! Lambda; `run` starts works and follows them; `peers` reaches other agents; `store` keeps
//! what is too large or must outlive an invocation; `testing` chains agents in one process; `local`
//! is the Lambda of a laptop.
//!
//! An agent implements the trait that `peerc generate` wrote for it, and its `main` is one line:
//!
//! ```text
//! peer_contract::lambda::run(ranker::serve(Ranker { index: Index::open()? })).await
//! ```
//!
//! The same trait is tested without any server: with `Work::new(state)` one handler at a time, with
//! [`testing::Agents`] a whole chain.

pub mod agent;
mod clock;
pub mod config;
mod entropy;
mod fan;
pub mod host;
#[cfg(feature = "lambda")]
pub mod lambda;
#[cfg(feature = "local")]
pub mod local;
pub mod peers;
pub mod run;
mod settings;
pub mod store;
pub mod testing;
mod trace;
#[cfg(feature = "client")]
mod xml;

/// A boxed future that can move between threads: what makes async traits usable behind `dyn`.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

pub use agent::{
    BoxError, CalendarDate, CallError, Callable, ChildOf, Configured, DateTime, Declared, Embedded, Ended, Endpoint,
    Error, Extra, FanOut, Log, Never, Operation, Prepare, Row, Serve, Task, Uri, UriParts, Uuid, Work, YearMonthDay,
    codec,
};
/// Generated types name serde's traits through this, so that a crate of agents needs no dependency but ours.
#[doc(hidden)]
pub use serde;

pub use peer_contract_core::json::Json;
pub use peer_contract_core::{Contract, ErrorCode, Value};
