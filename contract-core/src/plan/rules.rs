//! What the nodes ask of one value.

use super::keys::{Seen, spelled};
use super::node::{ANY, Fallback, Format, Id, NumberRules, ObjectRules, Tagged, TextRules};
use super::pass::{Passed, Stop};
use super::sink::{Text, Word};
use super::token::{Number, same};
use crate::schema::Engine;

impl NumberRules {
    #[inline(always)]
    pub(super) fn fits(&self, number: Number) -> bool {
        let value = number.as_f64();
        (!self.integer || value.fract() == 0.0)
            && self.minimum.is_none_or(|least| value >= least)
            && self.maximum.is_none_or(|most| value <= most)
            && (self.is_plain || self.fits_more(number, value))
    }

    fn fits_more(&self, number: Number, value: f64) -> bool {
        self.above.is_none_or(|bound| value > bound)
            && self.below.is_none_or(|bound| value < bound)
            && self.multiple_of.is_none_or(|divisor| is_multiple(number, divisor))
            && self.values.as_ref().is_none_or(|values| values.contains(&value))
    }
}

/// A multiple of a whole number is whole. Doubles from 10^21 up are whole, too, and their remainder is exact.
fn is_multiple(number: Number, divisor: i64) -> bool {
    match number {
        Number::Integer(integer) => integer % divisor == 0,
        Number::Double(double) => double % divisor as f64 == 0.0,
    }
}

impl TextRules {
    /// Whether the string fits; the word it is, where the schema lists words.
    #[inline(always)]
    pub(super) fn check(&self, text: &Text<'_>, engine: &Engine) -> Passed<Option<Word>> {
        if text.escaped {
            return self.check_plain(&spelled(text), engine);
        }
        self.check_plain(text.raw, engine)
    }

    #[inline(always)]
    fn check_plain(&self, text: &[u8], engine: &Engine) -> Passed<Option<Word>> {
        let word = match &self.words {
            Some(words) => Some(words.iter().find(|(word, _)| same(word, text)).ok_or(Stop::No)?.1),
            None => None,
        };
        let fits = self.fits_length(text)
            && self.matcher.as_ref().is_none_or(|matcher| matcher.matches(as_str(text)))
            && self.format.as_ref().is_none_or(|format| format.fits(text, engine));
        if fits { Ok(word) } else { Err(Stop::No) }
    }

    /// A code point takes one to four bytes, so most texts need no counting.
    #[inline(always)]
    fn fits_length(&self, text: &[u8]) -> bool {
        let surely = text.len() / 4 >= self.min && text.len() <= self.max;
        surely || (self.min..=self.max).contains(&as_str(text).chars().count())
    }
}

/// A pass begins only when its whole text is UTF-8, and strings end at ASCII quotes.
fn as_str(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_default()
}

impl Format {
    #[inline]
    fn fits(&self, text: &[u8], engine: &Engine) -> bool {
        // The quick look accepts what everybody writes; of the rest the engine knows more.
        let (surely, fallback) = match self {
            Self::DateTime(fallback) => (is_common_date_time(text), fallback),
            Self::Uuid(fallback) => (is_uuid(text), fallback),
            Self::Other(fallback) => (false, fallback),
        };
        surely || fallback.fits_text(engine, as_str(text))
    }
}

/// `2026-11-21T04:05:06.789Z` and its like: RFC 3339 without leap seconds, in UTC or with an offset.
fn is_common_date_time(text: &[u8]) -> bool {
    let Some((head, tail)) = text.split_at_checked(19) else { return false };
    let two = |at: usize| match (head[at].wrapping_sub(b'0'), head[at + 1].wrapping_sub(b'0')) {
        (tens @ 0..=9, ones @ 0..=9) => tens * 10 + ones,
        _ => u8::MAX,
    };
    let (century, year, month, day) = (two(0), two(2), two(5), two(8));
    let marks = [head[4], head[7], head[10], head[13], head[16]] == *b"--T::";
    // Days 29 to 31 need a calendar, which the engine has.
    let date = century < 100 && year < 100 && (1..=12).contains(&month) && (1..=28).contains(&day);
    marks && date && two(11) < 24 && two(14) < 60 && two(17) < 60 && is_zone(tail)
}

/// A fraction of a second, if any, and `Z` or an offset.
fn is_zone(tail: &[u8]) -> bool {
    let zone = match tail.split_first() {
        Some((b'.', rest)) => match rest.iter().position(|byte| !byte.is_ascii_digit()) {
            Some(end @ 1..) => &rest[end..],
            _ => return false,
        },
        _ => tail,
    };
    match zone {
        b"Z" => true,
        [b'+' | b'-', h @ b'0'..=b'2', hour @ b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9'] => *h < b'2' || *hour < b'4',
        _ => false,
    }
}

fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

impl ObjectRules {
    #[inline(always)]
    fn has_required(&self, seen: &Seen) -> bool {
        match seen {
            Seen::Few(bits) => bits & self.required_bits == self.required_bits,
            Seen::Many(_) => self.required.iter().all(|index| seen.has(usize::from(*index))),
        }
    }

    /// Whether all members are there that must be, and not too many or few.
    #[inline(always)]
    pub(super) fn has_members(&self, seen: &Seen, count: usize) -> bool {
        self.has_required(seen) && (self.min..=self.max).contains(&count) && self.has_dependents(seen)
    }

    #[inline(always)]
    fn has_dependents(&self, seen: &Seen) -> bool {
        self.dependent.iter().all(|(one, others)| {
            !seen.has(usize::from(*one)) || others.iter().all(|other| seen.has(usize::from(*other)))
        })
    }

    /// The property `key`, if it is the one at `from` or stands behind it.
    #[inline]
    pub(super) fn next_from(&self, from: usize, key: &[u8]) -> Option<usize> {
        match self.properties.get(from) {
            Some(property) if same(&property.key, key) => Some(from),
            Some(_) => self.position(key),
            None => None,
        }
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
        let key = as_str(key);
        self.patterns.iter().filter(move |(matcher, _)| matcher.matches(key)).map(|(_, node)| *node)
    }

    /// Whether an object of any members fits.
    pub(super) fn is_free(&self) -> bool {
        self.properties.is_empty()
            && self.patterns.is_empty()
            && (self.additional, self.names) == (ANY, ANY)
            && (self.min, self.max) == (0, usize::MAX)
    }
}

impl Tagged {
    #[inline(always)]
    pub(super) fn alternative(&self, tag: &[u8]) -> Option<usize> {
        self.alternatives.iter().position(|(word, ..)| same(word, tag))
    }
}

impl Fallback {
    /// Whether the text of a value, which was read before, fits.
    pub(super) fn fits(&self, engine: &Engine, text: &[u8]) -> bool {
        let limits = crate::Limits {
            json_bytes: usize::MAX,
            json_values: usize::MAX,
            json_depth: usize::MAX,
            ..Default::default()
        };
        let limits = crate::Limits { json_keys: usize::MAX, ..limits };
        crate::json::parse(text, &limits).is_ok_and(|value| self.fits_value(engine, &value))
    }

    fn fits_text(&self, engine: &Engine, text: &str) -> bool {
        self.fits_value(engine, &serde_json::Value::from(text))
    }

    fn fits_value(&self, engine: &Engine, value: &serde_json::Value) -> bool {
        let build = || match &self.piece {
            Some(piece) => engine.alone(piece).ok(),
            None => engine.validator(&self.at).ok(),
        };
        self.built.get_or_init(build).as_ref().is_some_and(|validator| validator.is_valid(value))
    }
}
