//! Works under deliveries that are repeated, reordered, delayed, killed and lost: every effect happens once.
//!
//! `PEER_CONTRACT_SCHEDULES=10000` runs so many; `PEER_CONTRACT_SEED=77` runs the one with that seed again.

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/fan-out/rust/mod.rs"]
mod golden;
mod survey;
mod world;

use std::collections::BTreeSet;

use peer_contract::store::Key;
use peer_contract_core::envelope::{Envelope, Payload, Room, Travel, Unpacked};
use peer_contract_core::inbox::{self, Start};
use peer_contract_core::json::Json;
use peer_contract_core::{Limits, Value};
use serde_json::json;
use survey::{Effects, agents};
use world::World;

/// Schedules of an ordinary run.
const SCHEDULES: u64 = 300;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect(name))
}

fn seeds() -> std::ops::Range<u64> {
    match number("PEER_CONTRACT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("PEER_CONTRACT_SCHEDULES").unwrap_or(SCHEDULES),
    }
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

/// The result of a work whose first message came by a seed, and all that it did.
async fn run(seed: u64, places: &[String]) -> (Value, Effects) {
    let effects = Effects::default();
    let world = World::new(seed, agents(&effects));
    let contract = golden::CONTRACT.contract().unwrap();
    let input = Json::of_value(&json!({ "text": "where", "places": places })).unwrap();
    let (now_ms, mut random) = (now_ms(), [0; 10]);
    random[..8].copy_from_slice(&seed.to_be_bytes());
    let start = Start {
        entry: "planner.plan",
        input: input.into(),
        now_ms,
        random,
        travel: Travel::Event,
        trace: None,
        reply_to: None,
    };
    let first = inbox::start(contract, start).unwrap();
    world.queue("planner", first.pack(Room::event(true)).unwrap().bytes.into());
    let deliveries = world.settle().await;
    let found = world.store.get(&Key::result(&first.header.work).unwrap()).await.unwrap();
    let found =
        found.unwrap_or_else(|| panic!("seed {seed}: {deliveries} deliveries, and no result: {:?}", effects.names()));
    let Unpacked::Envelope(reply) = Envelope::unpack(found.bytes, &Limits::default()).unwrap() else {
        panic!("no envelope")
    };
    match reply.output {
        Some(Payload::Json(output)) => (output.to_value(), effects),
        output => panic!("seed {seed}: {output:?} {:?}", reply.error),
    }
}

#[tokio::test]
async fn every_effect_happens_once_whatever_becomes_of_the_deliveries() {
    for seed in seeds() {
        let places: Vec<String> = (0..seed % 8).map(|index| format!("place {index}")).collect();
        let (report, effects) = run(seed, &places).await;
        assert_eq!(effects.repeated(), Vec::<String>::new(), "seed {seed}");
        assert_eq!(report, json!({ "text": expected(&places) }), "seed {seed}");
        assert_eq!(effects.names(), wanted(&places), "seed {seed}");
    }
}

fn expected(places: &[String]) -> String {
    if places.is_empty() {
        return "where".to_owned();
    }
    let again: String = places.iter().map(|_| format!(" {}", "again 0".len())).collect();
    format!("asked 2:{again} closed hearsay")
}

fn wanted(places: &[String]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["plan", "tell advice"].map(str::to_owned).into();
    if places.is_empty() {
        names.insert("give up".to_owned());
        return names;
    }
    names.extend(["rank", "widen", "write", "tell hearsay"].map(str::to_owned));
    names.extend(places.iter().map(|place| format!("score {place}")));
    names.extend((0..places.len()).map(|index| format!("score again {index}")));
    names.insert(format!("score {} closed", places.iter().map(String::len).sum::<usize>()));
    names
}
