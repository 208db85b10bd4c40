//! One outcome per message: claims and outcome records in the shared store.
//!
//! A claim saves work; the outcome record, written by put-if-absent, decides.

use std::sync::Arc;

use peer_contract_core::Problem;
use peer_contract_core::envelope::Recipient;
use peer_contract_core::inbox::Delivery;
use serde::{Deserialize, Serialize};

use super::post::Sealed;
use crate::clock::now_ms;
use crate::store::{Found, Key, Put, Store, Swap, Version, failed};

/// The right to run a message now.
pub(super) struct Claim {
    store: Arc<dyn Store>,
    claim: Key,
    outcome: Key,
    version: Version,
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

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// Who holds the claim: a request id, or nobody.
    holder: String,
    /// Until when, milliseconds since 1970.
    until: u64,
}

/// Asks for the right to run a message. The same holder may ask again, and gets it.
pub(super) async fn take(store: Arc<dyn Store>, delivery: &Delivery, holder: &str) -> Result<Claimed, Problem> {
    let (work, message) = (&delivery.header().work, &delivery.header().id);
    let (claim, outcome) = (Key::claim(work, message)?, Key::outcome(work, message)?);
    let until = delivery.info().deadline_ms + GRACE_MS;
    let mine = encoded(&Record { holder: holder.to_owned(), until });
    let mut seen = None;
    for _ in 0..ROUNDS {
        let expected = seen.as_ref().map(|found: &Found| &found.version);
        if let Swap::Swapped(version) = store.compare_and_set(&claim, expected, &mine).await? {
            return Ok(Claimed::Mine(Claim { store, claim, outcome, version }));
        }
        if let Some(found) = store.get(&outcome).await? {
            return Ok(Claimed::Sealed(unsealed(work, &found.bytes)?));
        }
        seen = store.get(&claim).await?;
        if seen.as_ref().is_some_and(|found| is_held(&found.bytes, holder)) {
            return Ok(Claimed::Busy);
        }
    }
    Ok(Claimed::Busy)
}

const ROUNDS: usize = 4;
/// Beyond the handler's own deadline: time to store and send its outcome.
const GRACE_MS: u64 = 2_000;

fn is_held(record: &[u8], asking: &str) -> bool {
    // A record that cannot be read protects nobody.
    serde_json::from_slice::<Record>(record)
        .is_ok_and(|record| now_ms() < record.until && (record.holder != asking || asking.is_empty()))
}

impl Claim {
    /// Stores the outcome, unless there is one; gives the one that is there.
    pub(super) async fn seal(&self, sealed: Sealed) -> Result<Sealed, Problem> {
        if self.store.put_if_absent(&self.outcome, &recorded(&sealed)).await? == Put::Stored {
            return Ok(sealed);
        }
        let found = self.store.get(&self.outcome).await?.ok_or_else(|| failed("an outcome record went away"))?;
        unsealed(&sealed.work, &found.bytes)
    }

    /// Lets another delivery run the message at once. Losing it is no harm: the lease runs out.
    pub(super) async fn release(&self) {
        let free = encoded(&Record { holder: String::new(), until: 0 });
        let _ = self.store.compare_and_set(&self.claim, Some(&self.version), &free).await;
    }
}

fn encoded(record: &Record) -> Vec<u8> {
    serde_json::to_vec(record).expect("a text and a number are JSON")
}

/// One line with the recipient, then the payload.
fn recorded(sealed: &Sealed) -> Vec<u8> {
    let recipient = match &sealed.recipient {
        Recipient::Invoker => "invoker".to_owned(),
        Recipient::ResultRecord => "result".to_owned(),
        Recipient::Agent(agent) => format!("agent {agent}"),
    };
    [recipient.as_bytes(), b"\n", &sealed.bytes].concat()
}

fn unsealed(work: &str, record: &[u8]) -> Result<Sealed, Problem> {
    let unreadable = || failed("an outcome record cannot be read");
    let end = record.iter().position(|byte| *byte == b'\n').ok_or_else(unreadable)?;
    let recipient = match std::str::from_utf8(&record[..end]).map_err(|_| unreadable())? {
        "invoker" => Recipient::Invoker,
        "result" => Recipient::ResultRecord,
        line => Recipient::Agent(line.strip_prefix("agent ").ok_or_else(unreadable)?.to_owned()),
    };
    Ok(Sealed { recipient, work: work.to_owned(), bytes: record[end + 1..].to_vec() })
}
