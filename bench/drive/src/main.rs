//! `bench-drive ENDPOINT DATA <pairs ROUNDS | chain ROUNDS | crowd SECONDS>`: works through running agents, wall clock.

mod chain;
mod crowd;
mod pairs;
mod works;

use std::path::Path;

use works::Works;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, data, what, much] = arguments.as_slice() else {
        panic!("usage: bench-drive ENDPOINT DATA <pairs | chain | crowd> <rounds or seconds>")
    };
    let works: &'static Works = Box::leak(Box::new(Works::new(endpoint, Path::new(data))));
    let much = much.parse().expect("a number");
    match what.as_str() {
        "pairs" => pairs::run(works, much).await,
        "chain" => chain::run(works, much).await,
        "crowd" => crowd::run(works, much).await,
        other => panic!("`{other}` is nothing to drive"),
    }
}
