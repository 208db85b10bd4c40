//! Several schemas that hold for one value, all of plain objects, as one object: `allOf`, `$ref` with keywords beside it,
//! and what stands beside a `oneOf` or `anyOf`.

use std::collections::BTreeSet;

use peer_contract_core::Pointer;
use serde_json::{Map, Value};

use super::properties::{Others, Properties, required};
use super::seen::{Kind, target};
use super::unions::Alternative;

/// Keywords that a part may have without being more than a plain object. Those that only check stay checks.
const PLAIN: &[&str] = &[
    "$comment",
    "$defs",
    "$ref",
    "$schema",
    "allOf",
    "default",
    "dependentRequired",
    "deprecated",
    "description",
    "else",
    "examples",
    "maxProperties",
    "minProperties",
    "not",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "writeOnly",
];

/// Fields that a union may have in all its alternatives. More are not worth the text: each is written once for each alternative.
const MOST_FIELDS: usize = 256;

/// Whether keywords beside a `$ref` change which properties there are.
pub fn adds_properties(schema: &Map<String, Value>) -> bool {
    ["properties", "required", "allOf", "oneOf", "anyOf"].iter().any(|keyword| schema.contains_key(*keyword))
}

/// The properties of all parts of the schema at `at`, through `$ref` and nested `allOf`, as an object or as a union of
/// objects; `None` when a part is no plain open object.
pub fn merge(root: &Value, at: &Pointer) -> Option<Kind> {
    let merged = Merging::of(root, at)?;
    if !merged.is_object {
        return None;
    }
    match merged.alternatives()? {
        Some(alternatives) => Some(Kind::Union(alternatives)),
        None => Some(Kind::Record(merged.finish())),
    }
}

/// The same with one of the alternatives that it leaves.
pub fn with_alternative(root: &Value, at: &Pointer, alternative: &Pointer) -> Option<Properties> {
    let mut merged = Merging::of(root, at)?;
    merged.add(alternative, false)?;
    Some(merged.finish())
}

struct Merging<'a> {
    root: &'a Value,
    /// The first of the parts, which leads to all others.
    whole: Pointer,
    /// Those that references have led to, and the first one.
    parts: BTreeSet<Pointer>,
    properties: Properties,
    is_required: BTreeSet<String>,
    is_object: bool,
    /// Whether properties may be there that no part lists, whatever `unevaluatedProperties` says of them.
    is_open: bool,
    /// The `oneOf` or `anyOf` among the parts.
    choice: Option<Pointer>,
}

impl<'a> Merging<'a> {
    fn of(root: &'a Value, at: &Pointer) -> Option<Self> {
        let mut merging = Self::nothing(root, at);
        merging.add(at, true)?;
        Some(merging)
    }

    fn nothing(root: &'a Value, whole: &Pointer) -> Self {
        let (parts, properties, is_required) = (BTreeSet::new(), Properties::default(), BTreeSet::new());
        let whole = whole.clone();
        Self { root, whole, parts, properties, is_required, is_object: false, is_open: false, choice: None }
    }

    fn finish(mut self) -> Properties {
        if self.is_open {
            self.properties.others = Others::Any;
        }
        self.properties.note_required();
        self.properties
    }

    /// The alternatives that have properties of their own beside these; none where they only check, or there are none.
    fn alternatives(&self) -> Option<Option<Vec<Alternative>>> {
        let Some(choice) = &self.choice else { return Some(None) };
        let count = self.root.pointer(choice.as_str())?.as_array()?.len();
        let places: Vec<Pointer> = (0..count).map(|index| choice.index(index)).collect();
        let part = |at: &Pointer| {
            let mut part = Self::nothing(self.root, at);
            part.add(at, false).map(|()| part)
        };
        let parts: Vec<Self> = places.iter().map(part).collect::<Option<_>>()?;
        if parts.iter().any(|part| part.choice.is_some()) {
            return None;
        }
        let own: Vec<usize> = parts.iter().map(|part| part.properties.known.len()).collect();
        if own.iter().all(|own| *own == 0) {
            return Some(None);
        }
        let base = self.properties.known.len();
        let fields: usize = own.iter().map(|own| own + base).sum();
        if base == 0 || own.contains(&0) || fields > MOST_FIELDS {
            return None;
        }
        Some(Some(places.into_iter().map(|at| Alternative { at, beside: Some(self.whole.clone()) }).collect()))
    }

    fn add(&mut self, at: &Pointer, outermost: bool) -> Option<()> {
        if !self.parts.insert(at.clone()) {
            return Some(());
        }
        self.add_schema(self.root.pointer(at.as_str())?, at, outermost)
    }

    fn add_schema(&mut self, schema: &'a Value, at: &Pointer, outermost: bool) -> Option<()> {
        let schema = schema.as_object()?;
        self.add_own(schema, at, outermost)?;
        if schema.contains_key("$ref") {
            self.add(&target(schema)?, false)?;
        }
        let all_of = at.key("allOf");
        let members = schema.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate();
        members.into_iter().try_for_each(|(index, member)| self.add_schema(member, &all_of.index(index), false))
    }

    fn add_own(&mut self, schema: &Map<String, Value>, at: &Pointer, outermost: bool) -> Option<()> {
        for (keyword, value) in schema {
            match (keyword.as_str(), value) {
                ("type", value) if value == "object" => self.is_object = true,
                ("type", _) => return None,
                ("oneOf" | "anyOf", Value::Array(_)) if self.choose(&at.key(keyword)) => {
                    // Several of `anyOf` may hold at once.
                    self.is_open |= keyword == "anyOf";
                }
                ("additionalProperties" | "unevaluatedProperties", Value::Bool(true)) | ("if", _) => {
                    self.is_open = true
                }
                ("unevaluatedProperties", Value::Bool(false)) if outermost => self.properties.others = Others::None,
                (keyword, _) if PLAIN.contains(&keyword) || keyword.starts_with("x-") => {}
                _ => return None,
            }
        }
        for key in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            self.add_property(key, at.key("properties").key(key));
        }
        for name in required(schema) {
            if self.is_required.insert(name.clone()) {
                self.properties.required.push(name);
            }
        }
        Some(())
    }

    /// Whether this is the only choice between alternatives so far.
    fn choose(&mut self, at: &Pointer) -> bool {
        *self.choice.get_or_insert_with(|| at.clone()) == *at
    }

    /// Two parts that say the same agree; of two that differ, the one that says more; else the type is open.
    fn add_property(&mut self, key: &str, at: Pointer) {
        let Some(known) = self.properties.known.get_mut(key) else {
            self.properties.known.insert(key.to_owned(), Some(at));
            return;
        };
        let Some(before) = known.as_ref().and_then(|known| self.root.pointer(known.as_str())) else { return };
        let Some(now) = self.root.pointer(at.as_str()) else { return };
        *known = match (says(before), says(now)) {
            _ if before == now => return,
            (less, more) if less < more => Some(at),
            (more, less) if less < more => return,
            _ => None,
        };
    }
}

/// How much a schema says of the type of a value.
fn says(schema: &Value) -> u8 {
    let has = |keywords: &[&str]| keywords.iter().any(|keyword| schema.get(keyword).is_some());
    match schema {
        _ if has(&["const"]) => 3,
        _ if has(&["enum"]) => 2,
        _ if has(&["type", "$ref", "properties", "items", "allOf", "anyOf", "oneOf"]) => 1,
        _ => 0,
    }
}
