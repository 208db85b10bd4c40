//! `schemas/vectors/envelope`: what becomes of an event, in every language the same.

#![expect(clippy::disallowed_methods, reason = "the core does no I/O, its tests read files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use peer_contract_core::events::Via;
use peer_contract_core::inbox::{Arrival, rehearse};
use peer_contract_core::{Contract, Value};
use serde_json::json;

/// Codes that the shared vectors must show; the opening of an event can end with each of them.
const SHOWN: [&str; 24] = [
    "address_refused",
    "contract_incompatible",
    "contract_mismatch",
    "contract_required",
    "deadline_exceeded",
    "durable_unsupported",
    "entry_ambiguous",
    "envelope_invalid",
    "hop_limit",
    "inflate_limit",
    "json_duplicate_key",
    "json_number",
    "json_surrogate",
    "json_syntax",
    "operation_not_callable",
    "operation_unknown",
    "payload_too_large",
    "phase_refused",
    "reference_invalid",
    "required_missing",
    "state_too_large",
    "store_failed",
    "store_required",
    "type_mismatch",
];

/// Vectors of a folder by file name.
pub fn read(folder: &str) -> Vec<(String, Value)> {
    let folder = vectors().join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let vector = |path: &Path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    files.iter().map(|path| (name(path), vector(path))).collect()
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/vectors")
}

/// One of the shared contracts.
pub fn contract(name: &Value) -> Contract {
    let path = vectors().join("contracts").join(format!("{}.json", name.as_str().unwrap()));
    Contract::parse(&std::fs::read(path).unwrap()).unwrap()
}

fn outcome(vector: &Value) -> Value {
    let arrival = &vector["arrival"];
    let arrival = Arrival {
        now_ms: arrival["now_ms"].as_u64().unwrap(),
        deadline_ms: arrival["deadline_ms"].as_u64(),
        random: [0; 10],
        shared_store: arrival["shared_store"].as_bool().unwrap(),
        via: Via::Invocation,
        trace: None,
    };
    let agent = vector["agent"].as_str().unwrap();
    let event = vector["event"].as_str().unwrap();
    match rehearse(&contract(&vector["contract"]), agent, event.as_bytes(), &arrival) {
        Ok(seen) => json!({ "operation": seen.operation, "phase": seen.phase, "hop": seen.hop }),
        Err(problem) => json!({ "error": { "code": problem.code.as_str(), "at": problem.at.as_str() } }),
    }
}

#[test]
fn every_event_ends_as_its_vector_says() {
    let wrong: Vec<_> = read("envelope")
        .into_iter()
        .map(|(name, vector)| (name, outcome(&vector), vector["expect"].clone()))
        .filter(|(_, outcome, expected)| outcome != expected)
        .map(|(name, outcome, expected)| format!("{name}: expected {expected}, got {outcome}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_vectors_show_every_code_that_opening_can_end_with() {
    let vectors = read("envelope");
    let codes: BTreeSet<_> =
        vectors.iter().filter_map(|(_, vector)| vector["expect"]["error"]["code"].as_str()).collect();
    let missing: Vec<_> = SHOWN.iter().filter(|code| !codes.contains(*code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_is_accepted_follows_the_schema_and_what_is_misshapen_does_not() {
    for (name, vector) in read("envelope") {
        let event = vector["event"].as_str().unwrap();
        let (expected, is_envelope) = (&vector["expect"], event.contains("urn:peer-contract:"));
        if is_envelope && expected["operation"].is_string() {
            crate::kit::follows_schema(event.as_bytes());
        }
        // Only what depends on the contract, or on dates of the calendar, is beyond a schema.
        let shape =
            name.starts_with("invalid-") && !["call-", "handoff-", "reply"].iter().any(|part| name.contains(part));
        if shape && expected["error"]["code"] == "envelope_invalid" {
            assert!(!crate::kit::is_by_schema(event.as_bytes()), "{name}");
        }
    }
}
