//! Contracts between agents: checking, hashing, validation and envelopes, without any I/O.
//!
//! ```text
//! contract  text ─parse→ Document ─check→ Contract ─canonical→ bytes ─hash→ ContractHash, OperationHash
//! envelope  bytes ─unpack→ Envelope ─resolve─ validate→ Delivery ─ reply | handoff → bytes
//! ```
//!
//! Files, clock, network, threads and randomness come in as arguments, so every rule here can be
//! tested as a function of its input, and one copy of it decides for Rust, Python and JavaScript.

pub mod arn;
mod calendar;
pub mod claim;
pub mod compat;
pub mod contract;
pub mod envelope;
mod error;
pub mod events;
pub mod fan;
mod formats;
mod gather;
pub mod hex;
pub mod inbox;
pub mod json;
pub mod limits;
pub mod percent;
pub mod plan;
mod pointer;
#[cfg(feature = "schema")]
mod published;
pub mod registry;
pub mod replies;
pub mod request;
pub mod sample;
pub mod schema;
mod sorting;
pub mod suggest;

pub use contract::{ConfigHash, Contract, ContractHash, OperationHash};
pub use error::{ErrorCode, Problem, Problems};
pub use limits::Limits;
pub use pointer::{NotAPointer, Pointer};
#[cfg(feature = "schema")]
pub use published::schemas;
/// A JSON value as the core holds it: ordered maps, numbers as IEEE-754 doubles or safe integers.
pub use serde_json::Value;
