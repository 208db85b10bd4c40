//! Calls, and what comes back from them.

use peer_contract_core::envelope::Travel;
use peer_contract_core::inbox::{CallAnswer, CallMessage, Delivery, Event, Inbox, Outcome, Raised, inline_contract};
use peer_contract_core::{ErrorCode, Problem, Value};
use serde_json::json;

use crate::kit::{NOW, arrival, bytes, changed, inbox, open, pending, ready, relay, second, text};

fn call(delivery: &Delivery) -> CallMessage {
    delivery.call(0, "third.spell", text(json!({ "word": "lock" })), NOW).unwrap()
}

/// What the callee makes of the call.
fn answered(callee: &Inbox, call: &CallMessage, outcome: Outcome) -> Vec<u8> {
    bytes(&ready(open(callee, &bytes(&call.outgoing))).close(outcome, None, NOW).unwrap())
}

#[test]
fn a_call_carries_the_input_only() {
    let contract = relay();
    let caller = second(&contract, Travel::Event);
    let call = call(&caller);
    assert_eq!((call.agent.as_str(), call.attempts), ("third", 2));
    assert_eq!((&call.outgoing.state, &call.outgoing.header.phase), (&None, &None));
    assert_eq!((call.outgoing.header.hop, call.outgoing.header.travel), (3, Travel::Return));
    assert_eq!(call.outgoing.header.expiry_ms, Some(caller.info().deadline_ms));
    let delivery = ready(open(&inbox(&contract, "third"), &bytes(&call.outgoing)));
    assert_eq!((delivery.state(), delivery.input()), (None, &text(json!({ "word": "lock" }))));
}

#[test]
fn calls_and_the_outcome_of_one_message_have_different_ids() {
    let caller = second(&relay(), Travel::Return);
    let id =
        |ordinal| caller.call(ordinal, "third.spell", text(json!({ "word": "x" })), NOW).unwrap().outgoing.header.id;
    let outcome = caller.close(Outcome::Reply(text(json!({ "word": "x" })).into()), None, NOW).unwrap().header.id;
    assert!(id(0) != id(1) && id(0) != outcome && id(1) != outcome);
}

#[test]
fn only_what_the_contract_lists_can_be_called_and_only_in_time() {
    let caller = second(&relay(), Travel::Return);
    let code = |target: &str, input: Value, now_ms| {
        let problems = caller.call(0, target, text(input), now_ms).unwrap_err();
        (problems.first().code, problems.first().at.to_string())
    };
    let input = json!({ "word": "x" });
    assert_eq!(code("first.open", input.clone(), NOW).0, ErrorCode::OutcomeRefused);
    assert_eq!(code("third.spell", json!({ "word": 1 }), NOW), (ErrorCode::TypeMismatch, "/word".to_owned()));
    assert_eq!(code("third.spell", input, caller.info().deadline_ms).0, ErrorCode::DeadlineExceeded);
}

#[test]
fn an_output_comes_back_valid() {
    let contract = relay();
    let (caller, callee) = (second(&contract, Travel::Return), inbox(&contract, "third"));
    let call = call(&caller);
    let answer = answered(&callee, &call, Outcome::Reply(text(json!(["l", "o"])).into()));
    assert_eq!(caller.read_answer(&call, answer), Ok(CallAnswer::Output(text(json!(["l", "o"])))));
}

#[test]
fn a_declared_error_comes_back_with_its_data() {
    let contract = relay();
    let (caller, callee) = (second(&contract, Travel::Return), inbox(&contract, "third"));
    let call = call(&caller);
    let (code, message) = ("unspellable".to_owned(), "no".to_owned());
    let error = Outcome::Error { code: code.clone(), message: message.clone(), data: Some(text(json!(3)).into()) };
    let answer = answered(&callee, &call, error);
    let data = Some(text(json!(3)));
    assert_eq!(
        caller.read_answer(&call, answer),
        Ok(CallAnswer::Declared(Raised { code, message, data, retryable: false }))
    );
}

#[test]
fn a_refusal_comes_back_as_the_problem_it_was() {
    let contract = relay();
    let (caller, callee) = (second(&contract, Travel::Return), inbox(&contract, "third"));
    let call = call(&caller);
    let problem = Problem::new(ErrorCode::InProgress, "/data/input".parse().unwrap(), "later");
    let answer = bytes(&ready(open(&callee, &bytes(&call.outgoing))).refuse(&problem, NOW));
    assert_eq!(caller.read_answer(&call, answer), Ok(CallAnswer::Refused { problem }));
}

#[test]
fn contract_required_asks_for_the_call_once_more_with_the_contract() {
    let contract = relay();
    let newer = changed(r#""type": "integer""#, r#""type": "integer", "minimum": 0"#);
    let (caller, callee) = (second(&contract, Travel::Return), inbox(&newer, "third"));
    let mut call = call(&caller);
    let refusal = crate::kit::refused(pending(open(&callee, &bytes(&call.outgoing))).supply(None));
    let answer = bytes(refusal.reply.as_ref().unwrap());
    assert_eq!(caller.read_answer(&call, answer), Ok(CallAnswer::ContractRequired));
    call.outgoing.contract = Some(inline_contract(&contract).into());
    let answer = answered(&callee, &call, Outcome::Reply(text(json!([])).into()));
    assert_eq!(caller.read_answer(&call, answer), Ok(CallAnswer::Output(text(json!([])))));
}

#[test]
fn an_answer_that_is_none_is_the_peers_mistake() {
    let contract = relay();
    let (caller, callee) = (second(&contract, Travel::Return), inbox(&contract, "third"));
    let asked = call(&caller);
    let other = caller.call(1, "third.spell", text(json!({ "word": "x" })), NOW).unwrap();
    let answer = answered(&callee, &other, Outcome::Reply(text(json!([])).into()));
    let place = |answer: &[u8]| {
        let problem = caller.read_answer(&asked, answer.to_vec()).unwrap_err();
        (problem.code, problem.at.to_string())
    };
    assert_eq!(place(&answer), (ErrorCode::PeerInvalid, "/causationid".to_owned()));
    assert_eq!(place(&bytes(&asked.outgoing)), (ErrorCode::PeerInvalid, "/type".to_owned()));
    assert_eq!(place(b"{}"), (ErrorCode::PeerInvalid, String::new()));
    assert_eq!(place(b"{").0, ErrorCode::JsonSyntax);
    let good = answered(&callee, &asked, Outcome::Reply(text(json!(["l"])).into()));
    let bad = String::from_utf8(good).unwrap().replace(r#"["l"]"#, "[1]");
    assert_eq!(place(bad.as_bytes()), (ErrorCode::PeerInvalid, "/data/output/0".to_owned()));
}

#[test]
fn a_phased_operation_cannot_be_called() {
    let contract = relay();
    let message = bytes(
        &second(&contract, Travel::Return).call(0, "third.spell", text(json!({ "word": "x" })), NOW).unwrap().outgoing,
    );
    let mut value: Value = serde_json::from_slice(&message).unwrap();
    value["type"] = json!("relay.second.pass");
    value["operation"] = json!(contract.operation("second.pass").unwrap().hash().to_string());
    let opened = inbox(&contract, "second").open(Event::Value(value), &arrival(false));
    assert_eq!(crate::kit::reason(opened), ("operation_not_callable".to_owned(), "/type".to_owned()));
}
