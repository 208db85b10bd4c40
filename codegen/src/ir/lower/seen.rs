//! What one schema is, before any type gets a name: a pure look at a place of the contract, which `Sight` remembers.
//!
//! Where the keywords say more than a type can, the nearest type that holds every valid value is
//! chosen; validation still runs the whole schema.

use std::collections::BTreeSet;

use peer_contract_core::Pointer;
use peer_contract_core::contract::target_of;
use serde_json::{Map, Value};

use super::merge;
use super::properties::{Properties, object};
use super::sight::Sight;
use super::tuples::{Places, list};
use super::unions::{self, Alternative};
use crate::ir::{Format, Type};

/// A schema, looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What it is without `null`.
    pub kind: Kind,
    /// Whether `null` fits, too.
    pub nullable: bool,
}

/// The kinds of schema that types are made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing that a type could say.
    Anything,
    /// A type without parts.
    Scalar(Type),
    /// A closed list of strings.
    Strings(Vec<String>),
    /// A list of what stands at the place, or of anything.
    List(Option<Pointer>),
    /// An object of such values under any key.
    Map(Option<Pointer>),
    /// An object with known properties.
    Record(Properties),
    /// A list whose places have types of their own.
    Tuple(Places),
    /// One of these alternatives.
    Union(Vec<Alternative>),
    /// One of these, told apart by what JSON has.
    Either(Vec<Kind>),
    /// Whatever stands at that place.
    Same(Pointer),
}

impl Seen {
    /// What an object may hold, where it is one.
    pub fn properties(&self) -> Option<&Properties> {
        match &self.kind {
            Kind::Record(properties) => Some(properties),
            _ => None,
        }
    }
}

impl From<Kind> for Seen {
    fn from(kind: Kind) -> Self {
        Self { kind, nullable: false }
    }
}

/// Looks at the schema at a place.
pub fn see(sight: &Sight<'_>, at: &Pointer) -> Seen {
    let Some(Value::Object(schema)) = sight.root.pointer(at.as_str()) else { return Kind::Anything.into() };
    if let Some(target) = target(schema) {
        let merged = if merge::adds_properties(schema) { merge::merge(sight.root, at) } else { None };
        return merged.unwrap_or(Kind::Same(target)).into();
    }
    if let Some(constant) = schema.get("const") {
        return Seen { kind: scalar_constant(constant), nullable: constant.is_null() };
    }
    if let Some(Value::Array(values)) = schema.get("enum") {
        return enumeration(values);
    }
    if let Some(Value::Array(members)) = schema.get("allOf") {
        return all_of(sight, schema, at, members.len());
    }
    alternatives(sight, schema, at).unwrap_or_else(|| by_type(schema, at))
}

/// Where a `$ref` leads, when it is a pointer into the contract.
pub fn target(schema: &Map<String, Value>) -> Option<Pointer> {
    target_of(schema.get("$ref")?.as_str()?)
}

/// The only value a schema allows: its `const`, or its `enum` of one.
pub fn constant(schema: &Value) -> Option<&Value> {
    schema.get("const").or_else(|| match schema.get("enum")?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    })
}

fn scalar_constant(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Scalar(Type::Null),
        Value::Number(number) if !number.is_f64() => Kind::Scalar(Type::Constant(value.clone())),
        Value::String(_) | Value::Bool(_) => Kind::Scalar(Type::Constant(value.clone())),
        Value::Number(_) => Kind::Scalar(Type::Number),
        Value::Array(_) | Value::Object(_) => Kind::Anything,
    }
}

fn enumeration(values: &[Value]) -> Seen {
    let nullable = values.iter().any(Value::is_null);
    let rest: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
    let kind = match rest.as_slice() {
        [] => Kind::Scalar(Type::Null),
        [only] => scalar_constant(only),
        rest if rest.iter().all(|value| value.is_string()) => {
            Kind::Strings(rest.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect())
        }
        rest if rest.iter().all(|value| value.is_boolean()) => Kind::Scalar(Type::Boolean),
        rest if rest.iter().any(|value| value.is_array() || value.is_object()) => Kind::Anything,
        rest => Kind::Scalar(Type::Constants(each_once(rest))),
    };
    Seen { nullable: nullable && kind != Kind::Anything, kind }
}

fn each_once(values: &[&Value]) -> Vec<Value> {
    // Strings, numbers and truth values are equal where their texts are.
    let mut texts = BTreeSet::new();
    values.iter().filter(|value| texts.insert(value.to_string())).map(|value| (*value).clone()).collect()
}

/// One member and nothing beside it is that member; plain objects become one; else the keywords
/// beside `allOf` decide, which every valid value fits, too.
fn all_of(sight: &Sight<'_>, schema: &Map<String, Value>, at: &Pointer, members: usize) -> Seen {
    if members == 1 && !says_shape(schema) {
        return Kind::Same(at.key("allOf").index(0)).into();
    }
    match merge::merge(sight.root, at) {
        Some(kind) => kind.into(),
        None => alternatives(sight, schema, at).unwrap_or_else(|| by_type(schema, at)),
    }
}

fn says_shape(schema: &Map<String, Value>) -> bool {
    ["type", "properties", "oneOf", "anyOf", "items", "required", "additionalProperties", "unevaluatedProperties"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}

/// `oneOf` or `anyOf`, where nothing beside it says more.
fn alternatives(sight: &Sight<'_>, schema: &Map<String, Value>, at: &Pointer) -> Option<Seen> {
    let keyword = match (schema.get("oneOf"), schema.get("anyOf")) {
        (Some(Value::Array(_)), None) => "oneOf",
        (None, Some(Value::Array(_))) => "anyOf",
        _ => return None,
    };
    let is_object = schema.get("type").is_some_and(|kind| kind == "object");
    if is_object && schema.contains_key("properties") {
        return merge::merge(sight.root, at).map(Seen::from);
    }
    if schema.contains_key("properties") || (schema.contains_key("type") && !is_object) {
        return None;
    }
    let count = schema[keyword].as_array().map_or(0, Vec::len);
    let places: Vec<Pointer> = (0..count).map(|index| at.key(keyword).index(index)).collect();
    let seen = choose(sight, places);
    (seen.kind != Kind::Anything || !is_object).then_some(seen)
}

fn choose(sight: &Sight<'_>, places: Vec<Pointer>) -> Seen {
    let null = Kind::Scalar(Type::Null);
    let looked = places.into_iter().map(|at| (sight.follow(&at).0, at));
    let (nulls, rest): (Vec<_>, Vec<_>) = looked.partition(|(seen, _)| seen.kind == null);
    let nullable = !nulls.is_empty();
    let kinds: Vec<&Kind> = rest.iter().map(|(seen, _)| &seen.kind).collect();
    let kind = match (kinds.as_slice(), rest.as_slice()) {
        ([], _) => null,
        (_, [(_, only)]) => Kind::Same(only.clone()),
        (kinds, _) if kinds.contains(&&Kind::Anything) => Kind::Anything,
        (kinds, _) => in_common(kinds).unwrap_or_else(|| unions::alone(rest.iter().map(|(_, at)| at.clone()))),
    };
    Seen { kind, nullable }
}

/// The kind that several alternatives are, when no union is needed to say it.
fn in_common(kinds: &[&Kind]) -> Option<Kind> {
    let strings: Option<Vec<String>> = kinds.iter().map(|kind| only_string(kind)).collect();
    if let Some(strings) = strings {
        return Some(Kind::Strings(strings));
    }
    let constants: Option<Vec<&Value>> = kinds.iter().map(|kind| only_scalar(kind)).collect();
    if let Some(constants) = constants {
        return Some(Kind::Scalar(Type::Constants(each_once(&constants))));
    }
    let is = |kind: &Kind, ty: Type| *kind == Kind::Scalar(ty);
    let first = kinds.first()?;
    if matches!(first, Kind::Scalar(_)) && kinds.iter().all(|kind| kind == first) {
        return Some((*first).clone());
    }
    if kinds.iter().all(|kind| matches!(kind, Kind::Scalar(Type::String | Type::Text(_)))) {
        return Some(Kind::Scalar(Type::String));
    }
    let numeric = kinds.iter().all(|kind| is(kind, Type::Integer) || is(kind, Type::Number));
    numeric.then_some(Kind::Scalar(Type::Number))
}

fn only_string(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Scalar(Type::Constant(Value::String(text))) => Some(text.clone()),
        _ => None,
    }
}

fn only_scalar(kind: &Kind) -> Option<&Value> {
    match kind {
        Kind::Scalar(Type::Constant(value)) => Some(value),
        _ => None,
    }
}

fn by_type(schema: &Map<String, Value>, at: &Pointer) -> Seen {
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return Kind::Anything.into(),
    };
    let nullable = names.contains(&"null");
    let rest: Vec<&str> = names.into_iter().filter(|name| *name != "null").collect();
    let has_number = rest.contains(&"number");
    let of = |name: &&str| match *name {
        "integer" if has_number => None,
        name => of_type(name, schema, at),
    };
    let mut kinds: Vec<Kind> = rest.iter().filter_map(of).collect();
    let kind = match kinds.len() {
        0 => Kind::Scalar(Type::Null),
        1 => kinds.remove(0),
        _ => Kind::Either(kinds),
    };
    Seen { kind, nullable }
}

/// Text, with what it is beside that.
fn text(schema: &Map<String, Value>) -> Type {
    let format = schema.get("format").and_then(Value::as_str).and_then(Format::of);
    format.map_or(Type::String, Type::Text)
}

fn of_type(name: &str, schema: &Map<String, Value>, at: &Pointer) -> Option<Kind> {
    match name {
        "string" => Some(Kind::Scalar(text(schema))),
        "integer" => Some(Kind::Scalar(Type::Integer)),
        "boolean" => Some(Kind::Scalar(Type::Boolean)),
        "number" => Some(Kind::Scalar(Type::Number)),
        "array" => Some(list(schema, at)),
        "object" => Some(object(schema, at)),
        _ => None,
    }
}
