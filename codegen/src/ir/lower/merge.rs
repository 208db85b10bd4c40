//! `allOf` of plain objects as one object.

use peer_contract_core::Pointer;
use serde_json::{Map, Value};

use super::properties::{Others, Properties, required};
use super::seen::target;

/// Keywords that a part may have without being more than a plain object. Those that only check stay checks.
const PLAIN: &[&str] = &[
    "$comment",
    "$ref",
    "allOf",
    "default",
    "dependentRequired",
    "deprecated",
    "description",
    "else",
    "examples",
    "if",
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

/// Whether keywords beside a `$ref` change which properties there are.
pub fn adds_properties(schema: &Map<String, Value>) -> bool {
    ["properties", "required", "allOf"].iter().any(|keyword| schema.contains_key(*keyword))
}

/// The properties of all parts of the schema at `at`, through `$ref` and nested `allOf`; `None` when a
/// part is no plain open object.
pub fn merge(root: &Value, at: &Pointer) -> Option<Properties> {
    let mut merging = Merging { root, parts: Vec::new(), properties: Properties::default(), is_object: false };
    merging.add(at, true)?;
    merging.properties.note_required();
    merging.is_object.then_some(merging.properties)
}

struct Merging<'a> {
    root: &'a Value,
    parts: Vec<Pointer>,
    properties: Properties,
    is_object: bool,
}

impl Merging<'_> {
    fn add(&mut self, at: &Pointer, outermost: bool) -> Option<()> {
        if self.parts.contains(at) {
            return Some(());
        }
        self.parts.push(at.clone());
        let schema = self.root.pointer(at.as_str())?.as_object()?;
        self.add_own(schema, at, outermost)?;
        if schema.contains_key("$ref") {
            self.add(&target(schema)?, false)?;
        }
        let members = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        (0..members).try_for_each(|index| self.add(&at.key("allOf").index(index), false))
    }

    fn add_own(&mut self, schema: &Map<String, Value>, at: &Pointer, outermost: bool) -> Option<()> {
        for (keyword, value) in schema {
            match (keyword.as_str(), value) {
                ("type", value) if value == "object" => self.is_object = true,
                ("type", _) => return None,
                ("additionalProperties" | "unevaluatedProperties", Value::Bool(true)) => {}
                ("unevaluatedProperties", Value::Bool(false)) if outermost => self.properties.others = Others::None,
                (keyword, _) if PLAIN.contains(&keyword) || keyword.starts_with("x-") => {}
                _ => return None,
            }
        }
        for key in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            self.add_property(key, at.key("properties").key(key));
        }
        for name in required(schema) {
            if !self.properties.required.contains(&name) {
                self.properties.required.push(name);
            }
        }
        Some(())
    }

    /// Two parts that say the same agree; two that differ leave the type open.
    fn add_property(&mut self, key: &str, at: Pointer) {
        let root = self.root;
        let schema = |at: &Pointer| root.pointer(at.as_str());
        match self.properties.known.get_mut(key) {
            None => {
                self.properties.known.insert(key.to_owned(), Some(at));
            }
            Some(known) => {
                let agree = known.as_ref().is_some_and(|known| schema(known) == schema(&at));
                if !agree {
                    *known = None;
                }
            }
        }
    }
}
