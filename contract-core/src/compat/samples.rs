//! Values of a schema, the plain ones first, each other one different in one place: what a witness is looked for in.
//!
//! Whether a value really fits is asked of the schema afterwards, so a sample may be wrong; it must
//! only be likely to be right.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::cases::{declared_types, listed};
use super::formats;
use super::hints::Hints;
use super::node::{Node, Side};
use super::ways::{Spot, Step, Way};
use crate::Pointer;
use crate::gather::Gather;
use crate::schema::pattern_examples;

/// Samples of one schema.
const MOST: usize = 192;

/// Samples of a schema that lies beside the way to the place that is asked about.
const FEW: usize = 2;

/// Steps from schema to schema.
const MOST_DEPTH: usize = 100;

/// Characters of a sample, however many its schema asks for.
const MOST_LENGTH: usize = 4096;

/// Values within one sample, and within all that are made: a few types can ask for more values than any memory has.
const MOST_WEIGHT: usize = 512;
pub(super) const MOST_WEIGHT_IN_ALL: usize = 300_000;

/// Samples by the place of their schema and by how far along the way it was met.
type Known = BTreeMap<(Pointer, Option<usize>), Rc<Vec<Value>>>;

pub(super) struct Samples<'a> {
    side: &'a Side<'a>,
    hints: Hints,
    way: Way,
    /// A type that is met inside itself has no samples yet, which ends recursion.
    known: RefCell<Known>,
    weight: Cell<usize>,
    /// The same of what was laid over each other on the way to them.
    merged: Cell<usize>,
    most_weight: usize,
}

impl<'a> Samples<'a> {
    /// Samples of schemas in `side` that may tell them from the schema at `other_at` of `other`.
    /// `most_weight` is how many values all of them may hold together.
    pub(super) fn new(side: &'a Side<'a>, (other, other_at): (&Side<'_>, &Pointer), most_weight: usize) -> Self {
        let mut hints = Hints::default();
        let mut met = Vec::new();
        if let Some(node) = other.node(other_at) {
            hints.gather(other, node.value, &mut met);
        }
        let (way, known, weight, merged) = (Way::default(), RefCell::default(), Cell::new(0), Cell::new(0));
        Self { side, hints, way, known, weight, merged, most_weight }
    }

    /// The same, different from each other where the way leads to, and hardly elsewhere.
    pub(super) fn along(self, way: Way) -> Self {
        Self { way, ..self }
    }

    /// How many values were made so far.
    pub(super) fn weight(&self) -> usize {
        self.weight.get()
    }

    pub(super) fn of(&self, at: &Pointer) -> Vec<Value> {
        self.side.node(at).map(|node| self.schema(&node, self.way.start()).to_vec()).unwrap_or_default()
    }

    fn schema(&self, schema: &Node<'_>, spot: Spot) -> Rc<Vec<Value>> {
        let key = (schema.at.clone(), spot.along);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        if spot.depth > MOST_DEPTH || self.weight.get() > self.most_weight {
            return Rc::default();
        }
        self.known.borrow_mut().insert(key.clone(), Rc::default());
        let mut samples = self.fresh(schema, spot);
        samples.retain(|value| weight(value) <= MOST_WEIGHT);
        samples.truncate(if self.way.misses(spot) { FEW } else { MOST });
        self.weight.set(self.weight.get() + samples.iter().map(weight).sum::<usize>());
        let samples = Rc::new(samples);
        self.known.borrow_mut().insert(key, samples.clone());
        samples
    }

    fn fresh(&self, schema: &Node<'_>, spot: Spot) -> Vec<Value> {
        match listed(schema) {
            _ if schema.value == &Value::Bool(false) => Vec::new(),
            Some(values) => values.into_iter().take(MOST).cloned().collect(),
            None => self.combined(schema, self.own(schema, spot), spot),
        }
    }

    /// With what `$ref`, `allOf` and the alternatives say on top.
    fn combined(&self, schema: &Node<'_>, own: Vec<Value>, spot: Spot) -> Vec<Value> {
        let mut samples = own;
        if let Some(target) = schema.get("$ref").and_then(|target| self.side.follow(target)) {
            samples = self.merged(&samples, &self.schema(&target, spot.deeper()));
        }
        for (index, part) in schema.list("allOf").iter().enumerate() {
            samples = self.merged(&samples, &self.schema(part, self.way.part(spot, "allOf", index)));
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.list(keyword);
            let spots: Vec<_> = (0..branches.len()).map(|index| self.way.part(spot, keyword, index)).collect();
            // What stands beside the one that the way leads to has no part in it.
            let is_met = spots.iter().any(|spot| self.way.meets(*spot));
            let told = branches.iter().zip(spots).filter(|(_, spot)| !is_met || self.way.meets(*spot));
            let all: Vec<_> = told.map(|(branch, spot)| self.schema(branch, spot)).collect();
            if !all.is_empty() {
                samples = self.merged(&samples, &in_turn(&all.iter().map(|list| &list[..]).collect::<Vec<_>>()));
            }
        }
        self.conditional(schema, samples, spot)
    }

    /// What fits both; none where that is too much work in all, as it is for hundreds of parts that each add something.
    fn merged(&self, left: &[Value], right: &[Value]) -> Vec<Value> {
        if self.merged.get() > self.most_weight {
            return Vec::new();
        }
        let mut merged = merge(left, right);
        merged.retain(|value| {
            let weight = weight(value);
            self.merged.set(self.merged.get() + weight);
            weight <= MOST_WEIGHT
        });
        merged
    }

    /// With what conditions ask for on top, where they are met.
    fn conditional(&self, schema: &Node<'_>, samples: Vec<Value>, spot: Spot) -> Vec<Value> {
        let part = |part: &Node<'_>, keyword, index| self.schema(part, self.way.part(spot, keyword, index));
        let of = |keyword| schema.schema(keyword).map(|found| part(&found, keyword, 0)).unwrap_or_default();
        let mut asked = vec![Rc::new(self.merged(&of("if"), &of("then"))), of("else")];
        let dependent = schema.map("dependentSchemas").into_iter().enumerate();
        asked.extend(dependent.map(|(index, (_, found))| part(&found, "dependentSchemas", index)));
        let more: Vec<_> =
            asked.iter().filter(|asked| !asked.is_empty()).flat_map(|asked| self.merged(&samples, asked)).collect();
        if more.is_empty() { samples } else { in_turn(&[&samples, &more]) }
    }

    /// By the keywords of the schema itself.
    fn own(&self, schema: &Node<'_>, spot: Spot) -> Vec<Value> {
        let types = types(schema);
        let of_type = |kind: &&str| match *kind {
            "object" => self.objects(schema, spot),
            "array" => self.arrays(schema, spot),
            "string" => self.strings(schema),
            "integer" => self.numbers(schema, true),
            "number" => self.numbers(schema, false),
            "boolean" => vec![json!(true), json!(false)],
            _ => vec![Value::Null],
        };
        let all: Vec<_> = types.iter().map(of_type).collect();
        in_turn(&all.iter().map(|list| &list[..]).collect::<Vec<_>>())
    }

    fn objects(&self, schema: &Node<'_>, spot: Spot) -> Vec<Value> {
        let required = schema.texts("required");
        let on_the_way = |name: &str| self.way.by(spot, &Step::Member(name.to_owned()));
        let properties = schema.map("properties").into_iter();
        let mut members: BTreeMap<&str, _> =
            properties.map(|(name, property)| (name, self.schema(&property, on_the_way(name)))).gather();
        for name in &required {
            members.entry(name).or_insert_with(|| Rc::new(vec![json!("")]));
        }
        let firsts = required.iter().map(|name| members[name].first().map(|value| (*name, value)));
        let Some(least) = firsts.collect::<Option<Vec<_>>>().and_then(|least| object(&least)) else {
            return Vec::new();
        };
        let with = |name: &str, value: &Value| {
            let mut object = least.clone();
            object.insert(name.to_owned(), value.clone());
            Value::Object(object)
        };
        let first: Vec<_> = members.iter().filter_map(|(name, samples)| Some((*name, samples.first()?))).collect();
        let mut objects = vec![Value::Object(least.clone())];
        objects.extend(object(&first).map(Value::Object));
        if let Some(rest) = schema.schema("additionalProperties") {
            let values = self.schema(&rest, self.way.by(spot, &Step::Others));
            objects.extend(values.iter().take(MOST / 4).map(|value| with("key", value)));
            let names = self.names(schema, spot);
            objects.extend(names.iter().filter_map(|name| Some(with(name, values.first()?))));
        }
        for (pattern, values) in schema.map("patternProperties") {
            let names = pattern_examples(pattern);
            let name = names.iter().find(|name| !name.is_empty()).map_or("", String::as_str);
            let values = self.schema(&values, self.way.by(spot, &Step::Pattern(pattern.to_owned())));
            objects.extend(values.iter().take(MOST / 4).map(|value| with(name, value)));
        }
        let told: Vec<_> = members.iter().filter(|(name, _)| self.way.meets(on_the_way(name))).collect();
        let told = if told.is_empty() { members.iter().collect() } else { told };
        let rounds =
            (0..MOST).flat_map(|index| told.iter().filter_map(move |(name, all)| Some((name, all.get(index)?))));
        objects.extend(rounds.take(MOST).map(|(name, value)| with(name, value)));
        objects
    }

    /// Names for properties that are not declared.
    fn names(&self, schema: &Node<'_>, spot: Spot) -> Vec<String> {
        let given = schema.schema("propertyNames").map(|names| self.schema(&names, spot.deeper())).unwrap_or_default();
        let given = given.iter().filter_map(Value::as_str).map(str::to_owned);
        let lengths = self.hints.lengths.iter().filter(|length| (1..=64).contains(*length));
        given.chain(lengths.map(|length| "k".repeat(*length))).take(16).collect()
    }

    fn arrays(&self, schema: &Node<'_>, spot: Spot) -> Vec<Value> {
        let prefix = schema.list("prefixItems");
        let prefix =
            prefix.iter().enumerate().map(|(index, item)| self.schema(item, self.way.by(spot, &Step::Item(index))));
        let prefix: Vec<_> = prefix.collect();
        let behind = self.way.by(spot, &Step::Items);
        let rest = schema.schema("items").map_or_else(|| Rc::new(vec![json!(0)]), |items| self.schema(&items, behind));
        let samples = |index: usize| prefix.get(index).unwrap_or(&rest);
        let of_length = |length: usize| {
            let items: Option<Vec<_>> = (0..length.min(MOST_WEIGHT)).map(|index| samples(index).first()).collect();
            let light = |items: &Vec<&Value>| items.iter().map(|item| weight(item)).sum::<usize>() < MOST_WEIGHT;
            items.filter(light).map(|items| items.into_iter().cloned().collect::<Vec<_>>())
        };
        let least = length(schema, "minItems").unwrap_or(0);
        let most = length(schema, "maxItems").unwrap_or(MOST_WEIGHT);
        let wanted = [least, 1, 2, prefix.len(), most].into_iter().chain(self.hints.lengths.iter().copied());
        let lengths = wanted.filter(|length| (least..=most).contains(length)).take(MOST / 4);
        let mut arrays: Vec<_> = lengths.filter_map(of_length).map(Value::Array).collect();
        let base = least.max(1);
        // The way may lead to an item behind those with schemas of their own.
        let last = if self.way.meets(behind) { prefix.len() + 1 } else { prefix.len() };
        for index in 0..base.max(last).min(8) {
            for value in samples(index).iter() {
                let Some(mut items) = of_length(base.max(index + 1)) else { continue };
                items[index] = value.clone();
                arrays.push(Value::Array(items));
            }
        }
        arrays
    }

    fn strings(&self, schema: &Node<'_>) -> Vec<Value> {
        let pattern = schema.get("pattern").and_then(Value::as_str);
        let matching = pattern.map(pattern_examples).unwrap_or_default();
        if !matching.is_empty() {
            let beyond = pattern.into_iter().flat_map(|pattern| self.hints.beyond(pattern));
            let longer = matching.first().map(|text| self.longer(text)).unwrap_or_default();
            return matching
                .into_iter()
                .chain(longer)
                .chain(beyond)
                .chain(self.hints.texts().map(str::to_owned))
                .map(Value::String)
                .collect();
        }
        if let Some(text) = schema.get("format").and_then(Value::as_str).and_then(formats::example) {
            return vec![json!(text)];
        }
        let least = length(schema, "minLength").unwrap_or(0);
        let most = length(schema, "maxLength").unwrap_or(MOST_LENGTH);
        let wanted = [1, least, 0, most.min(300)].into_iter().chain(self.hints.lengths.iter().copied());
        let lengths = wanted.filter(|length| (least..=most).contains(length) && *length <= MOST_LENGTH);
        let texts = lengths.map(|length| "a".repeat(length));
        texts.chain(self.hints.texts().map(str::to_owned)).chain(self.hints.matching()).map(Value::String).collect()
    }

    /// The text, made as long as the other schema cares about.
    fn longer(&self, text: &str) -> Vec<String> {
        let count = text.chars().count();
        let wanted = self.hints.lengths.iter().filter(|length| (count + 1..=MOST_LENGTH).contains(length));
        wanted.map(|length| format!("{text}{}", "a".repeat(length - count))).collect()
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
fn merge(left: &[Value], right: &[Value]) -> Vec<Value> {
    let Some((first, other)) = left.first().zip(right.first()) else { return [left, right].concat() };
    let over = |base: &Value, top: &Value| match (base, top) {
        (Value::Object(base), Value::Object(top)) => {
            let members = base.iter().chain(top).map(|(name, value)| (name.clone(), value.clone()));
            Value::Object(members.gather())
        }
        (_, top) => top.clone(),
    };
    let on_right: Vec<_> = right.iter().map(|value| over(first, value)).collect();
    let on_left: Vec<_> = left.iter().map(|value| over(value, other)).collect();
    // A value of one schema alone fits both when neither speaks of objects.
    in_turn(&[&on_right, &on_left, left])
}

/// One of each list, then the next of each: the first few are as different as can be.
fn in_turn(lists: &[&[Value]]) -> Vec<Value> {
    let longest = lists.iter().map(|list| list.len()).max().unwrap_or(0);
    let rounds = (0..longest).flat_map(|index| lists.iter().filter_map(move |list| list.get(index)));
    rounds.take(MOST).cloned().collect()
}

/// An object of these members, unless it gets too heavy.
fn object(members: &[(&str, &Value)]) -> Option<Map<String, Value>> {
    let light = members.iter().map(|(_, value)| weight(value)).sum::<usize>() < MOST_WEIGHT;
    light.then(|| members.iter().map(|(name, value)| ((*name).to_owned(), (*value).clone())).gather())
}

/// How many values there are in a value; long texts count for more.
fn weight(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members.values().map(weight).sum(),
        Value::String(text) => text.len() / 64,
        _ => 0,
    }
}

fn length(schema: &Node<'_>, keyword: &str) -> Option<usize> {
    schema.number(keyword).map(|number| number as usize)
}

fn to_number(number: f64) -> Value {
    if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
}
