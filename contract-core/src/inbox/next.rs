//! Headers of the messages that a message causes.

use super::{Own, reply_to};
use crate::contract::Operation;
use crate::envelope::{Header, Outgoing, Recipient, Travel, id};
use crate::{Contract, ErrorCode, Pointer, Problem};

/// The outcome's ordinal among the messages that one message causes; calls come after it.
const OUTCOME: u32 = 0;

/// The reply to `cause`. The phase is the caller's to set.
pub(super) fn reply(own: &Own, cause: &Header, now_ms: u64) -> Outgoing {
    let recipient = reply_to::recipient(own, cause);
    // An operation that is not known here has no hash here; the sender's own word for it is all there is.
    let operation = own.operation(&cause.target).map_or(cause.operation, |operation| operation.hash());
    let contract_name = cause.contract_name.clone();
    // Whatever reads a reply goes on after the span that gave it.
    let trace = Some(cause.trace().handled(&cause.id));
    let header = Header { contract_name, operation, reply: true, trace, ..caused(own, cause, OUTCOME, now_ms) };
    Outgoing::new(header, recipient)
}

/// The reply that refuses `cause`.
pub(super) fn refusal(own: &Own, cause: &Header, problem: &Problem, now_ms: u64) -> Outgoing {
    Outgoing { error: Some(problem.into()), ..reply(own, cause, now_ms) }
}

/// The reply that refuses `cause` in place of its receiver, which is never reached.
pub(crate) fn refusing_reply(contract: &Contract, cause: &Header, problem: &Problem) -> Outgoing {
    let recipient = match cause.travel {
        Travel::Return => Recipient::Invoker,
        Travel::Event => Recipient::ResultRecord,
    };
    let header = Header {
        id: id::derived(&cause.id, OUTCOME),
        source: format!("/{}", contract.name()),
        reply: true,
        contract: contract.hash(),
        phase: None,
        causation: Some(cause.id.clone()),
        reply_to: None,
        ..cause.clone()
    };
    Outgoing { error: Some(problem.into()), ..Outgoing::new(header, recipient) }
}

/// The handoff of the work to `target`.
///
/// The contract always goes along. Peers are deployed one by one, so nothing a sandbox has seen of a
/// peer says what runs there now, and nobody asks back on a handoff: a KB on the wire is cheaper than
/// a work that ends as `contract_required`. A receiver with the same operation never looks at it. A
/// contract too long for that is found in the shared store.
pub(super) fn handoff(own: &Own, cause: &Header, target: &Operation, now_ms: u64) -> Result<Outgoing, Problem> {
    let recipient = match cause.travel {
        Travel::Return => Recipient::Invoker,
        Travel::Event => Recipient::Agent(target.agent.clone()),
    };
    let header = Header { reply_to: cause.reply_to.clone(), ..onward(own, cause, target, OUTCOME, now_ms)? };
    let mut outgoing = Outgoing::new(header, recipient);
    outgoing.contract = own.inline();
    Ok(outgoing)
}

/// The header of the call number `ordinal`, counted from 0.
pub(super) fn call(
    own: &Own,
    cause: &Header,
    ordinal: u32,
    target: &Operation,
    now_ms: u64,
) -> Result<Header, Problem> {
    let onward = onward(own, cause, target, ordinal.saturating_add(OUTCOME + 1), now_ms)?;
    Ok(Header { travel: Travel::Return, ..onward })
}

/// A message one hop further.
fn onward(own: &Own, cause: &Header, target: &Operation, ordinal: u32, now_ms: u64) -> Result<Header, Problem> {
    let (hop, most) = (cause.hop.saturating_add(1), own.most_hops());
    if hop > most {
        let message = format!("`{}` would be hop {hop} of a work that may make {most}", target.target);
        return Err(Problem::new(ErrorCode::HopLimit, Pointer::root().key("hop"), message));
    }
    let (target, operation) = (target.target.clone(), target.hash());
    Ok(Header { hop, target, operation, ..caused(own, cause, ordinal, now_ms) })
}

/// What every message takes from the one that caused it. It is signed with the sender's own contract.
fn caused(own: &Own, cause: &Header, ordinal: u32, now_ms: u64) -> Header {
    let id = id::derived(&cause.id, ordinal);
    Header {
        source: format!("/{}/{}", own.contract.name(), own.agent),
        contract_name: own.contract.name().to_owned(),
        target: cause.target.clone(),
        reply: false,
        work: cause.work.clone(),
        time_ms: now_ms,
        contract: own.contract.hash(),
        operation: cause.operation,
        phase: None,
        hop: cause.hop,
        travel: cause.travel,
        expiry_ms: cause.expiry_ms,
        causation: Some(cause.id.clone()),
        trace: Some(cause.trace().sent(&id)),
        reply_to: None,
        id,
    }
}
