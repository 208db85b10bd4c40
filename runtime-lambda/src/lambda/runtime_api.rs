//! The Runtime API, as one agent uses it: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderValue, Request, header};
use peer_contract_core::ErrorCode;

use crate::agent::Error;
use crate::host::{Fault, Invocation, Response};
use crate::peers::Unreached;
use crate::peers::client::Client;

/// The server that gives out invocations and takes answers.
pub(super) struct RuntimeApi {
    client: Client,
    /// `http://127.0.0.1:9001/2018-06-01/runtime`
    base: String,
}

/// One invocation.
pub(super) struct Task {
    pub(super) event: Bytes,
    pub(super) facts: Invocation,
    pub(super) sender: Sender,
}

/// What an answer is known by.
pub(super) struct Sender {
    request_id: String,
    /// Tells the platform which of several invocations of one request is answered.
    invocation_id: Option<HeaderValue>,
}

const INVOCATION_ID: &str = "lambda-runtime-invocation-id";
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";
const AGENT: &str = concat!("peer-contract-rust/", env!("CARGO_PKG_VERSION"));

impl RuntimeApi {
    /// The server at an address such as `127.0.0.1:9001`. Nothing is connected yet.
    pub(super) fn new(address: &str) -> Self {
        Self { client: Client::default(), base: format!("http://{address}/2018-06-01/runtime") }
    }

    /// Says that the snapshot may be taken, and waits until a sandbox is made of it. No connection outlives that.
    pub(super) async fn restored(self) -> Result<Self, Error> {
        self.get("restore/next").await?;
        Ok(Self { client: Client::default(), base: self.base })
    }

    /// Waits for the next invocation, for as long as it takes.
    pub(super) async fn next(&self) -> Result<Task, Error> {
        let (head, event) = self.get("invocation/next").await?;
        let text = |name: &str| Some(head.headers.get(name)?.to_str().ok()?.to_owned());
        let request_id = text("lambda-runtime-aws-request-id").ok_or_else(|| unusable("an invocation has no id"))?;
        let facts = Invocation {
            request_id: request_id.clone(),
            deadline_ms: text("lambda-runtime-deadline-ms").and_then(|text| text.parse().ok()),
            trace_id: text("lambda-runtime-trace-id"),
            ..Invocation::default()
        };
        let sender = Sender { request_id, invocation_id: head.headers.get(INVOCATION_ID).cloned() };
        Ok(Task { event, facts, sender })
    }

    /// Answers an invocation. What the platform refuses, it has told the invoker about.
    pub(super) async fn answer(&self, sender: &Sender, response: Response) -> Result<(), Error> {
        let invocation = format!("invocation/{}", sender.request_id);
        let mut post = match response {
            Response::Payload(bytes) => self.post(&format!("{invocation}/response"), bytes),
            Response::Fault(fault) => self.post_fault(&invocation, &fault),
        }?;
        if let Some(id) = &sender.invocation_id {
            post.headers_mut().insert(INVOCATION_ID, id.clone());
        }
        self.send(post).await.map(drop)
    }

    /// Says that there will be no handler, and why.
    pub(super) async fn fail_start(&self, fault: &Fault) -> Result<(), Error> {
        self.send(self.post_fault("init", fault)?).await.map(drop)
    }

    fn post_fault(&self, of: &str, fault: &Fault) -> Result<Request<Bytes>, Error> {
        let mut post = self.post(&format!("{of}/error"), fault.to_json())?;
        if let Ok(code) = HeaderValue::try_from(&fault.code) {
            post.headers_mut().insert(ERROR_TYPE, code);
        }
        Ok(post)
    }

    fn post(&self, path: &str, body: Vec<u8>) -> Result<Request<Bytes>, Error> {
        let post = Request::post(format!("{}/{path}", self.base)).header(header::CONTENT_TYPE, "application/json");
        post.body(Bytes::from(body)).map_err(|_| unusable("the id of an invocation is no part of a path"))
    }

    async fn get(&self, path: &str) -> Result<(Parts, Bytes), Error> {
        let request = Request::get(format!("{}/{path}", self.base)).body(Bytes::new());
        let answer = self.send(request.map_err(|_| unusable("`AWS_LAMBDA_RUNTIME_API` is no address"))?).await?;
        let status = answer.0.status;
        if status.is_success() {
            Ok(answer)
        } else {
            Err(unusable(&format!("`{path}` has status {}", status.as_u16())))
        }
    }

    /// Without limits of time and size: the platform has its own.
    async fn send(&self, mut request: Request<Bytes>) -> Result<(Parts, Bytes), Error> {
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static(AGENT));
        let gone = |unreached: Unreached| unusable(&unreached.problem.message);
        self.client.send(request, usize::MAX, Duration::MAX).await.map_err(gone)
    }
}

fn unusable(reason: &str) -> Error {
    Error::new(ErrorCode::PeerUnreachable, format!("the Runtime API cannot be used: {reason}"))
}
