//! Keywords of numbers and strings.

use super::cases::Case;
use super::node::Node;
use super::{formats, texts};
use crate::limits::MAX_SAFE_INTEGER;
use crate::schema::Divisor;

pub(super) fn implied(case: &Case<'_>, read: &Node<'_>, keyword: &str) -> bool {
    let Some(limit) = read.number(keyword) else { return false };
    match keyword {
        "minimum" if is_whole(case) => lowest(case) >= limit,
        "maximum" if is_whole(case) => highest(case) <= limit,
        "exclusiveMinimum" if is_whole(case) => lowest(case) > limit,
        "exclusiveMaximum" if is_whole(case) => highest(case) < limit,
        "minimum" => least(case, "minimum") >= limit || least(case, "exclusiveMinimum") >= limit,
        "maximum" => most(case, "maximum") <= limit || most(case, "exclusiveMaximum") <= limit,
        "exclusiveMinimum" => least(case, "minimum") > limit || least(case, "exclusiveMinimum") >= limit,
        "exclusiveMaximum" => most(case, "maximum") < limit || most(case, "exclusiveMaximum") <= limit,
        "minLength" => {
            limit <= 0.0 || least(case, "minLength") >= limit || lengths(case).any(|(least, _)| least >= limit)
        }
        "maxLength" => most(case, "maxLength") <= limit || lengths(case).any(|(_, most)| most <= limit),
        _ => is_multiple(case, limit),
    }
}

fn least(case: &Case<'_>, keyword: &str) -> f64 {
    case.numbers(keyword).fold(f64::NEG_INFINITY, f64::max)
}

fn most(case: &Case<'_>, keyword: &str) -> f64 {
    case.numbers(keyword).fold(f64::INFINITY, f64::min)
}

/// Whether all numbers of the case are integers.
fn is_whole(case: &Case<'_>) -> bool {
    case.types().iter().all(|kind| *kind != "number")
}

/// The lowest integer of the case.
fn lowest(case: &Case<'_>) -> f64 {
    least(case, "minimum").ceil().max(least(case, "exclusiveMinimum").floor() + 1.0)
}

/// The highest integer of the case.
fn highest(case: &Case<'_>) -> f64 {
    most(case, "maximum").floor().min(most(case, "exclusiveMaximum").ceil() - 1.0)
}

/// The fewest and the most characters that the formats and the patterns of the case have.
fn lengths(case: &Case<'_>) -> impl Iterator<Item = (f64, f64)> {
    let formats = case.all("format").filter_map(|format| formats::length(format.as_str()?));
    formats.chain(case.all("pattern").filter_map(|pattern| texts::lengths(pattern.as_str()?)))
}

/// Whether each multiple of a factor of the case is one of the divisor, too.
///
/// Whole divisors divide doubles, fractions divide the decimals that doubles print as. The two are the same numbers
/// as long as those are safe.
fn is_multiple(case: &Case<'_>, of: f64) -> bool {
    let divisor = Divisor::new(of);
    let alike = |factor: f64| (factor.fract() == 0.0) == (of.fract() == 0.0) || is_safe(case);
    let divides = |factor: f64| factor == of || alike(factor) && divisor.divides(factor);
    is_whole(case) && divisor.divides(1.0) || case.numbers("multipleOf").any(divides)
}

/// Whether all numbers of the case are within what a double holds exactly.
fn is_safe(case: &Case<'_>) -> bool {
    let safe = MAX_SAFE_INTEGER as f64;
    let low = least(case, "minimum").max(least(case, "exclusiveMinimum"));
    let high = most(case, "maximum").min(most(case, "exclusiveMaximum"));
    low >= -safe && high <= safe
}

/// Whether the numbers of one case lie beyond those of the other.
pub(super) fn ranges_apart(case: &Case<'_>, other: &Case<'_>) -> bool {
    let below = |one: &Case<'_>, two: &Case<'_>| {
        let (high, low) = (most(one, "maximum"), least(two, "minimum"));
        let (under, over) = (most(one, "exclusiveMaximum"), least(two, "exclusiveMinimum"));
        high < low || under <= low || high <= over || under <= over
    };
    below(case, other) || below(other, case)
}
