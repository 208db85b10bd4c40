//! Hostile bytes end in a refusal, never in a panic.

use std::sync::LazyLock;

use peer_contract_core::envelope::{Room, Travel};
use peer_contract_core::inbox::{Event, Inbox, Opened};
use proptest::prelude::*;
use serde_json::json;

use crate::kit::{arrival, begin, bytes, inbox, relay, text};

fn take(event: &[u8]) {
    static INBOX: LazyLock<Inbox> = LazyLock::new(|| inbox(&relay(), "first"));
    let mut opened = INBOX.open(Event::Bytes(event.to_vec().into()), &arrival(true));
    while let Opened::Needs(pending) = opened {
        opened = pending.supply(None);
    }
    if let Opened::Refused(refusal) = opened
        && let Some(reply) = refusal.reply
    {
        bytes(&reply);
    }
}

/// Small, with every kind of part in it: by value, compressed, and the contract.
fn message() -> Vec<u8> {
    let mut outgoing = begin(&relay(), Travel::Return);
    outgoing.state = Some(text(json!({ "lines": ["x".repeat(5000)] })));
    outgoing.pack(Room { bytes: 3500, shared_store: false }).unwrap().bytes
}

#[test]
fn no_single_byte_can_make_it_panic() {
    let message = message();
    for index in 0..message.len() {
        for byte in [0, b'"', b'9', b'}', 0xFF, message[index].wrapping_add(1)] {
            let mut mutated = message.clone();
            mutated[index] = byte;
            take(&mutated);
        }
    }
}

#[test]
fn no_cut_can_make_it_panic() {
    let message = message();
    (0..message.len()).for_each(|end| take(&message[..end]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_handful_of_bytes_can_make_it_panic(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut message = message();
        for (place, byte) in places {
            let index = place.index(message.len());
            message[index] = byte;
        }
        take(&message);
    }
}
