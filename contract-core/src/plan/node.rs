//! What a schema became: nodes that refer to each other by number.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use super::Word;
use super::literal::Literal;
use crate::Pointer;
use crate::formats;
use crate::schema::{Divisor, Matcher, Program, ProgramId};

/// The number of a node.
pub(super) type Id = u32;

/// The first node takes everything, the second nothing.
pub(super) const ANY: Id = 0;
pub(super) const NEVER: Id = 1;

/// What a value must be. A node of one kind refuses every other kind.
///
/// The kind is a byte of its own: each value asks for it, and a kind hidden in other fields costs more to find.
#[derive(Debug)]
#[repr(u8)]
pub(super) enum Node {
    Any,
    Never,
    Null,
    Bool {
        falsy: bool,
        truthy: bool,
    },
    Number(NumberRules),
    Text(Box<TextRules>),
    Array(ArrayRules),
    Object(Box<ObjectRules>),
    /// The first byte of a value says which node decides.
    Kinds(Box<Kinds>),
    /// Objects that a property tells apart.
    Tagged(Box<Tagged>),
    /// A node, and more that must hold of the same value.
    Also {
        main: Id,
        more: Box<[Test]>,
    },
    /// Alternatives, until all nodes are there and it is known how to tell them apart.
    Union {
        exactly_one: bool,
        alternatives: Vec<Id>,
    },
}

/// Kinds of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    Array,
    Object,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [Self::Null, Self::Bool, Self::Number, Self::Text, Self::Array, Self::Object];

    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A node for each kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kinds(pub(super) [Id; 6]);

impl Kinds {
    pub(super) fn of(&self, kind: Kind) -> Id {
        self.0[kind as usize]
    }
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct NumberRules {
    pub(super) integer: bool,
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) above: Option<f64>,
    pub(super) below: Option<f64>,
    pub(super) multiple_of: Option<Multiple>,
    /// The only ones, where `const` or `enum` lists some.
    pub(super) values: Option<Box<[f64]>>,
    /// Whether nothing is asked but integer, minimum and maximum.
    pub(super) is_plain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Multiple {
    /// Of a whole number that most doubles can be, so that integers divide.
    Safe(i64),
    Other(Divisor),
}

#[derive(Debug)]
pub(super) struct TextRules {
    /// In code points.
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) matcher: Option<Matcher>,
    pub(super) format: Option<formats::Check>,
    /// The only ones, with their quotes, where `const` or `enum` lists some.
    pub(super) words: Option<Box<[(Literal, Word)]>>,
    /// Whether nothing else is asked.
    pub(super) only_words: bool,
}

impl TextRules {
    /// Any string.
    pub(super) fn free() -> Self {
        Self { min: 0, max: usize::MAX, matcher: None, format: None, words: None, only_words: false }
    }

    /// Whether any string will do.
    pub(super) fn is_free(&self) -> bool {
        self.words.is_none() && self.asks_no_more()
    }

    /// Whether nothing is asked beside the words.
    pub(super) fn asks_no_more(&self) -> bool {
        self.min == 0 && self.max == usize::MAX && self.matcher.is_none() && self.format.is_none()
    }
}

#[derive(Debug)]
pub(super) struct ArrayRules {
    pub(super) prefix: Box<[Id]>,
    pub(super) items: Id,
    pub(super) min: usize,
    pub(super) max: usize,
}

/// A property that the schema names.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) key: Box<[u8]>,
    /// The key as it stands in canonical JSON, with quotes and colon.
    pub(super) literal: Literal,
    pub(super) word: Word,
    pub(super) node: Id,
}

/// A property, and those that must be there when it is.
pub(super) type Dependent = (u32, Box<[u32]>);

#[derive(Debug)]
pub(super) struct ObjectRules {
    /// In the order of RFC 8785.
    pub(super) properties: Box<[Property]>,
    pub(super) required: Box<[u32]>,
    /// The same as bits, while there are no more than 64 properties.
    pub(super) required_bits: u64,
    pub(super) patterns: Box<[(Matcher, Id)]>,
    /// For what neither is named nor matches a pattern.
    pub(super) additional: Id,
    /// For the key itself, as a string.
    pub(super) names: Id,
    pub(super) min: usize,
    pub(super) max: usize,
    /// Properties that ask for others: where the first is, the others must be.
    pub(super) dependent: Box<[Dependent]>,
    /// For each property (0: the beginning) the one that came next the last time. A guess that costs
    /// one comparison when it is right, and nothing but time when it is wrong.
    next: Box<[AtomicU32]>,
}

impl ObjectRules {
    pub(super) fn new(mut properties: Vec<Property>) -> Self {
        crate::sorting::sort_by(&mut properties, |a, b| super::order::keys(&a.key, &b.key));
        let next = (0..=properties.len()).map(|index| AtomicU32::new(index as u32)).collect();
        Self {
            properties: properties.into(),
            required: Box::default(),
            required_bits: 0,
            patterns: Box::default(),
            additional: ANY,
            names: ANY,
            min: 0,
            max: usize::MAX,
            dependent: Box::default(),
            next,
        }
    }

    pub(super) fn position(&self, key: &[u8]) -> Option<usize> {
        self.properties.binary_search_by(|property| super::order::keys(&property.key, key)).ok()
    }

    /// The property that came behind `previous` (0: none) the last time.
    #[inline(always)]
    pub(super) fn guess(&self, previous: usize) -> Option<(usize, &Property)> {
        let index = self.next.get(previous)?.load(Ordering::Relaxed) as usize;
        self.properties.get(index).map(|property| (index, property))
    }

    #[inline]
    pub(super) fn learn(&self, previous: usize, index: usize) {
        if let Some(next) = self.next.get(previous) {
            next.store(index as u32, Ordering::Relaxed);
        }
    }
}

#[derive(Debug)]
pub(super) struct Tagged {
    pub(super) key: Box<[u8]>,
    /// Sorted by tag.
    pub(super) alternatives: Box<[Alternative]>,
    /// First keys, as canonical JSON has them, that only one of the alternatives knows; sorted.
    pub(super) hints: Box<[(Box<[u8]>, u32)]>,
    /// How the objects begin of which the first member says it all, as canonical JSON has them; a few.
    pub(super) beginnings: Box<[(Literal, First)]>,
}

/// What the first member of an object with a tag says of the alternative.
#[derive(Debug, Clone, Copy)]
pub(super) enum First {
    /// It is the tag, of this alternative.
    Tag(u32),
    /// Only this alternative knows its key.
    Hint(u32),
}

/// A tag, its word, and the node of the alternative that it names.
pub(super) type Alternative = (Box<[u8]>, Word, Id);

/// What must hold of a value beside its main node.
#[derive(Debug)]
pub(super) enum Test {
    Is(Id),
    Not(Id),
    AnyOf(Box<[Id]>),
    OneOf(Box<[Id]>),
    If {
        test: Id,
        then: Id,
        otherwise: Id,
    },
    /// Where the property is there, the node must hold of the whole object.
    When {
        key: Box<[u8]>,
        node: Id,
    },
    Contains {
        node: Id,
        min: usize,
        max: usize,
    },
    /// No item of the array comes twice.
    Unique,
    /// The array or object has one of these canonical forms.
    Listed(Box<[Box<[u8]>]>),
    Fallback(Fallback),
}

/// What a schema asks of members and items that no other of its keywords has looked at, decided over a tree of the
/// value.
#[derive(Debug)]
pub(super) struct Fallback {
    /// The schema of the plan. One program serves all that it leads to.
    pub(super) root: Pointer,
    pub(super) at: Pointer,
    pub(super) built: OnceLock<(Arc<Program>, Option<ProgramId>)>,
}

impl Fallback {
    pub(super) fn new(root: &Pointer, at: &Pointer) -> Self {
        Self { root: root.clone(), at: at.clone(), built: OnceLock::new() }
    }
}
