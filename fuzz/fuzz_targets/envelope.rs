//! An envelope from anybody: it is opened, refused or asked about, and nothing panics.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use peer_contract_core::envelope::Room;
use peer_contract_core::events::Via;
use peer_contract_core::inbox::{Arrival, Event, Inbox, Opened};
use peer_contract_core::{Contract, Limits};

const RELAY: &[u8] = include_bytes!("../../schemas/vectors/contracts/relay.json");

static INBOX: LazyLock<Inbox> = LazyLock::new(|| {
    let contract = Contract::parse(RELAY).expect("a contract");
    Inbox::new(contract, "first", Limits::default()).expect("its agent")
});

fuzz_target!(|event: &[u8]| {
    let arrival = Arrival {
        now_ms: 1_763_689_322_004,
        deadline_ms: Some(1_763_689_382_004),
        random: [7; 10],
        shared_store: true,
        trace: None,
        via: Via::Invocation,
    };
    let mut opened = INBOX.open(Event::Bytes(event.to_vec().into()), &arrival);
    while let Opened::Needs(pending) = opened {
        opened = pending.supply(None);
    }
    if let Opened::Refused(refusal) = opened
        && let Some(reply) = refusal.reply
    {
        reply.pack(Room::sync(false)).expect("a refusal is small");
    }
});
