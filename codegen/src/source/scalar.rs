//! Plain YAML scalars by the core schema of YAML 1.2, as far as JSON can say them.

use peer_contract_core::limits::MAX_SAFE_INTEGER;
use serde_json::{Number, Value};

/// The value of a plain (unquoted) scalar.
///
/// # Errors
/// A sentence, when it is a number that JSON cannot hold exactly.
pub fn plain(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
        _ => number(text).unwrap_or_else(|| Ok(Value::String(text.to_owned()))),
    }
}

fn number(text: &str) -> Option<Result<Value, String>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Err("a number must be finite".to_owned()));
    }
    if let Some((digits, radix)) = prefixed(text) {
        return Some(integer(u64::from_str_radix(digits, radix).ok(), false));
    }
    if is_digits(unsigned) {
        return Some(integer(unsigned.parse().ok(), text.starts_with('-')));
    }
    is_float(unsigned).then(|| float(text))
}

/// `0o17` and `0x1F` have no sign in the core schema.
fn prefixed(text: &str) -> Option<(&str, u32)> {
    let octal = text.strip_prefix("0o").filter(|rest| is_made_of(rest, |byte| matches!(byte, b'0'..=b'7')));
    let hex = || text.strip_prefix("0x").filter(|rest| is_made_of(rest, |byte| byte.is_ascii_hexdigit()));
    octal.map(|digits| (digits, 8)).or_else(|| hex().map(|digits| (digits, 16)))
}

fn is_made_of(text: &str, legal: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(legal)
}

fn is_digits(text: &str) -> bool {
    is_made_of(text, |byte| byte.is_ascii_digit())
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let mantissa_holds = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    mantissa_holds && exponent.is_none_or(is_digits)
}

fn integer(magnitude: Option<u64>, negative: bool) -> Result<Value, String> {
    let magnitude = magnitude
        .filter(|magnitude| *magnitude <= MAX_SAFE_INTEGER)
        .ok_or("an integer must lie within ±(2^53-1); write larger ones as a string")?;
    let signed = i64::try_from(magnitude).expect("2^53-1 fits");
    Ok(if negative { Value::from(-signed) } else { Value::from(magnitude) })
}

fn float(text: &str) -> Result<Value, String> {
    let parsed = text.parse::<f64>().ok().and_then(Number::from_f64);
    parsed.map(Value::Number).ok_or_else(|| "a number must be finite".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_core_schema_decides_what_a_plain_scalar_is() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("yes", json!("yes")),
            ("on", json!("on")),
            ("True", json!(true)),
            ("1.0.0", json!("1.0.0")),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("017", json!(17)),
            ("+3", json!(3)),
            ("-3", json!(-3)),
            ("1_000", json!("1_000")),
            (".5", json!(0.5)),
            ("1e3", json!(1000.0)),
            ("12:30", json!("12:30")),
            ("2026-01-01", json!("2026-01-01")),
            ("-", json!("-")),
            (".", json!(".")),
        ] {
            assert_eq!(plain(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn numbers_that_json_cannot_hold_are_refused() {
        for text in ["9007199254740992", "-9007199254740992", "0xFFFFFFFFFFFFFFFFFF", ".inf", "-.INF", ".nan", "1e999"]
        {
            assert!(plain(text).is_err(), "{text}");
        }
        assert_eq!(plain("9007199254740991"), Ok(json!(9_007_199_254_740_991_u64)));
    }
}
