//! Whether two cases have no value in common.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cases::{Case, admits, listed};
use super::prove::Proof;
use super::{objects, scalars};

/// What a look at two cases counts for, in steps of a proof.
const STEPS: usize = 4;
/// Values that are tried one by one.
const MOST_VALUES: usize = 64;

/// Whether no value is of both: `case` of what is given, `other` of the schema that reads.
pub(super) fn apart<'a>(proof: &mut Proof<'a>, case: &Case<'a>, other: &Case<'a>) -> bool {
    let (ours, theirs): (BTreeSet<_>, Vec<_>) = (case.types(), other.types().into_iter().collect());
    let common: Vec<_> = ours.into_iter().filter(|kind| admits(&theirs, kind)).collect();
    if common.is_empty() {
        return true;
    }
    if !proof.spend(STEPS) {
        return false;
    }
    common.iter().all(|kind| of_kind(proof, case, other, kind)) || listed_apart(proof, case, other)
}

fn of_kind<'a>(proof: &mut Proof<'a>, case: &Case<'a>, other: &Case<'a>, kind: &str) -> bool {
    match kind {
        "object" => objects::told_apart(proof, case, other) || counts(case, other, "minProperties", "maxProperties"),
        "array" => counts(case, other, "minItems", "maxItems"),
        "string" => counts(case, other, "minLength", "maxLength"),
        "integer" | "number" => scalars::ranges_apart(case, other),
        _ => false,
    }
}

/// Whether one has at least more than the other has at most.
fn counts(case: &Case<'_>, other: &Case<'_>, least: &str, most: &str) -> bool {
    let over = |one: &Case<'_>, two: &Case<'_>| {
        let least = one.numbers(least).fold(0.0, f64::max);
        two.numbers(most).any(|most| most < least)
    };
    over(case, other) || over(other, case)
}

/// Whether the values of one can be listed, and the other refuses each.
fn listed_apart<'a>(proof: &mut Proof<'a>, case: &Case<'a>, other: &Case<'a>) -> bool {
    let few = |case: &Case<'_>| case.values().filter(|values| values.len() <= MOST_VALUES);
    few(case).is_some_and(|values| refused(proof, other, &values, true))
        || few(other).is_some_and(|values| refused(proof, case, &values, false))
}

/// Whether each value is refused by a schema of the case. `reading` says whose schemas these are.
fn refused<'a>(proof: &mut Proof<'a>, case: &Case<'a>, values: &[Value], reading: bool) -> bool {
    let side = if reading { proof.reads } else { proof.gives };
    values.iter().all(|value| {
        case.facts.iter().any(|fact| match listed(fact) {
            // Most often that is all there is, and nothing need be compiled.
            Some(known) if fact.value.as_object().is_some_and(|words| words.len() == 1) => {
                !known.iter().any(|known| crate::schema::equal(known, value))
            }
            _ => proof.attempt() && side.contract.schema(&fact.at).is_ok_and(|schema| !schema.is_valid(value)),
        })
    })
}
