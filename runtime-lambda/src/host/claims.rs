//! One outcome per message: reading and writing what the core decides about claims.

use std::sync::Arc;

use peer_contract_core::Problem;
use peer_contract_core::claim::{self, Decision, StoredOutcome};
use peer_contract_core::inbox::Delivery;

use super::post::Sealed;
use crate::clock::{now_ms, until};
use crate::store::{Found, Key, Put, Store, Swap, Version, failed};

/// The right to run a message now.
pub(super) struct Claim {
    store: Arc<dyn Store>,
    key: Key,
    outcome: Key,
    version: Version,
    record: claim::Claim,
}

/// What came of asking for a claim.
pub(super) enum Claimed {
    /// The handler may run.
    Mine(Claim),
    /// The outcome is there; it is sent again.
    Sealed(Sealed),
    /// Another delivery holds the claim.
    Busy,
}

/// Asks for the right to run a message. The same request may ask again, and gets it.
pub(super) async fn take(store: Arc<dyn Store>, delivery: &Delivery, request_id: &str) -> Result<Claimed, Problem> {
    let (work, message) = delivery.claimed();
    let (key, outcome) = (Key::claim(work, message)?, Key::outcome(work, message)?);
    let (mut held, mut stored): (Option<Found>, Option<Found>) = (None, None);
    // The first round supposes that the message is new, and writes before it reads.
    for _ in 0..ROUNDS {
        let time_left = u64::try_from(until(delivery.info().deadline_ms).as_millis()).unwrap_or(u64::MAX);
        let bytes = |found: &Option<Found>| found.as_ref().map(|found| found.bytes.clone());
        match claim::decide(bytes(&held).as_deref(), bytes(&stored).as_deref(), request_id, now_ms(), time_left) {
            Decision::Busy { .. } => return Ok(Claimed::Busy),
            Decision::Done => return Ok(Claimed::Sealed(unsealed(work, stored.as_ref())?)),
            Decision::Take(record) => {
                let expected = held.as_ref().map(|found| &found.version);
                if let Swap::Swapped(version) = store.compare_and_set(&key, expected, &record.to_bytes()).await? {
                    return Ok(Claimed::Mine(Claim { store, key, outcome, version, record }));
                }
            }
        }
        held = store.get(&key).await?;
        stored = store.get(&outcome).await?;
    }
    Ok(Claimed::Busy)
}

const ROUNDS: usize = 8;

impl Claim {
    /// Which claim on the message this is, from 1: as many deliveries have tried it.
    pub(super) fn number(&self) -> u64 {
        self.record.fence
    }

    /// Stores the outcome, unless there is one; gives the one that is there.
    pub(super) async fn seal(&self, sealed: Sealed) -> Result<Sealed, Problem> {
        let Sealed { recipient, work, bytes } = sealed;
        let outcome = StoredOutcome { fence: self.record.fence, recipient, payload: bytes };
        if self.store.put_if_absent(&self.outcome, &outcome.to_bytes()).await? == Put::Present {
            return unsealed(&work, self.store.get(&self.outcome).await?.as_ref());
        }
        Ok(Sealed { recipient: outcome.recipient, work, bytes: outcome.payload })
    }

    /// Lets another delivery run the message at once. Losing the race for it is no harm: the lease runs out.
    pub(super) async fn release(&self) {
        let free = claim::Claim { lease_until_ms: 0, ..self.record.clone() };
        let _ = self.store.compare_and_set(&self.key, Some(&self.version), &free.to_bytes()).await;
    }
}

fn unsealed(work: &str, found: Option<&Found>) -> Result<Sealed, Problem> {
    let found = found.ok_or_else(|| failed("an outcome record went away"))?;
    let StoredOutcome { recipient, payload, .. } = StoredOutcome::from_bytes(&found.bytes)?;
    Ok(Sealed { recipient, work: work.to_owned(), bytes: payload })
}

/// Ends the claim of an invocation that is known to be over: its invoker saw it fail. Without this a process that
/// was killed would hold its message until the lease ends. Whoever holds the claim by now keeps it.
pub(crate) async fn free(store: &dyn Store, work: &str, message: &str, request_id: &str) {
    let Ok(key) = Key::claim(work, message) else { return };
    let Ok(Some(found)) = store.get(&key).await else { return };
    let Ok(held) = serde_json::from_slice::<claim::Claim>(&found.bytes) else { return };
    if held.request_id == request_id {
        let over = claim::Claim { lease_until_ms: 0, ..held };
        let _ = store.compare_and_set(&key, Some(&found.version), &over.to_bytes()).await;
    }
}
