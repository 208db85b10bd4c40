//! `bench-speed CONTRACT DATA ROUNDS`: a line of JSON per size, in ns of thread CPU time.

use std::path::Path;

use bench_rust::message::{Message, SIZES, schema};
use bench_rust::ours::Ours;
use bench_rust::peers::{self, Peers};
use bench_rust::right;
use bench_rust::rounds::{Case, measure};
use serde_json::json;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [contract, data, rounds] = arguments.as_slice() else { panic!("usage: bench-speed CONTRACT DATA ROUNDS") };
    let data = Path::new(data);
    let ours = Ours::new(&std::fs::read(contract).expect("the contract can be read"), "/$defs/Parcel");
    let theirs = Peers::new(&schema(data));
    for size in SIZES {
        let message = Message::read(data, size);
        right::compare(size, &message, &ours, &theirs);
        let rounds = rounds.parse().expect("rounds are a number");
        let samples = measure(&mut cases(&message, &ours, &theirs), rounds);
        println!("{}", json!({ "group": "rust", "size": size, "bytes": message.author.len(), "samples": samples }));
    }
}

fn cases<'a>(message: &'a Message, ours: &'a Ours, theirs: &'a Peers) -> Vec<Case<'a>> {
    let Message { author, canonical, .. } = message;
    vec![
        Case::new("ours: verdict", || ours.verdict(author)),
        Case::new("serde_json + jsonschema: verdict", || theirs.verdict(author)),
        Case::new("ours: verdict, canonical", || ours.verdict(canonical)),
        Case::new("ours: digest", || ours.digest(canonical)),
        Case::new("serde_json + jsonschema + canonicalizer + sha2: digest", || theirs.digest(canonical)),
        Case::new("sha2", || peers::sha256(canonical)),
        Case::new("ours: canonical", || ours.canonical(author)),
        Case::new("ours: checked, canonical", || ours.checked_canonical(author)),
        Case::new("serde_json + canonicalizer: canonical", || peers::canonical(author)),
    ]
}
