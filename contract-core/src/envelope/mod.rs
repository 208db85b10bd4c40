//! The invocation payload: a CloudEvents 1.0 event that carries input, state, and the contract's hash.

mod attributes;
mod data;
pub mod draw;
mod encoding;
mod header;
pub mod id;
mod pack;
mod parts;
mod scan;
mod time;
mod trace;
mod unpack;
mod write;

pub use header::{Envelope, ErrorBody, Header, Payload, Reference, Travel};
pub use pack::{Blob, Outgoing, Packed, Recipient, Room};
pub use time::{from_rfc3339, to_rfc3339};
pub use trace::TraceContext;
pub use unpack::Unpacked;

pub(crate) use attributes::{is_line, is_our_schema};
pub(crate) use encoding::{compress, from_base64, inflate, to_base64};
pub(crate) use unpack::{Glance, Unreadable};
pub(crate) use write::Object;
