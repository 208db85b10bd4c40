//! `replyto`: the reply that ends a work goes to whom it names, and into the store.

mod shop;

use std::sync::Arc;

use peer_contract::host::{Host, Response, Turn};
use peer_contract::store::{Key, MemoryStore, Scope, Store};
use peer_contract::{ErrorCode, Value};
use peer_contract_core::envelope::{Payload, Travel};
use peer_contract_core::inbox::Outcome;
use serde_json::json;

use shop::{ADDRESS, Wire, begin, contract, done, envelope, fault_code, first, host, payload, text, turn};

/// The agents over one store in memory.
struct Shop {
    store: Arc<dyn Store>,
    wire: Wire,
}

impl Shop {
    fn new() -> Self {
        Self { store: Arc::new(MemoryStore::new(Scope::Shared)), wire: Wire::default() }
    }

    fn host(&self, agent: &str) -> Host {
        host(agent, Some(self.store.clone()), &self.wire)
    }

    /// The message that hands a work over to `hall.ship`, on its way to its end.
    async fn shipping(&self, reply_to: &str) -> Vec<u8> {
        let order = starting("desk.order", reply_to, &json!({ "id": "a" }));
        let turn = turn(&self.host("desk"), &order, "0").await;
        let handoff = Outcome::Handoff { target: "hall.ship".into(), input: text(&json!(1)) };
        payload(turn.finish(handoff, None).await);
        let [(agent, message)] = self.wire.sent().try_into().unwrap();
        assert_eq!(agent, "hall");
        message
    }

    async fn result(&self, work: &str) -> Option<Vec<u8>> {
        self.store.get(&Key::result(work).unwrap()).await.unwrap().map(|found| found.bytes)
    }
}

/// The first message of a work, with any `replyto`.
fn starting(entry: &str, reply_to: &str, input: &Value) -> Vec<u8> {
    let mut message: Value = serde_json::from_slice(&first(entry, Travel::Event, input)).unwrap();
    message["replyto"] = json!(reply_to);
    message.to_string().into_bytes()
}

async fn shipped(turn: &Turn) -> Response {
    turn.finish(Outcome::Reply(text(&json!({ "id": "a" }))), None).await
}

fn code(reply: &[u8]) -> (String, Option<String>) {
    let error = envelope(reply).error.expect("an error");
    (error.code, error.at)
}

#[tokio::test]
async fn a_reply_goes_to_its_address_and_into_the_store_and_is_the_same_when_it_is_sent_again() {
    let shop = Shop::new();
    let message = shop.shipping(ADDRESS).await;
    let hall = shop.host("hall");
    payload(shipped(&turn(&hall, &message, "1").await).await);
    let [(to, reply)] = shop.wire.sent().try_into().unwrap();
    assert_eq!(to, ADDRESS);
    let sent = envelope(&reply);
    assert!(sent.header.reply && sent.output.is_some());
    assert_eq!(shop.result(&sent.header.work).await.as_ref(), Some(&reply));
    payload(done(&hall, &message, "2").await);
    assert_eq!(shop.wire.sent(), [(ADDRESS.to_owned(), reply)], "so who gets it twice sees that");
}

#[tokio::test]
async fn errors_and_expired_messages_are_replied_too_and_the_invocation_succeeds() {
    let shop = Shop::new();
    let message = shop.shipping(ADDRESS).await;
    let turn = turn(&shop.host("hall"), &message, "1").await;
    let data = Some(text(&json!("pieces")));
    payload(turn.finish(Outcome::Error { code: "soldOut".into(), message: "no".into(), data }, None).await);
    let [(_, reply)] = shop.wire.sent().try_into().unwrap();
    assert_eq!(code(&reply), ("soldOut".to_owned(), None));

    let shop = Shop::new();
    let mut late: Value = serde_json::from_slice(&shop.shipping(ADDRESS).await).unwrap();
    late["expirytime"] = json!("2020-01-01T00:00:00Z");
    payload(done(&shop.host("hall"), late.to_string().as_bytes(), "1").await);
    let [(to, reply)] = shop.wire.sent().try_into().unwrap();
    assert_eq!((to.as_str(), code(&reply).0.as_str()), (ADDRESS, "deadline_exceeded"));
}

#[tokio::test]
async fn a_work_has_one_reply_whatever_comes_late() {
    let shop = Shop::new();
    let message = shop.shipping(ADDRESS).await;
    payload(shipped(&turn(&shop.host("hall"), &message, "1").await).await);
    let [(_, reply)] = shop.wire.sent().try_into().unwrap();
    let mut late: Value = serde_json::from_slice(&message).unwrap();
    late["expirytime"] = json!("2020-01-01T00:00:00Z");
    payload(done(&shop.host("hall"), late.to_string().as_bytes(), "2").await);
    assert_eq!(shop.wire.sent(), [(ADDRESS.to_owned(), reply)]);
}

#[tokio::test]
async fn an_address_outside_the_list_is_refused_before_any_work_and_gets_nothing() {
    let addresses = ["https://example.org/", "desk.price", "desk.nothing", "office.file", "group/0"];
    for address in addresses {
        let shop = Shop::new();
        let order = starting("desk.order", address, &json!({ "id": "a" }));
        payload(done(&shop.host("desk"), &order, "1").await);
        assert!(shop.wire.sent().is_empty(), "{address}");
        let reply = shop.result(&envelope(&order).header.work).await.unwrap();
        assert_eq!(code(&reply), ("address_refused".to_owned(), Some("/replyto".to_owned())), "{address}");
    }
}

#[tokio::test]
async fn an_entry_starts_a_work_of_its_own_with_the_reply() {
    let shop = Shop::new();
    let message = shop.shipping("office.note").await;
    let hall = shop.host("hall");
    payload(shipped(&turn(&hall, &message, "1").await).await);
    let [(agent, begun)] = shop.wire.sent().try_into().unwrap();
    assert_eq!(agent, "office");
    payload(done(&hall, &message, "2").await);
    assert_eq!(shop.wire.sent(), [("office".to_owned(), begun.clone())], "the same reply makes the same message");
    let (ended, begun_as) = (envelope(&message).header.work, envelope(&begun).header);
    assert_ne!(begun_as.work, ended);
    assert_eq!(begun_as.reply_to.as_deref(), Some("store"), "works do not answer each other for ever");
    let note = turn(&shop.host("office"), &begun, "3").await;
    let expected = json!({ "operation": "hall.ship", "output": { "id": "a" }, "phase": "sent", "work": ended });
    assert_eq!(note.input().to_value(), expected);
}

#[tokio::test]
async fn an_entry_learns_of_errors_as_joins_do() {
    let shop = Shop::new();
    let message = shop.shipping("office.note").await;
    let turn_of = turn(&shop.host("hall"), &message, "1").await;
    payload(turn_of.finish(Outcome::Reply(text(&json!("no order"))), None).await);
    let [(_, begun)] = shop.wire.sent().try_into().unwrap();
    let note = turn(&shop.host("office"), &begun, "2").await;
    let error = &note.input().to_value()["error"];
    assert_eq!((&error["code"], &error["at"]), (&json!("output_invalid"), &json!("/output")));
}

#[tokio::test]
async fn a_reply_that_reaches_nobody_is_thrown_and_the_result_is_there() {
    for failure in [ErrorCode::PeerUnreachable, ErrorCode::AddressRefused] {
        let shop = Shop::new();
        let message = shop.shipping(ADDRESS).await;
        shop.wire.failing(Some(failure));
        let turn = turn(&shop.host("hall"), &message, "1").await;
        assert_eq!(fault_code(shipped(&turn).await), failure.as_str());
        let reply = shop.result(&envelope(&message).header.work).await.unwrap();
        assert!(envelope(&reply).output.is_some());
        shop.wire.failing(None);
        payload(done(&shop.host("hall"), &message, "1").await);
        assert_eq!(shop.wire.sent(), [(ADDRESS.to_owned(), reply)], "what was stored is what is sent");
    }
}

#[tokio::test]
async fn an_error_that_another_try_may_cure_is_no_reply_yet() {
    let shop = Shop::new();
    let message = shop.shipping(ADDRESS).await;
    let mut other: Value = serde_json::from_slice(&message).unwrap();
    // A part that lies in the store, which does not have it.
    let lost = json!({ "sha256": "0".repeat(64), "bytes": 2, "encoding": "identity" });
    other["data"]["inputRef"] = lost;
    other["data"].as_object_mut().unwrap().remove("input");
    assert_eq!(fault_code(done(&shop.host("hall"), other.to_string().as_bytes(), "1").await), "store_failed");
    assert!(shop.wire.sent().is_empty());
}

#[tokio::test]
async fn a_large_reply_fits_a_topic_and_what_does_not_fit_lies_in_the_store() {
    let shop = Shop::new();
    let message = shop.shipping(ADDRESS).await;
    let noise: String =
        (0..400_000_u32).map(|n| char::from(b'!' + (n.wrapping_mul(2_654_435_761) >> 25) as u8 % 90)).collect();
    let noise = noise.replace(['"', '\\'], "x");
    let turn = turn(&shop.host("hall"), &message, "1").await;
    payload(turn.finish(Outcome::Reply(text(&json!({ "id": noise }))), None).await);
    let [(_, reply)] = shop.wire.sent().try_into().unwrap();
    assert!(reply.len() <= 240 << 10, "{}", reply.len());
    let Some(Payload::Reference(reference)) = envelope(&reply).output else { panic!("by reference") };
    let work = envelope(&reply).header.work;
    let stored = shop.store.get(&Key::parse(&reference.key(&work)).unwrap()).await.unwrap();
    assert!(reference.inline.is_some() || stored.is_some());
}

#[tokio::test]
async fn a_group_whose_join_cannot_run_is_replied_as_well() {
    let shop = Shop::new();
    let clerk = shop.host("clerk");
    let parent = turn(&clerk, &starting("clerk.count", ADDRESS, &json!({ "id": "a" })), "0").await;
    let children = vec![("desk.price".to_owned(), text(&json!({ "id": "b" })))];
    payload(parent.finish(Outcome::FanOut { children }, None).await);
    let [(_, child)] = shop.wire.sent().try_into().unwrap();
    let child = turn(&shop.host("desk"), &child, "1").await;
    payload(child.finish(Outcome::Reply(text(&json!("no integer"))), None).await);
    let [(to, reply)] = shop.wire.sent().try_into().unwrap();
    assert_eq!((to.as_str(), code(&reply).0.as_str()), (ADDRESS, "fan_out_failed"));
}

#[tokio::test]
async fn by_return_nobody_else_is_replied_to() {
    let shop = Shop::new();
    let mut order: Value = serde_json::from_slice(&starting("desk.order", ADDRESS, &json!({ "id": "a" }))).unwrap();
    order["delivery"] = json!("return");
    let turn = turn(&shop.host("desk"), order.to_string().as_bytes(), "1").await;
    let handoff = Outcome::Handoff { target: "hall.ship".into(), input: text(&json!(1)) };
    payload(turn.finish(handoff, None).await);
    assert!(shop.wire.sent().is_empty());
}

#[tokio::test]
async fn who_starts_work_is_told_at_once_what_no_agent_would_take() {
    use peer_contract::run::{Order, first_message};
    let order = |reply_to: &str| Order::new("desk.order", text(&json!({ "id": "a" }))).replying_to(reply_to);
    for refused in ["desk.price", "office.file", "no.body", "two words", ""] {
        let problem = first_message(&contract(), order(refused)).unwrap_err();
        assert_eq!((problem.code, problem.at.as_str()), (ErrorCode::AddressRefused, "/replyto"), "{refused}");
    }
    let first = first_message(&contract(), order("office.note")).unwrap();
    assert_eq!(first.agent, "desk");
    assert_eq!(envelope(&first.message).header.reply_to.as_deref(), Some("office.note"));
    let host = Shop::new().host("desk");
    assert!(matches!(begin(&host, &first.message, "1").await, peer_contract::host::Begun::Run(_)));
}
