//! The middle agent of the relay: notes that it ran, waits, and passes the load on.

mod relay;

use std::io::Write;
use std::time::Duration;

use peer_contract::Work;
use relay::{Load, Order, Text, Weight, carrier, closer};

struct Carrier;

impl carrier::Agent for Carrier {
    async fn carry(&self, work: &mut Work<Load>, order: Order) -> Result<carrier::CarryOutcome, carrier::CarryError> {
        if let Some(journal) = &order.journal {
            writeln!(std::fs::OpenOptions::new().create(true).append(true).open(journal)?, "{}", std::process::id())?;
        }
        tokio::time::sleep(Duration::from_millis(order.wait_ms.unwrap_or(0).unsigned_abs())).await;
        work.state.trail.push("carrier".to_owned());
        Ok(closer::close(order))
    }

    async fn weigh(&self, _: &mut Work<()>, text: Text) -> Result<carrier::WeighOutcome, carrier::WeighError> {
        Ok(Weight::new(i64::try_from(text.text.len())?))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), peer_contract::Error> {
    peer_contract::lambda::run(carrier::serve(Carrier)).await
}
