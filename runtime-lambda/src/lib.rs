//! Agents under one contract, on AWS Lambda and on one laptop.
//!
//! `host` takes an invocation from bytes to a handler and back, for Rust and for the Python and
//! Node modules alike; `lambda` runs a Rust agent over `lambda_runtime`; `peers` reaches other
//! agents; `store` keeps what is too large or must outlive an invocation; `local` is the Lambda of
//! a laptop.

pub mod agent;
mod clock;
mod entropy;
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

/// A boxed future that can move between threads: what makes async traits usable behind `dyn`.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

pub use agent::{
    BoxError, CallError, Callable, Declared, Embedded, Ended, Endpoint, Error, Extra, Never, Operation, Serve, Task,
    Work, codec, de,
};
/// Generated types derive through this, so that a crate of agents needs no dependency but ours.
#[doc(hidden)]
pub use serde;

pub use peer_contract_core::{Contract, ErrorCode, Value};
