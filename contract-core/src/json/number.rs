//! Which numbers are read, and in which form they are kept.
//!
//! `1`, `1.0` and `1e0` are one number, so all three are kept as the integer. An integer beyond
//! ±(2^53-1) is refused in every notation in which RFC 8785 would print it as an integer again
//! (below 10^21): another reader would round it. Beyond that a double is a double.

use serde_json::Number;

use crate::limits::MAX_SAFE_INTEGER;

/// From here on RFC 8785 prints an exponent.
const EXPONENT_FROM: f64 = 1e21;

const BEYOND: &str = "found an integer beyond ±(2^53-1), which not every reader keeps exactly; \
                      use a string with `format: int64`";
const NOT_FINITE: &str = "found a number beyond the range of a double";

/// A number without point and exponent. `-0` is 0.
pub(super) fn of_integer(text: &str) -> Result<Number, &'static str> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    match digits.parse::<u64>() {
        Ok(magnitude) if magnitude <= MAX_SAFE_INTEGER => Ok(signed(negative, magnitude)),
        _ => Err(BEYOND),
    }
}

fn signed(negative: bool, magnitude: u64) -> Number {
    let magnitude = i64::try_from(magnitude).expect("a safe integer fits 64 bits with a sign");
    if negative && magnitude != 0 { Number::from(-magnitude) } else { Number::from(magnitude.unsigned_abs()) }
}

/// A number with point or exponent.
pub(super) fn of_decimal(text: &str) -> Result<Number, &'static str> {
    text.parse().map_err(|_| NOT_FINITE).and_then(of_double)
}

/// A double. Its sign is kept on a zero.
pub(super) fn of_double(double: f64) -> Result<Number, &'static str> {
    let magnitude = double.abs();
    if double == 0.0 && double.is_sign_negative() || double.fract() != 0.0 || magnitude >= EXPONENT_FROM {
        return Number::from_f64(double).ok_or(NOT_FINITE);
    }
    // The literal is 2^53-1; no double lies between it and 2^53.
    if magnitude > 9_007_199_254_740_991.0 {
        return Err(BEYOND);
    }
    Ok(signed(double < 0.0, magnitude as u64))
}

/// A number that somebody else read.
pub(super) fn again(number: &Number) -> Result<Number, &'static str> {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(integer), ..) if integer <= MAX_SAFE_INTEGER => Ok(signed(false, integer)),
        (_, Some(integer), _) if integer.unsigned_abs() <= MAX_SAFE_INTEGER => {
            Ok(signed(integer < 0, integer.unsigned_abs()))
        }
        (None, None, Some(double)) => of_double(double),
        _ => Err(BEYOND),
    }
}
