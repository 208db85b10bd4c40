//! Requests that come twice: `idempotencyKey` says what makes two messages of an operation the same request.
//!
//! ```text
//! read the request's record ─decide─→ Own(record)  write it where nothing or an old one is; this message is the request
//!                                   ├→ Same       another message is the request: its claim and its outcome are the ones that count
//!                                   └→ Conflict   the key came with another payload: `key_conflict`
//! ```
//!
//! The record is put if absent, so of several messages at once one is the request, and all others see which.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::contract::Operation;
use crate::envelope::id;
use crate::hex::hex;
use crate::json::{Json, canonicalize};
use crate::{Contract, Limits, plan};

/// How long a key is remembered, from the first message with it: a day.
pub const REMEMBERED_MS: u64 = 86_400_000;

/// What identifies a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Made of contract, operation and key: where the record lies. It has the form of an id of a work, and is tidied as works are.
    pub id: String,
    /// SHA-256 over input and state in canonical form, as hex.
    pub payload: String,
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
    Some(Request { id, payload })
}

/// Decides on a message. `record` is what the store has for the request.
pub fn decide(record: Option<&[u8]>, request: &Request, work: &str, message: &str, now_ms: u64) -> Decision {
    let known = record.and_then(|bytes| serde_json::from_slice::<Record>(bytes).ok());
    match known.filter(|record| record.until_ms > now_ms) {
        None => Decision::Write(Record {
            work: work.to_owned(),
            message: message.to_owned(),
            payload: request.payload.clone(),
            until_ms: now_ms.saturating_add(REMEMBERED_MS),
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

    fn request(payload: &str) -> Request {
        Request { id: "x".to_owned(), payload: payload.to_owned() }
    }

    #[test]
    fn the_first_message_is_the_request_and_stays_it() {
        let Decision::Write(record) = decide(None, &request("p"), "w", "m", 100) else { panic!("nobody has the key") };
        assert_eq!(record.until_ms, 100 + REMEMBERED_MS);
        let bytes = record.to_bytes();
        assert_eq!(decide(Some(&bytes), &request("p"), "w", "m", 200), Decision::Own);
        let same = Decision::Same { work: "w".to_owned(), message: "m".to_owned() };
        assert_eq!(decide(Some(&bytes), &request("p"), "w2", "m2", 200), same);
        assert_eq!(decide(Some(&bytes), &request("q"), "w2", "m2", 200), Decision::Conflict);
    }

    #[test]
    fn a_key_is_forgotten_after_a_day() {
        let Decision::Write(record) = decide(None, &request("p"), "w", "m", 100) else { panic!("nobody has the key") };
        let bytes = record.to_bytes();
        let at = |now_ms| decide(Some(&bytes), &request("q"), "w2", "m2", now_ms);
        assert_eq!(at(99 + REMEMBERED_MS), Decision::Conflict);
        assert!(matches!(at(100 + REMEMBERED_MS), Decision::Write(_)));
    }

    #[test]
    fn a_record_that_cannot_be_read_remembers_nothing() {
        for torn in [&b""[..], b"{", b"null"] {
            assert!(matches!(decide(Some(torn), &request("p"), "w", "m", 1), Decision::Write(_)));
        }
    }
}
