//! The strict rules for values that somebody else parsed, as far as they can still be seen.

use serde_json::Value;

use super::number;
use super::path::Path;
use crate::{ErrorCode, Limits, Problem};

/// Holds a value that a managed runtime parsed to the strict rules: numbers, depth, number of
/// values and keys. Numbers take the form [`parse`](super::parse) gives them (`1.0` becomes `1`).
///
/// # Errors
/// `json_number`, `json_depth`, `json_too_many_values`, `json_too_many_keys`, at the place.
pub fn admit(value: &mut Value, limits: &Limits) -> Result<(), Problem> {
    Walk { path: Path::default(), limits, values: 0 }.value(value, 0)
}

struct Walk<'a> {
    path: Path,
    limits: &'a Limits,
    values: usize,
}

impl Walk<'_> {
    fn value(&mut self, value: &mut Value, depth: usize) -> Result<(), Problem> {
        self.values += 1;
        if self.values > self.limits.json_values {
            let message = format!("found more than {} values", self.limits.json_values);
            return Err(self.refuse(ErrorCode::JsonTooManyValues, message));
        }
        let nested = matches!(value, Value::Array(_) | Value::Object(_));
        if nested && depth >= self.limits.json_depth {
            let message = format!("found arrays and objects nested more than {} deep", self.limits.json_depth);
            return Err(self.refuse(ErrorCode::JsonDepth, message));
        }
        match value {
            Value::Number(number) => {
                *number = number::again(number).map_err(|message| self.refuse(ErrorCode::JsonNumber, message))?;
                Ok(())
            }
            Value::Array(items) => items.iter_mut().enumerate().try_for_each(|(index, item)| {
                self.path.push_index(index);
                self.value(item, depth + 1)?;
                self.path.pop();
                Ok(())
            }),
            Value::Object(members) if members.len() > self.limits.json_keys => {
                let message = format!("found more than {} keys in one object", self.limits.json_keys);
                Err(self.refuse(ErrorCode::JsonTooManyKeys, message))
            }
            Value::Object(members) => members.iter_mut().try_for_each(|(key, member)| {
                self.path.push_key(key);
                self.value(member, depth + 1)?;
                self.path.pop();
                Ok(())
            }),
            Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        }
    }

    fn refuse(&self, code: ErrorCode, message: impl Into<String>) -> Problem {
        Problem::new(code, self.path.pointer(), message)
    }
}
