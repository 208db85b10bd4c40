//! Every keyword that a value breaks.
//!
//! Goes only where the value does not fit, so each step finds something. Alternatives, `not` and `contains` are
//! one finding each: which alternative was meant is not asked here.

use serde_json::{Map, Value};

use super::{Applicator, Finding, Id, Kind, Members, Rule, Run};
use crate::Pointer;

impl<'a> Run<'a> {
    /// Adds what a part of the value, which stands at `at`, breaks of a schema.
    pub(crate) fn list(&mut self, id: Id, value: &'a Value, at: &Pointer, found: &mut Vec<Finding<'a>>) {
        if self.fits(id, value) {
            return;
        }
        let node = self.program.node(id);
        for rule in &node.rules {
            let mut add = |kind| found.push(Finding { at: at.clone(), value, schema: &node.at, kind });
            match rule {
                Rule::Never => add(Kind::Never),
                Rule::Asserts(assertion) if assertion.holds(value) => {}
                Rule::Asserts(assertion) => assertion.broken(value, &mut add),
                Rule::Applies(applicator) => self.list_applied(id, applicator, value, at, found),
            }
        }
    }

    /// Adds what the value breaks of the keywords of a schema that apply no other.
    pub(crate) fn list_asserted(&self, id: Id, value: &'a Value, at: &Pointer, found: &mut Vec<Finding<'a>>) {
        let node = self.program.node(id);
        for rule in &node.rules {
            if let Rule::Asserts(assertion) = rule
                && !assertion.holds(value)
            {
                let mut add = |kind| found.push(Finding { at: at.clone(), value, schema: &node.at, kind });
                assertion.broken(value, &mut add);
            }
        }
    }

    /// Adds what the value breaks of `unevaluated…`, where it keeps to all else.
    pub(crate) fn list_unevaluated(&mut self, id: Id, value: &'a Value, at: &Pointer, found: &mut Vec<Finding<'a>>) {
        for rule in &self.program.node(id).rules {
            if let Rule::Applies(
                applicator @ (Applicator::UnevaluatedProperties(_) | Applicator::UnevaluatedItems(_)),
            ) = rule
            {
                self.list_applied(id, applicator, value, at, found);
            }
        }
    }

    fn list_applied(
        &mut self,
        id: Id,
        applicator: &'a Applicator,
        value: &'a Value,
        at: &Pointer,
        found: &mut Vec<Finding<'a>>,
    ) {
        let kind = match (applicator, value) {
            (Applicator::All(all), _) => return all.iter().for_each(|one| self.list(*one, value, at, found)),
            (Applicator::If { test, then, otherwise }, _) => {
                let branch = if self.fits(*test, value) { then } else { otherwise };
                return branch.iter().for_each(|branch| self.list(*branch, value, at, found));
            }
            (Applicator::DependentSchemas(all), Value::Object(members)) => {
                let asked = all.iter().filter(|(key, _)| members.contains_key(key));
                return asked.for_each(|(_, one)| self.list(*one, value, at, found));
            }
            (Applicator::Items { prefix, rest }, Value::Array(items)) => {
                let schemas = prefix.iter().copied().map(Some).chain(std::iter::repeat(*rest));
                return items.iter().zip(schemas).enumerate().for_each(|(index, (item, one))| {
                    self.list_part(one, item, || at.index(index), found);
                });
            }
            (Applicator::Members(rules), Value::Object(members)) => {
                match self.list_members(rules, members, at, found) {
                    surplus if surplus.is_empty() => return,
                    surplus => Kind::AdditionalProperties(surplus),
                }
            }
            _ if self.applies(id, applicator, value) => return,
            (Applicator::AnyOf(_), _) => Kind::AnyOf,
            (Applicator::OneOf(_), _) => Kind::OneOf,
            (Applicator::Not(_), _) => Kind::Not,
            (Applicator::PropertyNames(_), _) => Kind::PropertyNames,
            (Applicator::Contains { .. }, _) => Kind::Contains,
            (Applicator::UnevaluatedItems(_), _) => Kind::UnevaluatedItems,
            (Applicator::UnevaluatedProperties(rest), Value::Object(members)) => {
                let left = self.unevaluated_members(id, value, members).into_iter();
                let surplus = left.filter(|(_, member)| !self.fits(*rest, member));
                Kind::UnevaluatedProperties(surplus.map(|(key, _)| key).collect())
            }
            _ => return,
        };
        found.push(Finding { at: at.clone(), value, schema: &self.program.node(id).at, kind });
    }

    /// Adds what members break; gives the names of those that no schema allows.
    fn list_members(
        &mut self,
        rules: &Members,
        members: &'a Map<String, Value>,
        at: &Pointer,
        found: &mut Vec<Finding<'a>>,
    ) -> Vec<&'a str> {
        let closed = rules.additional.is_some_and(|one| self.program.node(one).is_never());
        let mut surplus = Vec::new();
        for (key, member) in members {
            if closed && !rules.covers(key) {
                surplus.push(key.as_str());
            } else {
                rules.of(key).for_each(|one| self.list_part(Some(one), member, || at.key(key), found));
            }
        }
        surplus
    }

    fn list_part(
        &mut self,
        id: Option<Id>,
        part: &'a Value,
        at: impl FnOnce() -> Pointer,
        found: &mut Vec<Finding<'a>>,
    ) {
        if let Some(id) = id.filter(|id| !self.fits(*id, part)) {
            self.list(id, part, &at(), found);
        }
    }
}
