//! The agent in the middle: says what it was made from.

mod tuned;

use peer_contract::Work;
use tuned::{Settings, Start, Trail, scaler, writer};

struct Scaler {
    config: Settings,
}

impl scaler::Agent for Scaler {
    async fn scale(&self, work: &mut Work<Trail>, start: Start) -> Result<scaler::ScaleOutcome, scaler::ScaleError> {
        let Settings { label, limits, words, .. } = &self.config;
        let words = words.as_ref().map_or(0, Vec::len);
        work.state.steps.push(format!("{label} {} {words}", limits.most));
        Ok(writer::write(start))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), peer_contract::Error> {
    peer_contract::lambda::run(scaler::serve_with(|config| async { Ok(Scaler { config }) })).await
}
