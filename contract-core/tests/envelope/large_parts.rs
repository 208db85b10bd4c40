//! Parts that are too large to travel as they are.

use std::collections::BTreeMap;

use peer_contract_core::envelope::{Outgoing, Packed, Payload, Room, Travel};
use peer_contract_core::inbox::{Delivery, Event, Inbox, Need, Opened};
use peer_contract_core::json::canonical;
use peer_contract_core::{Contract, Limits, Value};
use proptest::prelude::*;
use serde_json::json;

use crate::kit::{arrival, begin, changed, envelope, follows_schema, inbox, ready, reason, text};

const THREE_MB: usize = 3 << 20;

fn roomy() -> Contract {
    changed(r#", "maxStateBytes": 64"#, "")
}

/// A first message with this state.
fn message(contract: &Contract, state: Value, travel: Travel) -> Outgoing {
    let mut outgoing = begin(contract, travel);
    outgoing.state = Some(text(state));
    outgoing
}

/// Text that no compressor makes much smaller: six random bits in each character.
fn noise(length: usize) -> String {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..length).map(|_| char::from(letters[(next() >> 20) as usize % 64])).collect()
}

/// Opens what was packed, with its blobs as the store.
fn deliver(inbox: &Inbox, packed: &Packed) -> Box<Delivery> {
    follows_schema(&packed.bytes);
    let store: BTreeMap<_, _> = packed.blobs.iter().map(|blob| (blob.key.clone(), blob.bytes.clone())).collect();
    let mut opened = inbox.open(Event::Bytes(packed.bytes.clone().into()), &arrival(true));
    while let Opened::Needs(pending) = opened {
        let Need::Blob { key, .. } = pending.need() else { panic!("{:?}", pending.need()) };
        let found = store.get(key).cloned();
        opened = pending.supply(found);
    }
    ready(opened)
}

fn is_reference(packed: &Packed) -> bool {
    matches!(envelope(&packed.bytes).state, Some(Payload::Reference(_)))
}

#[test]
fn three_megabytes_pass_in_both_rooms() {
    let contract = roomy();
    let inbox = inbox(&contract, "first");
    let states = [json!({ "lines": ["a".repeat(THREE_MB)] }), json!({ "lines": [noise(THREE_MB)] })];
    for state in states {
        for (travel, room) in [(Travel::Return, Room::sync(false)), (Travel::Event, Room::event(true))] {
            let packed = message(&contract, state.clone(), travel).pack(room).unwrap();
            assert!(packed.bytes.len() <= room.bytes && packed.state_bytes > THREE_MB);
            assert_eq!(deliver(&inbox, &packed).state(), Some(&text(state.clone())));
        }
    }
}

#[test]
fn a_part_is_compressed_before_it_is_moved_and_moved_only_when_it_must() {
    let contract = roomy();
    let room = Room::event(true);
    let pack = |line: String| message(&contract, json!({ "lines": [line] }), Travel::Event).pack(room).unwrap();
    let small = pack("a".repeat(1000));
    assert!(!is_reference(&small) && small.blobs.is_empty());
    let compressed = pack("a".repeat(THREE_MB));
    assert!(is_reference(&compressed) && compressed.blobs.is_empty());
    let moved = pack(noise(THREE_MB));
    assert_eq!(moved.blobs.len(), 1);
    let work = envelope(&moved.bytes).header.work;
    assert!(moved.blobs[0].key.starts_with(&format!("work/{work}/blob/")));
}

#[test]
fn what_does_not_fit_and_cannot_be_moved_is_too_large() {
    let contract = roomy();
    let outgoing = message(&contract, json!({ "lines": [noise(7 << 20)] }), Travel::Return);
    let problem = outgoing.pack(Room::sync(false)).unwrap_err();
    assert_eq!((problem.code.as_str(), problem.at.as_str()), ("payload_too_large", "/data"));
    assert!(outgoing.pack(Room::sync(true)).is_ok());
}

#[test]
fn a_room_is_filled_to_its_last_byte_and_not_beyond() {
    let contract = roomy();
    let outgoing = message(&contract, json!({ "lines": [noise(4000)] }), Travel::Event);
    let whole = outgoing.pack(Room::sync(false)).unwrap().bytes.len();
    for bytes in whole - 300..whole + 300 {
        let packed = outgoing.pack(Room { bytes, shared_store: true }).unwrap();
        assert!(packed.bytes.len() <= bytes);
        assert_eq!(is_reference(&packed), bytes < whole + 64 && packed.bytes.len() != whole);
    }
}

#[test]
fn a_blob_that_is_missing_or_wrong_is_refused() {
    let contract = roomy();
    let inbox = inbox(&contract, "first");
    let packed =
        message(&contract, json!({ "lines": [noise(THREE_MB)] }), Travel::Event).pack(Room::event(true)).unwrap();
    let supply = |found| match inbox.open(Event::Bytes(packed.bytes.clone().into()), &arrival(true)) {
        Opened::Needs(pending) => reason(pending.supply(found)),
        _ => panic!("the state lies in the store"),
    };
    let blob = &packed.blobs[0].bytes;
    assert_eq!(supply(None), ("store_failed".to_owned(), "/data/stateRef".to_owned()));
    for wrong in [b"{}".to_vec(), Vec::new(), blob[..blob.len() - 1].to_vec(), [&blob[..], b"x"].concat()] {
        assert_eq!(supply(Some(wrong)), ("reference_invalid".to_owned(), "/data/stateRef".to_owned()));
    }
}

#[test]
fn an_input_an_output_and_error_data_travel_by_reference_as_well() {
    let contract = changed(r#", "maxLength": 20"#, "");
    let mut outgoing = begin(&contract, Travel::Event);
    outgoing.input = Some(text(json!({ "word": noise(1 << 20) })));
    let packed = outgoing.pack(Room::event(true)).unwrap();
    assert_eq!(Some(deliver(&inbox(&contract, "first"), &packed).input()), outgoing.input.as_ref());
    let delivery = crate::kit::second(&contract, Travel::Return);
    let big = text(json!({ "word": "b".repeat(1 << 20) }));
    let lost = peer_contract_core::inbox::Outcome::Error {
        code: "lost".into(),
        message: String::new(),
        data: Some(big.clone().into()),
    };
    let packed = delivery.close(lost, None, 0).unwrap().pack(Room { bytes: 16 << 10, shared_store: false }).unwrap();
    follows_schema(&packed.bytes);
    let Some(Payload::Reference(reference)) = envelope(&packed.bytes).error.unwrap().data else {
        panic!("by reference")
    };
    assert_eq!(reference.open(None, &Limits::default()), Ok(big.into()));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53) + 1..(1_i64 << 53)).prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite and no unsafe integer", |number| number.is_finite() && number.abs() < 9e15)
            .prop_map(Value::from),
        ".{0,24}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,8}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_state_survives_any_room(extra in any_json(), bytes in 2000_usize..6000) {
        let contract = roomy();
        let state = json!({ "lines": ["x".repeat(3000)], "extra": extra });
        let room = Room { bytes, shared_store: true };
        let packed = message(&contract, state.clone(), Travel::Event).pack(room).unwrap();
        let delivery = deliver(&inbox(&contract, "first"), &packed);
        // `0` and `0.0` are one number, so values are compared as the canonical form writes them.
        prop_assert_eq!(canonical(&delivery.state().unwrap().to_value()), canonical(&state));
    }
}
