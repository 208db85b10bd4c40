//! Keys of one object: which came, which came twice, and in which order.

use std::borrow::Cow;

use super::order;
use super::sink::Text;
use super::token::unescape;

/// A key without its escapes.
pub(super) fn spelled<'a>(text: &Text<'a>) -> Cow<'a, [u8]> {
    if text.escaped { unescape(text.raw).into() } else { text.raw.into() }
}

/// The properties of an object that were seen.
pub(super) enum Seen {
    Few(u64),
    Many(Vec<u64>),
}

impl Seen {
    #[inline(always)]
    pub(super) fn new(properties: usize) -> Self {
        if properties <= 64 { Self::Few(0) } else { Self::Many(vec![0; properties.div_ceil(64)]) }
    }

    /// Whether it is the first time.
    #[inline(always)]
    pub(super) fn insert(&mut self, index: usize) -> bool {
        let (bits, bit) = match self {
            Self::Few(bits) => (bits, 1 << (index & 63)),
            Self::Many(bits) => (&mut bits[index / 64], 1 << (index & 63)),
        };
        let new = *bits & bit == 0;
        *bits |= bit;
        new
    }

    #[inline(always)]
    pub(super) fn has(&self, index: usize) -> bool {
        match self {
            Self::Few(bits) => bits >> (index & 63) & 1 == 1,
            Self::Many(bits) => bits[index / 64] >> (index & 63) & 1 == 1,
        }
    }
}

/// Keys that no schema names, of all objects that are open, to find those that come twice.
#[derive(Default)]
pub(super) struct Others<'a>(Vec<Cow<'a, [u8]>>);

impl<'a> Others<'a> {
    pub(super) fn mark(&self) -> usize {
        self.0.len()
    }

    pub(super) fn back_to(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    /// Adds a key of the object that began at `mark`. `true` when it stands behind all that came before it.
    pub(super) fn push(&mut self, key: Cow<'a, [u8]>, mark: usize) -> bool {
        let behind = self.0[mark..].last().is_none_or(|last| order::keys(last, &key).is_lt());
        self.0.push(key);
        behind
    }

    /// Whether the key that came last stands before `key`.
    pub(super) fn are_before(&self, key: &[u8]) -> bool {
        self.0.last().is_none_or(|last| order::keys(last, key).is_lt())
    }

    /// Whether no key of the object that began at `mark` comes twice.
    pub(super) fn are_unique(&mut self, mark: usize) -> bool {
        let keys = &mut self.0[mark..];
        keys.sort_unstable();
        keys.windows(2).all(|two| two[0] != two[1])
    }
}
