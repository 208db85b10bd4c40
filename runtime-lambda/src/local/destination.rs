//! What an on-failure destination is told of an `Event` that was given up.

use bytes::Bytes;
use peer_contract_core::envelope::to_rfc3339;
use serde_json::{Value, json};

/// How an `Event` came to an end without success.
#[derive(Debug)]
pub(super) struct GivenUp {
    /// `RetriesExhausted`, `EventAgeExceeded` or `RecursiveInvocation`.
    pub condition: &'static str,
    /// Tries in all.
    pub attempts: u32,
    /// The last error object; empty when it never ran.
    pub error: Bytes,
}

/// Of which invocation a record speaks.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub request_id: &'a str,
    /// Of the function that was invoked.
    pub arn: &'a str,
    /// JSON, as it was sent.
    pub payload: &'a [u8],
    pub now_ms: u64,
}

/// The record as the page on asynchronous invocation shows it; payload and error are carried as they are.
pub(super) fn record(about: About<'_>, given_up: &GivenUp) -> Bytes {
    let context = json!({
        "requestId": about.request_id,
        "functionArn": format!("{}:$LATEST", about.arn),
        "condition": given_up.condition,
        "approximateInvokeCount": given_up.attempts,
    });
    let mut text = Vec::with_capacity(about.payload.len() + given_up.error.len() + 512);
    text.extend_from_slice(br#"{"version":"1.0","timestamp":"#);
    text.extend_from_slice(Value::from(to_rfc3339(about.now_ms)).to_string().as_bytes());
    member(&mut text, "requestContext", context.to_string().as_bytes());
    member(&mut text, "requestPayload", about.payload);
    if !given_up.error.is_empty() {
        let failed = json!({ "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" });
        member(&mut text, "responseContext", failed.to_string().as_bytes());
        member(&mut text, "responsePayload", &given_up.error);
    }
    text.push(b'}');
    text.into()
}

fn member(text: &mut Vec<u8>, name: &str, value: &[u8]) {
    text.extend_from_slice(format!(",\"{name}\":").as_bytes());
    text.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_holds_what_was_asked_and_what_came_of_it() {
        let about = About { request_id: "id", arn: "arn:ranker", payload: br#"{"a": 1.0}"#, now_ms: 0 };
        let error = Bytes::from_static(br#"{"errorType": "Failure", "errorMessage": "no"}"#);
        let given_up = GivenUp { condition: "RetriesExhausted", attempts: 3, error };
        let told: Value = serde_json::from_slice(&record(about, &given_up)).unwrap();
        let expected = json!({
            "version": "1.0", "timestamp": "1970-01-01T00:00:00.000Z",
            "requestContext": {
                "requestId": "id", "functionArn": "arn:ranker:$LATEST",
                "condition": "RetriesExhausted", "approximateInvokeCount": 3,
            },
            "requestPayload": { "a": 1.0 },
            "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
            "responsePayload": { "errorType": "Failure", "errorMessage": "no" },
        });
        assert_eq!(told, expected);
    }

    #[test]
    fn what_never_ran_has_no_response() {
        let about = About { request_id: "id", arn: "arn:ranker", payload: b"[]", now_ms: 0 };
        let given_up = GivenUp { condition: "EventAgeExceeded", attempts: 0, error: Bytes::new() };
        let told: Value = serde_json::from_slice(&record(about, &given_up)).unwrap();
        assert!(told.get("responseContext").is_none() && told.get("responsePayload").is_none());
    }
}
