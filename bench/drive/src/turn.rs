//! `bench-turn DATA ROUNDS`: what one turn of the Rust agent costs, from the bytes of an event to the bytes of the answer.
//!
//! `land` opens a message and gives a small reply; `toRust` opens one and passes it on. The difference is sending.

use std::path::Path;

use bench_rust::message::SIZES;
use bench_rust::rounds::{Case, measure};
use bytes::Bytes;
use peer_contract::Serve;
use peer_contract::agent::Endpoint;
use peer_contract::host::{Host, Invocation, Response, Settings};
use peer_contract_core::inbox::Event;
use serde_json::json;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, rounds] = arguments.as_slice() else { panic!("usage: bench-turn DATA ROUNDS") };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let agent = bench_agent::agent();
    let contract = agent.contract().expect("the embedded contract").clone();
    let host = Host::new(contract, "rust", Settings::default()).expect("a host");
    let endpoint = Endpoint::new(host, Box::new(agent));
    let answer = |event: &Bytes| {
        let response = runtime.block_on(endpoint.answer(Event::Bytes(event.clone()), Invocation::default()));
        let Response::Payload(payload) = response else { panic!("the agent refuses its message") };
        payload
    };
    for size in SIZES {
        let name = size.replace(' ', "");
        let first = Path::new(data).join(format!("{name}.start.rust.toRust.json"));
        let first = Bytes::from(std::fs::read(first).expect("`python starts.py` writes the messages"));
        let second = Bytes::from(answer(&first));
        let mut cases = [Case::new("pass", || answer(&first)), Case::new("land", || answer(&second))];
        let samples = measure(&mut cases, rounds.parse().expect("rounds are a number"));
        println!("{}", json!({ "group": "turn-rust", "size": size, "bytes": first.len(), "samples": samples }));
    }
}
