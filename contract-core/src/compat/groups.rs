//! Groups of one version that the other goes on with: children that it must have, and a join that must take what they give.
//!
//! What a group is made of goes along with it: its children, its rule, its bound. So another list of children, another rule or
//! another join breaks only where the other version lacks one of those, or where its join refuses results that were right.

use serde_json::Value;

use super::compare::place_of;
use super::difference::{Cause, Difference, Direction, Version};
use super::gaps::{Budget, Gap, gaps};
use super::messages::Exchange;
use super::node::Side;
use super::told::{of_gap, stated};
use super::witness::End;
use super::words;
use crate::Pointer;
use crate::contract::{Complete, FanOut, Operation};
use crate::fan::results_schema;

/// An operation that fans out in the version that sends, beside the version that may have to go on.
pub(super) struct Spread<'a> {
    pub(super) sender: &'a Side<'a>,
    pub(super) receiver: &'a Side<'a>,
    pub(super) direction: Direction,
    pub(super) operation: &'a Operation,
    pub(super) fan_out: &'a FanOut,
}

impl Spread<'_> {
    /// All that breaks its groups.
    pub(super) fn differences(&self, budget: &mut Budget) -> Vec<Difference> {
        let mut found: Vec<Difference> =
            self.fan_out.each.iter().filter_map(|target| self.child(target, budget)).collect();
        match self.receiver.contract.operation(&self.fan_out.join) {
            None => found.push(self.no_join(budget)),
            Some(join) if !join.from.is_empty() => found.extend(self.results(join, budget)),
            // That it is callable now breaks what is sent to it; the phases say so.
            Some(_) => {}
        }
        found
    }

    /// A child that the other version cannot run: it cannot read the group then, whichever children are in it.
    fn child(&self, target: &str, budget: &mut Budget) -> Option<Difference> {
        if self.receiver.contract.operation(target).is_some_and(Operation::is_callable) {
            return None;
        }
        let message = match self.direction {
            Direction::Backward => {
                format!("groups that are under way have children `{target}`, which cannot run any more")
            }
            Direction::Forward => format!("groups have children `{target}` now, which old agents do not know"),
        };
        let witness = self.exchange(budget).group(self.operation, Some(target));
        Some(Difference { witness, ..self.stated(self.place().key("each"), message) })
    }

    fn no_join(&self, budget: &mut Budget) -> Difference {
        let join = &self.fan_out.join;
        let message = match self.direction {
            Direction::Backward => format!("groups that are under way are joined by `{join}`, which is gone"),
            Direction::Forward => format!("groups are joined by `{join}` now, which old agents do not know"),
        };
        let witness = self.exchange(budget).group(self.operation, None);
        Difference { witness, ..self.stated(self.place().key("join"), message) }
    }

    /// Results that this version's groups give, and the other's join refuses. What is not shown is told of the join's input.
    fn results(&self, join: &Operation, budget: &mut Budget) -> Vec<Difference> {
        let Some(results) = results_schema(self.sender.contract, &self.operation.target) else { return Vec::new() };
        let (contract, given) = self.sender.contract.with_type(results);
        let side = Side::of(&contract);
        let gives = End { side: &side, at: given };
        let reads = End { side: self.receiver, at: self.receiver.resolved(join.input.clone()) };
        let shown = gaps(&gives, &reads, budget).into_iter().filter(|gap| gap.shown.is_some());
        shown.map(|gap| self.refused(&gap, &gives, &reads)).collect()
    }

    fn refused(&self, gap: &Gap, gives: &End<'_>, reads: &End<'_>) -> Difference {
        let giver = self.direction.sender();
        let told = of_gap(gap, Cause::FanOut, &self.subject(), self.direction, (gives, reads), giver);
        let (sent_at, why) = self.reason(gap);
        let message = match why {
            Some(why) => format!("{why}; in `{}`, {}", self.fan_out.join, told.message),
            None => format!("results for `{}`: {}", self.fan_out.join, told.message),
        };
        let (sent_at, read_at) = (Some(sent_at), Some(gap.reads.clone()));
        let (old, new) = if giver == Version::Old { (sent_at, read_at) } else { (read_at, sent_at) };
        Difference { old, new, message, ..told }
    }

    /// What differs between the two ways to fan out that the refused result comes from, if something does.
    fn reason(&self, gap: &Gap) -> (Pointer, Option<String>) {
        let other = self.receiver.contract.operation(&self.operation.target);
        let result = gap.shown.as_ref().and_then(|(value, problem)| result_at(value, &problem.at));
        let (Some(other), Some(result)) = (other.and_then(|other| other.fans_out.as_ref()), result) else {
            return (self.place().key("join"), None);
        };
        let child = self.fan_out.each.iter().find(|target| result["operation"] == target.as_str());
        if let Some(child) = child.filter(|child| !other.each.contains(child)) {
            let fate = if self.direction == Direction::Backward { "is no child any more" } else { "is a child now" };
            return (self.place().key("each"), Some(format!("`{child}` {fate}")));
        }
        if result.get("error").is_some() && !other.complete.tells_errors() {
            let at = self.place().key("complete");
            let at = if self.sender.node(&at).is_some() { at } else { self.place() };
            return (at, Some(self.rules(self.fan_out.complete, other.complete)));
        }
        (self.place().key("join"), None)
    }

    fn rules(&self, sent: Complete, other: Complete) -> String {
        let value = |rule: Complete| serde_json::to_value(rule).unwrap_or_default();
        let (sent, other) = (value(sent), value(other));
        let (old, new) = if self.direction == Direction::Backward { (sent, other) } else { (other, sent) };
        format!("`complete` was {}, is {}", words::shown(&old), words::shown(&new))
    }

    fn stated(&self, at: Pointer, message: String) -> Difference {
        let there = |side: &Side<'_>| side.node(&at).map(|node| node.at);
        let (sent, received) = (there(self.sender), there(self.receiver));
        let places = if self.direction == Direction::Backward { (sent, received) } else { (received, sent) };
        stated(Cause::FanOut, &self.subject(), self.direction, places, message)
    }

    fn exchange<'w>(&self, budget: &'w mut Budget) -> Exchange<'_, 'w> {
        Exchange { sender: self.sender, receiver: self.receiver, weight: &mut budget.weight }
    }

    fn subject(&self) -> String {
        format!("{} fansOut", self.operation.target)
    }

    fn place(&self) -> Pointer {
        place_of(self.operation).key("fansOut")
    }
}

/// The result that a place in the input of a join lies in.
fn result_at<'v>(input: &'v Value, at: &Pointer) -> Option<&'v Value> {
    let mut tokens = at.as_str().split('/').skip(1);
    let index = tokens.next().filter(|member| *member == "results").and(tokens.next())?;
    input.get("results")?.get(index.parse::<usize>().ok()?)
}
