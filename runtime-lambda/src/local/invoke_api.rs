//! The Invoke API toward callers, over HTTP. Signatures are taken, not checked.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use hyper::body::Incoming;
use peer_contract_core::percent;

use super::http_io::{self, BodyError, Reply, whole};
use super::lambda::Router;
use super::logs;
use super::platform::new_request_id;
use super::refusal::Refusal;
use super::service::{Accepted, Answer, Invocation, InvocationType, MAX_EVENT_BYTES, MAX_SYNC_BYTES, Status};
use super::url;

const PREFIX: &str = "/2015-03-31/functions/";

/// Answers one request of a caller.
pub(super) async fn answer(request: Request<Incoming>, router: Arc<Router>) -> Reply {
    if let Some(operation) = logs::api::operation(request.headers()).map(str::to_owned) {
        return match whole(request.into_body(), MAX_EVENT_BYTES).await {
            Ok(body) => logs::api::answer(&operation, &body, &router.platform.logs),
            Err(_) => refused(&Refusal::InvalidParameter("the question is too large".to_owned())),
        };
    }
    let answered = match request.uri().path().starts_with(url::PREFIX) {
        true => url::answer(request, &router).await,
        false => invoke(request, &router).await,
    };
    match answered {
        Ok(reply) => reply,
        Err(refusal) => refused(&refusal),
    }
}

async fn invoke(request: Request<Incoming>, router: &Arc<Router>) -> Result<Reply, Refusal> {
    let function = function_of(&request)?;
    let kind = kind_of(request.headers())?;
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let wants_log = text("x-amz-log-type").is_some_and(|kind| kind == "Tail");
    let (client_context, trace_id) = (text("x-amz-client-context"), text("x-amzn-trace-id"));
    let limit = if kind == InvocationType::Event { MAX_EVENT_BYTES } else { MAX_SYNC_BYTES };
    let payload = whole(request.into_body(), limit).await.map_err(|error| match error {
        BodyError::TooLarge => Refusal::TooLarge(kind),
        BodyError::Broken => Refusal::NotJson { line: 1, column: 1 },
    })?;
    let invocation = Invocation { function, kind, payload, client_context, trace_id };
    Ok(match router.invoke(invocation).await? {
        Accepted::Answer(answer) => answered(answer, wants_log),
        Accepted::Queued(id) => empty(202, &id),
        Accepted::WouldRun(id) => empty(204, &id),
    })
}

fn function_of(request: &Request<Incoming>) -> Result<String, Refusal> {
    let path = request.uri().path();
    let name = path.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix("/invocations"));
    match name {
        Some(name) if request.method() == Method::POST => percent::decoded(name),
        _ => None,
    }
    .ok_or_else(|| Refusal::UnknownPath(path.to_owned()))
}

fn kind_of(headers: &HeaderMap) -> Result<InvocationType, Refusal> {
    let Some(header) = headers.get("x-amz-invocation-type") else { return Ok(InvocationType::default()) };
    header.to_str().ok().and_then(InvocationType::from_word).ok_or_else(|| {
        Refusal::InvalidParameter("X-Amz-Invocation-Type must be RequestResponse, Event or DryRun".to_owned())
    })
}

fn answered(answer: Answer, wants_log: bool) -> Reply {
    let mut reply = identified(http_io::json(200, answer.payload), &answer.request_id);
    let headers = reply.headers_mut();
    headers.insert("x-amz-executed-version", http::HeaderValue::from_static("$LATEST"));
    if answer.status == Status::FunctionError {
        headers.insert("x-amz-function-error", http::HeaderValue::from_static("Unhandled"));
    }
    if wants_log && let Ok(log) = BASE64_STANDARD.encode(answer.log_tail).parse() {
        headers.insert("x-amz-log-result", log);
    }
    reply
}

fn empty(status: u16, request_id: &str) -> Reply {
    identified(http_io::json(status, Bytes::new()), request_id)
}

fn refused(refusal: &Refusal) -> Reply {
    let mut reply = identified(http_io::json(refusal.status(), refusal.body()), &new_request_id());
    reply.headers_mut().insert("x-amzn-errortype", http::HeaderValue::from_static(refusal.error_type()));
    reply
}

fn identified(mut reply: Reply, request_id: &str) -> Reply {
    if let Ok(id) = request_id.parse() {
        reply.headers_mut().insert("x-amzn-requestid", id);
    }
    reply
}
