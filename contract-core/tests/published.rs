//! The written files of `schemas/` are in step with the types they are made from.

use std::fs;
use std::path::Path;

use peer_contract_core::contract::meta_schema;
use peer_contract_core::schemas;
use serde_json::{Value, json};

fn published(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(name)).expect(name)
}

#[test]
fn the_files_are_what_the_types_say() {
    for (name, text) in schemas() {
        assert_eq!(
            published(name),
            text,
            "schemas/{name} is old; write it with `cargo run -p peer-contract-core --features schema --example write_schemas`"
        );
    }
}

#[test]
fn an_editor_sees_with_the_file_what_the_checker_sees() {
    let schema = jsonschema::validator_for(&meta_schema()).expect("the file is a schema");
    let demo: Value = serde_json::from_str(&published("vectors/contracts/research-brief.json")).unwrap();
    assert!(schema.is_valid(&demo));
    for (at, wrong) in [
        ("/agents/ranker/operations/rank/hansTo", json!({})),
        ("/agents/2nd", json!({ "operations": { "op": { "input": true } } })),
        ("/name", json!("Research")),
        ("/$defs/Plan/type", json!("record")),
        ("/description", json!(null)),
    ] {
        let (parent, member) = at.rsplit_once('/').unwrap();
        let mut broken = demo.clone();
        broken.pointer_mut(parent).unwrap()[member] = wrong;
        assert!(!schema.is_valid(&broken), "{at}");
    }
}
