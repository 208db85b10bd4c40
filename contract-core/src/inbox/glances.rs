//! Opening a message at a glance and opening it strictly end in the same, whatever the message is.

use std::sync::Arc;

use bytes::Bytes;

use super::open::{Came, open_strictly};
use super::{Arrival, Event, Inbox, Opened, Start, start};
use crate::envelope::{Envelope, Glance, Room, Travel};
use crate::events::Via;
use crate::{Contract, Limits};

const RELAY: &[u8] = include_bytes!("../../../schemas/vectors/contracts/relay.json");
const NOW_MS: u64 = 1_763_689_322_004;

fn inbox(limits: Limits) -> Inbox {
    Inbox::new(Contract::parse(RELAY).unwrap(), "first", limits).unwrap()
}

fn message(input: &str) -> String {
    let (contract, travel) = (Contract::parse(RELAY).unwrap(), Travel::Return);
    let input = input.as_bytes().to_vec().into();
    let first =
        Start { entry: "first.open", input, now_ms: NOW_MS, random: [7; 10], travel, trace: None, reply_to: None };
    let mut first = start(&contract, first).unwrap();
    first.contract = None;
    String::from_utf8(first.pack(Room::sync(false)).unwrap().bytes).unwrap()
}

/// All that an opening says.
fn told(opened: Opened) -> String {
    match opened {
        Opened::Ready(delivery) => {
            let texts = [Some(&delivery.input), delivery.state.as_ref()];
            let texts = texts.map(|text| text.map(|text| text.as_bytes().to_vec()));
            format!("ready {:?} {:?} {texts:?} {:?}", delivery.header, delivery.info, delivery.state_form)
        }
        Opened::Carried(_) => "carried".to_owned(),
        Opened::Needs(pending) => format!("needs {:?} {:?}", pending.need(), pending.opening.header),
        Opened::Refused(refusal) => {
            let reply = refusal.reply.map(|reply| reply.pack(Room::sync(false)).unwrap().bytes);
            format!("refused {:?} {:?} {reply:?}", refusal.problem, refusal.header)
        }
    }
}

/// Opens a message both ways; whether it was ready.
fn both(inbox: &Inbox, message: &[u8]) -> bool {
    let arrival = Arrival {
        now_ms: NOW_MS,
        deadline_ms: None,
        random: [7; 10],
        shared_store: true,
        via: Via::Invocation,
        trace: None,
    };
    let message = Bytes::copy_from_slice(message);
    let strictly = open_strictly(&Arc::clone(&inbox.own), message.clone(), &arrival, Came::ByItself);
    let is_ready = matches!(strictly, Opened::Ready(_));
    let opened = inbox.open(Event::Bytes(message.clone()), &arrival);
    assert_eq!(told(opened), told(strictly), "{}", String::from_utf8_lossy(&message));
    is_ready
}

#[test]
fn a_message_that_is_right_is_opened_at_a_glance() {
    let inbox = inbox(Limits::default());
    for input in [r#"{"word":"a","more":[{},[],{"\\\"]":"}"}]}"#, r#"{ "word" : "\u0061\\" , "more" : -0.0 }"#] {
        let message = message(input);
        assert!(matches!(Envelope::glance(&Bytes::from(message.clone()), &inbox.own.limits), Glance::Unread(_)));
        assert!(both(&inbox, message.as_bytes()), "{message}");
    }
}

#[test]
fn messages_with_any_byte_changed_end_the_same() {
    let inbox = inbox(Limits::default());
    let message =
        message(r#"{"word":"a","m":[{},[1.0,"}\\\""],null]}"#).replace(r#""state":{}"#, r#""state":{"lines":["é"]}"#);
    assert!(both(&inbox, message.as_bytes()));
    let data = message.find(r#""data":{"#).unwrap();
    for at in 0..message.len() {
        // Of what is no part, each byte with a few others is enough.
        let others: &[u8] = if at < data { b"\"\x80" } else { b"\"\\{}[],: 0x\x80" };
        for other in others {
            let mut changed = message.clone().into_bytes();
            changed[at] = *other;
            both(&inbox, &changed);
            let mut longer = message.clone().into_bytes();
            longer.insert(at, *other);
            both(&inbox, &longer);
        }
        let mut shorter = message.clone().into_bytes();
        shorter.remove(at);
        both(&inbox, &shorter);
        both(&inbox, &message.as_bytes()[..at]);
    }
}

#[test]
fn limits_are_those_of_the_whole_message() {
    let base = message(r#"{"word":"a","m":0}"#);
    let with = |value: &str| base.replace(r#""m":0"#, &format!("\"m\":{value}"));
    let nested = |depth: usize| with(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    let depths = inbox(Limits { json_depth: 8, ..Limits::default() });
    assert_eq!(
        (3..8).map(|depth| both(&depths, nested(depth).as_bytes())).collect::<Vec<_>>(),
        [true, true, true, false, false]
    );
    let many = |items: usize| with(&format!("[{}]", vec!["1"; items].join(",")));
    for most in 20..60 {
        let values = inbox(Limits { json_values: most, ..Limits::default() });
        assert!((0..40).map(|items| both(&values, many(items).as_bytes())).is_sorted_by(|a, b| a >= b), "{most}");
    }
    let keys = inbox(Limits { json_keys: 20, ..Limits::default() });
    for keys_of in 15..25 {
        let members: Vec<_> = (0..keys_of).map(|key| format!("\"k{key}\":1")).collect();
        assert_eq!(both(&keys, with(&format!("{{{}}}", members.join(","))).as_bytes()), keys_of <= 20);
    }
    let length = base.len();
    for most in length - 1..length + 2 {
        assert_eq!(both(&inbox(Limits { json_bytes: most, ..Limits::default() }), base.as_bytes()), most >= length);
    }
}

#[test]
fn what_is_no_plain_message_ends_the_same() {
    let inbox = inbox(Limits::default());
    let base = message(r#"{"word":"a","m":0}"#);
    let state = base.replace(r#""state":{}"#, r#""stateRef":{"bytes":2,"encoding":"zstd","sha256":"00"}"#);
    let twice = base.replace(r#""m":0"#, r#""m":{"a":1,"a":2}"#);
    let stored = base.replace(
        r#""state":{}"#,
        &format!(r#""stateRef":{{"bytes":2,"encoding":"zstd","sha256":"{}"}}"#, "0".repeat(64)),
    );
    let both_wrong = twice.replace(r#""hop":1"#, r#""hop":9"#);
    let broken_and_stored = stored.replace(r#""m":0"#, r#""m":01"#);
    let other = base.replace("urn:peer-contract:", "urn:another:");
    let reply = base.replace("first.open\"", "first.open.reply\"");
    let texts = [state, twice, stored, both_wrong, broken_and_stored, other, reply, String::new(), "{}".to_owned()];
    for text in texts {
        assert!(!both(&inbox, text.as_bytes()), "{text}");
    }
    for text in ["[[[", r#"{"data":{"input":{"a":1}}}"#, r#"{"data":{"input":{"a":01}}}"#, r#"{"word":"a"}"#, "null"] {
        both(&inbox, text.as_bytes());
    }
}
