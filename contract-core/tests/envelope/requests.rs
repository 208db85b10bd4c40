//! `schemas/vectors/requests` and `replies`: messages with keys, and who gets replies, in every language the same.

use peer_contract_core::envelope::Travel;
use peer_contract_core::inbox::{Start, start};
use peer_contract_core::json::Json;
use peer_contract_core::request::rehearse;
use serde_json::json;

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

#[test]
fn who_starts_work_learns_who_gets_no_replies() {
    for (name, vector) in read("replies") {
        let text = |member: &str| vector[member].as_str().unwrap();
        let travel = if text("delivery") == "event" { Travel::Event } else { Travel::Return };
        let input = Json::of_value(&vector["input"]).unwrap().into();
        let (entry, reply_to) = (text("entry"), Some(text("replyTo").to_owned()));
        let start_of =
            Start { entry, input, now_ms: 1_763_689_322_004, random: [1; 10], travel, trace: None, reply_to };
        let told = match start(&contract(&vector["contract"]), start_of) {
            Ok(first) => {
                assert_eq!(first.header.reply_to.as_deref(), Some(text("replyTo")), "{name}");
                json!(null)
            }
            Err(problems) => json!({ "code": problems.first().code.as_str(), "at": problems.first().at.as_str() }),
        };
        assert_eq!(told, vector["error"], "{name}");
    }
}
