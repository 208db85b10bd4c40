//! The demo's contract, from text to verdicts.

use peer_contract_core::contract::Kind;
use peer_contract_core::{Contract, ErrorCode, Pointer, json};
use serde_json::json;

const TEXT: &str = include_str!("../../schemas/vectors/contracts/research-brief.json");

fn contract() -> Contract {
    Contract::parse(TEXT.as_bytes()).expect("the demo's contract keeps all rules")
}

fn place(text: &str) -> Pointer {
    text.parse().unwrap()
}

#[test]
fn the_model_says_what_the_text_says() {
    let contract = contract();
    assert_eq!(contract.name(), "research-brief");
    assert_eq!(contract.agents().len(), 3);
    assert_eq!(contract.operations().count(), 5);
    assert_eq!(contract.max_hops(), 12);
    assert_eq!(contract.deadline_ms(), 300_000);
    assert_eq!(contract.max_state_bytes(), 8_388_608);
    assert_eq!(contract.initial_state(), Some(json!({ "question": "", "rounds": 0 })));
    assert!(contract.is_end("delivered") && !contract.is_end("asked"));
    let plan = contract.operation("reasoner.plan").unwrap();
    assert_eq!((plan.kind, plan.constraints.timeout_ms, plan.constraints.attempts), (Kind::Entry, 30_000, 3));
    assert_eq!(contract.operation("ranker.rank").unwrap().kind, Kind::Phased);
    assert_eq!(contract.operation("ranker.score").unwrap().kind, Kind::Callable);
}

#[test]
fn the_canonical_form_has_the_same_hashes() {
    let contract = contract();
    let again = Contract::parse(contract.canonical()).unwrap();
    assert_eq!(again.hash(), contract.hash());
    for (one, other) in contract.operations().zip(again.operations()) {
        assert_eq!(one.hash(), other.hash(), "{}", one.target);
    }
}

#[test]
fn a_wrong_input_is_named_at_its_place() {
    let contract = contract();
    let input = contract.schema(&place("/agents/reasoner/operations/plan/input")).unwrap();
    assert!(input.is_valid(&json!({ "text": "canals" })));
    let problems = input.validate(&json!({ "text": 3 })).unwrap_err();
    assert_eq!(problems.first().code, ErrorCode::TypeMismatch);
    assert_eq!(problems.first().to_string(), "expected string, found integer (at `/text`)");
}

#[test]
fn no_schema_stands_where_there_is_none() {
    let contract = contract();
    for text in ["/agents/reasoner", "/initialState", "/$defs/Nothing", "/$defs/Question/required"] {
        assert_eq!(contract.schema(&place(text)).err().unwrap().code, ErrorCode::RefUnresolved, "{text}");
    }
}

#[test]
fn spans_lead_back_into_the_text() {
    let (value, spans) = json::parse_spanned(TEXT.as_bytes(), &Default::default());
    assert!(value.is_ok());
    let span = spans.value(&place("/phases/start")).unwrap();
    assert_eq!(&TEXT[span.start..span.end], "\"asked\"");
    let key = spans.key(&place("/agents/ranker")).unwrap();
    assert_eq!(&TEXT[key.start..key.end], "\"ranker\"");
}
