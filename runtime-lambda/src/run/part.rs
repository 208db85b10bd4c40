//! Parts of an answer: by value, or from the shared store.

use peer_contract_core::envelope::{Envelope, Payload};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem, Value};

use super::Runner;
use crate::store::Key;

impl Runner<'_> {
    /// The value of a part, valid by the schema at `schema` of the contract.
    pub(super) async fn value(&self, payload: &Payload, work: &str, schema: &Pointer) -> Result<Value, Problem> {
        let value = match payload {
            Payload::Value(value) => value.clone(),
            Payload::Reference(reference) => {
                let stored = match (&reference.inline, self.store) {
                    (None, Some(store)) => store.get(&Key::parse(&reference.key(work))?).await?,
                    _ => None,
                };
                reference.open(stored.as_ref().map(|found| found.bytes.as_slice()), &Limits::default())?
            }
        };
        match self.contract.schema(schema)?.validate(&value) {
            Ok(()) => Ok(value),
            Err(problems) => {
                let first = problems.first();
                Err(Problem::new(ErrorCode::PeerInvalid, first.at.clone(), first.message.clone()))
            }
        }
    }
}

/// Bytes of an envelope's state as JSON, without following its reference.
pub(super) fn state_bytes(envelope: &Envelope) -> usize {
    match &envelope.state {
        None => 0,
        Some(Payload::Value(value)) => serde_json::to_vec(value).map_or(0, |text| text.len()),
        Some(Payload::Reference(reference)) => usize::try_from(reference.bytes).unwrap_or(usize::MAX),
    }
}
