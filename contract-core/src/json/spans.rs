//! Where the parts of a document stand in its text.

use std::collections::BTreeMap;

use crate::Pointer;

/// A range of bytes in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The span of each value, and of the key that leads to it, by pointer.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    values: BTreeMap<Pointer, Span>,
    keys: BTreeMap<Pointer, Span>,
}

impl Spans {
    /// Notes where the value at `at` stands.
    pub fn value_at(&mut self, at: Pointer, span: Span) {
        self.values.insert(at, span);
    }

    /// Notes where the key that leads to `at` stands.
    pub fn key_at(&mut self, at: Pointer, span: Span) {
        self.keys.insert(at, span);
    }

    /// The value at `at`, or else its nearest ancestor that has a place.
    pub fn value(&self, at: &Pointer) -> Option<Span> {
        nearest(&self.values, at)
    }

    /// The key that leads to `at`, or else the value there.
    pub fn key(&self, at: &Pointer) -> Option<Span> {
        self.keys.get(at).copied().or_else(|| self.value(at))
    }
}

fn nearest(spans: &BTreeMap<Pointer, Span>, at: &Pointer) -> Option<Span> {
    let mut at = at.clone();
    loop {
        if let Some(span) = spans.get(&at) {
            return Some(*span);
        }
        at = at.parent()?.0;
    }
}
