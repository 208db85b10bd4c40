//! The same key is the same request: one outcome, whoever asks, and however often. On every store.

use std::sync::Arc;

use peer_contract::host::{Host, Response, Turn};
use peer_contract::store::{FileStore, Key, MemoryStore, Scope, Store};
use peer_contract::{ErrorCode, Value};
use peer_contract_core::envelope::{Header, Travel};
use peer_contract_core::inbox::Outcome;
use serde_json::json;

use crate::cloud::store_of_child;
use crate::shop::{Wire, begin, contract, done, envelope, fault_code, first, host, payload, text, turn};

/// The agent with the keys, over a store, and what it sends. Each check has keys of its own.
struct Desk {
    host: Host,
    store: Arc<dyn Store>,
    wire: Wire,
    check: &'static str,
}

impl Desk {
    fn new(store: &Arc<dyn Store>, check: &'static str) -> Self {
        let wire = Wire::default();
        Self { host: host("desk", Some(store.clone()), &wire), store: store.clone(), wire, check }
    }

    fn input(&self, pieces: u32) -> Value {
        json!({ "id": self.check, "pieces": pieces })
    }

    fn order(&self, travel: Travel, pieces: u32) -> Vec<u8> {
        first("desk.order", travel, &self.input(pieces))
    }

    /// A call of `desk.price`, as another work makes it.
    fn price(&self, pieces: u32) -> Vec<u8> {
        let mut call: Value = serde_json::from_slice(&self.order(Travel::Return, pieces)).unwrap();
        let hash = contract().operation("desk.price").unwrap().hash().to_string();
        call["type"] = json!("shop.desk.price");
        call["operation"] = json!(hash);
        call.as_object_mut().unwrap().remove("phase");
        call["data"].as_object_mut().unwrap().remove("state");
        call.to_string().into_bytes()
    }
}

async fn ship(turn: &Turn) -> Response {
    turn.finish(Outcome::Handoff { target: "hall.ship".into(), input: text(&json!(1)) }, None).await
}

async fn seven(turn: &Turn) -> Response {
    turn.finish(Outcome::Reply(text(&json!(7))), None).await
}

async fn a_plain_request_that_comes_again_is_the_same_work(desk: Desk) {
    let first = turn(&desk.host, desk.input(1).to_string().as_bytes(), "1").await;
    let receipt = payload(ship(&first).await);
    let in_other_words = format!(r#"{{ "pieces": 1.0, "id": "{}" }}"#, desk.check);
    assert_eq!(payload(done(&desk.host, in_other_words.as_bytes(), "2").await), receipt);
    assert_eq!(fault_code(done(&desk.host, desk.input(2).to_string().as_bytes(), "3").await), "key_conflict");
}

async fn a_repeated_start_is_answered_in_the_first_ones_work(desk: Desk) {
    let answer = payload(ship(&turn(&desk.host, &desk.order(Travel::Return, 1), "1").await).await);
    assert_eq!(payload(done(&desk.host, &desk.order(Travel::Return, 1), "2").await), answer);
    let refused = payload(done(&desk.host, &desk.order(Travel::Return, 2), "3").await);
    let error = envelope(&refused).error.unwrap();
    assert_eq!((error.code.as_str(), error.at.as_deref()), ("key_conflict", Some("/data/input/id")));
}

async fn whoever_follows_a_repeated_start_finds_the_outcome_of_the_first(desk: Desk) {
    payload(ship(&turn(&desk.host, &desk.order(Travel::Event, 1), "1").await).await);
    let again = desk.order(Travel::Event, 1);
    payload(done(&desk.host, &again, "2").await);
    let Header { work, id, .. } = envelope(&again).header;
    let found = desk.store.get(&Key::outcome(&work, &id).unwrap()).await.unwrap();
    assert!(found.is_some(), "its sender looks under the ids that it sent");
    // A delivery of it that comes once more needs no key to be answered.
    payload(done(&desk.host, &again, "3").await);
}

async fn a_repeated_start_waits_for_the_first_one(desk: Desk) {
    let running = turn(&desk.host, &desk.order(Travel::Event, 1), "1").await;
    let (host, again) = (desk.host.clone(), desk.order(Travel::Event, 1));
    let waiting = tokio::spawn(async move { payload(done(&host, &again, "2").await) });
    payload(ship(&running).await);
    waiting.await.unwrap();
    let sent = desk.wire.sent();
    assert!(sent.iter().all(|(_, payload)| *payload == sent[0].1), "one message, however often");
}

async fn a_repeated_call_is_answered_to_its_own_caller(desk: Desk) {
    let told = envelope(&payload(seven(&turn(&desk.host, &desk.price(3), "1").await).await));
    let again = desk.price(3);
    let repeated = envelope(&payload(done(&desk.host, &again, "2").await));
    assert_eq!(told.output, repeated.output);
    let sent = envelope(&again).header;
    assert_eq!((repeated.header.work, repeated.header.causation), (sent.work, Some(sent.id)));
}

async fn of_two_requests_at_once_one_runs_and_the_other_may_ask_again(desk: Desk) {
    let running = turn(&desk.host, &desk.price(1), "1").await;
    let error = envelope(&payload(done(&desk.host, &desk.price(1), "2").await)).error.unwrap();
    assert_eq!((error.code.as_str(), error.retryable), ("in_progress", true));
    payload(seven(&running).await);
    payload(done(&desk.host, &desk.price(1), "2").await);
}

async fn of_many_requests_at_once_one_runs(desk: Desk) {
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let (host, message) = (desk.host.clone(), desk.price(1));
            tokio::spawn(async move {
                match begin(&host, &message, &number.to_string()).await {
                    peer_contract::host::Begun::Run(turn) => Some(turn),
                    _ => None,
                }
            })
        })
        .collect();
    let mut running = 0;
    for task in tasks {
        running += usize::from(task.await.unwrap().is_some());
    }
    assert_eq!(running, 1);
}

async fn a_request_whose_first_try_failed_is_run_by_the_next_one(desk: Desk) {
    let first = turn(&desk.host, &desk.order(Travel::Return, 1), "1").await;
    assert_eq!(fault_code(first.fail("no luck").await), "handler_failed");
    let second = turn(&desk.host, &desk.order(Travel::Return, 1), "2").await;
    assert_eq!(second.info().key, first.info().key, "its effects are the first one's");
    let answer = payload(ship(&second).await);
    assert_eq!(payload(done(&desk.host, &desk.order(Travel::Return, 1), "3").await), answer);
}

async fn a_handoff_that_reached_nobody_is_sent_by_the_next_one(desk: Desk) {
    desk.wire.failing(Some(ErrorCode::PeerUnreachable));
    let first = turn(&desk.host, &desk.order(Travel::Event, 1), "1").await;
    assert_eq!(fault_code(ship(&first).await), "peer_unreachable");
    desk.wire.failing(None);
    payload(done(&desk.host, &desk.order(Travel::Event, 1), "2").await);
    let [(agent, _)] = &desk.wire.sent()[..] else { panic!("one handoff") };
    assert_eq!(agent, "hall");
}

async fn children_with_one_key_share_an_outcome_and_the_join_gets_both(desk: Desk) {
    let clerk = host("clerk", Some(desk.store.clone()), &desk.wire);
    let parent = turn(&clerk, &first("clerk.count", Travel::Event, &desk.input(0)), "0").await;
    let child = || ("desk.price".to_owned(), text(&desk.input(5)));
    payload(parent.finish(Outcome::FanOut { children: vec![child(), child()] }, None).await);
    let [(_, one), (_, two)] = desk.wire.sent().try_into().unwrap();
    let running = turn(&desk.host, &one, "1").await;
    let waiting = desk.host.clone();
    let waiting = tokio::spawn(async move { payload(done(&waiting, &two, "2").await) });
    payload(seven(&running).await);
    waiting.await.unwrap();
    let (agent, join) = desk.wire.sent().pop().expect("the group is complete");
    assert_eq!(agent, "hall");
    let join: Value = serde_json::from_slice(&join).unwrap();
    let result = |index: u32| json!({ "index": index, "operation": "desk.price", "output": 7 });
    assert_eq!(join["data"]["input"]["results"], json!([result(0), result(1)]));
}

async fn all(store: Arc<dyn Store>) {
    macro_rules! check {
        ($($name:ident)*) => { $($name(Desk::new(&store, stringify!($name))).await;)* };
    }
    check!(
        a_plain_request_that_comes_again_is_the_same_work
        a_repeated_start_is_answered_in_the_first_ones_work
        whoever_follows_a_repeated_start_finds_the_outcome_of_the_first
        a_repeated_start_waits_for_the_first_one
        a_repeated_call_is_answered_to_its_own_caller
        of_two_requests_at_once_one_runs_and_the_other_may_ask_again
        of_many_requests_at_once_one_runs
        a_request_whose_first_try_failed_is_run_by_the_next_one
        a_handoff_that_reached_nobody_is_sent_by_the_next_one
        children_with_one_key_share_an_outcome_and_the_join_gets_both
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_is_one_request_in_memory_and_in_files() {
    all(Arc::new(MemoryStore::new(Scope::Shared))).await;
    let folder = tempfile::tempdir().unwrap();
    all(Arc::new(FileStore::new(folder.path().to_owned(), Scope::Shared))).await;
}

/// The same on the store of the environment, in a process of its own: S3 and DynamoDB, see `conformance`.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn suite() {
    let Some(store) = store_of_child("requests::suite") else { return };
    all(store).await;
}

#[tokio::test]
async fn a_key_needs_a_store_that_remembers() {
    let host = host("desk", None, &Wire::default());
    assert_eq!(fault_code(done(&host, br#"{"id":"a"}"#, "1").await), "store_required");
}
