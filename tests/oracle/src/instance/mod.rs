//! Values for a schema: such as try to fit it, and such as miss it by one change.

mod changes;
mod strings;

use serde_json::{Map, Value, json};

use crate::author::vocabulary::{self, NAMES};
use crate::random::Random;

pub use changes::change;

/// Steps from schema to schema, one within the other, before anything will do.
const DEEPEST: usize = 30;
/// Steps in all.
const MOST: usize = 120;

static ANYTHING: Value = Value::Bool(true);

/// A value that tries to fit `schema`, whose references resolve in `contract`.
pub fn instance<'a>(contract: &'a Value, schema: &'a Value, random: &mut Random) -> Value {
    Maker { contract, random, left: MOST }.value(schema, DEEPEST)
}

struct Maker<'a, 'r> {
    contract: &'a Value,
    random: &'r mut Random,
    left: usize,
}

impl<'a> Maker<'a, '_> {
    fn value(&mut self, schema: &'a Value, fuel: usize) -> Value {
        let Value::Object(schema) = schema else { return vocabulary::value(self.random, 1) };
        let Some(fuel) = fuel.checked_sub(1).filter(|_| self.left > 0) else { return Value::Null };
        self.left -= 1;
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(options) = schema.get("enum").and_then(Value::as_array).filter(|options| !options.is_empty()) {
            return self.random.pick(options).clone();
        }
        let mut value = self.own(schema, fuel);
        for other in self.others(schema) {
            let from_other = self.value(other, fuel);
            value = merged(value, from_other);
        }
        value.unwrap_or_else(|| vocabulary::value(self.random, 1))
    }

    /// Schemas that apply to the same value, one alternative of each union among them.
    fn others(&mut self, schema: &'a Map<String, Value>) -> Vec<&'a Value> {
        let mut others: Vec<&'a Value> = Vec::new();
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            others.extend(self.contract.pointer(target.trim_start_matches('#')));
        }
        others.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten());
        for keyword in ["anyOf", "oneOf"] {
            if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array).filter(|all| !all.is_empty()) {
                others.push(self.random.pick(alternatives));
            }
        }
        let branch = if self.random.once_in(2) { ["if", "then"].as_slice() } else { &["else"] };
        others.extend(branch.iter().filter_map(|keyword| schema.get(*keyword)));
        if let Some(needed) = schema.get("dependentSchemas").and_then(Value::as_object) {
            others.extend(needed.values().filter(|_| self.random.once_in(3)));
        }
        others
    }

    /// What the schema's own keywords ask for; nothing where it has none for any type.
    fn own(&mut self, schema: &'a Map<String, Value>, fuel: usize) -> Option<Value> {
        let kind = match schema.get("type") {
            Some(Value::String(one)) => one.clone(),
            Some(Value::Array(several)) if !several.is_empty() => self.random.pick(several).as_str()?.to_owned(),
            _ => self.kind_of_keywords(schema)?.to_owned(),
        };
        Some(match kind.as_str() {
            "object" => self.object(schema, fuel),
            "array" => self.array(schema, fuel),
            "string" => Value::String(strings::of(schema, self.random)),
            "integer" | "number" => self.number(schema, &kind),
            "boolean" => json!(self.random.once_in(2)),
            _ => Value::Null,
        })
    }

    fn kind_of_keywords(&mut self, schema: &Map<String, Value>) -> Option<&'static str> {
        const TELLING: &[(&str, &[&str])] = &[
            (
                "object",
                &[
                    "properties",
                    "required",
                    "patternProperties",
                    "additionalProperties",
                    "propertyNames",
                    "minProperties",
                    "unevaluatedProperties",
                    "dependentRequired",
                    "dependentSchemas",
                ],
            ),
            ("array", &["items", "prefixItems", "contains", "minItems", "uniqueItems", "unevaluatedItems"]),
            ("string", &["pattern", "format", "minLength", "maxLength"]),
            ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ];
        let told: Vec<&'static str> = TELLING
            .iter()
            .filter(|(_, keywords)| keywords.iter().any(|keyword| schema.contains_key(*keyword)))
            .map(|(kind, _)| *kind)
            .collect();
        if told.is_empty() { None } else { Some(*self.random.pick(&told)) }
    }

    fn object(&mut self, schema: &'a Map<String, Value>, fuel: usize) -> Value {
        let mut members = Map::new();
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let all = self.random.once_in(3);
        for (name, property) in properties.into_iter().flatten() {
            let wanted = self.left > 0 && (all || self.random.once_in(3));
            if wanted || required.contains(&name.as_str()) {
                members.insert(name.clone(), self.value(property, fuel));
            }
        }
        for name in required {
            if !members.contains_key(name) {
                let value = vocabulary::value(self.random, 1);
                members.insert(name.to_owned(), value);
            }
        }
        for (pattern, property) in schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
            if self.left > 0 && self.random.once_in(2) {
                let name = strings::matching(pattern, self.random);
                members.insert(name, self.value(property, fuel));
            }
        }
        let closed = ["additionalProperties", "unevaluatedProperties"].iter().find_map(|keyword| schema.get(*keyword));
        let unnamed = match closed {
            Some(Value::Bool(false)) => 0,
            _ if self.left == 0 => 0,
            _ => self.random.below(3),
        };
        for _ in 0..unnamed {
            let name = (*self.random.pick(NAMES)).to_owned();
            let value = closed.map_or(Value::Null, |rest| self.value(rest, fuel));
            members.entry(name).or_insert(value);
        }
        Value::Object(members)
    }

    fn array(&mut self, schema: &'a Map<String, Value>, fuel: usize) -> Value {
        let prefix = schema.get("prefixItems").and_then(Value::as_array);
        let mut items: Vec<Value> = prefix.into_iter().flatten().map(|item| self.value(item, fuel)).collect();
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0) as usize;
        let rest = schema.get("items").or_else(|| schema.get("unevaluatedItems")).unwrap_or(&ANYTHING);
        if *rest != Value::Bool(false) {
            let wanted = if self.left == 0 { 0 } else { self.random.below(4) };
            let more = wanted.max(least.saturating_sub(items.len()));
            items.extend((0..more).map(|_| self.value(rest, fuel)));
        }
        if let Some(wanted) = schema.get("contains") {
            let wanted = self.value(wanted, fuel);
            items.insert(self.random.below(items.len() + 1), wanted);
        }
        Value::Array(items)
    }

    fn number(&mut self, schema: &Map<String, Value>, kind: &str) -> Value {
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        let known: Vec<f64> = bounds.iter().filter_map(|bound| schema.get(*bound)?.as_f64()).collect();
        if known.is_empty() || self.random.once_in(3) {
            let mut number = vocabulary::number(self.random);
            if kind == "integer" && !self.random.once_in(8) {
                number = vocabulary::integer(self.random);
            }
            return number;
        }
        // At a bound, and one step to each side of it.
        let bound = *self.random.pick(&known);
        let steps = [0.0, 1.0, -1.0, 0.5, bound, bound * 2.0, f64::EPSILON];
        let near = bound + self.random.pick(&steps);
        let whole = near.fract() == 0.0 && near.abs() < 9_007_199_254_740_992.0;
        if whole { json!(near as i64) } else { json!(near) }
    }
}

fn merged(one: Option<Value>, other: Value) -> Option<Value> {
    match (one, other) {
        (Some(Value::Object(mut one)), Value::Object(other)) => {
            one.extend(other);
            Some(Value::Object(one))
        }
        (_, other) => Some(other),
    }
}
