//! What a handler may end with, and the message that carries it.

use peer_contract_core::envelope::{Payload, Recipient, Travel, id};
use peer_contract_core::inbox::{Event, Outcome};
use peer_contract_core::{ErrorCode, Problem, Problems, Value};
use serde_json::json;

use crate::kit::{NOW, TRACE, arrival, begin, bytes, envelope, inbox, open, ready, reason, relay, second, text};

fn handoff(target: &str, input: Value) -> Outcome {
    Outcome::Handoff { target: target.to_owned(), input: text(input).into() }
}

fn error(code: &str, data: Option<Value>) -> Outcome {
    Outcome::Error { code: code.to_owned(), message: "so it is".to_owned(), data: data.map(|data| text(data).into()) }
}

fn places(problems: &Problems) -> Vec<(&str, &str)> {
    problems.as_slice().iter().map(|problem| (problem.code.as_str(), problem.at.as_str())).collect()
}

#[test]
fn a_handoff_is_the_next_message_of_the_same_work() {
    let contract = relay();
    let first = begin(&contract, Travel::Return);
    let delivery = ready(open(&inbox(&contract, "first"), &bytes(&first)));
    assert_eq!(delivery.header(), &first.header);
    let next = delivery.close(
        handoff("second.pass", json!({ "word": "x" })),
        Some(text(json!({ "lines": [] })).into()),
        NOW + 5,
    );
    let next = envelope(&bytes(&next.unwrap()));
    let header = &next.header;
    assert_eq!((header.target.as_str(), header.phase.as_deref(), header.hop), ("second.pass", Some("open"), 2));
    assert_eq!(header.id, id::derived(&first.header.id, 0));
    assert_eq!(header.causation.as_ref(), Some(&first.header.id));
    assert_eq!((&header.work, header.expiry_ms), (&first.header.work, first.header.expiry_ms));
    assert_eq!(header.operation, contract.operation("second.pass").unwrap().hash());
    assert_eq!(header.source, "/relay/first");
    let sending = header.id.replace('-', "");
    assert_eq!(header.trace().to_string(), format!("{}{}-01", &TRACE[..36], &sending[..16]));
    assert_eq!(next.state, Some(Payload::Json(text(json!({ "lines": [] })))));
    assert!(next.contract.is_some());
}

#[test]
fn a_repeated_delivery_makes_the_same_ids() {
    let contract = relay();
    let once = second(&contract, Travel::Return)
        .close(Outcome::Reply(text(json!({ "word": "x" })).into()), None, NOW)
        .unwrap();
    let twice = second(&contract, Travel::Return)
        .close(Outcome::Reply(text(json!({ "word": "x" })).into()), None, NOW)
        .unwrap();
    assert_eq!(once, twice);
}

#[test]
fn where_an_outcome_goes_depends_on_how_the_work_travels() {
    let contract = relay();
    for (travel, reply, next) in [
        (Travel::Return, Recipient::Invoker, Recipient::Invoker),
        (Travel::Event, Recipient::ResultRecord, Recipient::Agent("second".to_owned())),
    ] {
        let delivery = second(&contract, travel);
        assert_eq!(
            delivery.close(Outcome::Reply(text(json!({ "word": "x" })).into()), None, NOW).unwrap().recipient,
            reply
        );
        assert_eq!(delivery.close(handoff("second.pass", json!({ "word": "x" })), None, NOW).unwrap().recipient, next);
    }
}

#[test]
fn a_reply_carries_the_end_phase_and_the_state() {
    let contract = relay();
    let reply = second(&contract, Travel::Return)
        .close(Outcome::Reply(text(json!({ "word": "x" })).into()), None, NOW)
        .unwrap();
    let reply = envelope(&bytes(&reply));
    assert!(reply.header.reply);
    assert_eq!((reply.header.phase.as_deref(), reply.header.hop), (Some("done"), 2));
    assert_eq!(reply.state, Some(Payload::Json(text(json!({ "lines": ["opened"] })))));
}

#[test]
fn an_error_with_a_phase_ends_there_and_one_without_commits_nothing() {
    let contract = relay();
    let delivery = second(&contract, Travel::Return);
    let lost = delivery.close(error("lost", Some(json!({ "word": "x" }))), Some(text(json!({})).into()), NOW).unwrap();
    let lost = envelope(&bytes(&lost));
    assert_eq!((lost.header.phase.as_deref(), lost.state), (Some("givenUp"), Some(Payload::Json(text(json!({}))))));
    let body = lost.error.unwrap();
    assert_eq!((body.code.as_str(), body.at, body.retryable), ("lost", None, false));
    assert_eq!(body.data, Some(Payload::Json(text(json!({ "word": "x" })))));
    let busy = envelope(&bytes(&delivery.close(error("busy", None), Some(text(json!({})).into()), NOW).unwrap()));
    assert_eq!((busy.header.phase, busy.state), (None, None));
    assert!(busy.error.unwrap().retryable);
}

#[test]
fn what_the_contract_does_not_list_is_refused() {
    let contract = relay();
    let delivery = second(&contract, Travel::Return);
    for outcome in [handoff("first.open", json!({ "word": "x" })), handoff("no.where", json!(1)), error("other", None)]
    {
        let problems = delivery.close(outcome, None, NOW).unwrap_err();
        assert_eq!(places(&problems), [("outcome_refused", "")]);
    }
    let first = ready(open(&inbox(&contract, "first"), &bytes(&begin(&contract, Travel::Return))));
    let problems = first.close(Outcome::Reply(text(json!({ "word": "x" })).into()), None, NOW).unwrap_err();
    assert_eq!(places(&problems), [("outcome_refused", "")]);
}

#[test]
fn what_a_handler_gets_wrong_is_named_at_its_place() {
    let contract = relay();
    let delivery = second(&contract, Travel::Return);
    let close = |outcome, state| delivery.close(outcome, state, NOW).unwrap_err();
    let problems = close(Outcome::Reply(text(json!({ "word": 1 })).into()), Some(text(json!({ "lines": [1] })).into()));
    assert_eq!(places(&problems), [("output_invalid", "/output/word"), ("output_invalid", "/state/lines/0")]);
    assert_eq!(places(&close(handoff("second.pass", json!({})), None)), [("output_invalid", "/input/word")]);
    assert_eq!(places(&close(error("lost", Some(json!(1))), None)), [("output_invalid", "/data")]);
    assert_eq!(places(&close(error("lost", None), None)), [("output_invalid", "/data")]);
    assert_eq!(places(&close(error("busy", Some(json!(1))), None)), [("output_invalid", "/data")]);
}

#[test]
fn a_state_may_fill_its_limit_and_no_more() {
    let contract = relay();
    let delivery = second(&contract, Travel::Return);
    let state = |bytes: usize| Some(text(json!({ "lines": ["x".repeat(bytes - r#"{"lines":[""]}"#.len())] })).into());
    let reply = || Outcome::Reply(text(json!({ "word": "x" })).into());
    assert!(delivery.close(reply(), state(63), NOW).is_ok());
    assert!(delivery.close(reply(), state(64), NOW).is_ok());
    assert_eq!(places(&delivery.close(reply(), state(65), NOW).unwrap_err()), [("state_too_large", "/state")]);
}

#[test]
fn a_work_makes_no_more_hops_than_its_contract_allows() {
    let contract = relay();
    let delivery = second(&contract, Travel::Return);
    let third = delivery.close(handoff("second.pass", json!({ "word": "x" })), None, NOW).unwrap();
    let delivery = ready(open(&inbox(&contract, "second"), &bytes(&third)));
    assert_eq!(delivery.info().hop, 3);
    let problems = delivery.close(handoff("second.pass", json!({ "word": "x" })), None, NOW).unwrap_err();
    assert_eq!(places(&problems), [("hop_limit", "/hop")]);
    assert!(delivery.close(Outcome::Reply(text(json!({ "word": "x" })).into()), None, NOW).is_ok());
}

#[test]
fn a_refusal_tells_code_and_place_and_moves_nothing() {
    let delivery = second(&relay(), Travel::Return);
    let problem = Problem::new(ErrorCode::InProgress, "/hop".parse().unwrap(), "somebody else does it");
    let reply = envelope(&bytes(&delivery.refuse(&problem, NOW)));
    let body = reply.error.unwrap();
    assert_eq!((body.code.as_str(), body.at.as_deref(), body.retryable), ("in_progress", Some("/hop"), true));
    assert_eq!((reply.header.phase, reply.state), (None, None));
}

#[test]
fn plain_json_starts_work_at_the_only_entry() {
    let contract = crate::kit::contract(include_str!("../../../schemas/vectors/contracts/research-brief.json"));
    let inbox = inbox(&contract, "reasoner");
    let delivery = ready(open(&inbox, br#"{"text":"canals"}"#));
    assert!(delivery.is_plain());
    assert_eq!((delivery.header().hop, delivery.travel()), (1, Travel::Return));
    assert_eq!(delivery.state(), Some(&text(json!({ "question": "", "rounds": 0 }))));
    assert_eq!(delivery.info().deadline_ms, NOW + 30_000);
    let shared = ready(inbox.open(Event::Bytes(br#"{"text":"canals"}"#.as_slice().into()), &arrival(true)));
    assert_eq!((shared.travel(), shared.header().reply_to.as_deref()), (Travel::Event, Some("store")));
    assert_eq!(reason(open(&inbox, br#"{"text":3}"#)), ("type_mismatch".to_owned(), "/text".to_owned()));
}

#[test]
fn objects_of_a_managed_runtime_are_the_same_message() {
    let contract = relay();
    let bytes = bytes(&begin(&contract, Travel::Return));
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let inbox = inbox(&contract, "first");
    let delivery = ready(inbox.open(Event::Value(value.clone()), &arrival(false)));
    assert_eq!(delivery.info(), ready(open(&inbox, &bytes)).info());
    let mut unsafe_integer = value;
    unsafe_integer["data"]["state"]["n"] = json!(1_u64 << 53);
    let opened = inbox.open(Event::Value(unsafe_integer), &arrival(false));
    assert_eq!(reason(opened), ("json_number".to_owned(), "/data/state/n".to_owned()));
}

#[test]
fn the_handler_has_the_shortest_of_all_times() {
    let contract = relay();
    let outgoing = begin(&contract, Travel::Return);
    let inbox = inbox(&contract, "first");
    let at = |now_ms, deadline_ms| {
        let arrival = peer_contract_core::inbox::Arrival { now_ms, deadline_ms, ..arrival(false) };
        inbox.open(Event::Bytes(bytes(&outgoing).into()), &arrival)
    };
    assert_eq!(ready(at(NOW, None)).info().deadline_ms, NOW + 60_000);
    assert_eq!(ready(at(NOW, Some(NOW + 5_000))).info().deadline_ms, NOW + 3_000);
    assert_eq!(ready(at(NOW + 59_999, None)).info().deadline_ms, NOW + 60_000);
    assert_eq!(reason(at(NOW + 60_000, None)), ("deadline_exceeded".to_owned(), "/expirytime".to_owned()));
    assert_eq!(reason(at(NOW, Some(NOW + 2_000))), ("deadline_exceeded".to_owned(), String::new()));
}
