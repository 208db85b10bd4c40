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
pub struct Spans(BTreeMap<Pointer, Place>);

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    key: Option<Span>,
    value: Option<Span>,
}

impl Spans {
    /// Notes where the value at `at` stands.
    pub fn value_at(&mut self, at: Pointer, span: Span) {
        self.0.entry(at).or_default().value = Some(span);
    }

    /// Notes where the key that leads to `at` stands.
    pub fn key_at(&mut self, at: Pointer, span: Span) {
        self.0.entry(at).or_default().key = Some(span);
    }

    /// The value at `at`, or else its nearest ancestor that has a place.
    pub fn value(&self, at: &Pointer) -> Option<Span> {
        let up = |at: &Pointer| at.parent().map(|(parent, _)| parent);
        std::iter::successors(Some(at.clone()), up).find_map(|at| self.0.get(&at)?.value)
    }

    /// The key that leads to `at`, or else the value there.
    pub fn key(&self, at: &Pointer) -> Option<Span> {
        self.0.get(at).and_then(|place| place.key).or_else(|| self.value(at))
    }
}
