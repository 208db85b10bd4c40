//! The same key is the same request: one outcome, whoever asks, and however often.

use std::sync::Arc;

use peer_contract::host::{Begun, Host, Invocation, Response, Settings, Turn};
use peer_contract::peers::{Answer, Invoke, Invoked, Request, Unreached};
use peer_contract::store::{FileStore, Key, MemoryStore, Scope, Store};
use peer_contract::{BoxFuture, Contract, Value};
use peer_contract_core::envelope::{Envelope, Header, Room, Travel, Unpacked};
use peer_contract_core::inbox::{self, Event, Outcome, Start};
use peer_contract_core::json::{Draft, Json};
use serde_json::json;

const CONTRACT: &str = r##"{
  "peerContract": "1", "name": "shop", "version": "1.0.0",
  "state": { "type": "object" }, "phases": { "start": "asked", "end": ["sent"] },
  "agents": {
    "desk": { "operations": {
      "order": {
        "input": { "$ref": "#/$defs/Order" }, "from": ["asked"], "handsTo": { "hall.ship": "paid" },
        "constraints": { "attempts": 3 }, "idempotencyKey": "/id"
      },
      "price": { "input": { "$ref": "#/$defs/Order" }, "output": { "schema": { "type": "integer" } }, "idempotencyKey": "/id" }
    } },
    "hall": { "operations": {
      "ship": {
        "input": true, "from": ["paid"], "calls": ["desk.price"], "output": { "schema": true, "to": "sent" }
      }
    } }
  },
  "$defs": {
    "Order": {
      "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "pieces": { "type": "number" } }
    }
  }
}"##;

/// Peers that take everything.
struct Taking;

impl Invoke for Taking {
    fn invoke<'a>(&'a self, _: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        let answer = Answer::Payload(Vec::new().into());
        Box::pin(async move { Ok(Invoked { answer, cold: None, request_id: None }) })
    }
}

fn contract() -> Contract {
    Contract::parse(CONTRACT.as_bytes()).unwrap()
}

fn desk(store: Option<Arc<dyn Store>>) -> Host {
    Host::with_parts(contract(), "desk", Settings::default(), store, Arc::new(Taking)).unwrap()
}

/// A desk over each store that lies on this machine.
fn desks() -> Vec<(Host, Arc<dyn Store>, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let files: Arc<dyn Store> = Arc::new(FileStore::new(folder.path().to_owned(), Scope::Shared));
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new(Scope::Shared));
    vec![(desk(Some(memory.clone())), memory, None), (desk(Some(files.clone())), files, Some(folder))]
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

fn text(value: &Value) -> Draft {
    Json::of_value(value).unwrap().into()
}

fn order(travel: Travel, number: u8, input: &Value) -> Vec<u8> {
    let (now_ms, random) = (now_ms(), [number; 10]);
    let start = Start { entry: "desk.order", input: text(input), now_ms, random, travel, trace: None };
    inbox::start(&contract(), start).unwrap().pack(Room::sync(false)).unwrap().bytes
}

/// A call of `desk.price`, as another work makes it.
fn price(number: u8, input: &Value) -> Vec<u8> {
    let mut call: Value = serde_json::from_slice(&order(Travel::Return, number, input)).unwrap();
    let hash = contract().operation("desk.price").unwrap().hash().to_string();
    call["type"] = json!("shop.desk.price");
    call["operation"] = json!(hash);
    for name in ["phase", "replyto"] {
        call.as_object_mut().unwrap().remove(name);
    }
    call["data"].as_object_mut().unwrap().remove("state");
    call.to_string().into_bytes()
}

async fn begin(host: &Host, message: &[u8], request_id: &str) -> Begun {
    let invocation = Invocation { request_id: request_id.into(), ..Invocation::default() };
    host.begin(Event::Bytes(message.to_vec().into()), invocation).await
}

async fn turn(host: &Host, message: &[u8], request_id: &str) -> Turn {
    match begin(host, message, request_id).await {
        Begun::Run(turn) => turn,
        Begun::Done(response) => panic!("{response:?}"),
        Begun::Batch(_) => panic!("no batch was sent"),
    }
}

async fn done(host: &Host, message: &[u8], request_id: &str) -> Response {
    match begin(host, message, request_id).await {
        Begun::Done(response) => response,
        _ => panic!("the handler would run"),
    }
}

async fn ship(turn: &Turn) -> Response {
    turn.finish(Outcome::Handoff { target: "hall.ship".into(), input: text(&json!(1)) }, None).await
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

#[tokio::test]
async fn a_plain_request_that_comes_again_is_the_same_work() {
    for (host, ..) in desks() {
        let first = turn(&host, br#"{"id":"a","pieces":1}"#, "1").await;
        let receipt = payload(ship(&first).await);
        // The same value in other words.
        assert_eq!(payload(done(&host, br#"{ "pieces": 1.0, "id": "\u0061" }"#, "2").await), receipt);
        assert_eq!(fault_code(done(&host, br#"{"id":"a","pieces":2}"#, "3").await), "key_conflict");
        turn(&host, br#"{"id":"b","pieces":2}"#, "4").await;
    }
}

#[tokio::test]
async fn a_repeated_start_is_answered_in_the_first_ones_work() {
    let (one, two) = (&json!({ "id": "a" }), &json!({ "id": "a", "pieces": 2 }));
    for (host, ..) in desks() {
        let first = order(Travel::Return, 1, one);
        let answer = payload(ship(&turn(&host, &first, "1").await).await);
        assert_eq!(payload(done(&host, &order(Travel::Return, 2, one), "2").await), answer);
        let refused = payload(done(&host, &order(Travel::Return, 3, two), "3").await);
        let error = envelope(&refused).error.unwrap();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("key_conflict", Some("/data/input/id")));
    }
}

#[tokio::test]
async fn whoever_follows_a_repeated_start_finds_the_outcome_of_the_first() {
    for (host, store, _folder) in desks() {
        let input = &json!({ "id": "a" });
        payload(ship(&turn(&host, &order(Travel::Event, 1, input), "1").await).await);
        let again = order(Travel::Event, 2, input);
        payload(done(&host, &again, "2").await);
        let Header { work, id, .. } = envelope(&again).header;
        let found = store.get(&Key::outcome(&work, &id).unwrap()).await.unwrap();
        assert!(found.is_some(), "its sender looks under the ids that it sent");
    }
}

#[tokio::test]
async fn a_repeated_call_is_answered_to_its_own_caller() {
    for (host, ..) in desks() {
        let input = &json!({ "id": "a", "pieces": 3 });
        let first = turn(&host, &price(1, input), "1").await;
        let reply = Outcome::Reply(text(&json!(7)));
        let told = envelope(&payload(first.finish(reply, None).await));
        let again = price(2, input);
        let repeated = envelope(&payload(done(&host, &again, "2").await));
        assert_eq!(told.output, repeated.output);
        let sent = envelope(&again).header;
        assert_eq!((repeated.header.work, repeated.header.causation), (sent.work, Some(sent.id)));
    }
}

#[tokio::test]
async fn of_two_requests_at_once_one_runs_and_the_other_may_ask_again() {
    for (host, ..) in desks() {
        let input = &json!({ "id": "a" });
        let running = turn(&host, &price(1, input), "1").await;
        let error = envelope(&payload(done(&host, &price(2, input), "2").await)).error.unwrap();
        assert_eq!((error.code.as_str(), error.retryable), ("in_progress", true));
        payload(running.finish(Outcome::Reply(text(&json!(7))), None).await);
        payload(done(&host, &price(2, input), "2").await);
    }
}

#[tokio::test]
async fn a_request_whose_first_try_failed_is_run_by_the_next_one() {
    for (host, ..) in desks() {
        let input = &json!({ "id": "a" });
        let first = turn(&host, &order(Travel::Return, 1, input), "1").await;
        assert_eq!(fault_code(first.fail("no luck").await), "handler_failed");
        let second = turn(&host, &order(Travel::Return, 2, input), "2").await;
        assert_eq!(second.info().key, first.info().key, "its effects are the first one's");
        let answer = payload(ship(&second).await);
        assert_eq!(payload(done(&host, &order(Travel::Return, 1, input), "3").await), answer);
    }
}

#[tokio::test]
async fn a_key_needs_a_store_that_remembers() {
    let host = desk(None);
    assert_eq!(fault_code(done(&host, br#"{"id":"a"}"#, "1").await), "store_required");
}
