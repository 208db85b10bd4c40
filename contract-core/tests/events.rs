//! The vectors of `schemas/vectors/events`, which all languages run, and what is told of HTTP statuses.

#![expect(clippy::disallowed_methods, reason = "the core does no I/O, its tests read files")]

use std::path::{Path, PathBuf};

use peer_contract_core::envelope::TraceContext;
use peer_contract_core::events::{Ended, Via, rehearse};
use peer_contract_core::inbox::{Arrival, Event, Inbox, Opened};
use peer_contract_core::{Contract, ErrorCode, Limits, Value};
use serde_json::json;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/vectors")
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn contract(name: &Value) -> Contract {
    let path = vectors().join("contracts").join(format!("{}.json", name.as_str().unwrap()));
    Contract::parse(&std::fs::read(path).unwrap()).unwrap()
}

fn outcome(vector: &Value) -> Value {
    let arrival = Arrival {
        now_ms: vector["arrival"]["now_ms"].as_u64().unwrap(),
        deadline_ms: None,
        random: [0; 10],
        shared_store: vector["arrival"]["shared_store"].as_bool().unwrap(),
        via: Via::Invocation,
        trace: vector["arrival"]["trace_header"].as_str().and_then(TraceContext::of_xray),
    };
    let (agent, event, ends) = (vector["agent"].as_str().unwrap(), vector["event"].to_string(), &vector["ends"]);
    let told = rehearse(&contract(&vector["contract"]), agent, event.as_bytes(), ends.to_string().as_bytes(), &arrival);
    told.unwrap_or_else(|problem| json!({ "error": { "code": problem.code.as_str(), "at": problem.at.as_str() } }))
}

/// Bodies are compared as JSON: how a text is spelled is not what a vector is about.
fn with_read_body(mut told: Value) -> Value {
    if let Some(body) = told["answer"]["body"].as_str() {
        told["answer"]["body"] = serde_json::from_str(body).unwrap();
    }
    told
}

#[test]
fn an_event_becomes_what_it_becomes_everywhere() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for entry in ["events", "trace"].into_iter().flat_map(|folder| std::fs::read_dir(vectors().join(folder)).unwrap()) {
        let path = entry.unwrap().path();
        let vector = read(&path);
        let (found, expected) = (with_read_body(outcome(&vector)), with_read_body(vector["expect"].clone()));
        if found != expected {
            wrong.push(format!("{}\n  found    {found}\n  expected {expected}", path.display()));
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 90, "{seen} vectors");
}

#[test]
fn events_are_part_of_the_contract_and_no_business_of_callers() {
    let whole = read(&vectors().join("contracts/intake.json"));
    let mut without = whole.clone();
    for operation in without["agents"]["intake"]["operations"].as_object_mut().unwrap().values_mut() {
        operation.as_object_mut().unwrap().remove("events");
    }
    let [whole, without] = [whole, without].map(|value| Contract::from_value(value).unwrap());
    assert_ne!(whole.hash(), without.hash());
    let hash = |contract: &Contract| contract.operation("intake.take").unwrap().hash();
    assert_eq!(hash(&whole), hash(&without));
}

/// The table of statuses of the manual, by code; what it does not name is 400.
fn statuses_told() -> std::collections::BTreeMap<String, u64> {
    let page = std::fs::read_to_string(vectors().join("../../docs/events.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | `"));
    let rows = rows.filter_map(|(status, codes)| Some((status.parse::<u64>().ok()?, codes)));
    let codes = rows.flat_map(|(status, codes)| {
        let words = codes.split(['`', ',', ' ', '|']).filter(|word| !word.is_empty());
        words.map(move |word| (word.to_owned(), status)).collect::<Vec<_>>()
    });
    codes.collect()
}

#[test]
fn every_code_has_the_status_that_the_manual_says() {
    let told = statuses_told();
    assert!(told.len() > 20, "{told:?}");
    let vector = read(&vectors().join("events/a-failed-handler-is-a-status.json"));
    for code in ErrorCode::ALL.iter().filter(|code| **code != ErrorCode::RequestRefused) {
        let mut vector = vector.clone();
        vector["ends"] = json!([{ "failed": { "code": code.as_str(), "at": "/a" } }]);
        let status = outcome(&vector)["answer"]["statusCode"].as_u64().unwrap();
        assert_eq!(status, told.get(code.as_str()).copied().unwrap_or(400), "{code}");
    }
}

#[test]
fn a_changed_event_is_read_or_refused_and_never_more() {
    for entry in std::fs::read_dir(vectors().join("events")).unwrap() {
        let vector = read(&entry.unwrap().path());
        let contract = contract(&vector["contract"]);
        let inbox = Inbox::new(contract, vector["agent"].as_str().unwrap(), Limits::default()).unwrap();
        let event = vector["event"].to_string().into_bytes();
        for at in (0..event.len()).step_by(29) {
            for other in *b"\"\\{}[],:0x\x80" {
                let mut changed = event.clone();
                changed[at] = other;
                open_all(&inbox, changed);
            }
            open_all(&inbox, event[..at].to_vec());
        }
    }
}

/// Opens an event and all that it carries.
fn open_all(inbox: &Inbox, event: Vec<u8>) {
    let arrival = Arrival {
        now_ms: 1,
        deadline_ms: None,
        random: [0; 10],
        shared_store: true,
        via: Via::Invocation,
        trace: None,
    };
    let Opened::Carried(mut carried) = inbox.open(Event::Bytes(event.into()), &arrival) else { return };
    let arrival = Arrival { via: carried.via(), ..arrival };
    while let Some(parcel) = carried.next_parcel() {
        let item = parcel.item();
        let opened = inbox.open_parcel(parcel, &arrival);
        assert!(!matches!(opened, Opened::Carried(_)), "a message that was carried carries none");
        carried.ended(item, Ended::Answered(b"{}".to_vec()));
    }
    let Ended::Answered(answer) = carried.answer() else { panic!("nothing failed") };
    serde_json::from_slice::<Value>(&answer).unwrap();
}
