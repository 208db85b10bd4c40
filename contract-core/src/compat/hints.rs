//! What a schema cares about: values beside its bounds are where two versions part.

use std::cell::Cell;

use serde_json::Value;

use super::node::Side;
use crate::schema::{Inclusion, inclusion, pattern_examples};

/// Patterns that texts are held against.
const MOST_PATTERNS: usize = 16;
/// Texts that match one of them.
const MOST_EXAMPLES: usize = 2;
/// Pairs of patterns that are walked through.
const MOST_WALKS: usize = 24;

/// Numbers, lengths and values that a schema names.
#[derive(Default)]
pub(crate) struct Hints {
    pub(crate) numbers: Vec<f64>,
    pub(crate) lengths: Vec<usize>,
    values: Vec<Value>,
    patterns: Vec<String>,
    /// Pairs of patterns that were walked through.
    walks: Cell<usize>,
}

impl Hints {
    pub(crate) fn gather<'a>(&mut self, side: &'a Side<'_>, schema: &'a Value, met: &mut Vec<&'a Value>) {
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
            ("pattern", Value::String(pattern)) if self.patterns.len() < MOST_PATTERNS => {
                self.patterns.push(pattern.clone());
            }
            ("const", value) => self.values.push(value.clone()),
            ("enum", Value::Array(values)) => self.values.extend(values.iter().take(8).cloned()),
            _ => self.gather(side, value, met),
        }
    }

    /// Texts that match the patterns named here.
    pub(super) fn matching(&self) -> impl Iterator<Item = String> {
        self.patterns.iter().flat_map(|pattern| pattern_examples(pattern).into_iter().take(MOST_EXAMPLES))
    }

    /// Texts that match `pattern` and none of those named here, each.
    pub(super) fn beyond(&self, pattern: &str) -> impl Iterator<Item = String> {
        let others = self.patterns.iter().filter(move |other| *other != pattern);
        others.take_while(|_| self.walks.replace(self.walks.get() + 1) < MOST_WALKS).filter_map(move |other| {
            match inclusion(pattern, other) {
                Inclusion::Outside(text) => Some(text),
                _ => None,
            }
        })
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(Value::as_str).take(16)
    }
}
