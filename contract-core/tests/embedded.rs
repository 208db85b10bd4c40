//! The contract in generated code: trusted by its hash, and the same as one that was checked.

#![expect(clippy::disallowed_methods, reason = "the core does no I/O, its tests read files")]

use std::fs;
use std::path::Path;

use peer_contract_core::{Contract, ContractHash, ErrorCode};

fn contracts() -> Vec<Contract> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/vectors/contracts");
    let texts = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let contracts: Vec<Contract> = texts.filter_map(|text| Contract::parse(&text).ok()).collect();
    assert!(contracts.len() > 2, "the vectors hold contracts");
    contracts
}

#[test]
fn an_embedded_contract_is_the_one_that_was_checked() {
    for checked in contracts() {
        let checked = Contract::parse(checked.canonical()).unwrap();
        let embedded = Contract::embedded(checked.canonical(), checked.hash()).unwrap();
        assert_eq!((embedded.name(), embedded.version()), (checked.name(), checked.version()));
        assert_eq!((embedded.hash(), embedded.canonical()), (checked.hash(), checked.canonical()));
        assert_eq!((embedded.value(), embedded.document()), (checked.value(), checked.document()));
        assert_eq!((embedded.state(), embedded.initial_state()), (checked.state(), checked.initial_state()));
        assert_eq!((embedded.start_phase(), embedded.deadline_ms()), (checked.start_phase(), checked.deadline_ms()));
        assert_eq!((embedded.max_hops(), embedded.max_state_bytes()), (checked.max_hops(), checked.max_state_bytes()));
        let operations = |contract: &Contract| -> Vec<String> {
            contract.operations().map(|operation| format!("{} {operation:?}", operation.hash())).collect()
        };
        assert_eq!(operations(&embedded), operations(&checked));
    }
}

#[test]
fn the_same_contract_in_other_words_is_read_too() {
    for checked in contracts() {
        let pretty = serde_json::to_vec_pretty(checked.value()).unwrap();
        assert_eq!(Contract::embedded(&pretty, checked.hash()).unwrap().hash(), checked.hash());
    }
}

#[test]
fn a_text_without_its_hash_is_checked_like_any_other() {
    let contract = contracts().remove(0);
    let text = std::str::from_utf8(contract.canonical()).unwrap();
    let other = text.replace(contract.version(), "9.9.9");
    let refused = Contract::embedded(other.as_bytes(), contract.hash()).err().unwrap();
    assert_eq!(refused.first().code, ErrorCode::ContractMismatch);
    let broken = text.replace("\"peerContract\":\"1\"", "\"peerContract\":\"2\"");
    let refused = Contract::embedded(broken.as_bytes(), contract.hash()).err().unwrap();
    assert_eq!(refused.first().code, ErrorCode::ContractVersion);
    let nothing: ContractHash = format!("sha256:{}", "0".repeat(64)).parse().unwrap();
    assert!(Contract::embedded(text.as_bytes(), nothing).is_err());
    assert!(Contract::embedded(b"{", nothing).is_err());
}
