//! Between JSON and the types of generated code. Reading and writing both validate in full.

use std::borrow::Cow;
use std::sync::Arc;

use peer_contract_core::json::Json;
use peer_contract_core::schema::Schema;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem, json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Embedded, Error, de};

/// Reads a value of the type whose schema stands at `pointer` of the contract.
///
/// # Errors
/// A `json_*` code, or the first problem of validation, at its place in the value.
pub fn from_json<T: DeserializeOwned>(contract: &Embedded, pointer: &str, data: &[u8]) -> Result<T, Error> {
    let value = schema(contract, pointer)?.read(data, &Limits::default())?;
    from_value(&value)
}

/// Writes a value of the type whose schema stands at `pointer` of the contract, in canonical form.
///
/// # Errors
/// What the schema asks for beyond the type: ranges, patterns, lengths.
pub fn to_json<T: Serialize>(contract: &Embedded, pointer: &str, value: &T) -> Result<Vec<u8>, Error> {
    let value = to_value(value)?;
    schema(contract, pointer)?.validate(&value)?;
    Ok(json::canonical(&value).into_vec())
}

/// Whether a value fits the schema at `pointer`; tells the variants of a union without tag apart.
///
/// # Errors
/// Those of the embedded contract.
pub fn fits(contract: &Embedded, pointer: &str, value: &Value) -> Result<bool, Error> {
    Ok(schema(contract, pointer)?.is_valid(value))
}

/// A value that was validated already, as a type.
///
/// # Errors
/// `type_mismatch` when the type does not take it: type and schema are of two versions.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(&*whole_numbers(value)).map_err(|error| unlike("the value does not fit the generated type", &error))
}

/// The data of a declared error, as a type; `null` where there is none.
///
/// # Errors
/// As [`from_value`].
pub fn data<T: DeserializeOwned>(data: Option<&Value>) -> Result<T, Error> {
    from_value(data.unwrap_or(&Value::Null))
}

/// A typed value as JSON; not validated here.
///
/// # Errors
/// `output_invalid` when it has no JSON form: a number that is not finite, a map with keys that are no strings.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|error| {
        let message = format!("the value has no JSON form: {error}");
        Problem::new(ErrorCode::OutputInvalid, Pointer::root(), message).into()
    })
}

/// A typed value as JSON text; not validated here.
///
/// # Errors
/// As [`to_value`]; also for an integer beyond ±(2^53-1).
pub(crate) fn to_text<T: Serialize + ?Sized>(value: &T) -> Result<Json, Error> {
    Json::of_value(&to_value(value)?).map_err(|problem| {
        let message = format!("{} ({})", problem.message, problem.code);
        Problem::new(ErrorCode::OutputInvalid, problem.at, message).into()
    })
}

fn schema(contract: &Embedded, pointer: &str) -> Result<Arc<Schema>, Error> {
    let pointer: Pointer = pointer.parse().map_err(|_| Error::new(ErrorCode::RefUnresolved, "no JSON Pointer"))?;
    Ok(contract.contract()?.schema(&pointer)?)
}

/// `1.0` is the integer 1 to JSON Schema, but not to serde. Copies only where there is such a number.
fn whole_numbers(value: &Value) -> Cow<'_, Value> {
    if !has_whole_double(value) {
        return Cow::Borrowed(value);
    }
    let mut value = value.clone();
    make_integers(&mut value);
    Cow::Owned(value)
}

fn has_whole_double(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() && number.as_f64().and_then(de::whole).is_some(),
        Value::Array(items) => items.iter().any(has_whole_double),
        Value::Object(members) => members.values().any(has_whole_double),
        _ => false,
    }
}

fn make_integers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(integer) = number.as_f64().and_then(de::whole) {
                *number = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_integers),
        Value::Object(members) => members.values_mut().for_each(make_integers),
        _ => {}
    }
}

/// serde's sentences may quote what they found; only its kind of complaint is passed on.
fn unlike(what: &str, error: &serde_json::Error) -> Error {
    let message = format!("{what} ({:?} error)", error.classify());
    Problem::new(ErrorCode::TypeMismatch, Pointer::root(), message).with_help("run `peerc generate` again").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_doubles_reach_integer_fields() {
        let value: Value = serde_json::from_str("{\"a\":[1.0,2,-0.0,2.5]}").unwrap();
        let read: std::collections::BTreeMap<String, Vec<f64>> = from_value(&value).unwrap();
        assert_eq!(read["a"], [1.0, 2.0, 0.0, 2.5]);
        assert!(read["a"][2].is_sign_negative());
        let integers: Value = serde_json::from_str("[1.0,1e3]").unwrap();
        assert_eq!(from_value::<Vec<i64>>(&integers).unwrap(), [1, 1000]);
    }

    #[test]
    fn a_misfit_names_no_value() {
        let error = from_value::<u8>(&Value::from("secret")).unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }
}
