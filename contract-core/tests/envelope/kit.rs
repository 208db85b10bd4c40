//! A contract, a clock, and short words for what the tests do again and again.

use std::sync::OnceLock;

use peer_contract_core::envelope::{Envelope, Outgoing, Room, TraceContext, Travel, Unpacked};
use peer_contract_core::events::Via;
use peer_contract_core::inbox::{Arrival, Delivery, Event, Inbox, Opened, Pending, Refusal, Start, start};
use peer_contract_core::json::Json;
use peer_contract_core::{Contract, Limits, Value};
use serde_json::json;

pub const NOW: u64 = 1_763_689_322_004;
pub const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// `schemas/vectors/contracts/relay.json`: three hops, 64 bytes of state.
pub fn relay() -> Contract {
    contract(include_str!("../../../schemas/vectors/contracts/relay.json"))
}

pub fn contract(text: &str) -> Contract {
    Contract::parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"))
}

pub fn text(value: Value) -> Json {
    Json::of_value(&value).unwrap()
}

/// A contract with some of its text replaced.
pub fn changed(from: &str, to: &str) -> Contract {
    let text = include_str!("../../../schemas/vectors/contracts/relay.json");
    assert!(text.contains(from), "{from}");
    contract(&text.replace(from, to))
}

pub fn inbox(contract: &Contract, agent: &str) -> Inbox {
    Inbox::new(contract.clone(), agent, Limits::default()).unwrap()
}

pub fn arrival(shared_store: bool) -> Arrival {
    Arrival {
        now_ms: NOW,
        deadline_ms: Some(NOW + 60_000),
        random: [7; 10],
        shared_store,
        via: Via::Invocation,
        trace: None,
    }
}

pub fn begin(contract: &Contract, travel: Travel) -> Outgoing {
    let input = text(json!({ "word": "canal" }));
    let trace = TraceContext::read(TRACE, None);
    start(
        contract,
        Start { entry: "first.open", input: input.into(), now_ms: NOW, random: [1; 10], travel, trace, reply_to: None },
    )
    .unwrap()
}

/// The bytes of a message that needs no store; every one of them follows `envelope.schema.json`.
pub fn bytes(outgoing: &Outgoing) -> Vec<u8> {
    let packed = outgoing.pack(Room::sync(false)).unwrap();
    assert!(packed.blobs.is_empty());
    follows_schema(&packed.bytes);
    packed.bytes
}

/// `schemas/envelope.schema.json`.
fn schema() -> &'static jsonschema::Validator {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../../schemas/envelope.schema.json");
        jsonschema::options().should_validate_formats(true).build(&serde_json::from_str(text).unwrap()).unwrap()
    })
}

pub fn follows_schema(envelope: &[u8]) {
    let value: Value = serde_json::from_slice(envelope).unwrap();
    let errors: Vec<_> = schema().iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

pub fn is_by_schema(envelope: &[u8]) -> bool {
    serde_json::from_slice(envelope).is_ok_and(|value: Value| schema().is_valid(&value))
}

pub fn open(inbox: &Inbox, event: &[u8]) -> Opened {
    inbox.open(Event::Bytes(event.to_vec().into()), &arrival(false))
}

pub fn ready(opened: Opened) -> Box<Delivery> {
    match opened {
        Opened::Ready(delivery) => delivery,
        Opened::Needs(pending) => panic!("needs {:?}", pending.need()),
        Opened::Carried(_) => panic!("carried"),
        Opened::Refused(refusal) => panic!("refused: {}", refusal.problem),
    }
}

pub fn pending(opened: Opened) -> Box<Pending> {
    match opened {
        Opened::Needs(pending) => pending,
        Opened::Carried(_) => panic!("carried"),
        Opened::Ready(_) => panic!("ready"),
        Opened::Refused(refusal) => panic!("refused: {}", refusal.problem),
    }
}

pub fn refused(opened: Opened) -> Box<Refusal> {
    match opened {
        Opened::Refused(refusal) => refusal,
        Opened::Ready(_) => panic!("ready"),
        Opened::Needs(pending) => panic!("needs {:?}", pending.need()),
        Opened::Carried(_) => panic!("carried"),
    }
}

/// Code and place of a refusal.
pub fn reason(opened: Opened) -> (String, String) {
    let problem = refused(opened).problem;
    (problem.code.to_string(), problem.at.to_string())
}

pub fn envelope(bytes: &[u8]) -> Envelope {
    match Envelope::unpack(bytes.to_vec(), &Limits::default()) {
        Ok(Unpacked::Envelope(envelope)) => *envelope,
        other => panic!("{other:?}"),
    }
}

/// A delivery of `second.pass`, two hops into a work.
pub fn second(contract: &Contract, travel: Travel) -> Box<Delivery> {
    let opened = inbox(contract, "first").open(Event::Bytes(bytes(&begin(contract, travel)).into()), &arrival(true));
    let handoff = peer_contract_core::inbox::Outcome::Handoff {
        target: "second.pass".to_owned(),
        input: text(json!({ "word": "lock" })).into(),
    };
    let outgoing = ready(opened).close(handoff, Some(text(json!({ "lines": ["opened"] })).into()), NOW).unwrap();
    ready(inbox(contract, "second").open(Event::Bytes(bytes(&outgoing).into()), &arrival(true)))
}
