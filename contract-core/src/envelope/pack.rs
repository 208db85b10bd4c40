//! Envelope to bytes, within what its transport can carry.

use std::sync::Arc;

use super::parts::Parts;
use super::{ErrorBody, Header, Reference};
use crate::Problem;
use crate::fan::Slot;
use crate::json::Json;

/// Who gets a message next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// The invoker that waits for the answer of this invocation.
    Invoker,
    /// An agent: invoked asynchronously on `event`; the first message of a work on `return`, and a call, synchronously.
    Agent(String),
    /// The result record of the work in the shared store.
    ResultRecord,
    /// The result record, and whom `replyto` names: an entry of the contract, or an address.
    ReplyTo(String),
    /// The children of a group, by `event`; the message is their group.
    Children,
    /// The group that the sender is a child of, by `event`.
    Group(Slot),
}

/// How much a transport carries, and whether large parts may move to a shared store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes of the whole payload.
    pub bytes: usize,
    /// Whether sender and receiver share a store.
    pub shared_store: bool,
}

impl Room {
    /// A synchronous invocation: 6 MB on Lambda, of which we use 5 MiB.
    pub const fn sync(shared_store: bool) -> Self {
        Self { bytes: 5 << 20, shared_store }
    }

    /// The answer to a request of an HTTP API or a function URL: a string within the 6 MB, so that base64 adds a third.
    pub const fn response(shared_store: bool) -> Self {
        Self { bytes: 4 << 20, shared_store }
    }

    /// An `Event` invocation, or a message of SQS: 1 MB on Lambda, of which we use 900 KiB.
    pub const fn event(shared_store: bool) -> Self {
        Self { bytes: 900 << 10, shared_store }
    }

    /// A message of SNS: 256 KiB with all that belongs to it, of which we use 240 KiB.
    pub const fn topic(shared_store: bool) -> Self {
        Self { bytes: 240 << 10, shared_store }
    }
}

/// Bytes that must lie in the shared store before the payload is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Key in the store: `work/<work>/blob/<sha256>`.
    pub key: String,
    /// Encoded bytes.
    pub bytes: Vec<u8>,
}

/// A payload ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The envelope.
    pub bytes: Vec<u8>,
    /// What goes to the store first.
    pub blobs: Vec<Blob>,
    /// Bytes of the state as JSON, uncompressed.
    pub state_bytes: usize,
}

/// A message that keeps all rules, before it is cut to the room of a transport.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outgoing {
    /// The attributes.
    pub header: Header,
    /// Who gets it.
    pub recipient: Recipient,
    /// `data.input`.
    pub input: Option<Json>,
    /// `data.output`.
    pub output: Option<Json>,
    /// `data.error`.
    pub error: Option<ErrorBody>,
    /// `data.state`.
    pub state: Option<Json>,
    /// `data.fanOut`, in place of an input.
    pub fan_out: Option<Json>,
    /// `data.contract`.
    pub contract: Option<Arc<str>>,
    /// The state's form in the message it came with, when it goes on unchanged: compressed and hashed already.
    pub(crate) state_form: Option<Reference>,
}

impl Outgoing {
    pub(crate) fn new(header: Header, recipient: Recipient) -> Self {
        Self {
            header,
            recipient,
            input: None,
            output: None,
            error: None,
            state: None,
            fan_out: None,
            contract: None,
            state_form: None,
        }
    }

    /// Writes the payload: parts as they are while they fit, compressed when they do not, and moved
    /// to the shared store, largest first, when the transport's limit still asks for it.
    ///
    /// # Errors
    /// `payload_too_large` when it cannot fit without a shared store.
    pub fn pack(&self, room: Room) -> Result<Packed, Problem> {
        let mut parts = Parts::of(self);
        parts.shrink_to(room)?;
        Ok(parts.write())
    }
}
