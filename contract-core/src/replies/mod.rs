//! `replyto`: who gets the reply that ends a work which travels by `event`.
//!
//! ```text
//! store              the result record, which is written in any case
//! agent.operation    an entry of the contract: the reply starts a work of its own there
//! an address         gets the reply as it is; the address stands in the list of the agent
//! group/<ordinal>    the group that a child belongs to, see `fan`
//! ```
//!
//! An entry gets `{ "work", "operation", "phase", "output" | "error" }`: which work ended, with what, at which operation.
//! Whether it accepts all that may come is held by the proofs of `compat` before any work is done; where nothing is proven, the reply
//! itself is looked at when it comes.

mod schema;
mod text;

pub(crate) use schema::check;
pub use schema::takers;
pub use text::begun;

use crate::contract::is_name;
use crate::{ErrorCode, Pointer, Problem};

/// `replyto` of a work whose result lies in the shared store.
pub(crate) const RESULT_RECORD: &str = "store";

/// Whether the text names an operation, `agent.operation`; no address does.
pub fn is_target(text: &str) -> bool {
    text.split_once('.').is_some_and(|(agent, operation)| is_name(agent) && is_name(operation))
}

/// What is wrong with `replyto`.
pub(crate) fn refused(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::AddressRefused, Pointer::root().key("replyto"), message)
}
