//! The same request, the same outcome: reading and writing what the core decides about idempotency keys.

use peer_contract_core::envelope::Header;
use peer_contract_core::inbox::Delivery;
use peer_contract_core::request::{Decision, decide};
use peer_contract_core::{ErrorCode, Pointer, Problem};

use crate::clock::{now_ms, until};
use crate::store::{Found, Key, Store, Swap, failed};

/// Whose request a message is: a repeated one is given the ids under which the first is claimed and answered.
///
/// # Errors
/// `key_conflict`, `store_required`, `store_failed`.
pub(super) async fn settle(store: Option<&dyn Store>, delivery: &mut Delivery) -> Result<(), Problem> {
    let Some(request) = delivery.request() else { return Ok(()) };
    let store = store.ok_or_else(no_store)?;
    let key = Key::request(&request.id)?;
    let mut known: Option<Found> = None;
    for _ in 0..ROUNDS {
        let Header { work, id, .. } = delivery.header();
        let bytes = known.as_ref().map(|found| found.bytes.as_slice());
        let time_left_ms = u64::try_from(until(delivery.info().deadline_ms).as_millis()).unwrap_or(u64::MAX);
        match decide(bytes, &request, (work, id), now_ms(), time_left_ms) {
            Decision::Own => return Ok(()),
            Decision::Same { .. } | Decision::Conflict if store.get(&Key::outcome(work, id)?).await?.is_some() => {
                return Ok(());
            }
            Decision::Same { work, message } => {
                delivery.repeat(work, message);
                return Ok(());
            }
            Decision::Conflict => return Err(conflict(delivery)),
            Decision::Write(record) => {
                let expected = known.as_ref().map(|found| &found.version);
                if let Swap::Swapped(_) = store.compare_and_set(&key, expected, &record.to_bytes()).await? {
                    return Ok(());
                }
            }
        }
        known = store.get(&key).await?;
    }
    Err(failed("the record of a request was replaced again and again"))
}

const ROUNDS: usize = 8;

fn conflict(delivery: &Delivery) -> Problem {
    let key = delivery.operation().idempotency_key.clone().unwrap_or_default();
    let message = "this key came before with another input; a new request needs a new key";
    Problem::new(ErrorCode::KeyConflict, Pointer::root().key("data").key("input").join(&key), message)
}

fn no_store() -> Problem {
    let message = "an operation with an `idempotencyKey` remembers its requests in a shared store";
    Problem::new(ErrorCode::StoreRequired, Pointer::root(), message)
}
