//! What one pass over the bytes of a message finds, and where it says that something is wrong.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use peer_contract_core::envelope::{Payload, Travel};
use peer_contract_core::inbox::{Event, Inbox, Outcome};
use peer_contract_core::{Contract, Limits, Value};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::kit::{NOW, arrival, begin, bytes, envelope, inbox, open, ready, reason, relay, second, text};

/// The first message of a work, with some of its text replaced.
fn message(from: &str, to: &str) -> Vec<u8> {
    let message = String::from_utf8(bytes(&begin(&relay(), Travel::Return))).unwrap();
    assert!(message.contains(from), "{message}");
    message.replace(from, to).into_bytes()
}

fn with_state(state: &str) -> Vec<u8> {
    message("\"state\":{}", &format!("\"state\":{state}"))
}

fn place(message: &[u8]) -> (String, String) {
    reason(open(&inbox(&relay(), "first"), message))
}

fn is(code: &str, at: &str) -> (String, String) {
    (code.to_owned(), at.to_owned())
}

/// `raw` as a reference that carries it.
fn reference(raw: &str) -> String {
    let sha256: String = Sha256::digest(raw).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "sha256": sha256, "bytes": raw.len(), "encoding": "identity", "inline": STANDARD.encode(raw) }).to_string()
}

#[test]
fn a_problem_inside_a_part_has_its_place_in_the_message() {
    let input = |to: &str| message(r#""input":{"word":"canal"}"#, &format!("\"input\":{to}"));
    assert_eq!(place(&input(r#"{"word":7}"#)), is("type_mismatch", "/data/input/word"));
    assert_eq!(place(&input(r#"{"word":"x","a":[1,{"b":1,"b":2}]}"#)), is("json_duplicate_key", "/data/input/a/1/b"));
    assert_eq!(place(&with_state(r#"{"lines":["x",1]}"#)), is("type_mismatch", "/data/state/lines/1"));
    assert_eq!(place(&with_state(r#"{"lines":["\ud800"]}"#)), is("json_surrogate", "/data/state/lines/0"));
    assert_eq!(place(&with_state(r#"{"n":9007199254740992}"#)), is("json_number", "/data/state/n"));
    assert_eq!(place(&with_state("{]")), is("json_syntax", "/data/state"));
}

#[test]
fn a_problem_behind_a_reference_is_of_the_reference_or_of_the_part() {
    let behind = |raw: &str| message("\"state\":{}", &format!("\"stateRef\":{}", reference(raw)));
    ready(open(&inbox(&relay(), "first"), &behind(r#"{"lines":["x"]}"#)));
    assert_eq!(place(&behind(r#"{"lines":[1]}"#)), is("type_mismatch", "/data/state/lines/0"));
    assert_eq!(place(&behind(r#"{"a":1,"a":2}"#)), is("json_duplicate_key", "/data/stateRef/a"));
    assert_eq!(place(&behind("{")), is("json_syntax", "/data/stateRef"));
}

#[test]
fn a_problem_inside_an_answer_has_its_place_in_the_answer() {
    let contract = relay();
    let (caller, callee) = (second(&contract, Travel::Return), inbox(&contract, "third"));
    let call = caller.call(0, "third.spell", text(json!({ "word": "lock" })), NOW).unwrap();
    let closed = |outcome| bytes(&ready(open(&callee, &bytes(&call.outgoing))).close(outcome, None, NOW).unwrap());
    let read = |answer: Vec<u8>, from: &str, to: &str| {
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.contains(from), "{answer}");
        let problem = caller.read_answer(&call, answer.replace(from, to).into_bytes()).unwrap_err();
        (problem.code.to_string(), problem.at.to_string())
    };
    let output = || closed(Outcome::Reply(text(json!(["l"])).into()));
    assert_eq!(read(output(), r#"["l"]"#, r#"["l",2]"#), is("peer_invalid", "/data/output/1"));
    assert_eq!(read(output(), r#"["l"]"#, r#"["l",{"a":1,"a":1}]"#), is("json_duplicate_key", "/data/output/1/a"));
    let behind = |raw: &str| read(output(), r#""output":["l"]"#, &format!("\"outputRef\":{}", reference(raw)));
    assert_eq!(behind("[3]"), is("peer_invalid", "/data/output/0"));
    assert_eq!(behind("[3"), is("json_syntax", "/data/outputRef"));
    let data = Some(text(json!(31)).into());
    let error = || closed(Outcome::Error { code: "unspellable".into(), message: String::new(), data: data.clone() });
    assert_eq!(read(error(), "\"data\":31", "\"data\":\"x\""), is("peer_invalid", "/data/error/data"));
}

#[test]
fn no_key_comes_twice_however_it_is_spelled() {
    let spellings =
        [(r#""data":{"#, r#""d\u0061ta":{},"data":{"#, "/data"), (r#""id":"#, r#""i\u0064":"","id":"#, "/id")];
    for (from, to, at) in spellings {
        assert_eq!(place(&message(from, to)), is("json_duplicate_key", at));
    }
    let twice = message(r#""state":{}"#, r#""state":{},"st\u0061te":{}"#);
    assert_eq!(place(&twice), is("json_duplicate_key", "/data/state"));
}

#[test]
fn a_name_or_a_text_may_be_written_with_escapes() {
    let plain = envelope(&message("x", "x"));
    for (from, to) in [
        ("\"data\":", "\"d\\u0061ta\":"),
        ("\"input\":", "\"\\u0069nput\":"),
        ("relay.first.open", "relay.\\u0066irst.open"),
        ("urn:peer-contract:", "urn\\u003apeer-contract:"),
    ] {
        assert_eq!(envelope(&message(from, to)), plain, "{to}");
    }
}

#[test]
fn the_first_of_several_members_that_nobody_reads_is_named() {
    let data = |to: &str| message("\"state\":{}", &format!("\"state\":{{}},{to}"));
    assert_eq!(place(&data(r#""zone":1,"Input":2,"null":null"#)), is("envelope_invalid", "/data/Input"));
    assert_eq!(place(&data(r#""output":{}"#)), is("envelope_invalid", "/data/output"));
    ready(open(&inbox(&relay(), "first"), &data(r#""zone":null,"outputRef":null"#)));
}

#[test]
fn white_space_between_members_changes_nothing() {
    let compact = message("x", "x");
    let pretty = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&compact).unwrap()).unwrap();
    let spaced = envelope(&[b" \n".as_slice(), &pretty, b"\t\r\n"].concat());
    let compact = envelope(&compact);
    assert_eq!(spaced.header, compact.header);
    let value = |payload: Option<Payload>| match payload {
        Some(Payload::Json(json)) => json.to_value(),
        other => panic!("{other:?}"),
    };
    assert_eq!(value(spaced.input), value(compact.input));
    // It does not count as state, either.
    ready(open(&inbox(&relay(), "first"), &with_state(&format!("{{{}}}", " ".repeat(100)))));
    assert_eq!(place(&with_state(&format!("{{\"lines\":[\"{}\"]}}", " ".repeat(100)))).0, "state_too_large");
}

#[test]
fn values_are_counted_over_the_whole_message() {
    let message = with_state(r#"{"lines":["a","b","c"]}"#);
    let count = |text: &[u8]| values(&serde_json::from_slice(text).unwrap());
    let opened = |json_values| limited(&relay(), |limits| limits.json_values = json_values, &message);
    assert_eq!(opened(count(&message)), None);
    assert_eq!(opened(count(&message) - 1), Some("json_too_many_values".to_owned()));
}

#[test]
fn depth_is_counted_from_the_message() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let opened = |depth| limited(&relay(), |_| {}, &with_state(&format!("{{\"a\":{}}}", nested(depth))));
    // The message, its data and the state itself are three.
    assert_eq!(opened(61), Some("state_too_large".to_owned()));
    assert_eq!(opened(62), Some("json_depth".to_owned()));
    assert_eq!(opened(100_000), Some("json_depth".to_owned()));
}

fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// The code with which a message is refused within limits of its own.
fn limited(contract: &Contract, set: impl FnOnce(&mut Limits), message: &[u8]) -> Option<String> {
    let mut limits = Limits::default();
    set(&mut limits);
    let inbox = Inbox::new(contract.clone(), "first", limits).unwrap();
    match inbox.open(Event::Bytes(message.to_vec().into()), &arrival(false)) {
        peer_contract_core::inbox::Opened::Refused(refusal) => Some(refusal.problem.code.to_string()),
        opened => {
            ready(opened);
            None
        }
    }
}
