//! A schema with the shapes of its type: what the tape of one text is laid out by.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use peer_contract_core::plan::{Key, Word};
use peer_contract_core::schema::Schema;

use super::shapes::{PLAIN, Record, Shape, ShapeId, Shapes, Union};

/// A type that texts are read as.
pub struct Bound {
    pub(super) schema: Arc<Schema>,
    pub(super) root: ShapeId,
    shapes: Vec<Layout>,
}

/// A shape whose names are words of the schema.
pub(super) enum Layout {
    Plain,
    Record(Slots),
    List(ShapeId),
    Map(ShapeId),
    Union(Tags),
    Either { object: ShapeId, list: ShapeId },
}

/// The properties of a record, by number.
pub(super) struct Slots {
    /// Name, word and shape of each.
    properties: Vec<(String, Option<Word>, ShapeId)>,
    /// Numbers of the properties, by word.
    by_word: Vec<(Word, u16)>,
    /// The property that followed the one before, the last time; the first is for the beginning.
    next: Vec<Cell<u16>>,
    pub(super) rest: ShapeId,
}

/// The alternatives of a union.
pub(super) struct Tags {
    pub(super) tag: String,
    of: Vec<(String, Option<Word>, ShapeId)>,
}

impl Bound {
    /// Lays the shapes that can be reached from `root` out by the words of a schema.
    pub(super) fn new(schema: Arc<Schema>, shapes: &Shapes, root: ShapeId) -> Self {
        let words: HashMap<&str, Word> = schema.words().iter().map(String::as_str).zip(0..).collect();
        let reached = shapes.reached(root);
        let layout = |(shape, is_reached): (&Shape, bool)| match shape {
            _ if !is_reached => Layout::Plain,
            Shape::Plain => Layout::Plain,
            Shape::Record(record) => Layout::Record(Slots::new(record, &words)),
            Shape::List(items) => Layout::List(*items),
            Shape::Map(values) => Layout::Map(*values),
            Shape::Union(union) => Layout::Union(Tags::new(union, &words)),
            Shape::Either { object, list } => Layout::Either { object: *object, list: *list },
        };
        let shapes = shapes.iter().zip(reached).map(layout).collect();
        Self { schema, root, shapes }
    }

    #[inline(always)]
    pub(super) fn layout(&self, shape: ShapeId) -> &Layout {
        self.shapes.get(shape as usize).unwrap_or(&Layout::Plain)
    }

    /// The shape of a record of a union; plain where the text does not say which one.
    pub(super) fn alternative(&self, tags: &Tags, word: Option<Word>, text: &[u8]) -> ShapeId {
        let found = match word {
            Some(word) => tags.of.iter().find(|(_, known, _)| *known == Some(word)),
            None => tags.named_in(text),
        };
        match found.map(|(_, _, shape)| (*shape, self.layout(*shape))) {
            Some((_, Layout::Union(inner))) => self.alternative(inner, None, text),
            Some((shape, _)) => shape,
            None => PLAIN,
        }
    }
}

impl Slots {
    fn new(record: &Record, words: &HashMap<&str, Word>) -> Self {
        let word = |name: &str| words.get(name).copied();
        let properties: Vec<_> =
            record.properties.iter().map(|(name, shape)| (name.clone(), word(name), *shape)).collect();
        let mut by_word: Vec<(Word, u16)> =
            properties.iter().zip(0..).filter_map(|((_, word, _), slot)| Some(((*word)?, slot))).collect();
        by_word.sort_unstable();
        let next = (0..=properties.len()).map(|slot| Cell::new(slot as u16)).collect();
        Self { properties, by_word, next, rest: record.rest }
    }

    /// How many properties there are.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.properties.len()
    }

    /// The shape of the property `slot`.
    #[inline(always)]
    pub(super) fn shape(&self, slot: usize) -> ShapeId {
        self.properties[slot].2
    }

    /// The number of the property with this key, which comes after the one counted `previous` from 1.
    #[inline(always)]
    pub(super) fn find(&self, key: Key<'_>, previous: usize) -> Option<usize> {
        let guess = usize::from(self.next[previous].get());
        match self.properties.get(guess) {
            Some((_, Some(word), _)) if key.word == Some(*word) => Some(guess),
            _ => self.search(key, previous),
        }
    }

    fn search(&self, key: Key<'_>, previous: usize) -> Option<usize> {
        let by_word = |word: Word| self.by_word.binary_search_by_key(&word, |(word, _)| *word).ok();
        let slot = match key.word.and_then(by_word) {
            Some(index) => usize::from(self.by_word[index].1),
            None => self.properties.iter().position(|(name, ..)| name.as_bytes() == key.text)?,
        };
        self.next[previous].set(slot as u16);
        Some(slot)
    }
}

impl Tags {
    fn new(union: &Union, words: &HashMap<&str, Word>) -> Self {
        let of = union.of.iter().map(|(tag, shape)| (tag.clone(), words.get(tag.as_str()).copied(), *shape));
        Self { tag: union.tag.clone(), of: of.collect() }
    }

    fn named_in(&self, text: &[u8]) -> Option<&(String, Option<Word>, ShapeId)> {
        let tag = peer_contract_core::plan::member(text, &self.tag)?;
        let tag: String = serde_json::from_slice(tag).ok()?;
        self.of.iter().find(|(known, _, _)| *known == tag)
    }
}
