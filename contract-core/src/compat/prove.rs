//! A proof that every value of one schema is a value of another.
//!
//! The schema that reads is a conjunction of its keywords, so each keyword is proven by itself from
//! the facts of a case. What no rule covers is not proven; nothing is ever disproven here.
//! Where all that is not proven is asked for, a proof that has failed goes on and notes it.

use serde_json::Value;

use super::alike::{Alike, references};
use super::apart::apart;
use super::cases::{Case, cases, listed};
use super::node::{Node, Side};
use super::{keywords, objects};
use crate::Pointer;

/// Steps of one proof, and how deep it may go: a contract can be made to ask for more than anyone has.
const MOST_STEPS: usize = 20_000;
const MOST_DEPTH: usize = 200;

/// Schemas that are compiled only to try listed values.
const MOST_TRIES: usize = 64;

/// A proof in progress.
pub(super) struct Proof<'a> {
    pub(super) gives: &'a Side<'a>,
    pub(super) reads: &'a Side<'a>,
    /// What is being proven now. Meeting it again, one step further into the value, closes a recursive type.
    running: Vec<(Vec<Pointer>, Pointer)>,
    alike: Alike<'a>,
    steps: usize,
    depth: usize,
    tries: usize,
    /// Keywords of the schema that reads which were not proven; none are kept where one is enough to know.
    misses: Option<Vec<Pointer>>,
}

impl<'a> Proof<'a> {
    pub(super) fn new(gives: &'a Side<'a>, reads: &'a Side<'a>) -> Self {
        let (running, alike) = (Vec::new(), Alike::default());
        Self { gives, reads, running, alike, steps: 0, depth: 0, tries: 0, misses: None }
    }

    /// Whether the schema at `given` is within the schema at `read`.
    pub(super) fn holds(mut self, given: &Pointer, read: &Pointer) -> bool {
        match (self.gives.node(given), self.reads.node(read)) {
            (Some(given), Some(read)) => self.fits(&[given], &read),
            _ => false,
        }
    }

    /// The places in the schema at `read` that the values of the schema at `given` are not proven to fit, each once;
    /// none when all of it is proven. `steps` is what proofs may still take, and is counted down.
    pub(super) fn misses(mut self, given: &Pointer, read: &Pointer, steps: &mut usize) -> Vec<Pointer> {
        let (Some(given), Some(node)) = (self.gives.node(given), self.reads.node(read)) else {
            return vec![read.clone()];
        };
        self.misses = Some(Vec::new());
        self.steps = MOST_STEPS.saturating_sub(*steps);
        let before = self.steps;
        let fits = self.fits(&[given], &node);
        *steps = steps.saturating_sub(self.steps - before);
        let mut misses = self.misses.unwrap_or_default();
        crate::sorting::sort(&mut misses);
        misses.dedup();
        match (fits, misses.is_empty()) {
            (true, _) => Vec::new(),
            (false, true) => vec![read.clone()],
            (false, false) => misses,
        }
    }

    /// Takes steps for something that is more work than one; `false` when there are not so many left.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        self.steps += steps;
        self.steps <= MOST_STEPS
    }

    /// Whether `holds` says so of all; stops at the first that does not, unless all of these are asked for.
    pub(super) fn every<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut holds: impl FnMut(&mut Self, T) -> bool,
    ) -> bool {
        let mut all = true;
        for item in items {
            all &= holds(self, item);
            if !all && self.misses.is_none() {
                break;
            }
        }
        all
    }

    /// Where the notes on what is not proven end now.
    fn mark(&self) -> usize {
        self.misses.as_ref().map_or(0, Vec::len)
    }

    /// Forgets what was noted since: it was a trial, or something else has proven it.
    fn forget(&mut self, mark: usize) {
        if let Some(misses) = &mut self.misses {
            misses.truncate(mark);
        }
    }

    /// Notes a place, unless what lies below it was noted since.
    fn miss(&mut self, at: &Pointer, mark: usize) {
        if let Some(misses) = self.misses.as_mut().filter(|misses| misses.len() == mark) {
            misses.push(at.clone());
        }
    }

    /// Whether values that fit all of `given` fit `read`.
    pub(super) fn fits(&mut self, given: &[Node<'a>], read: &Node<'a>) -> bool {
        let pair = (given.iter().map(|node| node.at.clone()).collect(), read.at.clone());
        if is_anything(read) || self.running.contains(&pair) {
            return true;
        }
        self.running.push(pair);
        let same = matches!(given, [given] if self.alike.holds((self.gives, self.reads), given, read));
        let mark = self.mark();
        let gives = self.gives;
        let fits =
            same || cases(gives, given).is_some_and(|cases| self.every(&cases, |proof, case| proof.case(case, read)));
        if !fits {
            self.miss(&read.at, mark);
        }
        self.running.pop();
        fits
    }

    /// Whether the values of one case fit `read`.
    pub(super) fn case(&mut self, case: &Case<'a>, read: &Node<'a>) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth > MOST_DEPTH {
            return false;
        }
        self.depth += 1;
        let mark = self.mark();
        let fits = match read.value {
            Value::Bool(anything) => *anything,
            Value::Object(words) => {
                self.every(words.keys(), |proof, keyword| proof.keyword(case, read, keyword))
                    || self.all_listed_fit(case, read)
            }
            _ => false,
        };
        match fits {
            true => self.forget(mark),
            false => self.miss(&read.at, mark),
        }
        self.depth -= 1;
        fits
    }

    fn keyword(&mut self, case: &Case<'a>, read: &Node<'a>, keyword: &str) -> bool {
        let mark = self.mark();
        let implied = keywords::implied(self, case, read, keyword);
        match implied {
            true => self.forget(mark),
            false => self.miss(&read.at.key(keyword), mark),
        }
        implied
    }

    /// Where the values can be listed, each is simply tried.
    fn all_listed_fit(&mut self, case: &Case<'a>, read: &Node<'a>) -> bool {
        let Some(values) = case.values().filter(|_| self.tries < MOST_TRIES) else { return false };
        self.tries += 1;
        let schema = self.reads.contract.schema(&read.at);
        schema.is_ok_and(|schema| values.iter().all(|value| schema.is_valid(value)))
    }

    /// `not` of values that can be listed: the case has none of them.
    pub(super) fn none_fits(&mut self, case: &Case<'a>, read: &Node<'a>) -> bool {
        let excluded = read.schema("not");
        let Some(values) = excluded.as_ref().and_then(listed).filter(|_| self.tries < MOST_TRIES) else { return false };
        self.tries += 1;
        let refuses = |fact: &Node<'a>, value: &Value| {
            // A fact that a type stands for is no place of the contract.
            self.gives.contract.schema(&fact.at).is_ok_and(|schema| !schema.is_valid(value))
        };
        // Other keywords beside `const` or `enum` only let the `not` exclude less.
        values.into_iter().all(|value| case.facts.iter().any(|fact| refuses(fact, value)))
    }

    /// `anyOf`: one alternative holds for the whole case, or one for each type it may have.
    pub(super) fn any_of(&mut self, case: &Case<'a>, branches: &[Node<'a>]) -> bool {
        let one = |proof: &mut Self, case: &Case<'a>| branches.iter().any(|branch| proof.tried(case, branch));
        one(self, case) || self.split(case, branches).is_some_and(|cases| cases.iter().all(|case| one(self, case)))
    }

    /// `oneOf`: the same, and no other alternative may hold as well.
    pub(super) fn one_of(&mut self, case: &Case<'a>, branches: &[Node<'a>]) -> bool {
        let one = |proof: &mut Self, case: &Case<'a>| {
            let left: Vec<_> = branches.iter().filter(|branch| !proof.disjoint(case, branch)).collect();
            matches!(left[..], [branch] if proof.case(case, branch))
        };
        one(self, case) || self.split(case, branches).is_some_and(|cases| cases.iter().all(|case| one(self, case)))
    }

    /// The case in parts that may each fit another alternative: by type, and objects by a property whose values can be
    /// listed, as tags can.
    fn split(&mut self, case: &Case<'a>, branches: &[Node<'a>]) -> Option<Vec<Case<'a>>> {
        if !self.spend(branches.len()) {
            return None;
        }
        match case.by_type() {
            None => objects::by_tag(self, case, branches),
            Some(cases) => {
                let one = |case: Case<'a>| objects::by_tag(self, &case, branches).unwrap_or_else(|| vec![case]);
                Some(cases.into_iter().flat_map(one).collect())
            }
        }
    }

    /// Whether one alternative holds; that it does not says nothing about the others.
    pub(super) fn tried(&mut self, case: &Case<'a>, branch: &Node<'a>) -> bool {
        let mark = self.mark();
        let holds = self.case(case, branch);
        self.forget(mark);
        holds
    }

    /// Whether no value of the case fits the alternative.
    pub(super) fn disjoint(&mut self, case: &Case<'a>, branch: &Node<'a>) -> bool {
        let others = self.spend(1).then(|| cases(self.reads, std::slice::from_ref(branch))).flatten();
        others.is_some_and(|others| others.iter().all(|other| apart(self, case, other)))
    }

    /// Whether no value fits all of `given` and all of `read`.
    pub(super) fn apart(&mut self, given: &[Node<'a>], read: &[Node<'a>]) -> bool {
        if !self.spend(1) {
            return false;
        }
        let (ours, theirs) = (cases(self.gives, given), cases(self.reads, read));
        let Some((ours, theirs)) = ours.zip(theirs) else { return false };
        ours.iter().all(|case| theirs.iter().all(|other| apart(self, case, other)))
    }

    /// Does something one level deeper, as long as that is not too deep.
    pub(super) fn nested(&mut self, holds: impl FnOnce(&mut Self) -> bool) -> bool {
        self.depth += 1;
        let holds = self.depth <= MOST_DEPTH && holds(self);
        self.depth -= 1;
        holds
    }

    /// Counts the use of a schema that has to be compiled; `false` when there were too many.
    pub(super) fn attempt(&mut self) -> bool {
        self.tries += 1;
        self.tries <= MOST_TRIES
    }

    /// Whether a schema that is given excludes all that `excluded` does.
    pub(super) fn excludes(&mut self, fact: &Node<'a>, excluded: &Node<'a>) -> bool {
        let Some(given) = fact.schema("not").filter(|_| !self.meets_members(excluded)) else { return false };
        let mut other = Proof::new(self.reads, self.gives);
        // What the other way round costs counts here, too.
        (other.steps, other.depth, other.tries) = (self.steps, self.depth + 1, self.tries);
        let holds = other.fits(std::slice::from_ref(excluded), &given);
        (self.steps, self.tries) = (other.steps, other.tries);
        holds
    }

    /// Whether a schema, or one that it refers to, declares properties: what is excluded may have others beside them,
    /// though what is sent has none.
    fn meets_members(&self, schema: &Node<'a>) -> bool {
        !references(schema.value).is_empty() || declares(schema.value)
    }
}

fn declares(schema: &Value) -> bool {
    match schema {
        Value::Object(words) => words.contains_key("properties") || words.values().any(declares),
        Value::Array(items) => items.iter().any(declares),
        _ => false,
    }
}

fn is_anything(schema: &Node<'_>) -> bool {
    matches!(schema.value, Value::Bool(true)) || schema.value.as_object().is_some_and(serde_json::Map::is_empty)
}
