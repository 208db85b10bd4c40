//! A Rust agent as a function, against a Runtime API of this test. The program starts itself again as the agent.

#[path = "shape/relay/mod.rs"]
mod relay;

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use lambda_runtime::{Diagnostic, LambdaEvent};
use peer_contract::host::{Event, Fault, Invocation, Response};
use peer_contract::{Endpoint, Value, Work};
use relay::{Count, Draft, counter};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

struct Counter;

impl counter::Agent for Counter {
    async fn count(&self, _: &mut Work<()>, draft: Draft) -> Result<Count, counter::CountError> {
        match draft.text.as_str() {
            "panic" => panic!("on purpose"),
            "fail" => Err("no luck".parse::<i64>().unwrap_err().into()),
            text => Ok(Count::new(text.len() as i64)),
        }
    }
}

const AGENT: &str = "PEER_CONTRACT_TEST_AGENT";

/// The agent when started as one, else nothing.
#[tokio::test]
async fn agent() {
    match std::env::var(AGENT).as_deref() {
        Ok("official") => on_the_official_runtime().await,
        Ok(_) => peer_contract::lambda::run(counter::serve(Counter)).await.unwrap(),
        Err(_) => {}
    }
}

/// As whoever has a `main` around `lambda_runtime` already would serve an agent.
async fn on_the_official_runtime() {
    let endpoint = Arc::new(peer_contract::lambda::endpoint(counter::serve(Counter)).await.unwrap());
    let handler = |event: LambdaEvent<Value>| answer(endpoint.clone(), event);
    lambda_runtime::run(lambda_runtime::service_fn(handler)).await.unwrap();
}

async fn answer(
    endpoint: Arc<Endpoint>,
    LambdaEvent { payload, context }: LambdaEvent<Value>,
) -> Result<Value, Diagnostic> {
    let (request_id, deadline_ms) = (context.request_id, Some(context.deadline));
    let facts = Invocation { request_id, deadline_ms, trace_id: context.xray_trace_id, ..Invocation::default() };
    match endpoint.answer(Event::Value(payload), facts).await {
        Response::Payload(bytes) => Ok(serde_json::from_slice(&bytes).unwrap()),
        Response::Fault(Fault { code, message, .. }) => Err(Diagnostic { error_type: code, error_message: message }),
    }
}

/// Path and body of what the agent posts.
type Posted = (String, Vec<u8>);

/// Hands out the events one by one, each after the answer to the one before.
async fn runtime_api(events: Vec<Vec<u8>>) -> (String, UnboundedReceiver<Posted>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (posted, answers) = unbounded_channel();
    let queue = Arc::new(tokio::sync::Mutex::new(events.into_iter()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, queue.clone(), posted.clone()));
        }
    });
    (address, answers)
}

async fn converse(
    stream: TcpStream,
    queue: Arc<tokio::sync::Mutex<std::vec::IntoIter<Vec<u8>>>>,
    posted: UnboundedSender<Posted>,
) {
    let mut stream = BufStream::new(stream);
    while let Some((line, body)) = request(&mut stream).await {
        let answer = if line.starts_with("GET ") {
            let Some(event) = queue.lock().await.next() else { std::future::pending().await };
            next(&event)
        } else {
            let path = line.split(' ').nth(1).unwrap().to_owned();
            posted.send((path, body)).unwrap();
            b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_vec()
        };
        if stream.write_all(&answer).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

fn next(event: &[u8]) -> Vec<u8> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let deadline = since.as_millis() + 30_000;
    let head = format!(
        "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: r-1\r\nlambda-runtime-deadline-ms: {deadline}\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:x:1:function:f\r\ncontent-length: {}\r\n\r\n",
        event.len()
    );
    [head.as_bytes(), event].concat()
}

async fn request(stream: &mut BufStream<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut first = String::new();
    stream.read_line(&mut first).await.ok().filter(|read| *read > 0)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((first, body))
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(address: &str, kind: &str) -> Process {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "agent", "--nocapture"])
        .env(AGENT, kind)
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "relay-counter")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Process(child.unwrap())
}

/// A call of `counter.count`, as the editor would send it.
fn call(text: &str) -> Vec<u8> {
    let contract = relay::CONTRACT.contract().unwrap();
    let id = "019a3b5c-0000-7000-8000-000000000000";
    serde_json::json!({
        "specversion": "1.0", "id": id, "source": "/relay/editor", "type": "relay.counter.count", "subject": id,
        "time": "2026-01-01T00:00:00.000Z", "datacontenttype": "application/json",
        "dataschema": format!("urn:peer-contract:{}", contract.hash()),
        "operation": contract.operation("counter.count").unwrap().hash().to_string(),
        "hop": 2, "delivery": "return", "data": { "input": { "text": text } }
    })
    .to_string()
    .into_bytes()
}

#[tokio::test]
async fn bytes_go_in_and_come_out_as_they_are_and_errors_keep_their_place() {
    let duplicate = String::from_utf8(call("abc")).unwrap().replace("\"hop\":2", "\"hop\":2,\"hop\":2");
    let events = vec![call("abc"), b"{\"a\":".to_vec(), duplicate.into(), call("panic"), call("fail"), call("abcd")];
    let (address, mut answers) = runtime_api(events).await;
    let _agent = start(&address, "own");
    let mut posted = Vec::new();
    for _ in 0..6 {
        let answer = tokio::time::timeout(Duration::from_secs(30), answers.recv()).await.expect("the agent answers");
        posted.push(answer.unwrap());
    }
    let (response, error) = ("/2018-06-01/runtime/invocation/r-1/response", "/2018-06-01/runtime/invocation/r-1/error");
    let paths: Vec<_> = posted.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, [response, error, error, error, error, response]);
    let value = |index: usize| serde_json::from_slice::<Value>(&posted[index].1).unwrap();
    assert_eq!(value(0)["data"]["output"]["words"], 3);
    assert_eq!(value(1)["errorType"], "json_syntax");
    assert_eq!((&value(2)["errorType"], &value(2)["at"]), (&"json_duplicate_key".into(), &"/hop".into()));
    assert_eq!(value(3)["errorType"], "handler_failed");
    assert!(value(3)["errorMessage"].as_str().unwrap().contains("on purpose"));
    assert!(value(4)["errorMessage"].as_str().unwrap().contains("invalid digit"));
    assert_eq!(value(5)["data"]["output"]["words"], 4);
}

#[tokio::test]
async fn an_agent_answers_through_the_official_runtime_too() {
    let (address, mut answers) = runtime_api(vec![call("abc"), call("panic"), b"[]".to_vec(), call("abcd")]).await;
    let _agent = start(&address, "official");
    let mut posted = Vec::new();
    for _ in 0..4 {
        let answer = tokio::time::timeout(Duration::from_secs(30), answers.recv()).await.expect("the agent answers");
        posted.push(serde_json::from_slice::<Value>(&answer.unwrap().1).unwrap());
    }
    assert_eq!((&posted[0]["data"]["output"]["words"], &posted[3]["data"]["output"]["words"]), (&3.into(), &4.into()));
    assert_eq!(
        (&posted[1]["errorType"], &posted[2]["errorType"]),
        (&"handler_failed".into(), &"entry_ambiguous".into())
    );
}

#[tokio::test]
async fn started_by_hand_it_says_what_is_missing() {
    let error = peer_contract::lambda::run(counter::serve(Counter)).await.unwrap_err();
    assert_eq!(error.code().as_str(), "configuration_invalid");
    assert!(error.message().contains("AWS_LAMBDA_RUNTIME_API"), "{error}");
}
