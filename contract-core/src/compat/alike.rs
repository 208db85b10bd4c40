//! What both versions say in the same words, down to the types they refer to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::node::{Node, Side};

/// References of which it is known whether both versions mean the same by them. Each is looked at once in a proof.
#[derive(Default)]
pub(super) struct Alike<'a>(BTreeMap<&'a str, bool>);

impl<'a> Alike<'a> {
    /// Whether both schemas say the same.
    pub(super) fn holds(&mut self, sides: (&'a Side<'a>, &'a Side<'a>), given: &Node<'a>, read: &Node<'a>) -> bool {
        given.value == read.value
            && references(given.value).into_iter().filter_map(Value::as_str).all(|text| {
                if !self.0.contains_key(text) {
                    self.explore(sides, text);
                }
                self.0[text]
            })
    }

    /// Finds out about a reference, and about all that it leads to: they mean the same where none of them leads to
    /// types that differ.
    fn explore(&mut self, (gives, reads): (&'a Side<'a>, &'a Side<'a>), start: &'a str) {
        let mut led_from: BTreeMap<&'a str, Vec<&'a str>> = BTreeMap::new();
        let (mut met, mut open, mut differ) = (BTreeSet::from([start]), vec![start], Vec::new());
        while let Some(text) = open.pop() {
            let reference = Value::from(text);
            let (Some(given), Some(read)) = (gives.follow(&reference), reads.follow(&reference)) else {
                differ.push(text);
                continue;
            };
            if given.value != read.value {
                differ.push(text);
                continue;
            }
            for next in references(given.value).into_iter().filter_map(Value::as_str) {
                led_from.entry(next).or_default().push(text);
                match self.0.get(next) {
                    Some(true) => {}
                    Some(false) => differ.push(text),
                    None if met.insert(next) => open.push(next),
                    None => {}
                }
            }
        }
        self.0.extend(met.into_iter().map(|text| (text, true)));
        while let Some(text) = differ.pop() {
            if self.0.insert(text, false) == Some(true) {
                differ.extend(led_from.get(text).into_iter().flatten());
            }
        }
    }
}

/// Every `$ref` in a schema.
pub(super) fn references(value: &Value) -> Vec<&Value> {
    fn gather<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").filter(|target| target.is_string()));
                members.values().for_each(|value| gather(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(value, &mut found);
    found
}
