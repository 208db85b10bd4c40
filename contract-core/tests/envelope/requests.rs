//! `schemas/vectors/requests`: messages with keys, in every language the same.

use peer_contract_core::request::rehearse;

use crate::vectors::{contract, read};

#[test]
fn messages_with_keys_end_as_their_vectors_say() {
    let mut wrong = Vec::new();
    for (name, vector) in read("requests") {
        let messages = vector["messages"].to_string();
        let told = rehearse(&contract(&vector["contract"]), vector["operation"].as_str().unwrap(), messages.as_bytes())
            .unwrap();
        if told != vector["expect"] {
            wrong.push(format!("{name}: expected {}, got {told}", vector["expect"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
