//! `bench-growth CONTRACT DATA ROUNDS`: how cost grows with the size of a message and with the number of types.

use std::path::Path;

use bench_rust::ours::Ours;
use bench_rust::peers::Peers;
use bench_rust::rounds::{Case, measure};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [contract, data, rounds] = arguments.as_slice() else { panic!("usage: bench-growth CONTRACT DATA ROUNDS") };
    let (data, rounds) = (Path::new(data), rounds.parse().expect("rounds are a number"));
    let contract = std::fs::read(contract).expect("the contract can be read");
    for records in [10, 100, 1000, 10_000] {
        let ours = Ours::new(&contract, "/$defs/Parcel");
        let theirs = Peers::new(&json_of(&data.join("schema.json")));
        let text = read(&data.join(format!("records{records}.json")));
        let samples = measure(&mut verdicts(&text, &ours, &theirs), rounds);
        tell("growth-payload", &format!("{records} records"), text.len(), samples);
    }
    for types in [10, 100, 1000] {
        let contract = read(&data.join(format!("types{types}.contract.json")));
        let schema = json_of(&data.join(format!("types{types}.schema.json")));
        let text = read(&data.join(format!("types{types}.json")));
        let (ours, theirs) = (Ours::new(&contract, "/$defs/Batch"), Peers::new(&schema));
        let mut cases = verdicts(&text, &ours, &theirs);
        cases.push(Case::new("ours: ready", || Ours::new(&contract, "/$defs/Batch").verdict(&text)));
        cases.push(Case::new("jsonschema: ready", || Peers::new(&schema).verdict(&text)));
        let samples = measure(&mut cases, rounds.div_ceil(3));
        tell("growth-types", &format!("{types} types"), text.len(), samples);
    }
}

fn verdicts<'a>(text: &'a [u8], ours: &'a Ours, theirs: &'a Peers) -> Vec<Case<'a>> {
    assert!(ours.verdict(text), "ours refuses the message");
    assert!(theirs.verdict(text), "the peer refuses the message");
    vec![
        Case::new("ours: verdict", || ours.verdict(text)),
        Case::new("serde_json + jsonschema: verdict", || theirs.verdict(text)),
    ]
}

fn tell(group: &str, size: &str, bytes: usize, samples: Value) {
    println!("{}", json!({ "group": group, "size": size, "bytes": bytes, "samples": samples }));
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("`python -m workload` writes it")
}

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&read(path)).expect("it is JSON")
}
