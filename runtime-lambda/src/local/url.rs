//! Function URLs: `/url/<function>` takes any HTTP request, and the function gets it as an event of the payload format 2.0.
//!
//! What the service does stands in docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html: the members of the event, that
//! a body which is no text is base64, and how a response is read: an object with `statusCode` is a response, anything else
//! is a body of JSON with the status 200. A function error is a 502.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};

use super::http_io::{self, BodyError, Reply, whole};
use super::lambda::Router;
use super::platform::new_request_id;
use super::refusal::Refusal;
use super::service::{Accepted, Invocation, InvocationType, MAX_SYNC_BYTES, Status};
use crate::clock::now_ms;
use std::sync::Arc;

pub(super) const PREFIX: &str = "/url/";

/// Answers one request to the URL of a function.
pub(super) async fn answer(request: Request<Incoming>, router: &Arc<Router>) -> Result<Reply, Refusal> {
    let (head, body) = request.into_parts();
    let name = head.uri.path().strip_prefix(PREFIX).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let function = name.to_owned();
    let body = whole(body, MAX_SYNC_BYTES).await.map_err(|error| match error {
        BodyError::TooLarge => Refusal::TooLarge(InvocationType::RequestResponse),
        BodyError::Broken => Refusal::NotJson { line: 1, column: 1 },
    })?;
    let trace_id = text_of(&head.headers, "x-amzn-trace-id");
    let payload = Bytes::from(event(&function, &head, &body).to_string());
    let invocation = Invocation { function, payload, trace_id, ..Invocation::default() };
    match router.invoke(invocation).await? {
        Accepted::Answer(answer) if answer.status == Status::Ok => Ok(response(&answer.payload)),
        _ => Ok(http_io::json(502, r#"{"Message":"Internal Server Error"}"#)),
    }
}

/// The event that the function gets.
fn event(function: &str, head: &Parts, body: &Bytes) -> Value {
    let whole = head.uri.path();
    let path = whole[PREFIX.len()..].strip_prefix(function).filter(|path| !path.is_empty()).unwrap_or("/");
    let host = text_of(&head.headers, "host").unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": head.uri.query().unwrap_or_default(),
        "headers": headers_of(&head.headers),
        "requestContext": {
            "accountId": "anonymous",
            "apiId": function,
            "domainName": host,
            "domainPrefix": function,
            "http": {
                "method": head.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": text_of(&head.headers, "user-agent").unwrap_or_default(),
            },
            "requestId": new_request_id(),
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": now_ms(),
        },
        "isBase64Encoded": false,
    });
    if body.is_empty() {
        return event;
    }
    match std::str::from_utf8(body).ok().filter(|_| is_text(&head.headers)) {
        Some(text) => event["body"] = json!(text),
        None => {
            event["body"] = json!(BASE64_STANDARD.encode(body));
            event["isBase64Encoded"] = json!(true);
        }
    }
    event
}

/// Bodies of these types stay text; others are encoded.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = text_of(headers, "content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || matches!(kind.as_str(), "application/json" | "application/xml" | "application/javascript")
}

fn headers_of(headers: &HeaderMap) -> Value {
    let mut all: Map<String, Value> = Map::new();
    for name in headers.keys() {
        let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        all.insert(name.as_str().to_owned(), json!(values.join(",")));
    }
    Value::Object(all)
}

/// What the function answered, as HTTP.
fn response(payload: &[u8]) -> Reply {
    let value: Value = serde_json::from_slice(payload).unwrap_or_default();
    let Some(status) = value.get("statusCode").and_then(Value::as_u64) else {
        return http_io::json(200, payload.to_vec());
    };
    let body = value.get("body").and_then(Value::as_str).unwrap_or_default();
    let is_encoded = value.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or_default();
    let body = if is_encoded { BASE64_STANDARD.decode(body).ok() } else { Some(body.as_bytes().to_vec()) };
    let mut reply = Response::builder().status(u16::try_from(status).unwrap_or(502));
    for (name, text) in value.get("headers").and_then(Value::as_object).into_iter().flatten() {
        reply = reply.header(name, text.as_str().unwrap_or_default());
    }
    let reply = body.and_then(|body| reply.body(Full::new(Bytes::from(body))).ok());
    reply.unwrap_or_else(|| http_io::json(502, r#"{"Message":"Internal Server Error"}"#))
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
