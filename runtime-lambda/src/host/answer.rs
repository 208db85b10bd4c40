//! What the platform gets back.

use peer_contract_core::envelope::{ErrorBody, Outgoing, Payload};
use peer_contract_core::events::Via;
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::{Value, json};

/// What the platform gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// The payload.
    Payload(Vec<u8>),
    /// A function error.
    Fault(Fault),
}

/// A function error: `{"errorType", "errorMessage", "at"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A word of `schemas/errors.json`, or what another runtime calls its error.
    pub code: String,
    /// For people; no payload values.
    pub message: String,
    /// Place, or empty.
    pub at: String,
}

impl Fault {
    /// As the Runtime API and the Invoke API carry it.
    pub fn to_json(&self) -> Vec<u8> {
        json!({ "errorType": self.code, "errorMessage": self.message, "at": self.at }).to_string().into_bytes()
    }

    /// Reads what the Invoke API answers beside `X-Amz-Function-Error`. Whatever it is, it is a fault.
    pub fn from_json(bytes: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let code = Some(text("errorType")).filter(|code| !code.is_empty());
        Self { code: code.unwrap_or_else(|| "Unhandled".into()), message: text("errorMessage"), at: text("at") }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self { code: problem.code.as_str().into(), message: problem.message, at: problem.at.to_string() }
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        Self::Fault(problem.into())
    }
}

/// `{"work", "result": null}`: the work goes on, or ended, elsewhere.
pub(super) fn receipt(work: &str) -> Response {
    Response::Payload(json!({ "work": work, "result": null }).to_string().into_bytes())
}

/// `{"work", "result"}` for a plain start that is answered at once. `envelope` is `outgoing`, packed.
pub(super) fn plain(outgoing: &Outgoing, envelope: &[u8], via: Via) -> Result<Vec<u8>, Problem> {
    let work = Value::from(outgoing.header.work.as_str());
    let result = match (&outgoing.output, &outgoing.error) {
        (Some(output), _) => [b"{\"output\":", output.as_bytes(), b"}"].concat(),
        (None, Some(error)) => json!({ "error": error_json(error) }).to_string().into_bytes(),
        // The envelope goes in as it is: it is JSON already.
        (None, None) => [b"{\"handoff\":", envelope, b"}"].concat(),
    };
    let answer = [format!("{{\"work\":{work},\"result\":").as_bytes(), &result, b"}"].concat();
    // A plain answer has no references to move things out.
    let most = if via == Via::Request { LARGEST_BODY } else { LARGEST_PLAIN };
    if answer.len() > most { Err(too_large(answer.len(), most)) } else { Ok(answer) }
}

/// Lambda answers with at most 6 MB.
const LARGEST_PLAIN: usize = 6_000_000;
/// The same as base64 in a response.
const LARGEST_BODY: usize = LARGEST_PLAIN / 4 * 3 - 1024;

fn too_large(bytes: usize, most: usize) -> Problem {
    let message = format!("the answer has {bytes} bytes, and Lambda carries {most}");
    Problem::new(ErrorCode::PayloadTooLarge, Pointer::root(), message)
        .with_help("start the work with an envelope, or configure a shared store")
}

fn error_json(error: &ErrorBody) -> Value {
    let mut json = json!({ "code": error.code, "message": error.message, "retryable": error.retryable });
    if let Some(at) = &error.at {
        json["at"] = Value::from(at.as_str());
    }
    if let Some(Payload::Json(data)) = &error.data {
        json["data"] = data.to_value();
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_reads_back_what_it_writes() {
        let fault = Fault { code: "json_syntax".into(), message: "a \"b\"".into(), at: "/a".into() };
        assert_eq!(Fault::from_json(&fault.to_json()), fault);
    }

    #[test]
    fn whatever_comes_beside_a_function_error_is_a_fault() {
        for bytes in [&b""[..], b"null", b"[1]", b"{", b"\xff", b"{\"errorType\":3}"] {
            assert_eq!(Fault::from_json(bytes).code, "Unhandled");
        }
    }
}
