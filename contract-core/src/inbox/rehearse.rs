//! One event, taken as far as it goes with nothing to load: what all languages run the shared vectors with.

use bytes::Bytes;

use super::{Arrival, Delivery, Event, Inbox, Opened};
use crate::{Contract, ErrorCode, Limits, Pointer, Problem};

/// What an event would have become.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rehearsal {
    /// `agent.operation`.
    pub operation: String,
    /// Phase the work is in.
    pub phase: Option<String>,
    /// Hop of the message.
    pub hop: u32,
    /// When the handler must be done, milliseconds since 1970.
    pub deadline_ms: u64,
    /// Whether work starts here, without an envelope.
    pub plain: bool,
}

/// Opens one event for `agent` of `contract` as if every cache and store were empty.
///
/// # Errors
/// Whatever the event would be refused with.
pub fn rehearse(contract: &Contract, agent: &str, event: &[u8], arrival: &Arrival) -> Result<Rehearsal, Problem> {
    let inbox = Inbox::new(contract.clone(), agent, Limits::default())?;
    let mut opened = inbox.open(Event::Bytes(Bytes::copy_from_slice(event)), arrival);
    loop {
        opened = match opened {
            Opened::Ready(delivery) => return Ok(summary(&delivery)),
            Opened::Refused(refusal) => return Err(refusal.problem),
            Opened::Needs(pending) => pending.supply(None),
            Opened::Carried(_) => return Err(carries()),
        };
    }
}

fn carries() -> Problem {
    let message = "this event carries messages; what becomes of them is told by `events::rehearse`";
    Problem::new(ErrorCode::EventInvalid, Pointer::root(), message)
}

fn summary(delivery: &Delivery) -> Rehearsal {
    let info = delivery.info();
    Rehearsal {
        operation: info.target.clone(),
        phase: info.phase.clone(),
        hop: info.hop,
        deadline_ms: info.deadline_ms,
        plain: delivery.is_plain(),
    }
}
