//! Helpers for `#[serde(deserialize_with = "…")]` in generated types.

use std::fmt;

use peer_contract_core::limits::MAX_SAFE_INTEGER;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Unexpected, Visitor};
use serde_json::Value;

use super::Embedded;

/// An integer, also when it is written `1.0` or `1e3`: for JSON Schema these are integers.
///
/// # Errors
/// When it is no whole number within ±(2^53-1).
pub fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_any(Integer)
}

/// An integer that may be absent or `null`; with `#[serde(default)]`.
///
/// # Errors
/// As [`integer`].
pub fn optional_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<Whole>::deserialize(deserializer)?.map(|Whole(value)| value))
}

/// A value that may be absent (`None`) or `null` (`Some(None)`); with `#[serde(default)]`.
///
/// # Errors
/// Those of the value.
pub fn double_option<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A value that may be absent (`None`) and is there when it is `null`; with `#[serde(default)]`. For types
/// that hold `null` themselves.
///
/// # Errors
/// Those of the value.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A variant of a union, from the value that was found to be it.
///
/// # Errors
/// When the value does not have that type.
pub fn value<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    T::deserialize(value).map_err(E::custom)
}

/// Whether a value fits the schema at `pointer`; tells the variants of a union without tag apart.
///
/// # Errors
/// Those of the embedded contract.
pub fn fits<E: Error>(contract: &Embedded, pointer: &str, value: &Value) -> Result<bool, E> {
    super::codec::fits(contract, pointer, value).map_err(E::custom)
}

/// The error for a value that is no variant of `union`.
pub fn no_variant<E: Error>(union: &str) -> E {
    E::custom(format_args!("the value is none of the variants of `{union}`"))
}

/// The error for a value that is not the constant of the contract.
pub fn not_the_constant<E: Error>() -> E {
    E::custom("the value is not the constant of the contract")
}

struct Whole(i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        integer(deserializer).map(Self)
    }
}

struct Integer;

impl Visitor<'_> for Integer {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
        // `-0` reads as a double that is no integer elsewhere, because it would lose its sign.
        let value = if value == 0.0 { 0.0 } else { value };
        whole(value).ok_or_else(|| E::custom("expected an integer, found a number with a fraction"))
    }
}

/// The integer that a double is, if it is one that every JSON reader keeps exactly. `-0.0` is none: it would lose its sign.
pub(super) fn whole(value: f64) -> Option<i64> {
    let safe = value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER as f64;
    let negative_zero = value == 0.0 && value.is_sign_negative();
    (safe && !negative_zero).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Holder {
        #[serde(deserialize_with = "super::integer")]
        count: i64,
        #[serde(default, deserialize_with = "super::optional_integer")]
        limit: Option<i64>,
        #[serde(default, deserialize_with = "super::double_option")]
        note: Option<Option<String>>,
    }

    fn read(text: &str) -> Result<Holder, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        for text in ["7", "7.0", "0.7e1"] {
            assert_eq!(read(&format!("{{\"count\":{text},\"limit\":{text}}}")).unwrap().count, 7);
        }
        assert_eq!(read("{\"count\":-0}").unwrap().count, 0);
        for text in ["7.5", "1e300", "\"7\"", "null"] {
            assert!(read(&format!("{{\"count\":{text}}}")).is_err(), "{text}");
        }
    }

    #[test]
    fn absent_and_null_are_two_things() {
        assert_eq!(read("{\"count\":1}").unwrap().note, None);
        assert_eq!(read("{\"count\":1,\"note\":null}").unwrap().note, Some(None));
        assert_eq!(read("{\"count\":1,\"note\":\"x\"}").unwrap().note, Some(Some("x".into())));
        assert_eq!(read("{\"count\":1,\"limit\":null}").unwrap().limit, None);
    }
}
