//! Parts of an answer: by value, or from the shared store.

use peer_contract_core::envelope::{Envelope, Payload};
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};

use super::Runner;
use crate::store::open_part;

impl Runner<'_> {
    /// The value of a part, valid by the schema at `schema` of the contract.
    pub(super) async fn value(&self, payload: &Payload, work: &str, schema: &Pointer) -> Result<Json, Problem> {
        let draft = open_part(self.store, payload, work).await?;
        self.contract.schema(schema)?.accept(draft, &Limits::default()).map_err(|problems| {
            let first = problems.first();
            let code = if first.code.is_of_json() { first.code } else { ErrorCode::PeerInvalid };
            Problem::new(code, first.at.clone(), first.message.clone())
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
