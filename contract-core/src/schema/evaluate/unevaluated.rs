//! What a schema, and those beside it that the value fits, have looked at.
//!
//! Asked for once all else is known to hold, so `$ref` and `allOf` need not be tried again.

use serde_json::{Map, Value};

use super::{Applicator, Id, Members, Rule, Run};

/// Parts of one array or object.
struct Looked<'a> {
    value: &'a Value,
    seen: Vec<bool>,
}

impl Looked<'_> {
    fn all(&mut self) {
        self.seen.fill(true);
    }

    fn members(&mut self, members: &Map<String, Value>, rules: &Members) {
        for (seen, key) in self.seen.iter_mut().zip(members.keys()) {
            *seen = *seen || rules.additional.is_some() || rules.covers(key);
        }
    }
}

impl<'a> Run<'a> {
    /// Whether a value that keeps to all else in a schema keeps to `unevaluated…`.
    pub(super) fn unevaluated(&mut self, id: Id, value: &'a Value) -> bool {
        let rules = &self.program.node(id).rules;
        rules.iter().filter(|rule| rule.is_unevaluated()).all(|rule| self.keeps(id, rule, value))
    }

    /// The members that no keyword but `unevaluatedProperties` of this schema has looked at.
    pub(crate) fn unevaluated_members(
        &mut self,
        id: Id,
        value: &'a Value,
        members: &'a Map<String, Value>,
    ) -> Vec<(&'a str, &'a Value)> {
        let mut looked = Looked { value, seen: vec![false; members.len()] };
        self.look(id, Asking::Itself, &mut looked);
        let left = members.iter().zip(looked.seen).filter(|(_, seen)| !seen);
        left.map(|((key, member), _)| (key.as_str(), member)).collect()
    }

    /// The items that no keyword but `unevaluatedItems` of this schema has looked at.
    pub(crate) fn unevaluated_items(&mut self, id: Id, value: &'a Value, items: &'a [Value]) -> Vec<&'a Value> {
        let mut looked = Looked { value, seen: vec![false; items.len()] };
        self.look(id, Asking::Itself, &mut looked);
        items.iter().zip(looked.seen).filter(|(_, seen)| !seen).map(|(item, _)| item).collect()
    }

    fn look(&mut self, id: Id, asking: Asking, looked: &mut Looked<'a>) {
        for rule in &self.program.node(id).rules {
            if let Rule::Applies(applicator) = rule {
                self.look_by(applicator, asking, looked);
            }
        }
    }

    fn look_by(&mut self, applicator: &Applicator, asking: Asking, looked: &mut Looked<'a>) {
        match (applicator, looked.value) {
            (Applicator::All(all), _) => all.iter().for_each(|one| self.look(*one, Asking::Another, looked)),
            (Applicator::AnyOf(all) | Applicator::OneOf(all), _) => {
                all.iter().for_each(|one| self.look_if_fits(*one, looked));
            }
            (Applicator::If { test, then, otherwise }, value) => {
                let fits = self.fits(*test, value);
                let branches = if fits { [Some(*test), *then] } else { [None, *otherwise] };
                branches.into_iter().flatten().for_each(|one| self.look(one, Asking::Another, looked));
            }
            (Applicator::DependentSchemas(all), Value::Object(members)) => {
                let asked = all.iter().filter(|(key, _)| members.contains_key(key));
                asked.for_each(|(_, one)| self.look(*one, Asking::Another, looked));
            }
            (Applicator::Members(rules), Value::Object(members)) => looked.members(members, rules),
            (Applicator::Items { prefix, rest }, Value::Array(items)) => {
                let count = if rest.is_some() { items.len() } else { prefix.len().min(items.len()) };
                looked.seen[..count].fill(true);
            }
            (Applicator::Contains { schema, .. }, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    looked.seen[index] = looked.seen[index] || self.fits(*schema, item);
                }
            }
            (Applicator::UnevaluatedProperties(_), Value::Object(_))
            | (Applicator::UnevaluatedItems(_), Value::Array(_))
                if asking == Asking::Another =>
            {
                looked.all();
            }
            _ => {}
        }
    }

    fn look_if_fits(&mut self, id: Id, looked: &mut Looked<'a>) {
        if self.fits(id, looked.value) {
            self.look(id, Asking::Another, looked);
        }
    }
}

/// Whose keywords are looked at: the schema's that asks, or those of one beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    Itself,
    Another,
}
