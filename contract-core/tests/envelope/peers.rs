//! Peers that run by another version of the contract.

use peer_contract_core::envelope::Travel;
use peer_contract_core::inbox::{Need, Outcome};
use serde_json::json;

use crate::kit::{NOW, begin, bytes, changed, inbox, open, pending, ready, reason, relay, text};

#[test]
fn a_handoff_brings_the_contract_along() {
    let (older, newer) = (relay(), changed(r#""maxLength": 20"#, r#""maxLength": 40"#));
    let delivery = ready(open(&inbox(&newer, "first"), &bytes(&begin(&older, Travel::Return))));
    let outcome = Outcome::Handoff { target: "second.pass".to_owned(), input: text(json!({ "word": "x" })).into() };
    let next = delivery.close(outcome, None, NOW).unwrap();
    // Who receives runs by its own contract, and signs with it.
    assert_eq!(next.header.contract, newer.hash());
    assert!(next.contract.is_some());
}

#[test]
fn a_version_that_does_not_fit_is_refused_with_the_place() {
    let (older, newer) = (relay(), changed(r#""required": ["word"]"#, r#""required": ["word", "place"]"#));
    let opened = open(&inbox(&newer, "first"), &bytes(&begin(&older, Travel::Return)));
    let problem = crate::kit::refused(opened).problem;
    assert_eq!((problem.code.as_str(), problem.at.as_str()), ("contract_incompatible", "/data/input/place"));
    assert!(problem.message.contains("`place`"), "{}", problem.message);
}

#[test]
fn a_contract_that_was_met_is_remembered() {
    let (older, newer) = (relay(), changed(r#""maxLength": 20"#, r#""maxLength": 40"#));
    let inbox = inbox(&newer, "first");
    let mut message = begin(&older, Travel::Return);
    message.contract = None;
    let waiting = pending(open(&inbox, &bytes(&message)));
    assert_eq!(waiting.need(), &Need::Contract(older.hash()));
    ready(waiting.supply(Some(older.canonical().to_vec())));
    ready(open(&inbox, &bytes(&message)));
}

#[test]
fn a_contract_that_is_not_the_announced_one_is_worth_nothing() {
    let (older, newer) = (relay(), changed(r#""maxLength": 20"#, r#""maxLength": 40"#));
    let inbox = inbox(&newer, "first");
    let mut message = begin(&older, Travel::Return);
    message.contract = None;
    for found in [None, Some(newer.canonical().to_vec()), Some(b"{}".to_vec())] {
        let opened = pending(open(&inbox, &bytes(&message))).supply(found);
        assert_eq!(reason(opened), ("contract_required".to_owned(), "/dataschema".to_owned()));
    }
    message.contract = Some(peer_contract_core::inbox::inline_contract(&newer).into());
    let opened = open(&inbox, &bytes(&message));
    assert_eq!(reason(opened), ("contract_mismatch".to_owned(), "/data/contract".to_owned()));
}

#[test]
fn hops_count_against_the_smaller_limit() {
    let (longer, shorter) = (changed(r#""maxHops": 3"#, r#""maxHops": 15"#), relay());
    let mut message = begin(&longer, Travel::Return);
    message.header.hop = 4;
    // Limits are no part of an operation's surface, so both sides still agree on it.
    ready(open(&inbox(&longer, "first"), &bytes(&message)));
    let opened = open(&inbox(&shorter, "first"), &bytes(&message));
    assert_eq!(reason(opened), ("hop_limit".to_owned(), "/hop".to_owned()));
}
