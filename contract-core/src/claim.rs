//! One outcome per message, although deliveries repeat.
//!
//! ```text
//! read outcome, read claim ─decide─→ Take(claim)  write the claim, run, put the outcome if absent, send what is stored
//!                                  ├→ Busy        another delivery works on it: end quietly, or answer `in_progress`
//!                                  └→ Done        send the stored outcome again
//! ```
//!
//! Claims only save work. What makes an outcome the only one is that it is put if absent, so a claim
//! that cannot be read, or a lease that ends too early, costs a second run and nothing else.

use serde::{Deserialize, Serialize};

use crate::envelope::Recipient;
use crate::fan::Slot;
use crate::{ErrorCode, Pointer, Problem};

/// How long a lease outlives the time its holder has left: clocks differ, and the holder may be storing its outcome.
const GRACE_MS: u64 = 5_000;

/// Who works on a message: the record at `work/<work>/claim/<message>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// The platform's id of the delivery; Lambda's own retries repeat it.
    pub request_id: String,
    /// Until when others leave the message alone, milliseconds since 1970.
    pub lease_until_ms: u64,
    /// Grows with each claim on the message, so that a late holder can be told from the present one.
    pub fence: u64,
}

impl Claim {
    /// The record.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and numbers always have a JSON text")
    }
}

/// What to do with a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Write this claim in place of the one that was read, and run.
    Take(Claim),
    /// Leave it alone: another delivery holds it.
    Busy {
        /// When it is free again, milliseconds since 1970.
        until_ms: u64,
    },
    /// The outcome is stored; send it again.
    Done,
}

/// Decides on a delivery.
///
/// `claim` and `outcome` are what the store has for the message. `time_left_ms` is what the handler
/// has; without any, the claim protects nothing and its lease has no length.
pub fn decide(
    claim: Option<&[u8]>,
    outcome: Option<&[u8]>,
    request_id: &str,
    now_ms: u64,
    time_left_ms: u64,
) -> Decision {
    if outcome.is_some() {
        return Decision::Done;
    }
    let held = claim.and_then(|bytes| serde_json::from_slice::<Claim>(bytes).ok());
    match held {
        Some(held) if held.request_id != request_id && held.lease_until_ms > now_ms => {
            Decision::Busy { until_ms: held.lease_until_ms }
        }
        held => Decision::Take(Claim {
            request_id: request_id.to_owned(),
            lease_until_ms: now_ms.saturating_add(lease_ms(time_left_ms)),
            fence: held.map_or(0, |held| held.fence).saturating_add(1),
        }),
    }
}

/// How long a claim holds others back: as long as its holder has, and some. No time left is no lease.
pub(crate) fn lease_ms(time_left_ms: u64) -> u64 {
    if time_left_ms == 0 { 0 } else { time_left_ms.saturating_add(GRACE_MS) }
}

/// The outcome that won: the record at `work/<work>/outcome/<message>`, all that is needed to send it again.
///
/// One line of JSON, then the payload as it is: a payload of megabytes is not parsed to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOutcome {
    /// The claim under which it was made.
    pub fence: u64,
    /// Who gets it.
    pub recipient: Recipient,
    /// The envelope.
    pub payload: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    fence: u64,
    recipient: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ordinal: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Invoker,
    Agent,
    Store,
    Children,
    Group,
    ReplyTo,
}

impl StoredOutcome {
    /// The record.
    pub fn to_bytes(&self) -> Vec<u8> {
        let kind = match &self.recipient {
            Recipient::Invoker => Kind::Invoker,
            Recipient::ResultRecord => Kind::Store,
            Recipient::Agent(_) => Kind::Agent,
            Recipient::Children => Kind::Children,
            Recipient::Group(_) => Kind::Group,
            Recipient::ReplyTo(_) => Kind::ReplyTo,
        };
        let mut line = Line { fence: self.fence, recipient: kind, agent: None, parent: None, ordinal: None, to: None };
        match &self.recipient {
            Recipient::Agent(agent) => line.agent = Some(agent.clone()),
            Recipient::ReplyTo(to) => line.to = Some(to.clone()),
            Recipient::Group(slot) => (line.parent, line.ordinal) = (Some(slot.parent.clone()), Some(slot.ordinal)),
            _ => {}
        }
        let mut bytes = serde_json::to_vec(&line).expect("strings and numbers always have a JSON text");
        bytes.push(b'\n');
        bytes.extend(&self.payload);
        bytes
    }

    /// Reads a record.
    ///
    /// # Errors
    /// `store_failed` when it is none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        let broken = || Problem::new(ErrorCode::StoreFailed, Pointer::root(), "a stored outcome cannot be read");
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(broken)?;
        let line: Line = serde_json::from_slice(&bytes[..end]).map_err(|_| broken())?;
        let Line { fence, recipient, agent, parent, ordinal, to } = line;
        let slot = parent.zip(ordinal).map(|(parent, ordinal)| Slot { parent, ordinal });
        let recipient = match (recipient, agent, slot, to) {
            (Kind::Invoker, None, None, None) => Recipient::Invoker,
            (Kind::Store, None, None, None) => Recipient::ResultRecord,
            (Kind::Agent, Some(agent), None, None) => Recipient::Agent(agent),
            (Kind::Children, None, None, None) => Recipient::Children,
            (Kind::Group, None, Some(slot), None) => Recipient::Group(slot),
            (Kind::ReplyTo, None, None, Some(to)) => Recipient::ReplyTo(to),
            _ => return Err(broken()),
        };
        Ok(Self { fence, recipient, payload: bytes[end + 1..].to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(claim: Option<&[u8]>, request_id: &str, now_ms: u64) -> Option<Claim> {
        match decide(claim, None, request_id, now_ms, 1_000) {
            Decision::Take(claim) => Some(claim),
            _ => None,
        }
    }

    #[test]
    fn the_first_delivery_takes_the_message() {
        let claim = take(None, "a", 100).unwrap();
        assert_eq!(claim, Claim { request_id: "a".to_owned(), lease_until_ms: 6_100, fence: 1 });
    }

    #[test]
    fn another_delivery_waits_until_the_lease_ends() {
        let claim = take(None, "a", 100).unwrap().to_bytes();
        assert_eq!(decide(Some(&claim), None, "b", 6_099, 1_000), Decision::Busy { until_ms: 6_100 });
        assert_eq!(take(Some(&claim), "b", 6_100).unwrap().fence, 2);
    }

    #[test]
    fn the_same_request_takes_its_claim_over() {
        let claim = take(None, "a", 100).unwrap().to_bytes();
        let again = take(Some(&claim), "a", 200).unwrap();
        assert_eq!((again.fence, again.lease_until_ms), (2, 6_200));
    }

    #[test]
    fn a_stored_outcome_ends_every_delivery() {
        let claim = take(None, "a", 100).unwrap().to_bytes();
        assert_eq!(decide(Some(&claim), Some(b"{}\n"), "a", 100, 1_000), Decision::Done);
        assert_eq!(decide(None, Some(b""), "b", 100, 1_000), Decision::Done);
    }

    #[test]
    fn no_time_left_is_no_lease() {
        let Decision::Take(claim) = decide(None, None, "a", 100, 0) else { panic!("nobody holds it") };
        assert_eq!(claim.lease_until_ms, 100);
    }

    #[test]
    fn a_claim_that_cannot_be_read_holds_nobody_back() {
        for torn in [&b""[..], b"{", b"null", b"{\"fence\":1}"] {
            assert_eq!(take(Some(torn), "a", 100).unwrap().fence, 1);
        }
    }

    #[test]
    fn a_stored_outcome_reads_back_what_it_wrote() {
        let slot = Slot { parent: "p".to_owned(), ordinal: 7 };
        let mut recipients = vec![Recipient::Invoker, Recipient::ResultRecord, Recipient::Children];
        recipients.extend([Recipient::Agent("ranker".to_owned()), Recipient::Group(slot)]);
        recipients.push(Recipient::ReplyTo("arn:aws:sqs:eu-west-1:123456789012:done".to_owned()));
        for recipient in recipients {
            let outcome = StoredOutcome { fence: 3, recipient, payload: b"{\"a\":\n1}".to_vec() };
            assert_eq!(StoredOutcome::from_bytes(&outcome.to_bytes()), Ok(outcome));
        }
    }

    #[test]
    fn a_torn_outcome_is_reported_not_sent() {
        for torn in [&b""[..], b"{}", b"{}\n", b"{\"fence\":1,\"recipient\":\"agent\"}\n{}"] {
            assert_eq!(StoredOutcome::from_bytes(torn).unwrap_err().code, ErrorCode::StoreFailed);
        }
    }
}
