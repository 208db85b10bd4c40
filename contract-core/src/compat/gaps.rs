//! All places where what one schema gives does not fit what another reads.

use std::collections::BTreeMap;

use serde_json::Value;

use super::locate::{self, Place};
use super::prove::Proof;
use super::witness::{End, Refusal, refusals, refusals_at};
use crate::{ErrorCode, Pointer, Problem};

/// Refused values that are looked into at a time.
const MOST_REFUSALS: usize = 64;

/// What may still be spent: a contract can be made to ask for more than anyone has.
pub(super) struct Budget {
    pub(super) steps: usize,
    pub(super) weight: usize,
    /// Places that values are made for, where the plain ones show nothing.
    places: usize,
}

impl Budget {
    /// Enough for contracts of some hundred operations that have all changed.
    pub(super) fn new() -> Self {
        Self { steps: 1_000_000, weight: 2_000_000, places: 256 }
    }
}

/// One keyword of the schema that reads which refuses what the other gives, or may do so.
#[derive(Clone)]
pub(super) struct Gap {
    pub(super) reads: Pointer,
    pub(super) gives: Option<Pointer>,
    /// The value that shows it, and what is wrong with it; none where nothing was proven and nothing was found.
    pub(super) shown: Option<(Value, Problem)>,
}

/// The gaps between two schemas; none when it is proven that there are none.
pub(super) fn gaps(gives: &End<'_>, reads: &End<'_>, budget: &mut Budget) -> Vec<Gap> {
    let misses = Proof::new(gives.side, reads.side).misses(&gives.at, &reads.at, &mut budget.steps);
    if misses.is_empty() {
        return Vec::new();
    }
    let mut shown = Shown::default();
    if budget.weight > 0 {
        shown.add(refusals(gives, reads, &mut budget.weight), gives, reads);
    }
    for miss in &misses {
        // What was made for another one may have shown it.
        if budget.weight > 0 && budget.places > 0 && !shown.covers(miss) {
            budget.places -= 1;
            shown.add(refusals_at(miss, gives, reads, &mut budget.weight), gives, reads);
        }
    }
    let open = misses.into_iter().filter(|miss| !shown.covers(miss));
    let open: Vec<_> = open.map(|miss| Gap { gives: same_place(gives, &miss), reads: miss, shown: None }).collect();
    [shown.gaps(), open].concat()
}

/// The place of the other version that has the same name, if it has a schema or a keyword there.
fn same_place(gives: &End<'_>, at: &Pointer) -> Option<Pointer> {
    gives.side.node(at).map(|node| node.at)
}

/// Whether a gap that was shown is what a proof has missed: the keyword itself, one beside it, or one within it. What
/// a combinator holds may stand in another type, so any gap will do for it.
fn covers(gap: &Gap, miss: &Pointer) -> bool {
    let Some((schema, keyword)) = miss.parent() else { return true };
    let combines = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref"].contains(&keyword.as_str());
    let within =
        |outer: &Pointer| gap.reads.as_str().strip_prefix(outer.as_str()).is_some_and(|rest| rest.starts_with('/'));
    combines
        || gap.reads == *miss
        || within(&schema) && gap.reads.parent().is_some_and(|(beside, _)| beside == schema)
        || within(miss)
}

/// The gaps that values show, each with the value that shows least else.
#[derive(Default)]
struct Shown {
    best: BTreeMap<Place, (usize, Gap)>,
    least: BTreeMap<(Pointer, ErrorCode), usize>,
}

impl Shown {
    fn covers(&self, miss: &Pointer) -> bool {
        self.best.values().any(|(_, gap)| covers(gap, miss))
    }

    fn add(&mut self, refusals: impl Iterator<Item = Refusal>, gives: &End<'_>, reads: &End<'_>) {
        for refusal in refusals.take(MOST_REFUSALS) {
            let count = refusal.problems.len();
            for problem in refusal.problems.into_iter().take(8) {
                self.note(&refusal.witness, problem, count, (gives, reads));
            }
        }
    }

    fn note(&mut self, witness: &Value, problem: Problem, count: usize, (gives, reads): (&End<'_>, &End<'_>)) {
        let kind = (problem.at.clone(), problem.code);
        if self.least.get(&kind).is_some_and(|least| *least <= count) {
            return;
        }
        self.least.insert(kind, count);
        let place = locate::refusing(reads, witness, &problem);
        if self.best.get(&place).is_some_and(|(least, _)| *least <= count) {
            return;
        }
        let given = locate::accepting(gives, witness, &problem.at, place.keyword);
        let gap = Gap {
            reads: place.pointer(),
            gives: given.map(|given| given.pointer()),
            shown: Some((witness.clone(), problem)),
        };
        self.best.insert(place, (count, gap));
    }

    fn gaps(self) -> Vec<Gap> {
        self.best.into_values().map(|(_, gap)| gap).collect()
    }
}
