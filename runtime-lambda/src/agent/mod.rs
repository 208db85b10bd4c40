//! What generated Rust code, and the agents written against it, use.
//!
//! A generated module looks like the one in `tests/shape/relay/`: types with `from_json` and `to_json`,
//! per agent a trait to implement, constructors of its operations, its errors, and `serve`. That module
//! is written by hand, compiled and run by `tests/shape.rs`; generated code has the same shape.
//!
//! ```text
//! Embedded ─contract→ Contract          Serve: Task ─open→ (Work<S>, input) ─ handler ─ Ended
//! ```

pub mod codec;
mod configured;
mod embedded;
mod ended;
mod error;
mod fan_out;
mod log;
mod operation;
mod serve;
mod text;
mod work;

pub use codec::Row;
pub use configured::{Configured, Prepare};
pub use embedded::Embedded;
pub use ended::Ended;
pub use error::{CallError, Error};
pub use fan_out::{ChildOf, FanOut};
pub use log::Log;
pub use operation::{Callable, Declared, Never, Operation};
pub use serve::{Endpoint, Serve, Task};
pub use text::{CalendarDate, DateTime, Uri, UriParts, Uuid, YearMonthDay};
pub use work::Work;

/// Properties that a type does not list; they survive a round trip.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// Any error, as handlers raise it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
