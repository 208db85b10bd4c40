//! A schema of a contract as a document of its own, for other engines.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::engine::Engine;
use crate::Pointer;
use crate::contract::place::{self, Place};
use crate::contract::reference;

/// As much of the contract as the schema at `at` needs: itself, and what its references lead to.
pub(super) fn document(engine: &Engine, at: &Pointer) -> Value {
    let mut document = Value::Object(Map::new());
    let mut included = BTreeSet::new();
    let mut open = vec![place::outermost_schema(at)];
    while let Some(root) = open.pop() {
        let Some(schema) = engine.schema(&root) else { continue };
        if included.insert(root.clone()) {
            put(&mut document, &root, schema.clone());
            place::each_schema(schema, Place::Schema, &Pointer::root(), &mut |schema, _| {
                let target = schema.get("$ref").and_then(Value::as_str).and_then(reference::target_of);
                open.extend(target.map(|target| place::outermost_schema(&target)));
            });
        }
    }
    document["$ref"] = Value::String(reference::to(at));
    document
}

/// Puts `value` where `at` leads, with objects on the way.
fn put(into: &mut Value, at: &Pointer, value: Value) {
    let mut here = into;
    for token in at.tokens() {
        let Value::Object(members) = here else { return };
        here = members.entry(token).or_insert_with(|| Value::Object(Map::new()));
    }
    *here = value;
}
