//! Every keyword that a value breaks.
//!
//! Goes only where the value does not fit, so each step finds something. Alternatives, `not` and `contains` are
//! one finding each: which alternative was meant is not asked here.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::{Applicator, Finding, Id, Kind, Members, Rule, Run};
use crate::Pointer;

/// A part of the value that does not fit a schema, and where it stands.
struct Spot<'a> {
    id: Id,
    value: &'a Value,
    at: Pointer,
}

impl<'a> Run<'a> {
    /// What a value breaks of a schema and of all that it leads to.
    pub(super) fn list(mut self, id: Id, value: &'a Value) -> Vec<Finding<'a>> {
        let mut found = Vec::new();
        let mut open = Open::default();
        open.add(&mut self, id, value, Pointer::root);
        while let Some(spot) = open.waiting.pop_front() {
            self.list_asserted(spot.id, spot.value, &spot.at, &mut found);
            for rule in &self.program.node(spot.id).rules {
                if let Rule::Applies(applicator) = rule {
                    let kind = self.list_applied(applicator, &spot, &mut open);
                    found.extend(kind.map(|kind| self.finding(&spot, kind)));
                }
            }
        }
        found
    }

    fn finding(&self, spot: &Spot<'a>, kind: Kind<'a>) -> Finding<'a> {
        Finding { at: spot.at.clone(), value: spot.value, schema: &self.program.node(spot.id).at, kind }
    }

    /// Adds what the value breaks of the keywords of a schema that apply no other.
    pub(crate) fn list_asserted(&self, id: Id, value: &'a Value, at: &Pointer, found: &mut Vec<Finding<'a>>) {
        let node = self.program.node(id);
        let mut add = |kind| found.push(Finding { at: at.clone(), value, schema: &node.at, kind });
        for rule in &node.rules {
            match rule {
                Rule::Never => add(Kind::Never),
                Rule::Asserts(assertion) if !assertion.holds(value) => assertion.broken(value, &mut add),
                Rule::Asserts(_) | Rule::Applies(_) => {}
            }
        }
    }

    /// Adds what the value breaks of `unevaluated…`, where it keeps to all else in the schema.
    pub(crate) fn list_unevaluated(&mut self, id: Id, value: &'a Value, at: &Pointer, found: &mut Vec<Finding<'a>>) {
        let rules = &self.program.node(id).rules;
        let (last, others): (Vec<&Rule>, Vec<&Rule>) = rules.iter().partition(|rule| rule.is_unevaluated());
        if last.is_empty() || !others.into_iter().all(|rule| self.keeps(id, rule, value)) {
            return;
        }
        let spot = Spot { id, value, at: at.clone() };
        for rule in last {
            if let Rule::Applies(applicator) = rule {
                let kind = self.kind(applicator, &spot);
                found.extend(kind.map(|kind| self.finding(&spot, kind)));
            }
        }
    }

    /// Opens the parts of the value that break a keyword, or gives what it breaks as a whole.
    fn list_applied(&mut self, applicator: &'a Applicator, spot: &Spot<'a>, open: &mut Open<'a>) -> Option<Kind<'a>> {
        let here = || spot.at.clone();
        match (applicator, spot.value) {
            (Applicator::All(all), value) => all.iter().for_each(|one| open.add(self, *one, value, here)),
            (Applicator::If { test, then, otherwise }, value) => {
                let branch = if self.fits(*test, value) { then } else { otherwise };
                branch.iter().for_each(|branch| open.add(self, *branch, value, here));
            }
            (Applicator::DependentSchemas(all), value @ Value::Object(members)) => {
                let asked = all.iter().filter(|(key, _)| members.contains_key(key));
                asked.for_each(|(_, one)| open.add(self, *one, value, here));
            }
            (Applicator::Items { prefix, rest }, Value::Array(items)) => {
                let schemas = prefix.iter().copied().map(Some).chain(std::iter::repeat(*rest));
                for (index, (item, one)) in items.iter().zip(schemas).enumerate() {
                    one.into_iter().for_each(|one| open.add(self, one, item, || spot.at.index(index)));
                }
            }
            (Applicator::Members(rules), Value::Object(members)) => {
                let surplus = self.list_members(rules, members, &spot.at, open);
                return (!surplus.is_empty()).then_some(Kind::AdditionalProperties(surplus));
            }
            _ => return self.kind(applicator, spot),
        }
        None
    }

    /// Opens the members that break their schemas; gives the names of those that no schema allows.
    fn list_members(
        &mut self,
        rules: &Members,
        members: &'a Map<String, Value>,
        at: &Pointer,
        open: &mut Open<'a>,
    ) -> Vec<&'a str> {
        let closed = rules.additional.is_some_and(|one| self.program.node(one).is_never());
        let mut surplus = Vec::new();
        for (key, member) in members {
            if closed && !rules.covers(key) {
                surplus.push(key.as_str());
            } else {
                rules.of(key).for_each(|one| open.add(self, one, member, || at.key(key)));
            }
        }
        surplus
    }

    /// What the value breaks of a keyword, as one finding.
    fn kind(&mut self, applicator: &'a Applicator, spot: &Spot<'a>) -> Option<Kind<'a>> {
        if self.applies(spot.id, applicator, spot.value) {
            return None;
        }
        Some(match (applicator, spot.value) {
            (Applicator::AnyOf(_), _) => Kind::AnyOf,
            (Applicator::OneOf(_), _) => Kind::OneOf,
            (Applicator::Not(_), _) => Kind::Not,
            (Applicator::PropertyNames(_), _) => Kind::PropertyNames,
            (Applicator::Contains { .. }, _) => Kind::Contains,
            (Applicator::UnevaluatedItems(_), _) => Kind::UnevaluatedItems,
            (Applicator::UnevaluatedProperties(rest), value @ Value::Object(members)) => {
                let left = self.unevaluated_members(spot.id, value, members).into_iter();
                let surplus = left.filter(|(_, member)| !self.fits(*rest, member));
                Kind::UnevaluatedProperties(surplus.map(|(key, _)| key).collect())
            }
            _ => return None,
        })
    }
}

/// Parts that are still to be looked at, each once for a schema: ways that meet would double with each level.
#[derive(Default)]
struct Open<'a> {
    waiting: VecDeque<Spot<'a>>,
    known: BTreeSet<(Id, usize)>,
}

impl<'a> Open<'a> {
    /// Adds a part of the value, unless it fits.
    fn add(&mut self, run: &mut Run<'a>, id: Id, value: &'a Value, at: impl FnOnce() -> Pointer) {
        if !run.fits(id, value) && self.known.insert((id, std::ptr::from_ref(value).addr())) {
            self.waiting.push_back(Spot { id, value, at: at() });
        }
    }
}
