//! What the nodes ask of one value.

use super::keys::Seen;
use super::literal::Literal;
use super::node::{ANY, Alternative, Fallback, First, Id, Multiple, NumberRules, ObjectRules, Tagged, TextRules};
use super::number::Number;
use super::sink::{Text, Word};
use super::source::Member;
use super::token::same;
use super::writer::Writer;
use crate::Limits;
use crate::schema::Engine;

impl NumberRules {
    #[inline(always)]
    pub(super) fn fits(&self, number: Number) -> bool {
        let value = number.as_f64();
        (!self.integer || is_whole(number))
            && self.minimum.is_none_or(|least| value >= least)
            && self.maximum.is_none_or(|most| value <= most)
            && (self.is_plain || self.fits_more(number, value))
    }

    fn fits_more(&self, number: Number, value: f64) -> bool {
        self.above.is_none_or(|bound| value > bound)
            && self.below.is_none_or(|bound| value < bound)
            && self.multiple_of.is_none_or(|multiple| multiple.takes(number))
            && self.values.as_ref().is_none_or(|values| values.contains(&value))
    }
}

#[inline(always)]
fn is_whole(number: Number) -> bool {
    match number {
        Number::Integer(_) => true,
        // What is whole and smaller came as an integer.
        Number::Double(double) => double == 0.0 || double.abs() >= 1e21,
    }
}

impl Multiple {
    /// A multiple of a whole number is whole. Doubles from 10^21 up are whole, too, and their remainder is exact.
    fn takes(self, number: Number) -> bool {
        match (self, number) {
            (Self::Safe(divisor), Number::Integer(integer)) => integer % divisor == 0,
            (Self::Safe(divisor), Number::Double(double)) => double % divisor as f64 == 0.0,
            (Self::Other(divisor), number) => divisor.divides(number.as_f64()),
        }
    }
}

impl TextRules {
    /// Whether the string fits.
    #[inline(always)]
    pub(super) fn fits(&self, text: &Text<'_>) -> bool {
        if !text.escaped {
            return self.fits_plain(text.raw);
        }
        // An escape takes twelve bytes at most for one code point, and at least two for one byte.
        let surely = text.raw.len() / 12 >= self.min && text.raw.len() <= self.max;
        surely && self.matcher.is_none() && self.format.is_none() || self.fits_plain(&text.unescaped())
    }

    #[inline(always)]
    fn fits_plain(&self, text: &[u8]) -> bool {
        self.fits_length(text)
            && self.matcher.as_ref().is_none_or(|matcher| matcher.matches(text))
            && self.format.is_none_or(|is_of_format| is_of_format(text))
    }

    /// The word that the string is, where the schema lists words; no string is one that it does not list.
    #[inline(always)]
    pub(super) fn word(&self, text: &Text<'_>) -> Option<Word> {
        let plain = text.unescaped();
        let words = self.words.as_deref().unwrap_or_default();
        words.iter().find(|(literal, _)| literal.says(&plain)).map(|(_, word)| *word)
    }

    /// A code point takes one to four bytes, so most texts need no counting.
    #[inline(always)]
    fn fits_length(&self, text: &[u8]) -> bool {
        let surely = text.len().div_ceil(4) >= self.min && text.len() <= self.max;
        surely || (self.min..=self.max).contains(&code_points(text))
    }
}

/// The code points of a text in UTF-8: each has one byte that does not go on with another.
#[cold]
fn code_points(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

impl ObjectRules {
    #[inline(always)]
    fn has_required(&self, seen: &Seen) -> bool {
        match seen.few() {
            Some(bits) => bits & self.required_bits == self.required_bits,
            None => self.required.iter().all(|index| seen.has(*index as usize)),
        }
    }

    /// Whether all members are there that must be, and not too many or few.
    #[inline(always)]
    pub(super) fn has_members(&self, seen: &Seen, count: usize) -> bool {
        self.has_required(seen) && (self.min..=self.max).contains(&count) && self.has_dependents(seen)
    }

    #[inline(always)]
    fn has_dependents(&self, seen: &Seen) -> bool {
        self.dependent
            .iter()
            .all(|(one, others)| !seen.has(*one as usize) || others.iter().all(|other| seen.has(*other as usize)))
    }

    /// The property of a member that comes behind the property before `previous` (0: none).
    #[inline]
    pub(super) fn after<V>(&self, previous: usize, member: &Member<'_, V>) -> Option<usize> {
        let key = member.key.as_bytes();
        if let Some((index, property)) = self.guess(previous)
            && (member.word == Some(property.word) || same(&property.key, key))
        {
            return Some(index);
        }
        let index = self.position(key)?;
        self.learn(previous, index);
        Some(index)
    }

    /// The node for a key that is not named, and more that must hold of its value.
    #[inline(always)]
    pub(super) fn nodes_of(&self, key: &[u8]) -> (Id, Vec<Id>) {
        if self.patterns.is_empty() {
            return (self.additional, Vec::new());
        }
        let mut matching: Vec<Id> = self.matching(key).collect();
        match matching.pop() {
            Some(node) => (node, matching),
            None => (self.additional, matching),
        }
    }

    /// The nodes of the patterns that a key matches.
    pub(super) fn matching(&self, key: &[u8]) -> impl Iterator<Item = Id> {
        self.patterns.iter().filter(move |(matcher, _)| matcher.matches(key)).map(|(_, node)| *node)
    }

    /// Whether one node decides of all members, whatever their keys are.
    #[inline(always)]
    pub(super) fn has_no_names(&self) -> bool {
        self.properties.is_empty() && self.patterns.is_empty() && self.names == ANY
    }

    /// Whether an object of any members fits.
    pub(super) fn is_free(&self) -> bool {
        self.has_no_names() && self.additional == ANY && (self.min, self.max) == (0, usize::MAX)
    }
}

/// Up to this many, looking at each is quicker than searching.
const FEW: usize = 8;

impl Tagged {
    pub(super) fn new(key: Box<[u8]>, alternatives: Box<[Alternative]>, hints: Box<[(Box<[u8]>, u32)]>) -> Self {
        let quoted = |text: &[u8]| {
            let mut writer = Writer::default();
            writer.string(text);
            writer.text
        };
        let tags = alternatives.iter().zip(0..).map(|((tag, ..), index)| {
            let text = [b"{", &*quoted(&key), b":", &*quoted(tag)].concat();
            (Literal::new(&text), First::Tag(index))
        });
        // A hint is a key as JSON has it, escapes included.
        let keys = hints.iter().map(|(hint, index)| {
            let text = [b"{\"", &**hint, b"\""].concat();
            (Literal::new(&text), First::Hint(*index))
        });
        let beginnings = tags.chain(keys).take(FEW).collect();
        Self { key, alternatives, hints, beginnings }
    }

    /// The only alternative that knows a first key, if there is one.
    #[inline(always)]
    pub(super) fn hint(&self, key: &[u8]) -> Option<usize> {
        let found = match self.hints.len() <= FEW {
            true => self.hints.iter().position(|(hint, _)| same(hint, key)),
            false => self.hints.binary_search_by(|(hint, _)| (**hint).cmp(key)).ok(),
        };
        found.map(|index| self.hints[index].1 as usize)
    }

    #[inline(always)]
    pub(super) fn alternative(&self, tag: &[u8]) -> Option<usize> {
        if self.alternatives.len() <= FEW {
            return self.alternatives.iter().position(|(word, ..)| same(word, tag));
        }
        self.alternatives.binary_search_by(|(word, ..)| (**word).cmp(tag)).ok()
    }
}

impl Fallback {
    /// Whether the text of a value, which was read before and keeps to all else, fits.
    pub(super) fn fits(&self, engine: &Engine, text: &[u8]) -> bool {
        let (program, id) = self.built.get_or_init(|| {
            let program = engine.program(&self.root);
            let id = program.at(&self.at);
            (program, id)
        });
        let read = crate::json::parse(text, &Limits::READ_BEFORE);
        id.is_some_and(|id| read.is_ok_and(|value| program.fits_unevaluated(id, &value)))
    }
}
