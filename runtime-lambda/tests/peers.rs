//! The client for peers, against a server that speaks the Invoke API.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use peer_contract::host::Settings;
use peer_contract::peers::{Answer, Invoke, LambdaApi, Mode, Request, Unreached};
use peer_contract::{Contract, ErrorCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CONTRACT: &str = r#"{
  "peerContract": "1", "name": "pair", "version": "1.0.0",
  "agents": {
    "one": { "operations": { "ask": { "input": {}, "output": { "schema": {} } } } },
    "two": { "operations": { "tell": { "input": {}, "output": { "schema": {} } } } }
  }
}"#;

/// Answers every connection's first request with one text, and keeps what was asked.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, seen) = (answer.into(), asked.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), seen.clone()));
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> String {
        self.asked.lock().unwrap().join("\n---\n")
    }
}

async fn serve(mut stream: TcpStream, answer: Vec<u8>, asked: Arc<Mutex<Vec<String>>>) {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&text) {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(read) => text.extend(&buffer[..read]),
        }
    }
    asked.lock().unwrap().push(String::from_utf8_lossy(&text).into_owned());
    if answer.is_empty() {
        // Never answers.
        std::future::pending::<()>().await;
    }
    let _ = stream.write_all(&answer).await;
}

fn is_whole(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn http(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

fn api(endpoint: &str, peers: &[(&str, &str)]) -> LambdaApi {
    let contract = Contract::parse(CONTRACT.as_bytes()).unwrap();
    let variables: BTreeMap<&str, String> = BTreeMap::from([
        ("AWS_ENDPOINT_URL_LAMBDA", endpoint.to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("PEER_CONTRACT_PEERS", serde_json::to_string(&peers.iter().copied().collect::<BTreeMap<_, _>>()).unwrap()),
    ]);
    LambdaApi::new(&contract, &Settings::read(|name| variables.get(name).cloned()).unwrap()).unwrap()
}

fn ask(mode: Mode) -> Request<'static> {
    Request {
        agent: "one",
        payload: b"{\"a\":1}".as_slice().into(),
        mode,
        trace_id: Some("Root=1-5759e988-bd862e3fe1be46a994272793"),
        timeout: Duration::from_secs(5),
    }
}

async fn refused(answer: Vec<u8>) -> Unreached {
    let server = Server::answering(answer).await;
    api(&server.url, &[]).invoke(ask(Mode::Wait)).await.unwrap_err()
}

#[tokio::test]
async fn a_call_is_an_invocation_of_the_agents_function() {
    let answer = http("200 OK", &["x-amzn-requestid: r-1", "x-peer-contract-start: cold"], "{\"b\":2}");
    let server = Server::answering(answer).await;
    let invoked = api(&server.url, &[]).invoke(ask(Mode::Wait)).await.unwrap();
    assert_eq!(invoked.answer, Answer::Payload(b"{\"b\":2}".as_slice().into()));
    assert_eq!((invoked.cold, invoked.request_id.as_deref()), (Some(true), Some("r-1")));
    let asked = server.asked().to_lowercase();
    assert!(asked.starts_with("post /2015-03-31/functions/pair-one/invocations http/1.1"), "{asked}");
    assert!(asked.contains("x-amz-invocation-type: requestresponse"), "{asked}");
    assert!(asked.contains("x-amzn-trace-id: root=1-5759e988-bd862e3fe1be46a994272793"), "{asked}");
    assert!(asked.ends_with("{\"a\":1}"), "{asked}");
}

/// Answers every request of every connection, and says how many connections there were.
async fn keeping_connections() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let accepted = Arc::new(AtomicUsize::new(0));
    let counted = accepted.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
                while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                    text.extend(&buffer[..read]);
                    if is_whole(&text) {
                        text.clear();
                        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
                    }
                }
            });
        }
    });
    (url, accepted)
}

#[tokio::test]
async fn invocations_one_after_the_other_share_a_connection() {
    let (url, accepted) = keeping_connections().await;
    let api = api(&url, &[]);
    assert_eq!(accepted.load(Ordering::Relaxed), 0);
    for mode in [Mode::Wait, Mode::Event, Mode::Wait] {
        api.invoke(ask(mode)).await.unwrap();
    }
    assert_eq!(accepted.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_connection_that_the_peer_has_closed_is_not_used_again() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let api = api(&server.url, &[]);
    for _ in 0..3 {
        api.invoke(ask(Mode::Wait)).await.unwrap();
        // Until the end of the stream has come.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let host = format!("host: {}", server.url.trim_start_matches("http://"));
    assert_eq!(server.asked().to_lowercase().matches(&host).count(), 3);
}

#[tokio::test]
async fn an_event_is_taken_into_the_queue() {
    let server = Server::answering(http("202 Accepted", &[], "")).await;
    let invoked = api(&server.url, &[]).invoke(ask(Mode::Event)).await.unwrap();
    assert_eq!(invoked.answer, Answer::Payload(Vec::new().into()));
    assert!(server.asked().to_lowercase().contains("x-amz-invocation-type: event"));
}

#[tokio::test]
async fn arns_aliases_and_urls_lead_where_they_say() {
    let server = Server::answering(http("200 OK", &[], "1")).await;
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f:live";
    api(&server.url, &[("one", arn)]).invoke(ask(Mode::Wait)).await.unwrap();
    let url = format!("{}/own/path?x=1", server.url);
    api("http://127.0.0.1:1", &[("one", &url)]).invoke(ask(Mode::Wait)).await.unwrap();
    let asked = server.asked();
    let path = "/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af%3Alive/invocations";
    assert!(asked.contains(path), "{asked}");
    assert!(asked.contains("POST /own/path?x=1 HTTP/1.1"), "{asked}");
    let event = api("http://127.0.0.1:1", &[("one", &url)]).invoke(ask(Mode::Event)).await.unwrap();
    assert_eq!(event.answer, Answer::Payload(Vec::new().into()), "who takes an event by its URL says so by its status");
}

#[tokio::test]
async fn only_agents_of_the_contract_can_be_reached() {
    let request = Request { agent: "three", ..ask(Mode::Wait) };
    let unreached = api("http://127.0.0.1:1", &[]).invoke(request).await.unwrap_err();
    assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::AddressRefused, false));
    let contract = Contract::parse(CONTRACT.as_bytes()).unwrap();
    let peers = |name: &str| (name == "PEER_CONTRACT_PEERS").then(|| "{\"three\":\"f\"}".to_owned());
    let settings = Settings::read(peers).unwrap();
    assert_eq!(LambdaApi::new(&contract, &settings).err().unwrap().code, ErrorCode::ConfigurationInvalid);
}

#[tokio::test]
async fn a_function_error_comes_back_as_what_was_thrown() {
    let body = "{\"errorType\":\"json_syntax\",\"errorMessage\":\"m\",\"at\":\"/a\"}";
    let server = Server::answering(http("200 OK", &["x-amz-function-error: Unhandled"], body)).await;
    let Answer::Fault(fault) = api(&server.url, &[]).invoke(ask(Mode::Wait)).await.unwrap().answer else { panic!() };
    assert_eq!((fault.code.as_str(), fault.at.as_str()), ("json_syntax", "/a"));
}

#[tokio::test]
async fn what_another_try_can_cure_is_told_from_what_it_cannot() {
    let cases = [
        ("429 Too Many Requests", "TooManyRequestsException", ErrorCode::PeerUnreachable, true),
        ("500 Internal Server Error", "ServiceException", ErrorCode::PeerUnreachable, true),
        ("502 Bad Gateway", "", ErrorCode::PeerUnreachable, true),
        ("404 Not Found", "ResourceNotFoundException:http://internal/", ErrorCode::AddressRefused, false),
        ("403 Forbidden", "AccessDeniedException", ErrorCode::AddressRefused, false),
        ("400 Bad Request", "RecursiveInvocationException", ErrorCode::HopLimit, false),
        ("413 Payload Too Large", "RequestTooLargeException", ErrorCode::PayloadTooLarge, false),
    ];
    for (status, kind, code, retryable) in cases {
        let header = format!("x-amzn-errortype: {kind}");
        let unreached = refused(http(status, &[&header], "{\"Message\":\"why\"}")).await;
        assert_eq!((unreached.problem.code, unreached.retryable), (code, retryable), "{status}");
        assert!(unreached.problem.message.contains("why"), "{}", unreached.problem.message);
    }
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_read() {
    let unreached = refused(http("200 OK", &[], &"x".repeat((7 << 20) + 1))).await;
    assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::PeerInvalid, false));
    let server = Server::answering(http("200 OK", &[], &"x".repeat(7 << 20))).await;
    assert!(api(&server.url, &[]).invoke(ask(Mode::Wait)).await.is_ok());
}

#[tokio::test]
async fn a_peer_that_never_answers_is_not_waited_for() {
    let server = Server::answering("").await;
    let request = Request { timeout: Duration::from_millis(80), ..ask(Mode::Wait) };
    let since = Instant::now();
    let unreached = api(&server.url, &[]).invoke(request).await.unwrap_err();
    assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::PeerUnreachable, true));
    assert!(since.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn a_peer_that_is_not_there_or_breaks_off_may_be_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let unreached = api(&nobody, &[]).invoke(ask(Mode::Wait)).await.unwrap_err();
    assert!(unreached.retryable);
    for answer in ["HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf", "HTTP/1.1 2", "no http at all\r\n\r\n"] {
        let unreached = refused(answer.into()).await;
        assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::PeerUnreachable, true), "{answer}");
    }
}

fn status(line: &str, kind: &str, body: &str) -> Vec<u8> {
    http(line, &[&format!("content-type: {kind}")], body)
}

async fn behind_url(answer: Vec<u8>, mode: Mode) -> Result<Answer, Unreached> {
    let server = Server::answering(answer).await;
    let invoked = api("http://127.0.0.1:1", &[("one", &server.url)]).invoke(ask(mode)).await?;
    assert!(server.asked().to_lowercase().contains("content-type: application/cloudevents+json"));
    Ok(invoked.answer)
}

#[tokio::test]
async fn an_agent_behind_a_url_replies_with_whatever_status() {
    let reply = r#"{"specversion":"1.0","data":{"error":{"code":"deadline_exceeded","at":"/expirytime"}}}"#;
    let answer = status("504 Gateway Timeout", "application/cloudevents+json", reply);
    assert_eq!(behind_url(answer, Mode::Wait).await.unwrap(), Answer::Payload(reply.into()));
}

#[tokio::test]
async fn a_failure_behind_a_url_is_a_fault_of_its_code() {
    let error = r#"{"error":{"at":"","code":"handler_failed","message":"no luck"}}"#;
    for mode in [Mode::Wait, Mode::Event] {
        let answer = behind_url(status("500 Internal Server Error", "application/json", error), mode).await;
        let Ok(Answer::Fault(fault)) = answer else { panic!("{answer:?}") };
        assert_eq!((fault.code.as_str(), fault.message.as_str()), ("handler_failed", "no luck"));
    }
}

#[tokio::test]
async fn an_answer_that_no_agent_gave_is_no_fault() {
    let answer = status("502 Bad Gateway", "application/json", r#"{"Message":"Internal Server Error"}"#);
    let unreached = behind_url(answer, Mode::Wait).await.unwrap_err();
    assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::PeerUnreachable, true));
}

/// An address of each kind that takes events. A URL is that of the server, which stands in for the services as well.
const KINDS: [&str; 4] =
    ["pair-one", "URL", "arn:aws:sqs:eu-west-1:123456789012:jobs", "arn:aws:sns:eu-west-1:123456789012:news"];

/// A client for which agent `one`, and who gets replies, is at an address of this kind, all of them served at `url`.
fn reaching(kind: &str, url: &str) -> LambdaApi {
    let address = if kind == "URL" { url } else { kind };
    let peers = serde_json::json!({ "one": address, "reply-to": [address] }).to_string();
    let variable = |name: &str| match name {
        "AWS_ENDPOINT_URL" => Some(url.to_owned()),
        "AWS_REGION" => Some("eu-west-1".to_owned()),
        "PEER_CONTRACT_PEERS" => Some(peers.clone()),
        _ => None,
    };
    let contract = Contract::parse(CONTRACT.as_bytes()).unwrap();
    LambdaApi::new(&contract, &Settings::read(variable).unwrap()).unwrap()
}

#[tokio::test]
async fn every_kind_of_target_takes_an_event_with_its_trace() {
    for kind in KINDS {
        let server = Server::answering(http("200 OK", &[], "")).await;
        reaching(kind, &server.url).invoke(ask(Mode::Event)).await.unwrap();
        let asked = server.asked();
        assert!(asked.contains("Root=1-5759e988-bd862e3fe1be46a994272793"), "{kind}: {asked}");
    }
}

#[tokio::test]
async fn no_kind_of_target_is_tried_twice_by_the_client_and_each_says_what_another_try_can_cure() {
    let cases = [
        ("500 Internal Server Error", ErrorCode::PeerUnreachable, true),
        ("503 Service Unavailable", ErrorCode::PeerUnreachable, true),
        ("429 Too Many Requests", ErrorCode::PeerUnreachable, true),
        ("403 Forbidden", ErrorCode::AddressRefused, false),
        ("404 Not Found", ErrorCode::AddressRefused, false),
    ];
    for kind in KINDS {
        for (status, code, retryable) in cases {
            let server = Server::answering(http(status, &[], "<Error><Code>NotFound</Code></Error>")).await;
            let unreached = reaching(kind, &server.url).invoke(ask(Mode::Event)).await.unwrap_err();
            assert_eq!((unreached.problem.code, unreached.retryable), (code, retryable), "{kind}: {status}");
            assert_eq!(server.asked().matches("POST ").count(), 1, "retries are for one party only");
        }
    }
}

#[tokio::test]
async fn no_kind_of_target_is_waited_for_beyond_the_time_there_is() {
    for kind in KINDS {
        let server = Server::answering("").await;
        let request = Request { timeout: Duration::from_millis(80), ..ask(Mode::Event) };
        let since = Instant::now();
        let unreached = reaching(kind, &server.url).invoke(request).await.unwrap_err();
        assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::PeerUnreachable, true), "{kind}");
        assert!(since.elapsed() < Duration::from_secs(4), "{kind}");
    }
}

#[tokio::test]
async fn replies_go_to_listed_addresses_alone() {
    for kind in KINDS {
        let server = Server::answering(http("200 OK", &[], "")).await;
        let address = if kind == "URL" { server.url.clone() } else { kind.to_owned() };
        let api = reaching(kind, &server.url);
        api.invoke(Request { agent: &address, ..ask(Mode::Event) }).await.unwrap();
        let other = format!("{address}-x");
        let unreached = api.invoke(Request { agent: &other, ..ask(Mode::Event) }).await.unwrap_err();
        assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::AddressRefused, false), "{kind}");
    }
}

#[tokio::test]
async fn an_address_of_replies_is_no_name_of_an_agent() {
    let peers = |name: &str| (name == "PEER_CONTRACT_PEERS").then(|| r#"{"reply-to":["two"]}"#.to_owned());
    let contract = Contract::parse(CONTRACT.as_bytes()).unwrap();
    let refused = LambdaApi::new(&contract, &Settings::read(peers).unwrap()).err().unwrap();
    assert_eq!(refused.code, ErrorCode::ConfigurationInvalid);
}

#[tokio::test]
async fn what_takes_events_only_answers_no_call() {
    for address in &KINDS[2..] {
        let unreached = api("http://127.0.0.1:1", &[("one", address)]).invoke(ask(Mode::Wait)).await.unwrap_err();
        assert_eq!((unreached.problem.code, unreached.retryable), (ErrorCode::AddressRefused, false));
    }
}

#[tokio::test]
async fn a_topic_carries_less_than_the_others() {
    let room = |kind: &str| reaching(kind, "http://127.0.0.1:1").room("one", true).bytes;
    assert_eq!(KINDS.map(room), [900 << 10, 900 << 10, 900 << 10, 240 << 10]);
}
