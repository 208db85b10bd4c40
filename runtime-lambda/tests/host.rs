//! One agent's host: claims, duplicates, large parts, contracts of other versions, failures.

#[path = "shape/relay/mod.rs"]
mod relay;

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use peer_contract::host::{Begun, CallFailure, Host, Invocation, Response, Settings, Turn};
use peer_contract::peers::{Answer, Invoke, Invoked, Mode, Request, Unreached};
use peer_contract::store::{FileStore, Key, MemoryStore, Scope, Store};
use peer_contract::{BoxFuture, Contract, ErrorCode, Value};
use peer_contract_core::envelope::{Envelope, Header, Payload, Room, Travel, Unpacked};
use peer_contract_core::inbox::{self, Event, Outcome, Start};
use peer_contract_core::json::{Draft, Json};
use serde_json::json;

/// What the n-th message is answered with.
type Answers = dyn Fn(usize, &[u8]) -> Result<Answer, Unreached> + Send + Sync;

/// Peers that keep what they are sent and answer with what the test says.
struct Peers {
    sent: Mutex<Vec<(String, Mode, Vec<u8>)>>,
    answer: Box<Answers>,
}

impl Peers {
    fn answering(answer: impl Fn(usize, &[u8]) -> Result<Answer, Unreached> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { sent: Mutex::default(), answer: Box::new(answer) })
    }

    fn accepting() -> Arc<Self> {
        Self::answering(|_, _| Ok(Answer::Payload(Vec::new().into())))
    }

    fn sent(&self) -> Vec<(String, Mode, Vec<u8>)> {
        self.sent.lock().unwrap().clone()
    }
}

impl Invoke for Peers {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        Box::pin(async move {
            let mut sent = self.sent.lock().unwrap();
            sent.push((request.agent.to_owned(), request.mode, request.payload.to_vec()));
            let answer = (self.answer)(sent.len(), &request.payload)?;
            Ok(Invoked { answer, cold: None, request_id: None })
        })
    }
}

fn contract() -> Contract {
    relay::CONTRACT.contract().unwrap().clone()
}

fn host(agent: &str, store: Option<Arc<dyn Store>>, peers: Arc<Peers>) -> Host {
    Host::with_parts(contract(), agent, Settings::default(), store, peers).unwrap()
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new(Scope::Shared))
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

fn invocation(request_id: &str) -> Invocation {
    Invocation { request_id: request_id.into(), ..Invocation::default() }
}

/// The first message of a work for `writer.draft`.
fn first(travel: Travel) -> Vec<u8> {
    let input = text(json!({ "text": "canals" }));
    let start = Start {
        entry: "writer.draft",
        input: input.into(),
        now_ms: now_ms(),
        random: [7; 10],
        travel,
        trace: None,
        reply_to: None,
    };
    inbox::start(&contract(), start).unwrap().pack(Room::sync(false)).unwrap().bytes
}

async fn begin(host: &Host, bytes: &[u8], request_id: &str) -> Begun {
    host.begin(Event::Bytes(bytes.to_vec().into()), invocation(request_id)).await
}

async fn turn(host: &Host, bytes: &[u8], request_id: &str) -> Turn {
    match begin(host, bytes, request_id).await {
        Begun::Run(turn) => turn,
        Begun::Done(response) => panic!("{response:?}"),
        Begun::Batch(_) => panic!("a message was taken for a batch"),
    }
}

async fn done(host: &Host, bytes: &[u8], request_id: &str) -> Response {
    match begin(host, bytes, request_id).await {
        Begun::Run(_) => panic!("the handler would run"),
        Begun::Batch(_) => panic!("a message was taken for a batch"),
        Begun::Done(response) => response,
    }
}

fn text(value: Value) -> Json {
    Json::of_value(&value).unwrap()
}

fn publish(line: &str) -> Outcome {
    Outcome::Handoff { target: "editor.publish".into(), input: text(json!({ "text": line })).into() }
}

fn desk() -> Option<Draft> {
    Some(text(json!({ "drafts": 1 })).into())
}

fn payload(response: Response) -> Vec<u8> {
    match response {
        Response::Payload(bytes) => bytes,
        Response::Fault(fault) => panic!("{fault:?}"),
    }
}

fn fault_code(response: Response) -> String {
    match response {
        Response::Payload(bytes) => panic!("{}", String::from_utf8_lossy(&bytes)),
        Response::Fault(fault) => fault.code,
    }
}

fn envelope(bytes: &[u8]) -> Envelope {
    match Envelope::unpack(bytes.to_vec(), &Default::default()).unwrap() {
        Unpacked::Envelope(envelope) => *envelope,
        Unpacked::Plain(json) => panic!("{json:?}"),
    }
}

fn refused_with(bytes: &[u8]) -> (String, String) {
    let error = envelope(bytes).error.unwrap();
    (error.code, error.at.unwrap())
}

fn header(bytes: &[u8]) -> Header {
    envelope(bytes).header
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("this waits for something"),
    }
}

#[test]
fn without_a_store_nothing_waits_and_no_executor_is_needed() {
    let host = host("writer", None, Peers::accepting());
    let Begun::Run(turn) = ready(host.begin(Event::Bytes(first(Travel::Return).into()), invocation("a"))) else {
        panic!()
    };
    let next = payload(ready(turn.finish(publish("x"), desk())));
    assert_eq!(header(&next).target, "editor.publish");
}

#[test]
fn a_store_in_files_needs_no_executor_either() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(FileStore::new(folder.path(), Scope::Shared));
    let host = host("writer", Some(store), Peers::accepting());
    let Begun::Run(turn) = ready(host.begin(Event::Bytes(first(Travel::Return).into()), invocation("a"))) else {
        panic!()
    };
    payload(ready(turn.finish(publish("x"), desk())));
}

#[tokio::test]
async fn a_message_delivered_twice_has_one_outcome() {
    let host = host("writer", Some(memory()), Peers::accepting());
    let message = first(Travel::Return);
    let answer = payload(turn(&host, &message, "a").await.finish(publish("once"), desk()).await);
    assert_eq!(payload(done(&host, &message, "b").await), answer);
}

#[tokio::test]
async fn of_two_runs_of_one_message_the_first_outcome_wins() {
    let host = host("writer", Some(memory()), Peers::accepting());
    let message = first(Travel::Return);
    // The same request again: Lambda gave the first one up, yet it still runs.
    let (late, again) = (turn(&host, &message, "a").await, turn(&host, &message, "a").await);
    let answer = payload(again.finish(publish("second"), desk()).await);
    assert_eq!(payload(late.finish(publish("first"), desk()).await), answer);
}

#[tokio::test]
async fn while_one_delivery_works_another_may_ask_again_or_ends_quietly() {
    let host = host("writer", Some(memory()), Peers::accepting());
    let message = first(Travel::Return);
    let _running = turn(&host, &message, "a").await;
    let busy = payload(done(&host, &message, "b").await);
    assert_eq!(refused_with(&busy).0, "in_progress");
    assert!(envelope(&busy).error.unwrap().retryable);

    let host = self::host("writer", Some(memory()), Peers::accepting());
    let event = first(Travel::Event);
    let _running = turn(&host, &event, "a").await;
    let receipt: Value = serde_json::from_slice(&payload(done(&host, &event, "b").await)).unwrap();
    assert_eq!(receipt, json!({ "work": header(&event).work, "result": null }));
}

#[tokio::test]
async fn a_failure_is_thrown_and_frees_the_message_for_the_next_try() {
    let host = host("writer", Some(memory()), Peers::accepting());
    let message = first(Travel::Return);
    assert_eq!(fault_code(turn(&host, &message, "a").await.fail("it broke").await), "handler_failed");
    payload(turn(&host, &message, "b").await.finish(publish("x"), desk()).await);
}

#[tokio::test]
async fn an_event_is_handed_on_and_answered_with_a_receipt() {
    let peers = Peers::accepting();
    let host = host("writer", Some(memory()), peers.clone());
    let message = first(Travel::Event);
    let receipt = payload(turn(&host, &message, "a").await.finish(publish("x"), desk()).await);
    assert!(String::from_utf8(receipt).unwrap().contains("\"result\":null"));
    let sent = peers.sent();
    assert_eq!((sent.len(), sent[0].0.as_str(), sent[0].1), (1, "editor", Mode::Event));
    assert_eq!(header(&sent[0].2).travel, Travel::Event);
}

#[tokio::test]
async fn what_was_not_taken_is_thrown_and_sent_again_without_another_run() {
    let throttled = || Unreached::retryable(ErrorCode::PeerUnreachable, "throttled");
    let peers =
        Peers::answering(move |n, _| if n <= 3 { Err(throttled()) } else { Ok(Answer::Payload(Vec::new().into())) });
    let host = host("writer", Some(memory()), peers.clone());
    let message = first(Travel::Event);
    let response = turn(&host, &message, "a").await.finish(publish("x"), desk()).await;
    assert_eq!(fault_code(response), "peer_unreachable");
    payload(done(&host, &message, "a").await);
    let sent = peers.sent();
    assert_eq!(sent.len(), 4);
    assert!(sent.iter().all(|each| each.2 == sent[0].2));
}

#[tokio::test]
async fn a_handoff_that_can_reach_nobody_ends_the_work_with_the_reason() {
    let peers = Peers::answering(|_, _| Err(Unreached::terminal(ErrorCode::HopLimit, "loop detected")));
    let store = memory();
    let host = host("writer", Some(store.clone()), peers.clone());
    let message = first(Travel::Event);
    payload(turn(&host, &message, "a").await.finish(publish("x"), desk()).await);
    assert_eq!(peers.sent().len(), 1);
    let result = store.get(&Key::result(&header(&message).work).unwrap()).await.unwrap().unwrap();
    assert_eq!(refused_with(&result.bytes).0, "hop_limit");
}

#[tokio::test]
async fn the_last_agent_writes_the_result_record() {
    let store = memory();
    let writer = host("writer", Some(store.clone()), Peers::accepting());
    let message = first(Travel::Event);
    let off = Outcome::Error {
        code: "offTopic".into(),
        message: "m".into(),
        data: Some(text(json!({ "reason": "r" })).into()),
    };
    payload(turn(&writer, &message, "a").await.finish(off, None).await);
    let result = store.get(&Key::result(&header(&message).work).unwrap()).await.unwrap().unwrap();
    assert_eq!(envelope(&result.bytes).error.unwrap().code, "offTopic");
}

#[tokio::test]
async fn a_refused_event_is_a_result_and_a_refused_call_a_reply() {
    let store = memory();
    let host = host("editor", Some(store.clone()), Peers::accepting());
    let event = first(Travel::Event);
    payload(done(&host, &event, "a").await);
    let result = store.get(&Key::result(&header(&event).work).unwrap()).await.unwrap().unwrap();
    assert_eq!(refused_with(&result.bytes).0, "operation_unknown");
    let reply = payload(done(&host, &first(Travel::Return), "a").await);
    assert_eq!(refused_with(&reply), ("operation_unknown".into(), "/type".into()));
    assert_eq!(fault_code(done(&host, b"{\"a\":", "a").await), "json_syntax");
}

#[tokio::test]
async fn an_event_needs_a_shared_store() {
    let host = host("writer", None, Peers::accepting());
    let response = done(&host, &first(Travel::Event), "a").await;
    assert_eq!(fault_code(response), "store_required");
}

#[tokio::test]
async fn an_outcome_that_breaks_the_contract_is_answered_with_its_place() {
    let host = host("writer", None, Peers::accepting());
    let message = first(Travel::Return);
    let wrong = Outcome::Handoff { target: "editor.publish".into(), input: text(json!({ "text": 3 })).into() };
    let reply = payload(turn(&host, &message, "a").await.finish(wrong, desk()).await);
    assert_eq!(refused_with(&reply), ("output_invalid".into(), "/input/text".into()));
    let elsewhere = Outcome::Handoff { target: "counter.count".into(), input: text(json!({ "text": "x" })).into() };
    let reply = payload(turn(&host, &message, "b").await.finish(elsewhere, desk()).await);
    assert_eq!(refused_with(&reply).0, "outcome_refused");
}

#[tokio::test]
async fn a_plain_input_starts_work_and_is_answered_plainly() {
    let host = host("writer", None, Peers::accepting());
    let answer = payload(turn(&host, b"{\"text\":\"canals\"}", "a").await.finish(publish("x"), desk()).await);
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["result"]["handoff"]["subject"], answer["work"]);
    let off = Outcome::Error {
        code: "offTopic".into(),
        message: "m".into(),
        data: Some(text(json!({ "reason": "r" })).into()),
    };
    let answer = payload(turn(&host, b"{\"text\":\"canals\"}", "a").await.finish(off, None).await);
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(
        (&answer["result"]["error"]["code"], &answer["result"]["error"]["data"]["reason"]),
        (&json!("offTopic"), &json!("r"))
    );
}

/// Text that does not compress: 3 MB of it need the store on `event`.
fn noise(bytes: usize) -> String {
    let mut seed = 1_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b' ' + (seed >> 33) as u8 % 95)
    };
    (0..bytes).map(|_| next()).filter(|c| !matches!(c, '"' | '\\')).collect()
}

#[tokio::test]
async fn a_large_state_goes_through_the_store_and_arrives() {
    let (store, peers) = (memory(), Peers::accepting());
    let writer = host("writer", Some(store.clone()), peers.clone());
    let topic = noise(3_000_000);
    let state = Some(text(json!({ "drafts": 1, "topic": topic })));
    payload(turn(&writer, &first(Travel::Event), "a").await.finish(publish("x"), state.clone().map(Draft::from)).await);
    let message = peers.sent().remove(0).2;
    assert!(message.len() < 900 << 10, "{}", message.len());
    let Some(Payload::Reference(reference)) = envelope(&message).state else { panic!("by value") };
    assert_eq!(reference.inline, None);
    let editor = host("editor", Some(store), Peers::accepting());
    assert_eq!(turn(&editor, &message, "b").await.state(), state.as_ref());
    let blind = host("editor", Some(memory()), Peers::accepting());
    let response = begin(&blind, &message, "c").await;
    let Begun::Done(Response::Fault(fault)) = response else { panic!("a missing blob may still come") };
    assert_eq!(fault.code, "store_failed");
}

#[tokio::test]
async fn a_blob_that_is_not_what_its_name_says_is_moved_aside_and_told_from_a_wrong_message() {
    let (store, peers) = (memory(), Peers::accepting());
    let writer = host("writer", Some(store.clone()), peers.clone());
    let state = Some(text(json!({ "drafts": 1, "topic": noise(3_000_000) })));
    payload(turn(&writer, &first(Travel::Event), "a").await.finish(publish("x"), state.map(Draft::from)).await);
    let message = peers.sent().remove(0).2;
    let Some(Payload::Reference(reference)) = envelope(&message).state else { panic!("by value") };
    let key = Key::parse(&reference.key(&header(&message).work)).unwrap();
    let right = store.get(&key).await.unwrap().unwrap().bytes;
    let mut wrong = right.clone();
    wrong[1_000] ^= 1;
    store.set_aside(&key).await.unwrap();
    store.put_if_absent(&key, &wrong).await.unwrap();
    let editor = || host("editor", Some(store.clone()), Peers::accepting());
    let Begun::Done(Response::Fault(fault)) = begin(&editor(), &message, "b").await else { panic!("a torn state") };
    assert_eq!(fault.code, "store_failed", "it may be tried again");
    assert_eq!(store.get(&key).await.unwrap(), None, "it lies there no more");
    // A message that is wrong itself takes nothing away.
    store.put_if_absent(&key, &right).await.unwrap();
    let bytes = format!("\"bytes\":{}", reference.bytes);
    let lying = String::from_utf8(message.clone()).unwrap().replace(&bytes, "\"bytes\":77");
    assert_ne!(lying.as_bytes(), message);
    begin(&editor(), lying.as_bytes(), "c").await;
    assert_eq!(store.get(&key).await.unwrap().unwrap().bytes, right);
    turn(&editor(), &message, "d").await;
}

/// The relay with another word in it: another hash of contract and of operations, and still compatible.
fn newer() -> Contract {
    let mut value = contract().value().clone();
    value["$defs"]["Draft"]["properties"]["byline"] = json!({ "type": "string" });
    value["version"] = json!("1.1.0");
    Contract::from_value(value).unwrap()
}

/// A handoff to the editor, without the contract inline.
async fn of_newer_writer() -> Vec<u8> {
    let input = text(json!({ "text": "canals" }));
    let start = Start {
        entry: "writer.draft",
        input: input.into(),
        now_ms: now_ms(),
        random: [9; 10],
        travel: Travel::Return,
        trace: None,
        reply_to: None,
    };
    let message = inbox::start(&newer(), start).unwrap().pack(Room::sync(false)).unwrap().bytes;
    let host = Host::with_parts(newer(), "writer", Settings::default(), None, Peers::accepting()).unwrap();
    let answer = payload(turn(&host, &message, "a").await.finish(publish("x"), desk()).await);
    let mut envelope: Value = serde_json::from_slice(&answer).unwrap();
    envelope["data"].as_object_mut().unwrap().remove("contract").unwrap();
    envelope.to_string().into_bytes()
}

#[tokio::test]
async fn a_contract_of_another_version_is_found_in_the_store_and_a_bad_one_moved_aside() {
    let message = of_newer_writer().await;
    let cache = tempfile::tempdir().unwrap();
    let store = memory();
    let key = Key::contract(&newer().hash());
    let editor = || {
        let settings =
            Settings::read(|name| (name == "PEER_CONTRACT_TMP").then(|| cache.path().to_str().unwrap().to_owned()));
        Host::with_parts(contract(), "editor", settings.unwrap(), Some(store.clone()), Peers::accepting()).unwrap()
    };
    assert_eq!(refused_with(&payload(done(&editor(), &message, "a").await)).0, "contract_required");
    store.put_if_absent(&key, b"{\"not\":\"it\"}").await.unwrap();
    assert_eq!(refused_with(&payload(done(&editor(), &message, "a").await)).0, "contract_required");
    assert_eq!(store.get(&key).await.unwrap(), None);
    store.put_if_absent(&key, newer().canonical()).await.unwrap();
    turn(&editor(), &message, "a").await.fail("later").await;
    // From now on the sandbox's own folder has it.
    store.set_aside(&key).await.unwrap();
    turn(&editor(), &message, "b").await;
    let own = store.get(&Key::contract(&contract().hash())).await.unwrap().unwrap();
    assert_eq!(own.bytes, contract().canonical());
}

/// An editor in the middle of its turn, over a counter that answers like `answer`.
async fn editing(peers: Arc<Peers>) -> Turn {
    let writer = host("writer", None, Peers::accepting());
    let message = payload(turn(&writer, &first(Travel::Return), "a").await.finish(publish("a b c"), desk()).await);
    turn(&host("editor", None, peers), &message, "b").await
}

fn counted(message: &[u8]) -> Result<Answer, Unreached> {
    let counter = host("counter", None, Peers::accepting());
    let Begun::Run(turn) = ready(counter.begin(Event::Bytes(message.to_vec().into()), invocation("c"))) else {
        panic!()
    };
    Ok(Answer::Payload(payload(ready(turn.finish(Outcome::Reply(text(json!({ "words": 3 })).into()), None))).into()))
}

#[tokio::test]
async fn a_call_is_answered_by_its_callee() {
    let turn = editing(Peers::answering(|_, message| counted(message))).await;
    let output = turn.call("counter.count", text(json!({ "text": "a b c" }))).await.unwrap();
    assert_eq!(output.to_value(), json!({ "words": 3 }));
}

#[tokio::test]
async fn a_call_is_tried_as_often_as_the_contract_says_with_the_same_message() {
    let broken = || Err(Unreached::retryable(ErrorCode::PeerFailed, "gone"));
    let peers = Peers::answering(move |n, message| if n == 1 { broken() } else { counted(message) });
    editing(peers.clone()).await.call("counter.count", text(json!({ "text": "a" }))).await.unwrap();
    let sent = peers.sent();
    assert_eq!((sent.len(), &sent[0].2), (2, &sent[1].2));
    let peers = Peers::answering(move |_, _| broken());
    let failure = editing(peers.clone()).await.call("counter.count", text(json!({ "text": "a" }))).await.unwrap_err();
    let CallFailure::Problem(problem) = failure else { panic!("{failure:?}") };
    assert_eq!((problem.code, peers.sent().len()), (ErrorCode::PeerFailed, 2));
}

#[tokio::test]
async fn a_terminal_failure_of_a_call_is_not_tried_again() {
    let peers = Peers::answering(|_, _| Err(Unreached::terminal(ErrorCode::HopLimit, "loop")));
    editing(peers.clone()).await.call("counter.count", text(json!({ "text": "a" }))).await.unwrap_err();
    assert_eq!(peers.sent().len(), 1);
}

#[tokio::test]
async fn a_callee_that_asks_for_the_contract_gets_it_inline_once() {
    let peers = Peers::answering(|n, message| {
        let has_contract = envelope(message).contract.is_some();
        assert_eq!(has_contract, n == 2);
        if has_contract { counted(message) } else { required(message) }
    });
    editing(peers.clone()).await.call("counter.count", text(json!({ "text": "a" }))).await.unwrap();
    assert_eq!(peers.sent().len(), 2);
    let stubborn = Peers::answering(|_, message| required(message));
    let failure =
        editing(stubborn.clone()).await.call("counter.count", text(json!({ "text": "a" }))).await.unwrap_err();
    assert!(matches!(failure, CallFailure::Problem(problem) if problem.code == ErrorCode::ContractRequired));
    assert_eq!(stubborn.sent().len(), 2);
}

/// A counter of a version that never heard of ours. On a thread of its own, where no executor makes it wait for files.
fn required(message: &[u8]) -> Result<Answer, Unreached> {
    let message = without_contract(message);
    let answer = std::thread::spawn(move || {
        let counter = Host::with_parts(newer(), "counter", Settings::default(), None, Peers::accepting()).unwrap();
        match ready(counter.begin(Event::Bytes(message.clone().into()), invocation("c"))) {
            Begun::Done(response) => payload(response),
            Begun::Run(_) => panic!("it should not know the contract"),
            Begun::Batch(_) => panic!("a message was taken for a batch"),
        }
    });
    Ok(Answer::Payload(answer.join().unwrap().into()))
}

fn without_contract(message: &[u8]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(message).unwrap();
    value["data"].as_object_mut().unwrap().remove("contract");
    value.to_string().into_bytes()
}

#[tokio::test]
async fn what_an_operation_does_not_call_it_cannot_call() {
    let peers = Peers::accepting();
    let failure = editing(peers.clone()).await.call("writer.draft", text(json!({ "text": "abc" }))).await.unwrap_err();
    assert!(matches!(failure, CallFailure::Problem(problem) if problem.code == ErrorCode::OutcomeRefused));
    assert_eq!(peers.sent().len(), 0);
}

#[tokio::test]
async fn a_handler_that_outlives_its_work_ends_it() {
    let mut message: Value = serde_json::from_slice(&first(Travel::Return)).unwrap();
    message["expirytime"] = peer_contract_core::envelope::to_rfc3339(now_ms() + 60).into();
    let host = host("writer", None, Peers::accepting());
    let turn = turn(&host, message.to_string().as_bytes(), "a").await;
    assert_eq!(fault_code(turn.time_out().await), "handler_failed");
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(refused_with(&payload(turn.time_out().await)).0, "deadline_exceeded");
}

/// The relay, where being off topic may pass.
fn retryable() -> Contract {
    let mut value = contract().value().clone();
    value["agents"]["writer"]["operations"]["draft"]["errors"]["offTopic"]["retryable"] = true.into();
    Contract::from_value(value).unwrap()
}

fn off_topic() -> Outcome {
    Outcome::Error { code: "offTopic".into(), message: "m".into(), data: Some(text(json!({ "reason": "r" })).into()) }
}

fn message_of(contract: &Contract, travel: Travel) -> Vec<u8> {
    let input = text(json!({ "text": "canals" }));
    let start = Start {
        entry: "",
        input: input.into(),
        now_ms: now_ms(),
        random: [3; 10],
        travel,
        trace: None,
        reply_to: None,
    };
    inbox::start(contract, start).unwrap().pack(Room::sync(false)).unwrap().bytes
}

#[tokio::test]
async fn an_error_that_may_pass_is_told_and_leaves_the_message_open() {
    let (contract, peers) = (retryable(), Peers::accepting());
    let host = Host::with_parts(contract.clone(), "writer", Settings::default(), Some(memory()), peers).unwrap();
    let message = message_of(&contract, Travel::Return);
    for request_id in ["a", "b", "c", "d"] {
        let reply = payload(turn(&host, &message, request_id).await.finish(off_topic(), None).await);
        assert!(envelope(&reply).error.unwrap().retryable);
    }
    let next = payload(turn(&host, &message, "e").await.finish(publish("x"), desk()).await);
    assert_eq!(header(&next).target, "editor.publish");
}

#[tokio::test]
async fn an_event_is_thrown_until_its_tries_are_used_up_and_then_ends_the_work() {
    let (contract, peers, store) = (retryable(), Peers::accepting(), memory());
    let host = Host::with_parts(contract.clone(), "writer", Settings::default(), Some(store.clone()), peers).unwrap();
    let message = message_of(&contract, Travel::Event);
    let result = Key::result(&header(&message).work).unwrap();
    for _ in 0..2 {
        let response = turn(&host, &message, "a").await.finish(off_topic(), None).await;
        assert_eq!(fault_code(response), "offTopic");
        assert_eq!(store.get(&result).await.unwrap(), None);
    }
    payload(turn(&host, &message, "a").await.finish(off_topic(), None).await);
    let result = store.get(&result).await.unwrap().unwrap();
    assert_eq!(envelope(&result.bytes).error.unwrap().code, "offTopic");
}

#[tokio::test]
async fn nobody_waits_for_an_event_whose_handler_failed_every_time() {
    let store = memory();
    let host = host("writer", Some(store.clone()), Peers::accepting());
    let message = first(Travel::Event);
    for _ in 0..3 {
        assert_eq!(fault_code(turn(&host, &message, "a").await.fail("it broke").await), "handler_failed");
    }
    let result = store.get(&Key::result(&header(&message).work).unwrap()).await.unwrap().unwrap();
    assert_eq!(refused_with(&result.bytes).0, "handler_failed");
    payload(done(&host, &message, "b").await);
}
