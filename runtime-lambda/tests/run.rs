//! The client that starts a work and forwards its handoffs: retries, time, and answers that are none.

#[path = "shape/relay/mod.rs"]
mod relay;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use peer_contract::host::{Begun, Fault, Host, Invocation, Response, Settings};
use peer_contract::peers::{Answer, Invoke, Invoked, NoPeers, Request, Unreached};
use peer_contract::run::{End, Hop, HopEnd, Observer, Order, Runner};
use peer_contract::store::{MemoryStore, Scope, Store};
use peer_contract::{BoxFuture, Contract, ErrorCode};
use peer_contract_core::envelope::Travel;
use peer_contract_core::inbox::{Event, Outcome};
use peer_contract_core::json::Json;
use serde_json::json;

/// The relay, with a work that may live for this long.
fn contract(deadline: &str) -> Contract {
    let mut value = relay::CONTRACT.contract().unwrap().value().clone();
    value["constraints"]["deadline"] = deadline.into();
    Contract::from_value(value).unwrap()
}

/// A writer whose n-th invocation goes as the test says.
struct Writer {
    host: Host,
    goes: Box<dyn Fn(u32) -> Goes + Send + Sync>,
    count: Mutex<u32>,
}

#[derive(Clone, Copy)]
enum Goes {
    /// It ends the work with the error that the contract has for it.
    Well,
    /// Its process is killed while it works.
    Killed,
    /// It says that another delivery is at work.
    Busy,
    /// It answers with this.
    Says(&'static [u8]),
    Unreached,
}

impl Writer {
    fn new(
        contract: &Contract,
        store: Option<Arc<dyn Store>>,
        goes: impl Fn(u32) -> Goes + Send + Sync + 'static,
    ) -> Self {
        let host = Host::with_parts(contract.clone(), "writer", Settings::default(), store, Arc::new(NoPeers)).unwrap();
        Self { host, goes: Box::new(goes), count: Mutex::new(0) }
    }

    async fn answer(&self, payload: &[u8]) -> Result<Invoked, Unreached> {
        let n = {
            let mut count = self.count.lock().unwrap();
            *count += 1;
            *count
        };
        let answer = match (self.goes)(n) {
            Goes::Unreached => return Err(Unreached::retryable(ErrorCode::PeerUnreachable, "nobody there")),
            Goes::Says(bytes) => Answer::Payload(bytes.into()),
            goes => self.work(payload, n, goes).await,
        };
        Ok(Invoked { answer, cold: None, request_id: Some(format!("r-{n}")) })
    }

    async fn work(&self, payload: &[u8], n: u32, goes: Goes) -> Answer {
        let invocation = Invocation { request_id: format!("r-{n}"), ..Invocation::default() };
        let turn = match self.host.begin(Event::Bytes(payload.to_vec().into()), invocation).await {
            Begun::Run(turn) => turn,
            Begun::Done(response) => return answer(response),
            Begun::Batch(_) => panic!("an entry client sends no batches"),
        };
        let off = Outcome::Error {
            code: "offTopic".into(),
            message: "m".into(),
            data: Some(Json::of_value(&json!({ "reason": "r" })).unwrap().into()),
        };
        match goes {
            Goes::Killed => Answer::Fault(Fault {
                code: "Runtime.ExitError".into(),
                message: "signal: killed".into(),
                at: String::new(),
            }),
            Goes::Busy => {
                let again = Invocation { request_id: "other".into(), ..Invocation::default() };
                let Begun::Done(busy) = self.host.begin(Event::Bytes(payload.to_vec().into()), again).await else {
                    panic!()
                };
                answer(busy)
            }
            _ => answer(turn.finish(off, None).await),
        }
    }
}

fn answer(response: Response) -> Answer {
    match response {
        Response::Payload(bytes) => Answer::Payload(bytes.into()),
        Response::Fault(fault) => Answer::Fault(fault),
    }
}

impl Invoke for Writer {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        Box::pin(async move { self.answer(&request.payload).await })
    }
}

#[derive(Default)]
struct Hops(Mutex<Vec<Hop>>);

impl Observer for Hops {
    fn hop(&self, hop: &Hop) {
        self.0.lock().unwrap().push(hop.clone());
    }
}

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new(Scope::Shared))
}

fn order() -> Order {
    Order::new("writer.draft", Json::of_value(&json!({ "text": "canals" })).unwrap())
}

#[tokio::test]
async fn a_killed_agent_is_tried_again_at_once_although_it_held_the_claim() {
    let (contract, store) = (contract("PT1M"), store());
    let writer = Writer::new(&contract, Some(store.clone()), |n| if n == 1 { Goes::Killed } else { Goes::Well });
    let (hops, since) = (Hops::default(), Instant::now());
    let finished = Runner::new(&contract, &writer, Some(&*store)).observed_by(&hops).run(order()).await.unwrap();
    assert!(matches!(finished.end, End::Declared(raised) if raised.code == "offTopic"));
    assert!(since.elapsed() < Duration::from_secs(5));
    let hops = hops.0.into_inner().unwrap();
    let seen: Vec<_> = hops.iter().map(|hop| (hop.attempt, hop.end.clone(), hop.to.as_deref())).collect();
    let declared = HopEnd::Declared("offTopic".into());
    assert_eq!(seen, [(1, HopEnd::Failed(ErrorCode::PeerFailed), None), (2, declared, Some("dropped"))]);
    assert_eq!((hops[0].from.as_deref(), hops[0].sent_bytes > 0), (Some("asked"), true));
}

#[tokio::test]
async fn a_message_is_tried_as_often_as_the_contract_says() {
    for goes in [Goes::Killed, Goes::Unreached] {
        let contract = contract("PT1M");
        let writer = Writer::new(&contract, None, move |_| goes);
        let hops = Hops::default();
        let stopped = Runner::new(&contract, &writer, None).observed_by(&hops).run(order()).await.unwrap_err();
        assert_eq!(stopped.last.unwrap().attempt, 3);
        assert_eq!((*writer.count.lock().unwrap(), hops.0.into_inner().unwrap().len()), (3, 3));
    }
}

#[tokio::test]
async fn nothing_is_waited_for_beyond_the_expiry() {
    let (contract, store) = (contract("PT1S"), store());
    let writer = Writer::new(&contract, Some(store.clone()), |_| Goes::Busy);
    let since = Instant::now();
    let stopped = Runner::new(&contract, &writer, Some(&*store)).run(order()).await.unwrap_err();
    assert_eq!(stopped.problem.code, ErrorCode::DeadlineExceeded);
    assert_eq!(stopped.last.unwrap().target, "writer.draft");
    assert!(since.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn an_event_without_a_result_is_waited_for_until_the_expiry() {
    let (contract, store) = (contract("PT1S"), store());
    let writer = Writer::new(&contract, Some(store.clone()), |_| Goes::Says(b""));
    let since = Instant::now();
    let order = order().travelling(Travel::Event);
    let stopped = Runner::new(&contract, &writer, Some(&*store)).run(order).await.unwrap_err();
    assert_eq!((stopped.problem.code, stopped.last.unwrap().hop), (ErrorCode::DeadlineExceeded, 1));
    assert!(since.elapsed() < Duration::from_secs(6));
}

#[tokio::test]
async fn an_event_without_a_store_is_refused_before_it_is_sent() {
    let contract = contract("PT1M");
    let writer = Writer::new(&contract, None, |_| Goes::Well);
    let order = order().travelling(Travel::Event);
    let stopped = Runner::new(&contract, &writer, None).run(order).await.unwrap_err();
    assert_eq!((stopped.problem.code, *writer.count.lock().unwrap()), (ErrorCode::StoreRequired, 0));
}

#[tokio::test]
async fn what_is_no_answer_to_the_message_is_not_taken_for_one() {
    for said in [&b"null"[..], b"{", b"{\"work\":1,\"result\":null}", b"", b"\xff"] {
        let contract = contract("PT1M");
        let writer = Writer::new(&contract, None, move |_| Goes::Says(said));
        let stopped = Runner::new(&contract, &writer, None).run(order()).await.unwrap_err();
        assert_eq!(stopped.problem.code, ErrorCode::PeerInvalid);
        assert_eq!(*writer.count.lock().unwrap(), 1);
    }
}

/// Answers every message with the reply to the first one.
struct Parrot {
    writer: Writer,
    first: Mutex<Option<Answer>>,
}

impl Invoke for Parrot {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        Box::pin(async move {
            let known = self.first.lock().unwrap().clone();
            let answer = match known {
                Some(answer) => answer,
                None => self.writer.answer(&request.payload).await?.answer,
            };
            *self.first.lock().unwrap() = Some(answer.clone());
            Ok(Invoked { answer, cold: None, request_id: None })
        })
    }
}

#[tokio::test]
async fn the_answer_of_another_work_is_not_taken_for_one() {
    let contract = contract("PT1M");
    let parrot = Parrot { writer: Writer::new(&contract, None, |_| Goes::Well), first: Mutex::default() };
    let runner = Runner::new(&contract, &parrot, None);
    runner.run(order()).await.unwrap();
    let stopped = runner.run(order()).await.unwrap_err();
    assert_eq!(stopped.problem.code, ErrorCode::PeerInvalid);
}

#[tokio::test]
async fn an_operation_that_is_no_entry_starts_nothing() {
    let contract = contract("PT1M");
    let writer = Writer::new(&contract, None, |_| Goes::Well);
    let order = Order::new("editor.publish", Json::null());
    let stopped = Runner::new(&contract, &writer, None).run(order).await.unwrap_err();
    assert_eq!((stopped.problem.code, stopped.work), (ErrorCode::PhaseRefused, None));
}
