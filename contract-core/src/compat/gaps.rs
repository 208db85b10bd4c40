//! All places where what one schema gives does not fit what another reads.

use std::collections::BTreeMap;

use serde_json::Value;

use super::locate::{self, Place};
use super::prove::Proof;
use super::witness::{End, refusals};
use crate::{ErrorCode, Pointer, Problem};

/// Refused values that are looked into for one pair of schemas.
const MOST_REFUSALS: usize = 64;

/// What may still be spent: a contract can be made to ask for more than anyone has.
pub(super) struct Budget {
    pub(super) steps: usize,
    pub(super) weight: usize,
}

impl Budget {
    /// Enough for contracts of some hundred operations that have all changed.
    pub(super) fn new() -> Self {
        Self { steps: 1_000_000, weight: 2_000_000 }
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
    let shown = if budget.weight > 0 { shown(gives, reads, &mut budget.weight) } else { Vec::new() };
    let open = misses.into_iter().filter(|miss| !shown.iter().any(|gap| covers(gap, miss)));
    let open: Vec<_> = open.map(|miss| Gap { gives: same_place(gives, &miss), reads: miss, shown: None }).collect();
    [shown, open].concat()
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

/// The gaps that a value shows, each with the value that shows least else.
fn shown(gives: &End<'_>, reads: &End<'_>, weight: &mut usize) -> Vec<Gap> {
    let mut best: BTreeMap<Place, (usize, Gap)> = BTreeMap::new();
    let mut least: BTreeMap<(Pointer, ErrorCode), usize> = BTreeMap::new();
    for refusal in refusals(gives, reads, weight).take(MOST_REFUSALS) {
        let count = refusal.problems.len();
        for problem in refusal.problems.into_iter().take(8) {
            let kind = (problem.at.clone(), problem.code);
            if least.get(&kind).is_some_and(|least| *least <= count) {
                continue;
            }
            least.insert(kind, count);
            let place = locate::refusing(reads, &refusal.witness, &problem);
            if best.get(&place).is_some_and(|(least, _)| *least <= count) {
                continue;
            }
            let given = locate::accepting(gives, &refusal.witness, &problem.at, place.keyword);
            let gap = Gap {
                reads: place.pointer(),
                gives: given.map(|given| given.pointer()),
                shown: Some((refusal.witness.clone(), problem)),
            };
            best.insert(place, (count, gap));
        }
    }
    best.into_values().map(|(_, gap)| gap).collect()
}
