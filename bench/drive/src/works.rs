//! Starting works and seeing them to their end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bench_rust::message::Message;
use peer_contract::Serve;
use peer_contract::host::Settings;
use peer_contract::peers::LambdaApi;
use peer_contract::run::{End, Order, Runner};
use peer_contract_core::Contract;
use peer_contract_core::json::Json;
use serde_json::{Value, json};

/// The agents behind one local Lambda.
pub struct Works {
    contract: Contract,
    api: LambdaApi,
    data: PathBuf,
}

impl Works {
    /// Agents that are reached at an Invoke API.
    pub fn new(endpoint: &str, data: &Path) -> Self {
        let contract = bench_agent::agent().contract().expect("the embedded contract").clone();
        let settings = Settings::read(|name| match name {
            "AWS_ENDPOINT_URL_LAMBDA" => Some(endpoint.to_owned()),
            "AWS_REGION" => Some("us-east-1".to_owned()),
            _ => None,
        });
        let api = LambdaApi::new(&contract, &settings.expect("settings")).expect("a client");
        Self { contract, api, data: data.to_owned() }
    }

    /// The message of one size, which still visits so many agents.
    pub fn message(&self, size: &str, hops: u32) -> Json {
        let text = Message::read(&self.data, size).canonical;
        let mut value: Value = serde_json::from_slice(&text).expect("a message is JSON");
        value["hops"] = json!(hops);
        Json::of_value(&value).expect("a message is JSON")
    }

    /// One work: what its last handler measured, and what it took as a whole.
    pub async fn run(&self, entry: &str, input: Json) -> (Duration, Duration) {
        let started = Instant::now();
        let finished = Runner::new(&self.contract, &self.api, None).run(Order::new(entry, input)).await;
        let whole = started.elapsed();
        let End::Output(landing) = finished.unwrap_or_else(|stopped| panic!("{entry}: {stopped:?}")).end else {
            panic!("{entry} ended in an error of the contract")
        };
        let took = landing.to_value()["tookNs"].as_u64().expect("the contract says so");
        (Duration::from_nanos(took), whole)
    }
}

/// `{p10, median, p90}` in ns.
pub fn summary(mut samples: Vec<Duration>) -> Value {
    samples.sort();
    let at = |share: f64| samples[((samples.len() - 1) as f64 * share).round() as usize].as_nanos() as u64;
    json!({ "p10": at(0.1), "median": at(0.5), "p90": at(0.9) })
}
