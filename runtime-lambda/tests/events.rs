//! Events of services through a host: batches, claims, requests.

#[path = "shape/relay/mod.rs"]
mod relay;

use std::sync::Arc;

use peer_contract::host::{Batch, Begun, Host, Invocation, Next, Response, Settings, Turn};
use peer_contract::peers::{Answer, Invoke, Invoked, Request, Unreached};
use peer_contract::store::{MemoryStore, Scope, Store};
use peer_contract::{BoxFuture, Contract, Value};
use peer_contract_core::envelope::{Room, Travel};
use peer_contract_core::inbox::{self, Event, Outcome, Start};
use peer_contract_core::json::{Draft, Json};
use serde_json::json;

/// Peers that take everything.
struct Taking;

impl Invoke for Taking {
    fn invoke<'a>(&'a self, _: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        let answer = Answer::Payload(Vec::new().into());
        Box::pin(async move { Ok(Invoked { answer, cold: None, request_id: None }) })
    }
}

fn contract() -> Contract {
    relay::CONTRACT.contract().unwrap().clone()
}

fn writer(store: Option<Arc<dyn Store>>) -> Host {
    Host::with_parts(contract(), "writer", Settings::default(), store, Arc::new(Taking)).unwrap()
}

fn memory() -> Option<Arc<dyn Store>> {
    Some(Arc::new(MemoryStore::new(Scope::Shared)))
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

fn first(travel: Travel) -> Value {
    let input = text(&json!({ "text": "canals" }));
    let start =
        Start { entry: "writer.draft", input, now_ms: now_ms(), random: [7; 10], travel, trace: None, reply_to: None };
    let packed = inbox::start(&contract(), start).unwrap().pack(Room::sync(false)).unwrap();
    serde_json::from_slice(&packed.bytes).unwrap()
}

fn text(value: &Value) -> Draft {
    Json::of_value(value).unwrap().into()
}

/// A batch of a queue: message ids and bodies.
fn batch(messages: &[(&str, &Value)]) -> Value {
    let record = |(id, body): &(&str, &Value)| {
        json!({
            "messageId": id, "receiptHandle": "r", "body": body.to_string(), "eventSource": "aws:sqs",
            "attributes": { "SentTimestamp": "1763689300123" }, "messageAttributes": {},
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:jobs", "awsRegion": "eu-west-1"
        })
    };
    json!({ "Records": messages.iter().map(record).collect::<Vec<_>>() })
}

fn request(body: &Value) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
        "headers": { "content-type": "application/json" }, "body": body.to_string(), "isBase64Encoded": false,
        "requestContext": { "http": { "method": "POST", "path": "/" }, "requestId": "r" }
    })
}

async fn begin(host: &Host, event: &Value, invocation: Invocation) -> Batch {
    match host.begin(Event::Bytes(event.to_string().into()), invocation).await {
        Begun::Batch(batch) => batch,
        Begun::Run(_) => panic!("the event was taken for a message"),
        Begun::Done(response) => panic!("{response:?}"),
    }
}

async fn begun(host: &Host, event: &Value) -> Batch {
    begin(host, event, Invocation { request_id: "lambda".into(), ..Invocation::default() }).await
}

async fn turn(batch: &Batch, ended: Option<Response>) -> Turn {
    match batch.next(ended).await {
        Next::Run(turn) => turn,
        Next::Done(response) => panic!("{response:?}"),
    }
}

async fn answer(batch: &Batch, ended: Option<Response>) -> Value {
    match batch.next(ended).await {
        Next::Done(Response::Payload(bytes)) => serde_json::from_slice(&bytes).unwrap(),
        Next::Done(fault) => panic!("{fault:?}"),
        Next::Run(_) => panic!("the handler would run"),
    }
}

async fn publish(turn: &Turn) -> Response {
    let outcome = Outcome::Handoff { target: "editor.publish".into(), input: text(&json!({ "text": "a" })) };
    turn.finish(outcome, Some(text(&json!({ "drafts": 1 })))).await
}

fn failures(ids: &[&str]) -> Value {
    let item = |id: &&str| json!({ "itemIdentifier": id });
    json!({ "batchItemFailures": ids.iter().map(item).collect::<Vec<_>>() })
}

#[tokio::test]
async fn a_message_that_a_queue_delivers_again_is_the_same_work() {
    let host = writer(memory());
    let event = batch(&[("one", &json!({ "text": "canals" }))]);
    let lost = turn(&begun(&host, &event).await, None).await;
    let again = begun(&host, &event).await;
    let second = turn(&again, None).await;
    assert_eq!(lost.info().work, second.info().work);
    assert_eq!(answer(&again, Some(publish(&second).await)).await, failures(&[]));
    assert_eq!(answer(&begun(&host, &event).await, None).await, failures(&[]), "it does not run a third time");
}

#[tokio::test]
async fn a_queue_keeps_a_message_that_somebody_else_works_on() {
    let host = writer(memory());
    let message = first(Travel::Event);
    let working = begun(&host, &batch(&[("one", &message)])).await;
    let turn = turn(&working, None).await;
    let other = batch(&[("two", &message)]);
    assert_eq!(answer(&begun(&host, &other).await, None).await, failures(&["two"]));
    assert_eq!(answer(&working, Some(publish(&turn).await)).await, failures(&[]));
    assert_eq!(answer(&begun(&host, &other).await, None).await, failures(&[]));
}

#[tokio::test]
async fn a_handler_that_fails_fails_its_message_alone() {
    let host = writer(memory());
    let topic = json!({ "text": "canals" });
    let batch = begun(&host, &batch(&[("one", &topic), ("two", &topic)])).await;
    let failed = turn(&batch, None).await.fail("no luck").await;
    let done = publish(&turn(&batch, Some(failed)).await).await;
    assert_eq!(answer(&batch, Some(done)).await, failures(&["one"]));
}

#[tokio::test]
async fn messages_that_there_is_no_time_for_are_left_to_the_queue() {
    let host = writer(memory());
    let topic = json!({ "text": "canals" });
    let short = Invocation { deadline_ms: Some(now_ms() + 2_000), ..Invocation::default() };
    let batch = begin(&host, &batch(&[("one", &topic), ("two", &topic)]), short).await;
    assert_eq!(answer(&batch, None).await, failures(&["one", "two"]));
}

#[tokio::test]
async fn a_message_that_cannot_be_answered_stays_in_the_queue() {
    let batch = begun(&writer(memory()), &batch(&[("one", &first(Travel::Return))])).await;
    assert_eq!(answer(&batch, None).await, failures(&["one"]));
}

#[tokio::test]
async fn a_request_is_answered_with_the_next_message() {
    let batch = begun(&writer(None), &request(&first(Travel::Return))).await;
    let done = publish(&turn(&batch, None).await).await;
    let answer = answer(&batch, Some(done)).await;
    assert_eq!((&answer["statusCode"], &answer["isBase64Encoded"]), (&json!(200), &json!(false)));
    assert_eq!(answer["headers"]["content-type"], "application/cloudevents+json");
    let next: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!(next["type"], "relay.editor.publish");
}

#[tokio::test]
async fn a_large_answer_to_a_request_stays_within_what_lambda_carries() {
    let mut message = first(Travel::Return);
    message["data"]["state"] = json!({ "drafts": 1, "notes": "\"".repeat(3_000_000) });
    let batch = begun(&writer(None), &request(&message)).await;
    let turn = turn(&batch, None).await;
    let outcome = Outcome::Handoff { target: "editor.publish".into(), input: text(&json!({ "text": "a" })) };
    let done = turn.finish(outcome, turn.state().cloned().map(Draft::from)).await;
    assert!(answer(&batch, Some(done)).await.to_string().len() < 6_000_000);
}

#[tokio::test]
async fn a_handler_that_fails_is_a_status_of_the_request() {
    let batch = begun(&writer(None), &request(&json!({ "text": "canals" }))).await;
    let failed = turn(&batch, None).await.fail("no luck").await;
    assert_eq!(answer(&batch, Some(failed)).await["statusCode"], 500);
}
