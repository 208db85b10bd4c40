//! Keywords of numbers and strings.

use super::cases::Case;
use super::node::Node;

pub(super) fn implied(case: &Case<'_>, read: &Node<'_>, keyword: &str) -> bool {
    let Some(limit) = read.number(keyword) else { return false };
    match keyword {
        "minimum" => least(case, "minimum") >= limit || least(case, "exclusiveMinimum") >= limit,
        "maximum" => most(case, "maximum") <= limit || most(case, "exclusiveMaximum") <= limit,
        "exclusiveMinimum" => least(case, "minimum") > limit || least(case, "exclusiveMinimum") >= limit,
        "exclusiveMaximum" => most(case, "maximum") < limit || most(case, "exclusiveMaximum") <= limit,
        "minLength" => limit <= 0.0 || least(case, "minLength") >= limit,
        "maxLength" => most(case, "maxLength") <= limit,
        _ => is_multiple(case, limit),
    }
}

fn least(case: &Case<'_>, keyword: &str) -> f64 {
    case.numbers(keyword).fold(f64::NEG_INFINITY, f64::max)
}

fn most(case: &Case<'_>, keyword: &str) -> f64 {
    case.numbers(keyword).fold(f64::INFINITY, f64::min)
}

/// Whole divisors only: remainders of fractions say little in binary.
fn is_multiple(case: &Case<'_>, of: f64) -> bool {
    let whole = |number: f64| number.fract() == 0.0;
    let integers = whole(1.0 / of) && case.types().iter().all(|kind| *kind != "number");
    integers
        || case.numbers("multipleOf").any(|factor| factor == of || whole(factor) && whole(of) && factor % of == 0.0)
}
