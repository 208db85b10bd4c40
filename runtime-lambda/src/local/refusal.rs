//! Invocations that the service itself refuses.

use serde_json::json;

use super::service::{InvocationType, MAX_CLIENT_CONTEXT, MAX_EVENT_BYTES, MAX_SYNC_BYTES};

/// Why an invocation reached no function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such function.
    #[error("Function not found: {0}")]
    NotFound(String),
    /// The payload is longer than its transport carries.
    #[error("Request must be smaller than {} bytes for the InvokeFunction operation", limit(*.0))]
    TooLarge(InvocationType),
    /// The payload is not JSON; line and column of the first byte that is wrong.
    #[error("Could not parse request body into json: unexpected input at line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The function was invoked too often in one chain of invocations.
    #[error(
        "Lambda has detected your function being invoked in a recursive loop and stopped your function's invocation."
    )]
    Recursive,
    /// All sandboxes are busy.
    #[error("Rate Exceeded.")]
    TooManyRequests,
    /// A header has a value that it cannot have.
    #[error("{0}")]
    InvalidParameter(String),
    /// A path that is not of the Invoke API.
    #[error("{0} is not a path of this service: POST /2015-03-31/functions/<name>/invocations")]
    UnknownPath(String),
    /// The local Lambda ends, or one of its tasks failed.
    #[error("the local Lambda is shutting down")]
    ShuttingDown,
}

impl Refusal {
    /// HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotFound(_) | Self::UnknownPath(_) => 404,
            Self::TooLarge(_) => 413,
            Self::NotJson { .. } | Self::InvalidParameter(_) | Self::Recursive => 400,
            Self::TooManyRequests => 429,
            Self::ShuttingDown => 500,
        }
    }

    /// `x-amzn-ErrorType`.
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "ResourceNotFoundException",
            Self::UnknownPath(_) => "UnknownOperationException",
            Self::TooLarge(_) => "RequestTooLargeException",
            Self::NotJson { .. } => "InvalidRequestContentException",
            Self::InvalidParameter(_) => "InvalidParameterValueException",
            Self::Recursive => "RecursiveInvocationException",
            Self::TooManyRequests => "TooManyRequestsException",
            Self::ShuttingDown => "ServiceException",
        }
    }

    /// The body, as the service model spells it.
    pub(super) fn body(&self) -> Vec<u8> {
        let message = self.to_string();
        let body = match self {
            Self::NotFound(_) | Self::UnknownPath(_) | Self::Recursive => json!({ "Type": "User", "Message": message }),
            Self::ShuttingDown => json!({ "Type": "Service", "Message": message }),
            Self::TooManyRequests => json!({
                "Type": "User", "message": message, "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
            }),
            _ => json!({ "Type": "User", "message": message }),
        };
        body.to_string().into_bytes()
    }

    pub(super) fn client_context_too_long() -> Self {
        Self::InvalidParameter(format!("Client context must be no more than {MAX_CLIENT_CONTEXT} bytes."))
    }
}

const fn limit(kind: InvocationType) -> usize {
    match kind {
        InvocationType::Event => MAX_EVENT_BYTES,
        InvocationType::RequestResponse | InvocationType::DryRun => MAX_SYNC_BYTES,
    }
}
