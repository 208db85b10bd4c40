//! Parts of an answer: by value, or from the shared store.

use peer_contract_core::envelope::{Envelope, Payload};
use peer_contract_core::json::{Draft, Json};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};

use super::Runner;
use crate::store::{Key, doubt_blob};

impl Runner<'_> {
    /// The value of a part, valid by the schema at `schema` of the contract.
    pub(super) async fn value(&self, payload: &Payload, work: &str, schema: &Pointer) -> Result<Json, Problem> {
        let draft = self.text(payload, work).await?;
        self.contract.schema(schema)?.accept(draft, &Limits::default()).map_err(|problems| {
            let first = problems.first();
            let code = if first.code.is_of_json() { first.code } else { ErrorCode::PeerInvalid };
            Problem::new(code, first.at.clone(), first.message.clone())
        })
    }

    /// The text of a part, which nobody has read yet if it lay behind a reference.
    pub(super) async fn text(&self, payload: &Payload, work: &str) -> Result<Draft, Problem> {
        Ok(match payload {
            Payload::Json(json) => json.clone().into(),
            Payload::Reference(reference) => {
                let key = Key::parse(&reference.key(work))?;
                let stored = match (&reference.inline, self.store) {
                    (None, Some(store)) => store.get(&key).await?,
                    _ => None,
                };
                let opened = reference.open(stored.as_ref().map(|found| found.bytes.as_slice()), &Limits::default());
                if let (Err(_), Some(_), Some(store)) = (&opened, &stored, self.store) {
                    doubt_blob(store, &key, reference).await?;
                }
                opened?
            }
        })
    }
}

/// Bytes of an envelope's state as JSON, without following its reference.
pub(super) fn state_bytes(envelope: &Envelope) -> usize {
    match &envelope.state {
        None => 0,
        Some(Payload::Json(json)) => json.as_bytes().len(),
        Some(Payload::Reference(reference)) => usize::try_from(reference.bytes).unwrap_or(usize::MAX),
    }
}
