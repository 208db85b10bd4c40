//! Python objects to JSON values in one walk, and back for what has no type of its own.
//!
//! The walk runs no Python code for plain objects. It refuses whatever JSON cannot say exactly, with
//! the same codes that reading bytes gives, at the place where it stands.

use peer_contract_core::json::Json;
use peer_contract_core::limits::MAX_SAFE_INTEGER;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem, Value};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Number};

use crate::error::Stop;
use crate::record;

/// A Python object as JSON: `None`, `bool`, `int`, `float`, `str`, lists, tuples, dicts with `str`
/// keys, and the records of generated code.
pub(crate) fn to_value(object: &Bound<'_, PyAny>, limits: &Limits) -> Result<Value, Stop> {
    Walk { limits, values: 0 }.value(object, 0)
}

/// The same as JSON text.
pub(crate) fn to_json(object: &Bound<'_, PyAny>, limits: &Limits) -> Result<Json, Stop> {
    Json::of_value(&to_value(object, limits)?).map_err(Stop::Problem)
}

/// One walk over one tree of objects.
pub(crate) struct Walk<'a> {
    limits: &'a Limits,
    values: usize,
}

impl Walk<'_> {
    /// The object at `depth` below the root.
    pub(crate) fn value(&mut self, object: &Bound<'_, PyAny>, depth: usize) -> Result<Value, Stop> {
        self.values += 1;
        if self.values > self.limits.json_values {
            return refuse(ErrorCode::JsonTooManyValues, format!("more than {} values", self.limits.json_values));
        }
        if object.is_none() {
            Ok(Value::Null)
        } else if let Ok(text) = object.cast::<PyString>() {
            Ok(Value::String(text_of(text)?))
        } else if let Ok(flag) = object.cast::<PyBool>() {
            Ok(Value::Bool(flag.is_true()))
        } else if let Ok(integer) = object.cast::<PyInt>() {
            integer_of(integer)
        } else if let Ok(number) = object.cast::<PyFloat>() {
            number_of(number.value())
        } else {
            self.container(object, depth + 1)
        }
    }

    fn container(&mut self, object: &Bound<'_, PyAny>, depth: usize) -> Result<Value, Stop> {
        if depth > self.limits.json_depth {
            return refuse(ErrorCode::JsonDepth, format!("nested deeper than {} levels", self.limits.json_depth));
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            self.dict(dict, depth)
        } else if let Ok(list) = object.cast::<PyList>() {
            self.items(list.iter().collect(), depth)
        } else if let Ok(tuple) = object.cast::<PyTuple>() {
            self.items(tuple.iter().collect(), depth)
        } else if let Some(plan) = record::plan_of(object)? {
            self.record(object, plan.get(), depth)
        } else {
            refuse(ErrorCode::TypeMismatch, format!("a `{}` has no JSON form", type_name(object)))
        }
    }

    fn items(&mut self, items: Vec<Bound<'_, PyAny>>, depth: usize) -> Result<Value, Stop> {
        let values = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.value(item, depth).map_err(|stop| under(stop, || Pointer::root().index(index))));
        values.collect::<Result<_, _>>().map(Value::Array)
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>, depth: usize) -> Result<Value, Stop> {
        let mut members = Map::new();
        self.members(dict, depth, &mut members)?;
        Ok(Value::Object(members))
    }

    /// The members of a dict, taken all at once: a record inside it may run code that changes the dict.
    fn members(&mut self, dict: &Bound<'_, PyDict>, depth: usize, into: &mut Map<String, Value>) -> Result<(), Stop> {
        self.count_keys(dict.len() + into.len())?;
        for (key, value) in dict.iter().collect::<Vec<_>>() {
            let Ok(key) = key.cast::<PyString>() else {
                let message = format!("a key of a JSON object is a `str`, found `{}`", type_name(&key));
                return refuse(ErrorCode::TypeMismatch, message);
            };
            let key = text_of(key)?;
            let value = self.value(&value, depth).map_err(|stop| under(stop, || Pointer::root().key(&key)))?;
            if into.insert(key, value).is_some() {
                return refuse(ErrorCode::JsonDuplicateKey, "`extra` has a key that is a field of the record".into());
            }
        }
        Ok(())
    }

    fn record(&mut self, object: &Bound<'_, PyAny>, plan: &record::Plan, depth: usize) -> Result<Value, Stop> {
        let mut members = Map::new();
        for field in plan.fields() {
            let value = object.getattr(field.attribute(object.py()))?;
            if field.is_absent(&value) {
                continue;
            }
            let value = self.value(&value, depth).map_err(|stop| under(stop, || Pointer::root().key(field.wire())))?;
            members.insert(field.wire().to_owned(), value);
        }
        if plan.has_extra() {
            let extra = object.getattr(pyo3::intern!(object.py(), "extra"))?;
            let Ok(extra) = extra.cast::<PyDict>() else {
                return refuse(ErrorCode::TypeMismatch, format!("`extra` is a `dict`, found `{}`", type_name(&extra)));
            };
            self.members(extra, depth, &mut members)?;
        }
        Ok(Value::Object(members))
    }

    fn count_keys(&self, keys: usize) -> Result<(), Stop> {
        match keys > self.limits.json_keys {
            true => {
                refuse(ErrorCode::JsonTooManyKeys, format!("an object with more than {} keys", self.limits.json_keys))
            }
            false => Ok(()),
        }
    }
}

fn text_of(text: &Bound<'_, PyString>) -> Result<String, Stop> {
    match text.to_str() {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => refuse(ErrorCode::JsonSurrogate, "a `str` holds half of a surrogate pair".into()),
    }
}

fn integer_of(integer: &Bound<'_, PyInt>) -> Result<Value, Stop> {
    match integer.extract::<i64>() {
        Ok(integer) if integer.unsigned_abs() <= MAX_SAFE_INTEGER => Ok(Value::Number(integer.into())),
        _ => refuse(ErrorCode::JsonNumber, "an `int` beyond 2^53-1 is not exact in JSON".into()),
    }
}

fn number_of(number: f64) -> Result<Value, Stop> {
    match Number::from_f64(number) {
        Some(number) => Ok(Value::Number(number)),
        None => refuse(ErrorCode::JsonNumber, "a `float` that is not finite has no JSON form".into()),
    }
}

/// A JSON value as plain Python objects.
pub(crate) fn to_object<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(flag) => flag.into_bound_py_any(py),
        Value::Number(number) => number_to_object(py, number),
        Value::String(text) => text.into_bound_py_any(py),
        Value::Array(items) => {
            let items = items.iter().map(|item| to_object(py, item)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items).map(Bound::into_any)
        }
        Value::Object(members) => {
            let dict = PyDict::new(py);
            for (key, value) in members {
                dict.set_item(key, to_object(py, value)?)?;
            }
            Ok(dict.into_any())
        }
    }
}

fn number_to_object<'py>(py: Python<'py>, number: &Number) -> PyResult<Bound<'py, PyAny>> {
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => integer.into_bound_py_any(py),
        (None, Some(number)) => number.into_bound_py_any(py),
        (None, None) => number.to_string().into_bound_py_any(py),
    }
}

fn refuse<T>(code: ErrorCode, message: String) -> Result<T, Stop> {
    Err(Stop::Problem(Problem::new(code, Pointer::root(), message)))
}

fn under(stop: Stop, step: impl FnOnce() -> Pointer) -> Stop {
    match stop {
        Stop::Problem(problem) => Stop::Problem(problem.under(&step())),
        raised => raised,
    }
}

fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string())
}
