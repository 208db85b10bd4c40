//! What all tests of the local Lambda need: a function in Python, and a caller over plain HTTP.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use peer_contract::local::{Config, Function, LocalEvent, LocalLambda};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedReceiver;

/// The function `agent`, which does what its event says.
pub fn agent() -> Function {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/local/agent.py");
    let mut function = Function::new("agent", ["python3", script.to_str().unwrap()]);
    function.timeout = Duration::from_secs(20);
    function
}

/// A local Lambda with one function.
pub async fn lambda_with(function: Function) -> LocalLambda {
    LocalLambda::start(Config::new(vec![function])).await.unwrap()
}

/// What a caller sees.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// `errorType` of a function error.
    pub fn function_error(&self) -> String {
        assert_eq!((self.status, self.header("x-amz-function-error")), (200, "Unhandled"), "{self:?}");
        self.json()["errorType"].as_str().unwrap().to_owned()
    }
}

/// Invokes `function`; headers are pairs.
pub async fn post(lambda: &LocalLambda, function: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Reply {
    post_to(lambda, &format!("/2015-03-31/functions/{function}/invocations"), headers, body).await
}

/// Posts to a path of the endpoint.
pub async fn post_to(lambda: &LocalLambda, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Reply {
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let mut request = http::Request::post(format!("{}{path}", lambda.endpoint()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = client.request(request.body(Full::new(body.into())).unwrap()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply { status, headers, body: response.into_body().collect().await.unwrap().to_bytes() }
}

/// Asks `agent` and waits.
pub async fn ask(lambda: &LocalLambda, event: &str) -> Reply {
    post(lambda, "agent", &[], event.to_owned()).await
}

/// Waits until `wanted` gives something for an event.
pub async fn heard<T>(events: &mut UnboundedReceiver<LocalEvent>, wanted: impl Fn(LocalEvent) -> Option<T>) -> T {
    let listen = async {
        loop {
            let event = events.recv().await.expect("the events go on until it was heard");
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), listen).await.expect("it happens in time")
}

/// Whether a process lives; a zombie does not.
pub fn is_alive(pid: u64) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

/// Waits until a process is gone.
pub async fn is_gone_soon(pid: u64) -> bool {
    let began = Instant::now();
    while is_alive(pid) && began.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    !is_alive(pid)
}
