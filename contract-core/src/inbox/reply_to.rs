//! Whom `replyto` of a message names, and whether it may.

use super::{Inbox, Own};
use crate::contract::Operation;
use crate::envelope::{Header, Recipient, Travel, is_line};
use crate::fan::Slot;
use crate::replies::{self, RESULT_RECORD, is_target, refused};
use crate::{Contract, Problem};

/// Refuses what names nobody that gets replies.
pub(super) fn check(own: &Own, header: &Header, operation: &Operation) -> Result<(), Problem> {
    match header.reply_to.as_deref() {
        None | Some(RESULT_RECORD) => Ok(()),
        Some(_) if Slot::of(header).is_some() => Ok(()),
        Some(target) if is_target(target) => own.takes_replies(operation, target),
        Some(address) if own.reply_addresses.contains(address) => Ok(()),
        Some(_) => {
            let message = "the address in `replyto` is none that this agent replies to";
            Err(refused(message).with_help("list it under `reply-to` in `PEER_CONTRACT_PEERS` of every agent"))
        }
    }
}

/// Who gets the reply to `cause`. What may not be named gets nothing; the work ends in the store then.
pub(super) fn recipient(own: &Own, cause: &Header) -> Recipient {
    if cause.travel == Travel::Return {
        return Recipient::Invoker;
    }
    if let Some(slot) = Slot::of(cause) {
        return Recipient::Group(slot);
    }
    let named = cause.reply_to.as_deref().filter(|named| *named != RESULT_RECORD);
    let operation = own.contract.operation(&cause.target);
    let allowed = named.filter(|_| operation.is_some_and(|operation| check(own, cause, operation).is_ok()));
    allowed.map_or(Recipient::ResultRecord, |named| Recipient::ReplyTo(named.to_owned()))
}

impl Inbox {
    /// Who gets the reply to a message with this header.
    pub fn recipient_of_reply(&self, cause: &Header) -> Recipient {
        recipient(&self.own, cause)
    }
}

impl Own {
    /// The verdict on each pair of operations is made once; the contract does not change.
    fn takes_replies(&self, from: &Operation, target: &str) -> Result<(), Problem> {
        let pair = (from.target.clone(), target.to_owned());
        let verdicts = || self.takers.lock().expect("no code panics while it holds this lock");
        if let Some(verdict) = verdicts().get(&pair) {
            return verdict.clone();
        }
        let verdict = replies::check(&self.contract, from, target);
        // Names that the contract does not have are without number.
        if self.contract.operation(target).is_some() {
            verdicts().insert(pair, verdict.clone());
        }
        verdict
    }
}

/// `replyto` as who starts a work asks for it. An address is for the receiver to know.
pub(super) fn asked(
    contract: &Contract,
    entry: &Operation,
    travel: Travel,
    asked: Option<String>,
) -> Result<Option<String>, Problem> {
    let Some(asked) = asked else {
        return Ok((travel == Travel::Event).then(|| RESULT_RECORD.to_owned()));
    };
    if travel == Travel::Return {
        return Err(refused("work that travels by `return` is answered to who forwards it; `replyto` is for `event`"));
    }
    if !is_line(&asked) {
        return Err(refused("`replyto` is `store`, `agent.operation`, or an address of up to 1024 bytes"));
    }
    if is_target(&asked) {
        replies::check(contract, entry, &asked)?;
    }
    Ok(Some(asked))
}
