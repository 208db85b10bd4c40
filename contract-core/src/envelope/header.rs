//! What stands in an envelope.

use std::borrow::Cow;

use super::TraceContext;
use crate::contract::{ContractHash, OperationHash};
use crate::json::{Draft, Json};
use crate::{Limits, Problem};

/// How a handoff travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Travel {
    /// The agent returns the next envelope to its invoker, who forwards it.
    #[default]
    Return,
    /// The agent invokes the next one asynchronously and ends; needs a shared store.
    Event,
}

/// The attributes of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// `id`: of this message; derived from its cause, except for the first of a work.
    pub id: String,
    /// `source`: `/<contract>/<agent>`, or `/<contract>` for an entry client.
    pub source: String,
    /// First part of `type`: the contract's name.
    pub contract_name: String,
    /// The rest of `type`: `agent.operation`.
    pub target: String,
    /// Whether `type` ends in `.reply`.
    pub reply: bool,
    /// `subject`: the work, a UUIDv7.
    pub work: String,
    /// `time` in milliseconds since 1970.
    pub time_ms: u64,
    /// `dataschema`: the sender's contract.
    pub contract: ContractHash,
    /// `operation`: the surface of the target, as the sender knows it.
    pub operation: OperationHash,
    /// `phase` the work is in once this message is sent; none on calls and their replies.
    pub phase: Option<String>,
    /// `hop`: 1 for the first message.
    pub hop: u32,
    /// `delivery`.
    pub travel: Travel,
    /// `expirytime` in milliseconds since 1970; travels unchanged.
    pub expiry_ms: Option<u64>,
    /// `causationid`: the message that caused this one.
    pub causation: Option<String>,
    /// `traceparent` and `tracestate` of W3C trace context. A message without them begins the trace of its work.
    pub trace: Option<TraceContext>,
    /// `replyto`: `store`, or an address.
    pub reply_to: Option<String>,
}

/// A large part that lies beside the data or in the shared store: `stateRef` and its like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// 64 hex digits over the uncompressed bytes.
    pub sha256: String,
    /// Length of the uncompressed bytes.
    pub bytes: u64,
    /// `zstd` or `identity`.
    pub encoding: String,
    /// Base64 of the encoded bytes; without it they lie in the shared store under the work's prefix.
    pub inline: Option<String>,
}

/// One part of `data`: as JSON, or by reference.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// The value itself.
    Json(Json),
    /// Where the bytes are.
    Reference(Reference),
}

/// `data.error` of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorBody {
    /// A declared error of the operation, or a word of `schemas/errors.json`.
    pub code: String,
    /// Place in the refused message; present exactly when the code is of `schemas/errors.json`.
    pub at: Option<String>,
    /// For people.
    pub message: String,
    /// What a declared error carries.
    pub data: Option<Payload>,
    /// Whether the same message may be tried again.
    pub retryable: bool,
}

impl Header {
    /// The trace that the message belongs to: the one it names, or else that of its work.
    pub fn trace(&self) -> Cow<'_, TraceContext> {
        match &self.trace {
            Some(trace) => Cow::Borrowed(trace),
            None => Cow::Owned(TraceContext::begun_by(&self.work)),
        }
    }
}

impl From<&Problem> for ErrorBody {
    /// The error that refuses a message.
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.as_str().to_owned(),
            at: Some(problem.at.to_string()),
            message: problem.message.clone(),
            data: None,
            retryable: problem.code.retryable(),
        }
    }
}

impl Payload {
    /// The text: as it is, or behind its reference. Nobody has read what lay behind one.
    ///
    /// # Errors
    /// As [`Reference::open`].
    pub fn open(&self, stored: Option<&[u8]>, limits: &Limits) -> Result<Draft, Problem> {
        match self {
            Self::Json(json) => Ok(json.clone().into()),
            Self::Reference(reference) => reference.open(stored, limits),
        }
    }
}

/// A whole envelope as read: header and parts, references not yet followed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// The attributes.
    pub header: Header,
    /// `data.input` of a message.
    pub input: Option<Payload>,
    /// `data.output` of a reply.
    pub output: Option<Payload>,
    /// `data.error` of a reply.
    pub error: Option<ErrorBody>,
    /// `data.state`.
    pub state: Option<Payload>,
    /// `data.fanOut`, in place of an input: the children of a group, and when they are enough.
    pub fan_out: Option<Payload>,
    /// `data.contract`: base64 of zstd of the canonical contract.
    pub contract: Option<String>,
}
