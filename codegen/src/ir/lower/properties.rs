//! What an object may hold.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::Pointer;
use serde_json::{Map, Value};

use super::seen::Kind;

/// The properties of an object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Properties {
    /// Where the schema of each stands; nowhere when two places disagree or none says.
    pub known: BTreeMap<String, Option<Pointer>>,
    /// Those that must be there.
    pub required: Vec<String>,
    /// What others may be there.
    pub others: Others,
}

/// Properties that are not listed.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Others {
    /// Any.
    #[default]
    Any,
    /// None.
    None,
    /// Those that fit the schema at this place.
    At(Pointer),
}

/// An object by its keywords: with known properties, or a map.
pub fn object(schema: &Map<String, Value>, at: &Pointer) -> Kind {
    let others = others(schema, at);
    if !schema.contains_key("properties") && others != Others::None {
        return Kind::Map(match others {
            Others::At(at) => Some(at),
            Others::Any | Others::None => None,
        });
    }
    let mut properties = Properties { others, required: required(schema), ..Properties::default() };
    for key in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        properties.known.insert(key.clone(), Some(at.key("properties").key(key)));
    }
    properties.note_required();
    Kind::Record(properties)
}

impl Properties {
    /// A required property that no schema describes is a property of any type.
    pub fn note_required(&mut self) {
        let place = match &self.others {
            Others::None => return,
            Others::Any => None,
            Others::At(at) => Some(at.clone()),
        };
        for key in &self.required {
            self.known.entry(key.clone()).or_insert_with(|| place.clone());
        }
    }
}

/// The names in `required`, each once.
pub fn required(schema: &Map<String, Value>) -> Vec<String> {
    let mut known = BTreeSet::new();
    let names = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    names.filter(|name| known.insert(*name)).map(str::to_owned).collect()
}

/// Whether keywords of a schema lead to others for the same value: what those have looked at is no business of
/// `unevaluatedProperties` and `unevaluatedItems`.
pub fn leaves_open(schema: &Map<String, Value>) -> bool {
    ["$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas", "contains"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}

fn others(schema: &Map<String, Value>, at: &Pointer) -> Others {
    let by_pattern = schema.get("patternProperties").and_then(Value::as_object).filter(|patterns| !patterns.is_empty());
    let keyword =
        ["additionalProperties", "unevaluatedProperties"].into_iter().find(|keyword| schema.contains_key(*keyword));
    if keyword == Some("unevaluatedProperties") && leaves_open(schema) {
        return Others::Any;
    }
    match (by_pattern, keyword.map(|keyword| (keyword, &schema[keyword]))) {
        (None, Some((_, Value::Bool(false)))) => Others::None,
        (None, Some((keyword, Value::Object(_)))) => Others::At(at.key(keyword)),
        (Some(patterns), Some((_, Value::Bool(false)))) if patterns.len() == 1 => {
            let pattern = patterns.keys().next().expect("there is one");
            Others::At(at.key("patternProperties").key(pattern))
        }
        _ => Others::Any,
    }
}
