//! Values of a schema, the plain ones first, each other one different in one place: what a witness is looked for in.
//!
//! Whether a value really fits is asked of the schema afterwards, so a sample may be wrong; it must
//! only be likely to be right.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::cases::{declared_types, listed};
use super::node::{Node, Side};
use super::regex;
use crate::Pointer;

/// Samples of one schema.
const MOST: usize = 192;

/// Steps into a value; recursive types end here.
const MOST_DEPTH: usize = 12;

/// Items and characters that a sample is made of, however many its schema asks for.
const MOST_LENGTH: usize = 4096;

pub(super) struct Samples<'a> {
    side: &'a Side<'a>,
    hints: Hints,
}

/// What the other schema cares about: values beside its bounds are where two versions part.
#[derive(Default)]
struct Hints {
    numbers: Vec<f64>,
    lengths: Vec<usize>,
    values: Vec<Value>,
}

impl<'a> Samples<'a> {
    /// Samples of schemas in `side` that may tell them from the schema at `other_at` of `other`.
    pub(super) fn new(side: &'a Side<'a>, other: &Side<'_>, other_at: &Pointer) -> Self {
        let mut hints = Hints::default();
        let mut met = Vec::new();
        if let Some(node) = other.node(other_at) {
            hints.gather(other, node.value, &mut met);
        }
        Self { side, hints }
    }

    pub(super) fn of(&self, at: &Pointer) -> Vec<Value> {
        self.side.node(at).map(|node| self.schema(&node, 0)).unwrap_or_default()
    }

    fn schema(&self, schema: &Node<'_>, depth: usize) -> Vec<Value> {
        if depth > MOST_DEPTH || schema.value == &Value::Bool(false) {
            return Vec::new();
        }
        if let Some(values) = listed(schema) {
            return values.into_iter().take(MOST).cloned().collect();
        }
        let own = self.own(schema, depth);
        let mut samples = self.combined(schema, own, depth);
        samples.truncate(MOST);
        samples
    }

    /// With what `$ref`, `allOf` and the alternatives say on top.
    fn combined(&self, schema: &Node<'_>, own: Vec<Value>, depth: usize) -> Vec<Value> {
        let mut samples = own;
        if let Some(target) = schema.get("$ref").and_then(|target| self.side.follow(target)) {
            samples = merge(samples, self.schema(&target, depth + 1));
        }
        for part in schema.list("allOf") {
            samples = merge(samples, self.schema(&part, depth + 1));
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.list(keyword);
            let all: Vec<_> = branches.iter().map(|branch| self.schema(branch, depth + 1)).collect();
            if !all.is_empty() {
                samples = merge(samples, in_turn(all));
            }
        }
        samples
    }

    /// By the keywords of the schema itself.
    fn own(&self, schema: &Node<'_>, depth: usize) -> Vec<Value> {
        let types = types(schema);
        let of_type = |kind: &&str| match *kind {
            "object" => self.objects(schema, depth),
            "array" => self.arrays(schema, depth),
            "string" => self.strings(schema),
            "integer" => self.numbers(schema, true),
            "number" => self.numbers(schema, false),
            "boolean" => vec![json!(true), json!(false)],
            _ => vec![Value::Null],
        };
        in_turn(types.iter().map(of_type).collect())
    }

    fn objects(&self, schema: &Node<'_>, depth: usize) -> Vec<Value> {
        let required = schema.texts("required");
        let mut members: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for (name, property) in schema.map("properties") {
            members.insert(name, self.schema(&property, depth + 1));
        }
        for name in &required {
            members.entry(name).or_insert_with(|| vec![json!("")]);
        }
        if required.iter().any(|name| members[name].is_empty()) {
            return Vec::new();
        }
        let least: Map<_, _> = required.iter().map(|name| ((*name).to_owned(), members[name][0].clone())).collect();
        let first = members.iter().filter_map(|(name, samples)| Some(((*name).to_owned(), samples.first()?.clone())));
        let mut objects = vec![Value::Object(least.clone()), Value::Object(first.collect())];
        let with = |name: &str, value: &Value| {
            let mut object = least.clone();
            object.insert(name.to_owned(), value.clone());
            Value::Object(object)
        };
        let varied = members.iter().map(|(name, samples)| samples.iter().map(|value| with(name, value)).collect());
        objects.extend(in_turn(varied.collect()));
        if let Some(rest) = schema.schema("additionalProperties") {
            objects.extend(self.schema(&rest, depth + 1).iter().map(|value| with("key", value)));
        }
        objects
    }

    fn arrays(&self, schema: &Node<'_>, depth: usize) -> Vec<Value> {
        let prefix: Vec<_> = schema.list("prefixItems").iter().map(|item| self.schema(item, depth + 1)).collect();
        let rest = schema.schema("items").map_or_else(|| vec![json!(0)], |items| self.schema(&items, depth + 1));
        let item = |index: usize| prefix.get(index).unwrap_or(&rest).first().cloned();
        let of_length = |length: usize| (0..length).map(item).collect::<Option<Vec<_>>>().map(Value::Array);
        let least = length(schema, "minItems").unwrap_or(0);
        let most = length(schema, "maxItems").unwrap_or(MOST_LENGTH);
        let wanted = [least, 1, prefix.len(), most].into_iter().chain(self.hints.lengths.iter().copied());
        let lengths = wanted.filter(|length| (least..=most).contains(length) && *length <= MOST_LENGTH);
        let mut arrays: Vec<_> = lengths.filter_map(of_length).collect();
        let base = least.max(1);
        for index in 0..base.max(prefix.len()).min(8) {
            for value in prefix.get(index).unwrap_or(&rest) {
                let Some(Value::Array(mut items)) = of_length(base.max(index + 1)) else { continue };
                items[index] = value.clone();
                arrays.push(Value::Array(items));
            }
        }
        arrays
    }

    fn strings(&self, schema: &Node<'_>) -> Vec<Value> {
        if let Some(text) = schema.get("pattern").and_then(Value::as_str).and_then(regex::example) {
            return self.hints.texts().map(str::to_owned).fold(vec![json!(text)], |mut all, text| {
                all.push(json!(text));
                all
            });
        }
        if let Some(text) = schema.get("format").and_then(Value::as_str).and_then(of_format) {
            return vec![json!(text)];
        }
        let least = length(schema, "minLength").unwrap_or(0);
        let most = length(schema, "maxLength").unwrap_or(MOST_LENGTH);
        let wanted = [1, least, 0, most.min(300)].into_iter().chain(self.hints.lengths.iter().copied());
        let lengths = wanted.filter(|length| (least..=most).contains(length) && *length <= MOST_LENGTH);
        let texts = lengths.map(|length| "a".repeat(length));
        texts.chain(self.hints.texts().map(str::to_owned)).map(Value::String).collect()
    }

    fn numbers(&self, schema: &Node<'_>, whole: bool) -> Vec<Value> {
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        let own = bounds.into_iter().filter_map(|bound| schema.number(bound));
        let around = own.chain(self.hints.numbers.iter().copied()).flat_map(|number| {
            let step = schema.number("multipleOf").unwrap_or(1.0);
            [number, number - step, number + step, number + 0.5, number - 0.5]
        });
        let low = schema.number("minimum").unwrap_or(f64::NEG_INFINITY);
        let high = schema.number("maximum").unwrap_or(f64::INFINITY);
        let above = schema.number("exclusiveMinimum").unwrap_or(f64::NEG_INFINITY);
        let below = schema.number("exclusiveMaximum").unwrap_or(f64::INFINITY);
        let multiple = |number: f64| schema.number("multipleOf").is_none_or(|of| (number / of).fract() == 0.0);
        let fits = |number: &f64| {
            let inside = (low..=high).contains(number) && *number > above && *number < below;
            inside && multiple(*number) && (!whole || number.fract() == 0.0) && number.abs() < 9e15
        };
        [0.0, 1.0, -1.0, 0.5, 1e6].into_iter().chain(around).filter(fits).map(to_number).collect()
    }
}

impl Hints {
    fn gather<'a>(&mut self, side: &'a Side<'_>, schema: &'a Value, met: &mut Vec<&'a Value>) {
        if met.len() > 512 {
            return;
        }
        match schema {
            Value::Object(members) => {
                members.iter().for_each(|(keyword, value)| self.keyword(side, keyword, value, met))
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(side, item, met)),
            _ => {}
        }
    }

    fn keyword<'a>(&mut self, side: &'a Side<'_>, keyword: &str, value: &'a Value, met: &mut Vec<&'a Value>) {
        match (keyword, value) {
            ("$ref", Value::String(_)) if !met.contains(&value) => {
                met.push(value);
                if let Some(target) = side.follow(value) {
                    self.gather(side, target.value, met);
                }
            }
            ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", _) => self.numbers.extend(value.as_f64()),
            ("minLength" | "maxLength" | "minItems" | "maxItems", _) => {
                let length = value.as_u64().unwrap_or(0) as usize;
                self.lengths.extend([length, length.saturating_sub(1), length.saturating_add(1)]);
            }
            ("const", value) => self.values.push(value.clone()),
            ("enum", Value::Array(values)) => self.values.extend(values.iter().take(8).cloned()),
            _ => self.gather(side, value, met),
        }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(Value::as_str).take(16)
    }
}

/// The types a schema speaks of; without a word on it, those its keywords are about.
fn types<'a>(schema: &Node<'a>) -> Vec<&'a str> {
    let declared = declared_types(schema);
    if !declared.is_empty() {
        return declared;
    }
    let has = |words: &[&str]| words.iter().any(|word| schema.get(word).is_some());
    let guesses = [
        ("object", has(&["properties", "required", "additionalProperties", "minProperties"])),
        ("array", has(&["items", "prefixItems", "minItems", "maxItems", "uniqueItems"])),
        ("string", has(&["pattern", "format", "minLength", "maxLength"])),
        ("number", has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])),
    ];
    let guessed: Vec<_> = guesses.into_iter().filter(|(_, is)| *is).map(|(kind, _)| kind).collect();
    if guessed.is_empty() && !has(&["$ref", "allOf", "anyOf", "oneOf"]) {
        return vec!["string", "integer", "object", "array", "boolean", "null"];
    }
    guessed
}

/// Samples of two schemas that hold together: objects are laid over each other, anything else stands for itself.
fn merge(left: Vec<Value>, right: Vec<Value>) -> Vec<Value> {
    let Some((first, other)) = left.first().cloned().zip(right.first().cloned()) else {
        return [left, right].concat();
    };
    let over = |base: &Value, top: &Value| match (base, top) {
        (Value::Object(base), Value::Object(top)) => {
            let members = base.iter().chain(top).map(|(name, value)| (name.clone(), value.clone()));
            Value::Object(members.collect())
        }
        (_, top) => top.clone(),
    };
    let on_right = right.iter().map(|value| over(&first, value)).collect();
    let on_left = left.iter().map(|value| over(value, &other)).collect();
    // A value of one schema alone fits both when neither speaks of objects.
    in_turn(vec![on_right, on_left, left])
}

/// One of each list, then the next of each: the first few are as different as can be.
fn in_turn(lists: Vec<Vec<Value>>) -> Vec<Value> {
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let rounds = (0..longest).flat_map(|index| lists.iter().filter_map(move |list| list.get(index)));
    rounds.take(MOST).cloned().collect()
}

fn length(schema: &Node<'_>, keyword: &str) -> Option<usize> {
    schema.number(keyword).map(|number| number as usize)
}

fn to_number(number: f64) -> Value {
    if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
}

fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-01T00:00:00Z",
        "date" => "2026-01-01",
        "time" => "00:00:00Z",
        "duration" => "PT1S",
        "email" | "idn-email" => "a@example.org",
        "hostname" | "idn-hostname" => "example.org",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "uri-reference" | "iri-reference" => "https://example.org/",
        "uuid" => "00000000-0000-4000-8000-000000000000",
        "json-pointer" => "/a",
        "relative-json-pointer" => "0",
        "regex" => "a",
        "int64" => "1",
        _ => return None,
    })
}
