//! The `jsonschema` crate behind one contract: validators by place, compiled on first use and kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::{Map, Value};

use super::formats;
use super::prepare::prepare;
use crate::Pointer;
use crate::contract::place::{self, Place};
use crate::contract::reference;

/// Bytes that one compiled pattern may take.
const PATTERN_BYTES: usize = 10 << 20;

/// The schemas of a contract as the engine sees them.
pub(crate) struct Engine {
    stripped: Arc<Value>,
    prepared: OnceLock<Value>,
    whole: Cache,
    parts: Cache,
}

impl Engine {
    pub(crate) fn new(stripped: Arc<Value>) -> Self {
        Self { stripped, prepared: OnceLock::new(), whole: Cache::default(), parts: Cache::default() }
    }

    /// The schema at a place, as prepared for the engine.
    pub(crate) fn schema(&self, at: &Pointer) -> Option<&Value> {
        place::schema_at(self.prepared(), at)
    }

    /// The validator of the schema at a place that has one.
    pub(crate) fn validator(&self, at: &Pointer) -> Result<Arc<Validator>, String> {
        self.whole.get(at, || build(&self.resource(at)))
    }

    /// The validator of a piece that refers to nothing, which the caller keeps.
    pub(crate) fn alone(&self, piece: &Value) -> Result<Arc<Validator>, String> {
        build(piece).map(Arc::new)
    }

    /// The validator of a piece made from what stands at `at`; it refers to nothing.
    pub(super) fn part(&self, at: &Pointer, piece: impl FnOnce() -> Value) -> Result<Arc<Validator>, String> {
        self.parts.get(at, || build(&piece()))
    }

    fn prepared(&self) -> &Value {
        self.prepared.get_or_init(|| prepare(&self.stripped))
    }

    /// As much of the contract as the schema at `at` needs: itself, and what its references lead to.
    fn resource(&self, at: &Pointer) -> Value {
        let mut resource = Value::Object(Map::new());
        let mut included = BTreeSet::new();
        let mut open = vec![place::outermost_schema(at)];
        while let Some(root) = open.pop() {
            let Some(schema) = self.schema(&root) else { continue };
            if included.insert(root.clone()) {
                put(&mut resource, &root, schema.clone());
                place::each_schema(schema, Place::Schema, &Pointer::root(), &mut |schema, _| {
                    let target = schema.get("$ref").and_then(Value::as_str).and_then(reference::target_of);
                    open.extend(target.map(|target| place::outermost_schema(&target)));
                });
            }
        }
        resource["$ref"] = Value::String(reference::to(at));
        resource
    }
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

fn build(document: &Value) -> Result<Validator, String> {
    let options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .should_validate_formats(true)
        .with_format("int64", formats::is_int64)
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES));
    options.build(document).map_err(|error| error.to_string())
}

#[derive(Default)]
struct Cache(RwLock<BTreeMap<Pointer, Arc<Validator>>>);

impl Cache {
    fn get(&self, at: &Pointer, build: impl FnOnce() -> Result<Validator, String>) -> Result<Arc<Validator>, String> {
        // A panic elsewhere cannot leave the map half-written, so a poisoned lock is as good as any.
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(at) {
            return Ok(known.clone());
        }
        let built = Arc::new(build()?);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(all.entry(at.clone()).or_insert(built).clone())
    }
}
