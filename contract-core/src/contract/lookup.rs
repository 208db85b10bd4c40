//! What a schema says for certain about an object, wherever in it that stands.

use std::collections::BTreeSet;

use serde_json::Value;

use super::place;
use super::reference::target_of;
use crate::Pointer;
use crate::gather::Gather;

/// The schema itself, and all that apply to the same value for certain. A schema that is referred to comes once.
pub(super) fn certain<'a>(contract: &'a Value, schema: &'a Value) -> impl Iterator<Item = &'a Value> {
    walk(contract, schema, &["allOf"])
}

/// The schema of a property of an object.
pub(super) fn property_of<'a>(contract: &'a Value, schema: &'a Value, property: &str) -> Option<&'a Value> {
    certain(contract, schema).find_map(|schema| schema.get("properties")?.get(property))
}

/// The properties that an object must have.
pub(super) fn required_names<'a>(contract: &'a Value, schema: &'a Value) -> BTreeSet<&'a str> {
    let names = |schema: &'a Value| schema.get("required").and_then(Value::as_array).into_iter().flatten();
    certain(contract, schema).flat_map(names).filter_map(Value::as_str).gather()
}

/// Whether a schema of the contract names a property, in any of its alternatives.
pub(crate) fn names_property(contract: &Value, at: &Pointer, property: &str) -> bool {
    let schema = place::schema_at(contract, at);
    schema.is_some_and(|schema| {
        walk(contract, schema, &["allOf", "anyOf", "oneOf"])
            .any(|schema| schema.get("properties").is_some_and(|properties| properties.get(property).is_some()))
    })
}

/// The schemas that a schema leads to by `$ref` and by lists of schemas for the same value.
fn walk<'a>(contract: &'a Value, schema: &'a Value, lists: &'static [&str]) -> impl Iterator<Item = &'a Value> {
    let (mut open, mut seen) = (vec![schema], BTreeSet::new());
    std::iter::from_fn(move || {
        let schema = open.pop()?;
        let referred = schema.get("$ref").and_then(Value::as_str).filter(|reference| seen.insert(*reference));
        let target = referred.and_then(target_of).and_then(|at| place::schema_at(contract, &at));
        open.extend(target);
        for list in lists {
            open.extend(schema.get(list).and_then(Value::as_array).into_iter().flatten());
        }
        Some(schema)
    })
}
