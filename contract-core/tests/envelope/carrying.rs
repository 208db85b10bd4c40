//! What goes on unchanged goes on as it is, and what nothing proves is checked.

use peer_contract_core::Limits;
use peer_contract_core::envelope::{Payload, Room, Travel};
use peer_contract_core::inbox::{Delivery, Event, Need, Opened, Outcome};
use peer_contract_core::json::{Draft, Json};
use serde_json::json;

use crate::kit::{NOW, arrival, begin, bytes, changed, contract, envelope, inbox, open, ready, relay, second, text};

fn onward() -> Outcome {
    Outcome::Handoff { target: "second.pass".to_owned(), input: text(json!({ "word": "x" })).into() }
}

fn refusal(delivery: &Delivery, outcome: Outcome, state: Option<Draft>) -> (String, String) {
    let problems = delivery.close(outcome, state, NOW).unwrap_err();
    (problems.first().code.to_string(), problems.first().at.to_string())
}

#[test]
fn an_unchanged_state_stays_the_same_bytes() {
    let odd = r#"{ "lines" : ["\u0061"],"n":1.50e0 }"#;
    let message = String::from_utf8(bytes(&begin(&relay(), Travel::Return))).unwrap();
    let delivery =
        ready(open(&inbox(&relay(), "first"), message.replace("\"state\":{}", &format!("\"state\":{odd}")).as_bytes()));
    let given_back = delivery.state().cloned().map(Draft::from);
    for state in [None, given_back] {
        let next = envelope(&bytes(&delivery.close(onward(), state, NOW).unwrap()));
        let Some(Payload::Json(state)) = next.state else { panic!("by value") };
        assert_eq!(std::str::from_utf8(state.as_bytes()).unwrap(), odd);
    }
}

#[test]
fn an_unchanged_state_is_not_compressed_again() {
    let contract = changed(r#", "maxStateBytes": 64"#, "");
    let mut first = begin(&contract, Travel::Return);
    first.state = Some(text(json!({ "lines": ["x".repeat(5000)] })));
    let room = Room { bytes: 4000, shared_store: false };
    let sent = first.pack(room).unwrap();
    let delivery = ready(open(&inbox(&contract, "first"), &sent.bytes));
    let next = delivery.close(onward(), None, NOW).unwrap();
    assert_eq!(envelope(&next.pack(room).unwrap().bytes).state, envelope(&sent.bytes).state);
    // With room for it, it travels by value again; changed, it is compressed anew.
    assert!(matches!(envelope(&next.pack(Room::sync(false)).unwrap().bytes).state, Some(Payload::Json(_))));
    let other = Some(text(json!({ "lines": ["y".repeat(5000)] })).into());
    let changed = delivery.close(onward(), other, NOW).unwrap().pack(room).unwrap();
    assert_ne!(envelope(&changed.bytes).state, envelope(&sent.bytes).state);
}

#[test]
fn an_unchanged_state_is_not_stored_again() {
    let contract = changed(r#", "maxStateBytes": 64"#, "");
    let mut first = begin(&contract, Travel::Event);
    // Digits of a hash: no compressor makes them small enough for the room.
    let noise: String = (0..200).map(|n| peer_contract_core::envelope::id::derived("noise", n)).collect();
    first.state = Some(text(json!({ "lines": [noise] })));
    let room = Room { bytes: 3000, shared_store: true };
    let sent = first.pack(room).unwrap();
    assert_eq!(sent.blobs.len(), 1);
    let opened = inbox(&contract, "first").open(Event::Bytes(sent.bytes.clone().into()), &arrival(true));
    let Opened::Needs(pending) = opened else { panic!("the state lies in the store") };
    assert!(matches!(pending.need(), Need::Blob { .. }));
    let delivery = ready(pending.supply(Some(sent.blobs[0].bytes.clone())));
    let next = delivery.close(onward(), None, NOW).unwrap().pack(room).unwrap();
    assert!(next.blobs.is_empty());
    assert_eq!(envelope(&next.bytes).state, envelope(&sent.bytes).state);
}

#[test]
fn bytes_that_nobody_has_read_are_checked_when_they_are_sent() {
    let delivery = second(&relay(), Travel::Return);
    let reply = |text: &str| Outcome::Reply(text.as_bytes().to_vec().into());
    assert!(delivery.close(reply(r#"{"word":"x"}"#), None, NOW).is_ok());
    let state = |text: &str| Some(text.as_bytes().to_vec().into());
    let good = || reply(r#"{"word":"x"}"#);
    for (outcome, state, at) in [
        (reply("{"), None, "/output"),
        (reply(""), None, "/output"),
        (reply(r#"{"word":"x"} {"#), None, "/output"),
        (reply(r#"{"word":"x","word":"y"}"#), None, "/output/word"),
        (reply(r#"{"word":7}"#), None, "/output/word"),
        (good(), state("{\"lines\":[\"\u{1}\"]}"), "/state/lines/0"),
        (good(), state(r#"{"lines":[7]}"#), "/state/lines/0"),
        (good(), state(r#"{},"contract":"x""#), "/state"),
    ] {
        assert_eq!(refusal(&delivery, outcome, state), ("output_invalid".to_owned(), at.to_owned()));
    }
}

#[test]
fn what_one_schema_has_checked_another_one_checks_again() {
    let (relay, looser) = (relay(), changed(r#""word": { "type": "string", "maxLength": 20 }"#, r#""word": {}"#));
    let place = "/$defs/Word".parse().unwrap();
    let limits = Limits::default();
    let text = br#"{"word":7}"#.to_vec();
    let elsewhere = looser.schema(&place).unwrap().accept(text.clone(), &limits).unwrap();
    assert!(relay.schema(&place).unwrap().accept(elsewhere.clone(), &limits).is_err());
    let delivery = second(&relay, Travel::Return);
    assert_eq!(refusal(&delivery, Outcome::Reply(elsewhere.into()), None).1, "/output/word");
    // The same text of a contract, read twice: each has checked for itself only, which costs a check and no more.
    let again = contract(include_str!("../../../schemas/vectors/contracts/relay.json"));
    let good = again.schema(&place).unwrap().accept(br#"{"word":"x"}"#.to_vec(), &limits).unwrap();
    assert!(delivery.close(Outcome::Reply(good.into()), None, NOW).is_ok());
}

#[test]
fn what_a_schema_has_checked_is_not_copied() {
    let schema = relay().schema(&"/$defs/Word".parse().unwrap()).unwrap();
    let json = Json::read(br#"{"word":"x"}"#.to_vec(), &Limits::default()).unwrap();
    let accepted = schema.accept(json.clone(), &Limits::default()).unwrap();
    let again = schema.accept(accepted.clone(), &Limits::default()).unwrap();
    assert_eq!(again.as_bytes().as_ptr(), json.as_bytes().as_ptr());
}
