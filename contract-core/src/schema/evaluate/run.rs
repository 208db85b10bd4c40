//! The verdict.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Applicator, Id, Members, Program, Rule};

/// One value, held to a program. All values that are asked for are parts of it.
pub(crate) struct Run<'a> {
    pub(super) program: &'a Program,
    known: BTreeMap<(Id, usize), bool>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(program: &'a Program) -> Self {
        Self { program, known: BTreeMap::new() }
    }

    /// Whether a part of the value fits a schema.
    pub(crate) fn fits(&mut self, id: Id, value: &'a Value) -> bool {
        let node = self.program.node(id);
        if !node.remembered || !matches!(value, Value::Array(_) | Value::Object(_)) {
            return self.holds(id, value);
        }
        // The value is borrowed for as long as this lives, so its address is its name.
        let key = (id, std::ptr::from_ref(value).addr());
        if let Some(verdict) = self.known.get(&key) {
            return *verdict;
        }
        let verdict = self.holds(id, value);
        self.known.insert(key, verdict);
        verdict
    }

    fn holds(&mut self, id: Id, value: &'a Value) -> bool {
        let program = self.program;
        program.node(id).rules.iter().all(|rule| self.keeps(id, rule, value))
    }

    pub(super) fn keeps(&mut self, id: Id, rule: &'a Rule, value: &'a Value) -> bool {
        match rule {
            Rule::Never => false,
            Rule::Asserts(assertion) => assertion.holds(value),
            Rule::Applies(applicator) => self.applies(id, applicator, value),
        }
    }

    /// Whether the value keeps to a keyword of the schema `id`.
    ///
    /// Each keyword is a function of its own, so that the frames of the deepest schemas on the deepest values
    /// fit a small stack.
    pub(super) fn applies(&mut self, id: Id, applicator: &'a Applicator, value: &'a Value) -> bool {
        match (applicator, value) {
            (Applicator::All(all), _) => self.all(all, value),
            (Applicator::AnyOf(all), _) => self.any(all, value),
            (Applicator::OneOf(all), _) => self.one(all, value),
            (Applicator::Not(one), _) => !self.fits(*one, value),
            (Applicator::If { test, then, otherwise }, _) => self.branch(*test, *then, *otherwise, value),
            (Applicator::DependentSchemas(all), Value::Object(members)) => self.dependent(all, members, value),
            (Applicator::Members(rules), Value::Object(members)) => self.members(rules, members),
            (Applicator::PropertyNames(names), Value::Object(members)) => {
                members.keys().all(|key| self.fits_name(*names, key))
            }
            (Applicator::Items { prefix, rest }, Value::Array(items)) => self.items(prefix, *rest, items),
            (Applicator::Contains { schema, min, max }, Value::Array(items)) => {
                (*min..=*max).contains(&self.count(*schema, items))
            }
            (Applicator::UnevaluatedProperties(rest), Value::Object(members)) => {
                self.other_members(id, *rest, members, value)
            }
            (Applicator::UnevaluatedItems(rest), Value::Array(items)) => self.other_items(id, *rest, items, value),
            _ => true,
        }
    }

    #[inline(never)]
    fn all(&mut self, all: &[Id], value: &'a Value) -> bool {
        all.iter().all(|one| self.fits(*one, value))
    }

    #[inline(never)]
    fn any(&mut self, all: &[Id], value: &'a Value) -> bool {
        all.iter().any(|one| self.fits(*one, value))
    }

    #[inline(never)]
    fn one(&mut self, all: &[Id], value: &'a Value) -> bool {
        all.iter().filter(|one| self.fits(**one, value)).take(2).count() == 1
    }

    #[inline(never)]
    fn branch(&mut self, test: Id, then: Option<Id>, otherwise: Option<Id>, value: &'a Value) -> bool {
        let branch = if self.fits(test, value) { then } else { otherwise };
        branch.is_none_or(|branch| self.fits(branch, value))
    }

    #[inline(never)]
    fn dependent(&mut self, all: &[(String, Id)], members: &Map<String, Value>, value: &'a Value) -> bool {
        all.iter().filter(|(key, _)| members.contains_key(key)).all(|(_, one)| self.fits(*one, value))
    }

    #[inline(never)]
    fn members(&mut self, rules: &Members, members: &'a Map<String, Value>) -> bool {
        members.iter().all(|(key, member)| rules.of(key).all(|one| self.fits(one, member)))
    }

    #[inline(never)]
    fn items(&mut self, prefix: &[Id], rest: Option<Id>, items: &'a [Value]) -> bool {
        let schemas = prefix.iter().copied().map(Some).chain(std::iter::repeat(rest));
        items.iter().zip(schemas).all(|(item, one)| one.is_none_or(|one| self.fits(one, item)))
    }

    #[inline(never)]
    fn other_members(&mut self, id: Id, rest: Id, members: &'a Map<String, Value>, value: &'a Value) -> bool {
        let left = self.unevaluated_members(id, value, members);
        left.into_iter().all(|(_, member)| self.fits(rest, member))
    }

    #[inline(never)]
    fn other_items(&mut self, id: Id, rest: Id, items: &'a [Value], value: &'a Value) -> bool {
        let left = self.unevaluated_items(id, value, items);
        left.into_iter().all(|item| self.fits(rest, item))
    }

    /// Whether the name of a member fits. A string is a value of its own, so nothing is remembered of it.
    pub(crate) fn fits_name(&self, id: Id, name: &str) -> bool {
        let name = Value::from(name);
        Run::new(self.program).fits(id, &name)
    }

    /// How many items fit.
    #[inline(never)]
    pub(crate) fn count(&mut self, id: Id, items: &'a [Value]) -> usize {
        items.iter().filter(|item| self.fits(id, item)).count()
    }
}
