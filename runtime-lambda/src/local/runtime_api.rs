//! The Runtime API of one sandbox: `/2018-06-01/runtime/…`.

use bytes::Bytes;
use http::{Method, Request};
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

use super::http_io::{self, BodyError, Reply, whole};
use super::sandbox::{Delivery, Order, Verdict};
use super::service::{MAX_SYNC_BYTES, Status};

const PREFIX: &str = "/2018-06-01/runtime/";

/// Answers one request of the runtime.
pub(super) async fn answer(request: Request<Incoming>, orders: UnboundedSender<Order>) -> Reply {
    let path = request.uri().path().strip_prefix(PREFIX).unwrap_or_default().to_owned();
    let steps: Vec<&str> = path.split('/').collect();
    match (request.method(), steps.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => next(&orders).await,
        (&Method::POST, ["invocation", id, "response"]) => response(id, request, &orders).await,
        (&Method::POST, ["invocation", id, "error"]) => error(id, request, &orders).await,
        (&Method::POST, ["init", "error"]) => init_error(request, &orders).await,
        _ => problem(404, "InvalidPath", "no such path in the Runtime API"),
    }
}

async fn next(orders: &UnboundedSender<Order>) -> Reply {
    let (asking, delivered) = oneshot::channel();
    // The life of a sandbox outlasts its API; a send fails only while everything ends.
    let _ = orders.send(Order::Next(asking));
    match delivered.await {
        Ok(delivery) => delivery_reply(delivery),
        Err(_) => {
            problem(403, "InvalidStateTransition", "`next` is for a runtime that has answered its last invocation")
        }
    }
}

fn delivery_reply(delivery: Delivery) -> Reply {
    let mut reply = http_io::json(200, delivery.payload);
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = value.parse() {
            reply.headers_mut().insert(name, value);
        }
    };
    put("lambda-runtime-aws-request-id", &delivery.request_id);
    put("lambda-runtime-deadline-ms", &delivery.deadline_ms.to_string());
    put("lambda-runtime-invoked-function-arn", &delivery.arn);
    put("lambda-runtime-trace-id", &delivery.trace_id);
    if let Some(context) = &delivery.client_context {
        put("lambda-runtime-client-context", context);
    }
    reply
}

async fn response(id: &str, request: Request<Incoming>, orders: &UnboundedSender<Order>) -> Reply {
    match whole(request.into_body(), MAX_SYNC_BYTES).await {
        Ok(body) => told(id, Status::Ok, body, orders).await,
        Err(BodyError::TooLarge) => {
            let message =
                format!("Response payload size exceeded maximum allowed payload size ({MAX_SYNC_BYTES} bytes).");
            let fault = json!({ "errorType": "Function.ResponseSizeTooLarge", "errorMessage": message });
            told(id, Status::FunctionError, fault.to_string().into(), orders).await;
            problem(413, "RequestEntityTooLarge", &message)
        }
        Err(BodyError::Broken) => broken(),
    }
}

async fn error(id: &str, request: Request<Incoming>, orders: &UnboundedSender<Order>) -> Reply {
    match error_body(request).await {
        Ok(body) => told(id, Status::FunctionError, body, orders).await,
        Err(reply) => reply,
    }
}

async fn init_error(request: Request<Incoming>, orders: &UnboundedSender<Order>) -> Reply {
    let body = match error_body(request).await {
        Ok(body) => body,
        Err(reply) => return reply,
    };
    let (heard, verdict) = oneshot::channel();
    let _ = orders.send(Order::InitFailed { body, heard });
    verdict_reply(verdict.await.ok())
}

async fn told(id: &str, status: Status, body: Bytes, orders: &UnboundedSender<Order>) -> Reply {
    let (heard, verdict) = oneshot::channel();
    let _ = orders.send(Order::Answer { request_id: id.to_owned(), status, body, heard });
    verdict_reply(verdict.await.ok())
}

/// The error object as it was posted; made from the header when the body is none.
async fn error_body(request: Request<Incoming>) -> Result<Bytes, Reply> {
    let header = request.headers().get("lambda-runtime-function-error-type");
    let kind = header.and_then(|kind| kind.to_str().ok()).unwrap_or("Runtime.Unknown").to_owned();
    let body = match whole(request.into_body(), MAX_SYNC_BYTES).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => Bytes::new(),
        Err(BodyError::Broken) => return Err(broken()),
    };
    let is_object = serde_json::from_slice::<Value>(&body).is_ok_and(|value| value.is_object());
    Ok(if is_object { body } else { json!({ "errorType": kind, "errorMessage": "" }).to_string().into() })
}

fn verdict_reply(verdict: Option<Verdict>) -> Reply {
    match verdict {
        Some(Verdict::Accepted) => http_io::json(202, r#"{"status":"OK"}"#),
        Some(Verdict::UnknownRequest) => problem(400, "InvalidRequestID", "Invalid request ID"),
        Some(Verdict::WrongState) => problem(403, "InvalidStateTransition", "the runtime has started already"),
        None => problem(500, "Shutdown", "the sandbox ends"),
    }
}

fn broken() -> Reply {
    problem(400, "InvalidRequest", "the body ended early")
}

fn problem(status: u16, kind: &str, message: &str) -> Reply {
    http_io::json(status, json!({ "errorType": kind, "errorMessage": message }).to_string())
}
