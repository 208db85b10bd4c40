//! The words of the Invoke API as types.

use std::time::Duration;

use bytes::Bytes;

/// `X-Amz-Invocation-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InvocationType {
    /// Wait for the answer.
    #[default]
    RequestResponse,
    /// Queue it.
    Event,
    /// Only say whether it could be invoked.
    DryRun,
}

impl InvocationType {
    /// As it stands in the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestResponse => "RequestResponse",
            Self::Event => "Event",
            Self::DryRun => "DryRun",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::RequestResponse, Self::Event, Self::DryRun].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a caller asks for.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// Name, `name:alias`, partial or whole ARN.
    pub function: String,
    /// How it is asked for.
    pub kind: InvocationType,
    /// JSON; nothing reads as `{}`.
    pub payload: Bytes,
    /// Base64, handed on as it is.
    pub client_context: Option<String>,
    /// `X-Amzn-Trace-Id`; made up when it is missing.
    pub trace_id: Option<String>,
}

/// What a caller gets when the invocation is not refused.
#[derive(Debug, Clone)]
pub enum Accepted {
    /// The answer to a `RequestResponse`.
    Answer(Answer),
    /// An `Event` is queued under this request id.
    Queued(String),
    /// A `DryRun` would have run; its request id.
    WouldRun(String),
}

/// Whether an answer is the function's result or an error object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The function's result.
    Ok,
    /// `X-Amz-Function-Error: Unhandled`.
    FunctionError,
}

/// The end of one invocation.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Id of the invocation.
    pub request_id: String,
    /// What the payload is.
    pub status: Status,
    /// JSON, as the function gave it.
    pub payload: Bytes,
    /// The sandbox that ran it.
    pub sandbox: String,
    /// From delivery to answer, without the start of the process.
    pub duration: Duration,
    /// Start of the process, when this invocation had to wait for one.
    pub cold: Option<Duration>,
    /// The last 4 KB of log, with the platform's own lines.
    pub log_tail: String,
}

/// Largest payload of a `RequestResponse`, and of any answer; bytes.
pub const MAX_SYNC_BYTES: usize = 6_291_556;
/// Largest payload of an `Event`; bytes.
pub const MAX_EVENT_BYTES: usize = 1 << 20;
/// Largest client context; characters of base64.
pub const MAX_CLIENT_CONTEXT: usize = 3_583;
