//! Keywords of numbers and strings.

use super::cases::Case;
use super::formats;
use super::node::Node;

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

/// The fewest and the most characters that the formats of the case have.
fn lengths(case: &Case<'_>) -> impl Iterator<Item = (f64, f64)> {
    case.all("format").filter_map(|format| formats::length(format.as_str()?))
}

/// Whole divisors only: remainders of fractions say little in binary.
fn is_multiple(case: &Case<'_>, of: f64) -> bool {
    let whole = |number: f64| number.fract() == 0.0;
    let integers = whole(1.0 / of) && places(of) <= EXACT_PLACES && is_whole(case);
    integers
        || case.numbers("multipleOf").any(|factor| factor == of || whole(factor) && whole(of) && factor % of == 0.0)
}

/// With up to this many decimal places, a quotient of 1 that is whole in binary is whole: what rounding hides is less
/// than one part in 2^52, and 10^15 has no room for that. (0.3333333333333333, with 16, goes 3 times into 1 only in binary.)
const EXACT_PLACES: usize = 15;

/// Decimal places of a number, as it is written in JSON.
fn places(number: f64) -> usize {
    number.to_string().split_once('.').map_or(0, |(_, places)| places.len())
}
