//! The invocation payload: a CloudEvents 1.0 event that carries input, state, and the contract's hash.

mod header;
pub mod id;
mod pack;
mod state;
mod time;
mod unpack;

pub use header::{Envelope, ErrorBody, Header, Payload, Reference, Travel};
pub use pack::{Blob, Outgoing, Packed, Recipient, Room};
pub use time::{from_rfc3339, to_rfc3339};
pub use unpack::Unpacked;
