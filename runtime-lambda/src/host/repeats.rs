//! A message that repeats another one's request, while that one is at work.
//!
//! Whoever waits for a repeated message by `event` looks under the ids that it was sent with, and nobody else puts an outcome there. So
//! the delivery waits, too, as long as its own time lasts. By `return`, and from a queue, who sent it asks again.

use std::sync::Arc;
use std::time::Duration;

use peer_contract_core::Problem;
use peer_contract_core::envelope::Travel;
use peer_contract_core::events::Via;
use peer_contract_core::inbox::Delivery;

use super::Invocation;
use super::begin::request_id;
use super::claims::{self, Claimed};
use crate::clock::until;
use crate::store::Store;

const SHORTEST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_millis(500);
/// To tell that the first one did not end.
const TO_ANSWER: Duration = Duration::from_millis(500);

/// Asks for the right to run a message; one that repeats another by `event` asks until that one's outcome is there.
pub(super) async fn take(
    store: Arc<dyn Store>,
    delivery: &Delivery,
    invocation: &Invocation,
) -> Result<Claimed, Problem> {
    let request_id = request_id(invocation);
    // A plain start is answered with the work of the first one; nobody looks for another.
    let is_awaited = delivery.repeats() && delivery.travel() == Travel::Event && !delivery.is_plain();
    let waits = is_awaited && invocation.via != Via::Queue;
    let mut pause = SHORTEST;
    loop {
        let claimed = claims::take(store.clone(), delivery, &request_id).await?;
        if !waits || !matches!(claimed, Claimed::Busy) || until(delivery.info().deadline_ms) <= pause + TO_ANSWER {
            return Ok(claimed);
        }
        // Bindings look at a future once without a runtime; the next look has one, and with it a clock to sleep by.
        tokio::task::yield_now().await;
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}
