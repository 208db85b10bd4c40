//! The outcome that spreads a work over children.

use super::close::{outcomes, refused};
use super::{Delivery, next};
use crate::contract::FanOut;
use crate::envelope::{Outgoing, Recipient, Travel};
use crate::fan;
use crate::json::{Draft, Json};
use crate::{ErrorCode, Pointer, Problem, Problems};

impl Delivery {
    /// The group: the message of the join, which waits for its input.
    pub(super) fn close_fan_out(
        &self,
        children: Vec<(String, Draft)>,
        state: Option<Draft>,
        now_ms: u64,
    ) -> Result<Outgoing, Problems> {
        let declared = self.declared_fan_out()?;
        let mut problems = self.count(declared, children.len())?;
        let mut accepted = Vec::with_capacity(children.len());
        for (index, (target, input)) in children.into_iter().enumerate() {
            accepted.extend(self.accept_child(declared, index, target, input, &mut problems)?);
        }
        let state = self.new_state(state, &mut problems)?;
        Problems::result_of(problems)?;
        let join = self.own.contract.operation(&declared.join).expect("the checker found the join");
        let mut outgoing = next::handoff(&self.own, &self.header, join, now_ms)?;
        outgoing.header.phase = Some(declared.to.clone());
        if self.header.travel == Travel::Event {
            outgoing.recipient = Recipient::Children;
        }
        outgoing.fan_out = Some(fan::text_of(&accepted, declared.complete, declared.concurrency));
        Ok(self.carrying(state, outgoing))
    }

    fn declared_fan_out(&self) -> Result<&FanOut, Problem> {
        let operation = self.operation();
        operation.fans_out.as_ref().ok_or_else(|| {
            refused(format!("`{}` may not fan out; it ends with {}", operation.target, outcomes(operation)))
        })
    }

    /// Whether there are as many children as there must be, and no more than there may.
    fn count(&self, declared: &FanOut, children: usize) -> Result<Vec<Problem>, Problem> {
        if children > self.own.limits.children {
            return Err(fan::too_many(children, &self.own.limits));
        }
        let least = declared.complete.least_outputs();
        if children >= least {
            return Ok(Vec::new());
        }
        let message = format!("the fan-out has {children} children, and needs the outputs of {least}");
        Ok(vec![Problem::new(ErrorCode::OutputInvalid, Pointer::root().key("children"), message)])
    }

    fn accept_child(
        &self,
        declared: &FanOut,
        index: usize,
        target: String,
        input: Draft,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<(String, Json)>, Problem> {
        let at = Pointer::root().key("children").index(index);
        let operation = self.own.contract.operation(&target).filter(|_| declared.each.contains(&target));
        let operation = operation.ok_or_else(|| {
            let (from, each) = (&self.operation().target, declared.each.join("`, `"));
            let message = format!("`{target}` is no child of `{from}`; its children are `{each}`");
            Problem::new(ErrorCode::OutcomeRefused, at.clone(), message)
        })?;
        let input = self.accept_at(&at.key("input"), &operation.input, input, problems)?;
        Ok(input.map(|input| (target, input)))
    }
}
