//! `x-lint` beside what a rule is about: the rule, and the reason why it does not hold there.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::suggest::did_you_mean;
use peer_contract_core::{Pointer, Value};

use super::context::Context;
use super::{Finding, Hit, RULES, Rule, Settings, told};

const KEYWORD: &str = "x-lint";

/// Checked here and not by a walk of their own: what they are about is known when all other rules have run.
pub(super) const UNUSED: &str = "suppression-unused";
pub(super) const INVALID: &str = "suppression-invalid";

pub(super) struct Suppressions {
    /// By the object that has it: rules, and whether one was needed.
    known: BTreeMap<Pointer, BTreeMap<String, bool>>,
    invalid: Vec<Hit>,
}

impl Suppressions {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let mut all = Self { known: BTreeMap::new(), invalid: Vec::new() };
        let parts = context.parts().into_iter().filter_map(|at| Some((context.written(&at)?, at)));
        let schemas = context.schemas.iter().map(|(at, schema)| (*schema, at.clone()));
        for (value, at) in parts.chain(schemas) {
            if let Some(written) = value.get(KEYWORD) {
                all.read(written, at);
            }
        }
        all
    }

    fn read(&mut self, written: &Value, at: Pointer) {
        let place = at.key(KEYWORD);
        let Some(members) = written.as_object() else {
            let message = "`x-lint` must be an object from rule to reason";
            self.invalid.push(Hit::new(place, message));
            return;
        };
        for (id, reason) in members {
            if Rule::named(id).is_none() {
                let hint = did_you_mean(id, RULES.iter().map(|rule| rule.id));
                self.invalid.push(Hit::of_name(
                    place.key(id),
                    format!("there is no rule `{id}`; {hint}").trim_end_matches("; "),
                ));
            } else if reason.as_str().is_none_or(|reason| reason.trim().is_empty()) {
                self.invalid.push(Hit::new(place.key(id), format!("`{id}` is suppressed without a reason")));
            } else {
                self.known.entry(at.clone()).or_default().insert(id.clone(), false);
            }
        }
    }

    /// Whether a rule is suppressed at a place: in the object itself, or in the one that the place is a member of.
    pub(super) fn silence(&mut self, rule: &str, at: &Pointer) -> bool {
        let around = at.parent().map(|(parent, _)| parent);
        let beside: BTreeSet<Pointer> = std::iter::once(at.clone()).chain(around).collect();
        let mut silenced = false;
        for at in beside {
            if let Some(used) = self.known.get_mut(&at).and_then(|rules| rules.get_mut(rule)) {
                (*used, silenced) = (true, true);
            }
        }
        silenced
    }

    /// What is wrong with the suppressions themselves.
    pub(super) fn findings(self, settings: &Settings) -> Vec<Finding> {
        let unused = self.known.into_iter().flat_map(|(at, rules)| {
            let idle = rules.into_iter().filter(|(_, used)| !used);
            idle.map(move |(id, _)| {
                Hit::of_name(at.key(KEYWORD).key(&id), format!("`{id}` finds nothing here, so nothing is suppressed"))
            })
        });
        let of = |id: &str, hits: Vec<Hit>| told(Rule::named(id).expect("it is in the list of rules"), settings, hits);
        let mut all = of(UNUSED, unused.collect());
        all.extend(of(INVALID, self.invalid));
        all
    }
}
