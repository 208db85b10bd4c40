//! All values that are one change away from a value, with the change in words.

use serde_json::{Map, Value, json};

use super::scalars::to_number;
use crate::Pointer;
use crate::compat::{self, Side};

/// Characters or items that a change makes at most.
const MOST: usize = 1_024;
/// Bounds of one schema that values are held beside.
const MOST_BOUNDS: usize = 24;

/// One change: another value at a place.
pub(super) struct Change {
    pub(super) at: Pointer,
    pub(super) change: String,
    fresh: Value,
}

impl Change {
    /// What comes of it.
    pub(super) fn applied(&self, whole: &Value) -> Value {
        let mut value = whole.clone();
        if let Some(place) = value.pointer_mut(self.at.as_str()) {
            place.clone_from(&self.fresh);
        }
        value
    }
}

/// Bounds that a schema names: just beyond them is where values part.
pub(super) struct Hints {
    numbers: Vec<f64>,
    lengths: Vec<usize>,
}

impl Hints {
    pub(super) fn of(side: &Side<'_>, at: &Pointer) -> Self {
        let mut hints = compat::Hints::default();
        if let Some(node) = side.node(at) {
            hints.gather(side, node.value, &mut Vec::new());
        }
        let beside = |number: &f64| [*number - 1.0, *number, *number + 1.0];
        let mut numbers: Vec<f64> = hints.numbers.iter().flat_map(beside).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        let mut lengths: Vec<usize> = hints.lengths.into_iter().filter(|length| *length <= MOST).collect();
        lengths.sort_unstable();
        lengths.dedup();
        numbers.truncate(MOST_BOUNDS);
        lengths.truncate(MOST_BOUNDS);
        Self { numbers, lengths }
    }
}

/// The changes of a value, at every place in it.
pub(super) fn of(value: &Value, hints: &Hints) -> Vec<Change> {
    let mut walk = Walk { hints, changes: Vec::new() };
    walk.visit(value, &Pointer::root());
    walk.changes
}

struct Walk<'a> {
    hints: &'a Hints,
    changes: Vec<Change>,
}

impl Walk<'_> {
    fn visit(&mut self, value: &Value, at: &Pointer) {
        // The first of many items stands for the others.
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| self.visit(member, &at.key(name))),
            Value::Array(items) => {
                items.iter().take(4).enumerate().for_each(|(i, item)| self.visit(item, &at.index(i)))
            }
            _ => {}
        }
        self.other_type(value, at);
        match value {
            Value::Object(members) => self.members(members, at),
            Value::Array(items) => self.items(items, at),
            Value::String(text) => self.text(text, at),
            Value::Number(number) => self.number(number.as_f64().unwrap_or(0.0), at),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn put(&mut self, at: &Pointer, fresh: Value, change: impl Into<String>) {
        self.changes.push(Change { at: at.clone(), change: change.into(), fresh });
    }

    fn other_type(&mut self, value: &Value, at: &Pointer) {
        let others = match value {
            Value::String(_) => [json!(1), Value::Null],
            Value::Number(_) => [json!("1"), Value::Null],
            Value::Bool(_) => [json!("true"), json!(1)],
            Value::Null => [json!("null"), json!(0)],
            Value::Object(_) => [json!([]), json!("{}")],
            Value::Array(_) => [json!({}), json!("[]")],
        };
        for other in others {
            let change = format!("{} instead of {}", named(&other), named(value));
            self.put(at, other, change);
        }
    }

    fn members(&mut self, members: &Map<String, Value>, at: &Pointer) {
        for name in members.keys() {
            let mut fewer = members.clone();
            fewer.remove(name);
            self.put(at, Value::Object(fewer), format!("without `{name}`"));
        }
        for name in ["unexpected", "Not a name!"].into_iter().filter(|name| !members.contains_key(*name)) {
            let mut more = members.clone();
            more.insert(name.to_owned(), json!(true));
            self.put(at, Value::Object(more), format!("with `{name}` added"));
        }
    }

    fn items(&mut self, items: &[Value], at: &Pointer) {
        if let Some(first) = items.first() {
            let twice = items.iter().chain([first]).cloned().collect();
            self.put(at, Value::Array(twice), "with its first item once more");
            self.put(at, Value::Array(items[..items.len() - 1].to_vec()), "without its last item");
            for length in self.hints.lengths.clone().into_iter().filter(|length| *length != items.len()) {
                let some = items.iter().cycle().take(length).cloned().collect();
                self.put(at, Value::Array(some), format!("with {length} items"));
            }
        }
        let more = items.iter().cloned().chain([Value::Null]).collect();
        self.put(at, Value::Array(more), "with `null` added");
        self.put(at, Value::Array(Vec::new()), "without items");
    }

    fn text(&mut self, text: &str, at: &Pointer) {
        let filler = |length: usize| text.chars().chain(std::iter::repeat('x')).take(length).collect::<String>();
        for length in self.hints.lengths.clone().into_iter().filter(|length| *length != text.chars().count()) {
            self.put(at, json!(filler(length)), format!("{length} characters long"));
        }
        self.put(at, json!(""), "empty");
        self.put(at, json!(format!("{text}!")), "with `!` at its end");
        self.put(at, json!(format!(" {text}")), "with a space at its start");
        let upper = text.to_uppercase();
        self.put(at, json!(upper), "in capital letters");
    }

    fn number(&mut self, number: f64, at: &Pointer) {
        let beside = [number + 0.5, -number, number + 1.0, number - 1.0];
        for other in beside.into_iter().chain(self.hints.numbers.clone()) {
            if let Some(other) = to_number(other) {
                let change = format!("{other} instead of {number}");
                self.put(at, other, change);
            }
        }
    }
}

fn named(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
