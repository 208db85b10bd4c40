//! The rules a message must keep before any work is done for it. None of them changes anything.

use super::open::Opening;
use super::{Arrival, Own, reply_to};
use crate::contract::{Kind, Operation};
use crate::envelope::{Header, Travel};
use crate::events::Via;
use crate::fan::Slot;
use crate::{ErrorCode, Pointer, Problem};

/// The platform ends an invocation without warning; so much earlier we answer ourselves.
const MARGIN_MS: u64 = 2_000;

impl Opening {
    pub(super) fn check_expiry(&self) -> Result<(), Problem> {
        match self.header.expiry_ms {
            Some(expiry) if expiry <= self.arrival.now_ms => {
                let late = self.arrival.now_ms - expiry;
                Err(problem(ErrorCode::DeadlineExceeded, "expirytime", format!("the work expired {late} ms ago")))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_hops(&self) -> Result<(), Problem> {
        let (hop, most) = (self.header.hop, self.own.most_hops());
        if hop <= most {
            return Ok(());
        }
        Err(problem(ErrorCode::HopLimit, "hop", format!("this is hop {hop} of a work that may make {most}")))
    }

    pub(super) fn find_operation<'a>(&self, own: &'a Own) -> Result<&'a Operation, Problem> {
        let Header { contract_name, target, reply, .. } = &self.header;
        if *reply {
            let message = "this is a reply; an agent receives messages, and replies to its own calls only";
            return Err(problem(ErrorCode::EnvelopeInvalid, "type", message));
        }
        let found = own.operation(target).filter(|_| own.contract.name() == contract_name);
        found.ok_or_else(|| {
            let (name, agent) = (own.contract.name(), &own.agent);
            let message = format!("this is the agent `{agent}` of `{name}`, which has no `{contract_name}.{target}`");
            problem(ErrorCode::OperationUnknown, "type", message)
        })
    }

    pub(super) fn check_is_joined(&self) -> Result<(), Problem> {
        if !self.is_group {
            return Ok(());
        }
        let at = Pointer::root().key("data").key("fanOut");
        Err(invalid(at, "this is a group; its children run first, then the join gets their results as its input"))
    }

    pub(super) fn check_phase(&self, operation: &Operation) -> Result<(), Problem> {
        let target = &operation.target;
        match (&self.header.phase, operation.kind) {
            (None, Kind::Callable) => self.check_no_state(),
            (Some(_), Kind::Callable) => {
                Err(problem(ErrorCode::PhaseRefused, "phase", format!("`{target}` is called outside of the phases")))
            }
            (None, _) if self.state.is_none() => {
                let message = format!("`{target}` is part of the phases: work is handed to it, it cannot be called");
                Err(problem(ErrorCode::OperationNotCallable, "type", message))
            }
            (Some(phase), _) if operation.from.contains(phase) => self.check_some_state(),
            _ => {
                let from = operation.from.join("`, `");
                Err(problem(ErrorCode::PhaseRefused, "phase", format!("`{target}` starts from `{from}`")))
            }
        }
    }

    fn check_no_state(&self) -> Result<(), Problem> {
        match &self.state {
            None => Ok(()),
            Some(state) => Err(invalid(state.place(), "a call carries no state; it stays with the caller")),
        }
    }

    fn check_some_state(&self) -> Result<(), Problem> {
        match &self.state {
            Some(_) => Ok(()),
            None => Err(invalid(Pointer::root().key("data").key("state"), "work in a phase carries its state")),
        }
    }

    pub(super) fn check_delivery(&self, operation: &Operation) -> Result<(), Problem> {
        if self.header.travel == Travel::Return {
            return match self.arrival.via {
                Via::Invocation | Via::Request => Ok(()),
                Via::Queue => {
                    let message = "nobody waits behind a queue for what is returned; its messages travel by `event`";
                    Err(problem(ErrorCode::EnvelopeInvalid, "delivery", message))
                }
            };
        }
        let is_child = Slot::of(&self.header).is_some();
        if operation.kind == Kind::Callable && !is_child {
            let message = "a call is answered to its caller, so its delivery is `return`";
            return Err(problem(ErrorCode::EnvelopeInvalid, "delivery", message));
        }
        if !self.arrival.shared_store {
            let message = "delivery by `event` needs a shared store for claims and the result";
            return Err(problem(ErrorCode::StoreRequired, "delivery", message));
        }
        reply_to::check(&self.own, &self.header, operation)
    }

    /// By the schemas of the receiver, whatever version the sender has.
    pub(super) fn validate(&mut self, operation: &Operation) -> Result<(), Problem> {
        let Own { contract, limits, .. } = &*self.own;
        self.input.validate(Some(&*contract.schema(&operation.input)?), limits)?;
        if let Some(state) = &mut self.state {
            let schema = contract.state().map(|at| contract.schema(&at)).transpose()?;
            state.validate(schema.as_deref(), limits)?;
        }
        Ok(())
    }
}

/// What starts behind a queue has nobody to return a handoff or a group to.
pub(super) fn check_goes_on(entry: &Operation, travel: Travel, via: Via) -> Result<(), Problem> {
    let ends_here = entry.hands_to.is_empty() && entry.fans_out.is_none();
    if via != Via::Queue || travel == Travel::Event || ends_here {
        return Ok(());
    }
    let message = "work that a queue starts is handed over by `event`, and that needs a shared store";
    Err(Problem::new(ErrorCode::StoreRequired, Pointer::root(), message))
}

/// When the handler must be done.
pub(super) fn deadline(operation: &Operation, header: &Header, arrival: &Arrival) -> Result<u64, Problem> {
    let own = arrival.now_ms.saturating_add(operation.constraints.timeout_ms);
    let platform = arrival.deadline_ms.map(|deadline| deadline.saturating_sub(MARGIN_MS));
    let deadline = [header.expiry_ms, platform].into_iter().flatten().fold(own, u64::min);
    if deadline > arrival.now_ms {
        return Ok(deadline);
    }
    let message = "the platform leaves no time for a handler";
    Err(Problem::new(ErrorCode::DeadlineExceeded, Pointer::root(), message))
}

fn problem(code: ErrorCode, attribute: &str, message: impl Into<String>) -> Problem {
    Problem::new(code, Pointer::root().key(attribute), message)
}

fn invalid(at: Pointer, message: &str) -> Problem {
    Problem::new(ErrorCode::EnvelopeInvalid, at, message)
}
