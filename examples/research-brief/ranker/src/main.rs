//! The ranker of the demo: a Rust agent over the official Lambda runtime, here and on Lambda.

mod agent;
mod research_brief;

use std::process::ExitCode;

use agent::Ranker;
use research_brief::ranker;
use research_brief_ranker::corpus;
use research_brief_ranker::index::Index;

#[tokio::main]
async fn main() -> ExitCode {
    let addresses = corpus::folder().and_then(|folder| corpus::read(&folder));
    let served = match addresses {
        Ok(addresses) => {
            let index = Index::new(addresses);
            peer_contract::lambda::run(ranker::serve(Ranker { index })).await.map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("ranker: {message}");
            ExitCode::FAILURE
        }
    }
}
