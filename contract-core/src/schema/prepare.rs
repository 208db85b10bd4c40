//! A stripped contract, rewritten for the engine where its own reading would differ from ours.

use serde_json::{Map, Value, json};

use super::pattern;
use crate::contract::place::Place;
use crate::limits::MAX_SAFE_INTEGER;

/// Where a prepared schema keeps its pattern for messages. The engine ignores it.
pub(crate) const PATTERN_AS_WRITTEN: &str = "x-pattern";

/// The contract for the engine: patterns in its own syntax, and `integer` within ±(2^53-1). Keys stay as they are written, those of
/// `patternProperties` too: places lead through them, and two patterns may be one in the engine's syntax.
pub(super) fn prepare(stripped: &Value) -> Value {
    at(stripped, Place::Contract)
}

fn at(value: &Value, place: Place) -> Value {
    match value {
        _ if place == Place::Data => value.clone(),
        Value::Object(members) => {
            let mut prepared = Map::new();
            for (key, member) in members {
                prepared.insert(key.clone(), prepare_member(place, key, member));
            }
            if place == Place::Schema {
                bound_integers(&mut prepared);
                if let Some(written) = members.get("pattern") {
                    prepared.insert(PATTERN_AS_WRITTEN.into(), written.clone());
                }
            }
            Value::Object(prepared)
        }
        Value::Array(items) => items.iter().map(|item| at(item, place.member(""))).collect(),
        scalar => scalar.clone(),
    }
}

fn prepare_member(place: Place, key: &str, member: &Value) -> Value {
    match (place, key, member) {
        (Place::Schema, "pattern", Value::String(text)) => Value::String(for_engine(text)),
        _ => at(member, place.member(key)),
    }
}

/// A pattern that was checked before; one that was not is left for the engine to refuse.
fn for_engine(text: &str) -> String {
    pattern::translate(text).unwrap_or_else(|_| text.to_owned())
}

/// Every double from 2^53 up is an integer to the engine; to us an integer is one that all readers keep.
fn bound_integers(schema: &mut Map<String, Value>) {
    let integers_only = match schema.get("type") {
        Some(Value::String(one)) => one == "integer",
        Some(Value::Array(several)) => several.contains(&json!("integer")) && !several.contains(&json!("number")),
        _ => false,
    };
    if integers_only {
        let most = i64::try_from(MAX_SAFE_INTEGER).expect("2^53-1 fits");
        narrow(schema, "minimum", -most, |given, bound| given > bound);
        narrow(schema, "maximum", most, |given, bound| given < bound);
    }
}

/// A bound, unless the schema has a narrower one itself.
fn narrow(schema: &mut Map<String, Value>, keyword: &str, bound: i64, is_narrower: fn(f64, f64) -> bool) {
    let given = schema.get(keyword).and_then(Value::as_f64);
    if !given.is_some_and(|given| is_narrower(given, bound as f64)) {
        schema.insert(keyword.to_owned(), json!(bound));
    }
}
