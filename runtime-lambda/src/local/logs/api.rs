//! The part of the CloudWatch Logs API that reads: JSON 1.1 over `POST /`, the operation in `X-Amz-Target`.

use bytes::Bytes;
use http::HeaderValue;
use serde_json::{Value, json};

use super::Logs;
use super::query::{Refused, Request};
use crate::local::http_io::{self, Reply};

const TARGET: &str = "Logs_20140328.";

/// The operation that a request names, when it is one for this service.
pub(in crate::local) fn operation(headers: &http::HeaderMap) -> Option<&str> {
    headers.get("x-amz-target")?.to_str().ok()?.strip_prefix(TARGET)
}

/// Answers one question.
pub(in crate::local) fn answer(operation: &str, body: &[u8], logs: &Logs) -> Reply {
    let (status, answer) = match asked(operation, body, logs) {
        Ok(answer) => (200, answer),
        Err((kind, message)) => (400, json!({ "__type": kind, "message": message })),
    };
    let mut reply = http_io::json(status, Bytes::from(answer.to_string()));
    reply.headers_mut().insert("content-type", HeaderValue::from_static("application/x-amz-json-1.1"));
    reply
}

fn asked(operation: &str, body: &[u8], logs: &Logs) -> Result<Value, Refused> {
    let unreadable = |error: serde_json::Error| ("SerializationException", error.to_string());
    let request: Request = serde_json::from_slice(if body.is_empty() { b"{}" } else { body }).map_err(unreadable)?;
    match operation {
        "DescribeLogGroups" => Ok(logs.describe_groups(&request)),
        "DescribeLogStreams" => logs.describe_streams(&request),
        "FilterLogEvents" => logs.filter_events(&request),
        "GetLogEvents" => logs.get_events(&request),
        other => Err(("UnknownOperationException", format!("{other} is not answered here"))),
    }
}
