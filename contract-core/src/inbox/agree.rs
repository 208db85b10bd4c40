//! How the receiver finds the sender's contract, and whether the operation still fits.

use super::open::{Opening, Stop};
use super::pending::Need;
use crate::compat::{Break, Verdict};
use crate::contract::Operation;
use crate::envelope::{from_base64, inflate};
use crate::{Contract, ContractHash, ErrorCode, Limits, Pointer, Problem};

impl Opening {
    /// Equal operation hashes need no contract at all: the hot path. Otherwise the sender's contract
    /// is looked for in memory, in the message, and at last outside.
    pub(super) fn agree(&mut self, operation: &Operation) -> Result<(), Stop> {
        if self.header.operation == operation.hash() {
            return Ok(());
        }
        let registry = &self.own.registry;
        if let Some(verdict) = registry.verdict(self.header.operation, operation.hash()) {
            return Ok(accept(verdict)?);
        }
        let sender = self.sender_contract()?;
        let sent = sender.operation(&self.header.target).filter(|sent| sent.hash() == self.header.operation);
        let sent = sent.ok_or_else(|| not_of_contract(&self.header.target))?;
        let verdict = crate::compat::fits((&sender, sent), (&self.own.contract, operation));
        self.own.registry.keep_verdict(self.header.operation, operation.hash(), verdict.clone());
        Ok(accept(verdict)?)
    }

    fn sender_contract(&mut self) -> Result<Contract, Stop> {
        let hash = self.header.contract;
        let known = if hash == self.own.contract.hash() { Some(&self.own.contract) } else { self.sender.as_ref() };
        if let Some(contract) = known.cloned().or_else(|| self.own.registry.get(&hash)) {
            return Ok(contract);
        }
        let Some(inline) = &self.inline else { return Err(Stop::Needs(Need::Contract(hash))) };
        let contract = of_inline(inline, &hash, &self.own.limits)
            .map_err(|problem| problem.under(&Pointer::root().key("data").key("contract")))?;
        self.own.registry.keep(contract.clone());
        Ok(contract)
    }

    /// Keeps what was loaded for later messages, too.
    pub(super) fn keep_sender(&mut self, contract: Contract) {
        self.own.registry.keep(contract.clone());
        self.sender = Some(contract);
    }
}

/// The contract that the host found, verified. Bytes with another hash are worth no more than none.
pub(super) fn supplied(found: Option<&[u8]>, hash: &ContractHash, limits: &Limits) -> Result<Contract, Problem> {
    let contract = found.and_then(|bytes| Contract::parse_within(bytes, limits).ok());
    contract.filter(|contract| contract.hash() == *hash).ok_or_else(|| {
        let message = format!("the contract {hash} is not known here; send it inline as `data.contract`");
        Problem::new(ErrorCode::ContractRequired, Pointer::root().key("dataschema"), message)
    })
}

fn of_inline(text: &str, hash: &ContractHash, limits: &Limits) -> Result<Contract, Problem> {
    if text.len() > limits.inline_contract_bytes {
        let message =
            format!("an inline contract has {} bytes, {} may travel", text.len(), limits.inline_contract_bytes);
        return Err(Problem::new(ErrorCode::PayloadTooLarge, Pointer::root(), message));
    }
    let canonical = inflate(&from_base64(text, &Pointer::root())?, limits.contract_bytes, limits)?;
    let contract = Contract::parse_within(&canonical, limits).map_err(|problems| {
        let first = problems.first();
        mismatch(format!("the inline contract breaks the rule `{}` at `{}`", first.code, first.at))
    })?;
    if contract.hash() == *hash {
        return Ok(contract);
    }
    Err(mismatch(format!("the inline contract has the hash {}, `dataschema` says {hash}", contract.hash())))
}

fn mismatch(message: String) -> Problem {
    Problem::new(ErrorCode::ContractMismatch, Pointer::root(), message)
}

fn not_of_contract(target: &str) -> Problem {
    let message = format!("this is not the hash of `{target}` in the contract that `dataschema` names");
    Problem::new(ErrorCode::ContractMismatch, Pointer::root().key("operation"), message)
}

/// Where nothing is decided, the message itself is: it is validated by the receiver's schemas anyway.
fn accept(verdict: Verdict) -> Result<(), Problem> {
    match verdict {
        Verdict::Fits | Verdict::Unknown => Ok(()),
        Verdict::Broken(broken) => Err(incompatible(&broken)),
    }
}

fn incompatible(broken: &Break) -> Problem {
    let (part, at) = (&broken.part, &broken.at);
    let message = format!("sender and receiver differ in `{part}` at `{at}`: {}", broken.message);
    Problem::new(ErrorCode::ContractIncompatible, place(part).join(at), message)
}

/// The place in an envelope that a part of the contract speaks of.
fn place(part: &str) -> Pointer {
    let data = Pointer::root().key("data");
    match part {
        "input" | "output" | "state" => data.key(part),
        "from" => Pointer::root().key("phase"),
        _ => data.key("error").key("data"),
    }
}
