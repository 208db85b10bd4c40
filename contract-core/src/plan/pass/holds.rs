//! What must hold of a value that was read already.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{DEEPEST, Pass};
use crate::Limits;
use crate::plan::node::{ANY, Id, NEVER, Test};
use crate::plan::sink::Nothing;
use crate::plan::{Plan, find, whole};
use crate::schema::Engine;

/// Verdicts on values that were asked for within the trial of an alternative within the trial of another.
///
/// Alternatives that cannot be told apart and lead to each other would be tried twice as often with each
/// level. With these, each is tried once for each value.
#[derive(Default)]
pub(in crate::plan) struct Verdicts(RefCell<BTreeMap<(Id, usize), bool>>);

/// Trials within trials up to which nothing is remembered.
const SHALLOW: u32 = 2;

/// What a trial needs. All texts that are tried lie in one text, which stays where it is.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Trial<'p> {
    pub(in crate::plan) plan: &'p Plan,
    pub(in crate::plan) engine: &'p Engine,
    verdicts: &'p Verdicts,
    level: u32,
}

impl<'p> Trial<'p> {
    pub(in crate::plan) fn new(plan: &'p Plan, engine: &'p Engine, verdicts: &'p Verdicts) -> Self {
        Self { plan, engine, verdicts, level: 0 }
    }

    /// Whether a value, which is valid JSON, passes tests.
    pub(in crate::plan) fn passes(&self, tests: &[Test], text: &[u8]) -> bool {
        let fits = |node: &Id| self.fits(*node, text);
        tests.iter().all(|test| match test {
            Test::Is(node) => fits(node),
            Test::Not(node) => !fits(node),
            Test::AnyOf(nodes) => nodes.iter().any(fits),
            Test::OneOf(nodes) => nodes.iter().filter(|node| fits(node)).take(2).count() == 1,
            Test::If { test, then, otherwise } => fits(if fits(test) { then } else { otherwise }),
            Test::When { key, node } => find::member_of(text, key).is_none() || fits(node),
            Test::Contains { node, min, max } => {
                let items = find::items(text).filter(|item| self.fits(*node, &text[item.clone()]));
                (*min..=*max).contains(&items.count())
            }
            Test::Unique => whole::has_unique_items(text),
            Test::Listed(forms) => whole::is_one_of(forms, text),
            Test::Fallback(fallback) => fallback.fits(self.engine, text),
        })
    }

    /// Whether a value, which is valid JSON, fits a node.
    pub(in crate::plan) fn fits(&self, node: Id, text: &[u8]) -> bool {
        match node {
            ANY => return true,
            NEVER => return false,
            _ => {}
        }
        if self.level < SHALLOW {
            return self.run(node, text);
        }
        let value = (node, text.as_ptr().addr());
        if let Some(verdict) = self.verdicts.0.borrow().get(&value) {
            return *verdict;
        }
        let verdict = self.run(node, text);
        self.verdicts.0.borrow_mut().insert(value, verdict);
        verdict
    }

    fn run(&self, node: Id, text: &[u8]) -> bool {
        let limits =
            Limits { json_values: usize::MAX, json_keys: usize::MAX, json_depth: DEEPEST, ..Limits::default() };
        let trial = Self { level: self.level + 1, ..*self };
        Pass::new(trial, text, &limits, &mut Nothing).value(node, ()).is_ok()
    }
}
