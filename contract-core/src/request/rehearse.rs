//! Messages with keys, one after the other, over records in memory: what all languages run the shared vectors with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json as value};

use super::{Decision, decide, of};
use crate::claim::{self, Claim};
use crate::contract::Operation;
use crate::json::{self, Json};
use crate::{Contract, ErrorCode, Limits, Pointer, Problem};

/// Takes messages for an operation of `contract` to the point where its handler would run, as if each came to a sandbox of its own
/// over one store. `messages` is a JSON array; each has `now_ms`, `time_left_ms`, `request_id`, `work`, `message`, `input`, and `ends`,
/// whether its handler has stored an outcome before the next message comes.
///
/// Gives for each the `verdict` (`run`, `stored`, `in_progress`, `key_conflict`), the message that it is handled `as`, and, where it
/// runs, `lease_until_ms` of its claim and `key_until_ms` of the key.
///
/// # Errors
/// `operation_unknown`, and the `json_*` codes of `messages`.
pub fn rehearse(contract: &Contract, target: &str, messages: &[u8]) -> Result<Value, Problem> {
    let unknown = || Problem::new(ErrorCode::OperationUnknown, Pointer::root(), "the contract has no such operation");
    let operation = contract.operation(target).ok_or_else(unknown)?;
    let messages = json::parse(messages, &Limits::default())?;
    let mut records = Records::default();
    let messages = messages.as_array().map_or(&[][..], Vec::as_slice);
    Ok(messages.iter().map(|message| records.told(contract, operation, message)).collect())
}

/// Work and message.
type Named = (String, String);

/// What lies in the store.
#[derive(Default)]
struct Records {
    requests: BTreeMap<String, Vec<u8>>,
    claims: BTreeMap<Named, Vec<u8>>,
    outcomes: BTreeSet<Named>,
}

impl Records {
    fn told(&mut self, contract: &Contract, operation: &Operation, message: &Value) -> Value {
        let Some((named, key_until_ms)) = self.named(contract, operation, message) else {
            return value!({ "verdict": "key_conflict" });
        };
        let mut told = match self.claim(&named, message) {
            claim::Decision::Busy { .. } => value!({ "verdict": "in_progress" }),
            claim::Decision::Done => value!({ "verdict": "stored" }),
            claim::Decision::Take(Claim { lease_until_ms, .. }) => {
                value!({ "verdict": "run", "lease_until_ms": lease_until_ms, "key_until_ms": key_until_ms })
            }
        };
        told["as"] = value!({ "work": named.0, "message": named.1 });
        told
    }

    /// The message that this one is handled as, and until when its key is remembered; nothing for a key of another payload.
    fn named(&mut self, contract: &Contract, operation: &Operation, message: &Value) -> Option<(Named, Option<u64>)> {
        let own = (text(message, "work"), text(message, "message"));
        let Some(request) = of(contract, operation, &Json::of_strict(&message["input"]), None) else {
            return Some((own, None));
        };
        let record = self.requests.get(&request.id).map(Vec::as_slice);
        let (now_ms, time_left_ms) = (number(message, "now_ms"), number(message, "time_left_ms"));
        match decide(record, &request, (&own.0, &own.1), now_ms, time_left_ms) {
            Decision::Write(record) => {
                self.requests.insert(request.id, record.to_bytes());
                Some((own, Some(record.until_ms)))
            }
            Decision::Own => Some((own, None)),
            _ if self.outcomes.contains(&own) => Some((own, None)),
            Decision::Same { work, message } => Some(((work, message), None)),
            Decision::Conflict => None,
        }
    }

    fn claim(&mut self, named: &Named, message: &Value) -> claim::Decision {
        let outcome = self.outcomes.contains(named).then_some(&b""[..]);
        let (now_ms, time_left_ms) = (number(message, "now_ms"), number(message, "time_left_ms"));
        let held = self.claims.get(named).map(Vec::as_slice);
        let decision = claim::decide(held, outcome, &text(message, "request_id"), now_ms, time_left_ms);
        if let claim::Decision::Take(claim) = &decision {
            self.claims.insert(named.clone(), claim.to_bytes());
            if message["ends"] == true {
                self.outcomes.insert(named.clone());
            }
        }
        decision
    }
}

fn text(message: &Value, name: &str) -> String {
    message[name].as_str().unwrap_or_default().to_owned()
}

fn number(message: &Value, name: &str) -> u64 {
    message[name].as_u64().unwrap_or_default()
}
