//! Requests that come twice: `idempotencyKey` says what makes two messages of an operation the same request.
//!
//! ```text
//! read the request's record ─decide─→ Own(record)  write it where nothing or an old one is; this message is the request
//!                                   ├→ Same       another message is the request: its claim and its outcome are the ones that count
//!                                   └→ Conflict   the key came with another payload: `key_conflict`
//! ```
//!
//! The record is put if absent, so of several messages at once one is the request, and all others see which.

mod rehearse;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use rehearse::rehearse;

use crate::claim::lease_ms;
use crate::contract::Operation;
use crate::envelope::id;
use crate::hex::hex;
use crate::json::{Json, canonicalize};
use crate::{Contract, Limits, plan};

/// What identifies a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Made of contract, operation and key: where the record lies. It has the form of an id of a work, and is tidied as works are.
    pub id: String,
    /// SHA-256 over input and state in canonical form, as hex.
    pub payload: String,
    /// How long the key is remembered, in milliseconds from the first message with it.
    pub lifetime_ms: u64,
}

/// The message that is a request: the record at `work/<id>/request`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The work of the message.
    pub work: String,
    /// The message.
    pub message: String,
    /// As in [`Request`].
    pub payload: String,
    /// Until when the key is remembered, milliseconds since 1970.
    pub until_ms: u64,
}

impl Record {
    /// The record.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and numbers always have a JSON text")
    }
}

/// Which message is the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This one, once the record is written in place of what was read.
    Write(Record),
    /// This one; the record says so.
    Own,
    /// Another one, with the same payload.
    Same {
        /// Its work.
        work: String,
        /// The message.
        message: String,
    },
    /// The key belongs to another payload.
    Conflict,
}

/// What a message asks for, where its operation has a key.
pub(crate) fn of(contract: &Contract, operation: &Operation, input: &Json, state: Option<&Json>) -> Option<Request> {
    let pointer = operation.idempotency_key.as_ref()?;
    let mut key = input.as_bytes();
    for token in pointer.steps() {
        key = plan::member(key.trim_ascii_start(), &token)?;
    }
    let names = [contract.name().as_bytes(), operation.target.as_bytes(), &canonical(key)];
    let id = id::derived(&digest_of(&names), 0);
    let payload =
        digest_of(&[&canonical(input.as_bytes()), &state.map(|state| canonical(state.as_bytes())).unwrap_or_default()]);
    Some(Request { id, payload, lifetime_ms: operation.constraints.key_lifetime_ms })
}

/// Decides on a message. `record` is what the store has for the request, `time_left_ms` what the handler has. A key is
/// remembered at least as long as the claim on its first message holds, or two of them could be at work at once.
///
/// A message that has an outcome of its own needs no decision: when its key was forgotten, and belongs to a later one by now, it
/// is still answered with what it came to.
pub fn decide(
    record: Option<&[u8]>,
    request: &Request,
    (work, message): (&str, &str),
    now_ms: u64,
    time_left_ms: u64,
) -> Decision {
    let known = record.and_then(|bytes| serde_json::from_slice::<Record>(bytes).ok());
    match known.filter(|record| record.until_ms > now_ms) {
        None => Decision::Write(Record {
            work: work.to_owned(),
            message: message.to_owned(),
            payload: request.payload.clone(),
            until_ms: now_ms.saturating_add(request.lifetime_ms.max(lease_ms(time_left_ms))),
        }),
        Some(record) if record.payload != request.payload => Decision::Conflict,
        Some(record) if record.work == work && record.message == message => Decision::Own,
        Some(Record { work, message, .. }) => Decision::Same { work, message },
    }
}

/// The same value is the same bytes. What was checked can be written; if it could not, its own text would do.
fn canonical(text: &[u8]) -> Vec<u8> {
    canonicalize(text, &Limits::READ_BEFORE).map_or_else(|_| text.to_vec(), |text| text.into_owned())
}

/// SHA-256 over parts, each with its length before it.
fn digest_of(parts: &[&[u8]]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    hex(&sha.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: (&str, &str) = ("w", "m");
    const SECOND: (&str, &str) = ("w2", "m2");

    fn request(payload: &str) -> Request {
        Request { id: "x".to_owned(), payload: payload.to_owned(), lifetime_ms: 60_000 }
    }

    fn first(time_left_ms: u64) -> Record {
        match decide(None, &request("p"), FIRST, 100, time_left_ms) {
            Decision::Write(record) => record,
            decision => panic!("nobody has the key: {decision:?}"),
        }
    }

    #[test]
    fn the_first_message_is_the_request_and_stays_it() {
        let bytes = first(1_000).to_bytes();
        assert_eq!(decide(Some(&bytes), &request("p"), FIRST, 200, 1_000), Decision::Own);
        let same = Decision::Same { work: "w".to_owned(), message: "m".to_owned() };
        assert_eq!(decide(Some(&bytes), &request("p"), SECOND, 200, 1_000), same);
        assert_eq!(decide(Some(&bytes), &request("q"), SECOND, 200, 1_000), Decision::Conflict);
    }

    #[test]
    fn a_key_is_forgotten_when_its_lifetime_is_over() {
        let bytes = first(1_000).to_bytes();
        let at = |now_ms| decide(Some(&bytes), &request("q"), SECOND, now_ms, 1_000);
        assert_eq!(at(60_099), Decision::Conflict);
        assert!(matches!(at(60_100), Decision::Write(_)));
    }

    #[test]
    fn a_key_is_remembered_while_its_first_message_may_be_at_work() {
        assert_eq!(first(900_000).until_ms, 100 + 905_000);
        assert_eq!(first(0).until_ms, 100 + 60_000, "no time left is none, and not any");
    }

    #[test]
    fn a_record_that_cannot_be_read_remembers_nothing() {
        for torn in [&b""[..], b"{", b"null"] {
            assert!(matches!(decide(Some(torn), &request("p"), FIRST, 1, 1), Decision::Write(_)));
        }
    }
}
