//! Answers of agents behind URLs: function URLs, HTTP APIs, and agents outside of AWS.
//!
//! Such an agent answers an error with a status, see `docs/events.md`. The reply is in the body all the same.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::response::Parts;
use serde_json::Value;

use super::{Answer, Mode};
use crate::host::Fault;

/// What an answer with the status of an error says; nothing for a success, and where it was not the agent that answered.
pub(super) fn told(mode: Mode, head: &Parts, body: &Bytes) -> Option<Answer> {
    if head.status.is_success() {
        return None;
    }
    let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_event = kind.starts_with("application/cloudevents+json");
    if is_event && mode == Mode::Wait {
        return Some(Answer::Payload(body.clone()));
    }
    let value: Value = serde_json::from_slice(body).ok()?;
    let error = if is_event { value.get("data")?.get("error")? } else { value.get("error")? };
    let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
    let fault = Fault { code: text("code")?, message: text("message").unwrap_or_default(), at: text("at")? };
    Some(Answer::Fault(fault))
}
