//! Keys of one object: which came, which came twice, and in which order.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::escape::unescape;
use super::order;
use super::sink::Text;

/// The properties of an object that were seen, by their places.
pub(super) struct Seen {
    /// The first 64.
    first: u64,
    /// The others, where there are more.
    more: Vec<u64>,
}

impl Seen {
    #[inline(always)]
    pub(super) fn new(properties: usize) -> Self {
        let more = if properties <= 64 { Vec::new() } else { vec![0; properties.div_ceil(64) - 1] };
        Self { first: 0, more }
    }

    /// Whether it is the first time.
    #[inline(always)]
    pub(super) fn insert(&mut self, index: usize) -> bool {
        let bit = 1 << (index & 63);
        let bits = if index < 64 { &mut self.first } else { &mut self.more[index / 64 - 1] };
        let new = *bits & bit == 0;
        *bits |= bit;
        new
    }

    #[inline(always)]
    pub(super) fn has(&self, index: usize) -> bool {
        let bits = if index < 64 { self.first } else { self.more[index / 64 - 1] };
        bits >> (index & 63) & 1 == 1
    }

    /// All as bits, where there are no more than 64 properties.
    #[inline(always)]
    pub(super) fn few(&self) -> Option<u64> {
        self.more.is_empty().then_some(self.first)
    }
}

/// The first eight bytes of a key as a number, zeros behind shorter ones. Where two of these differ and
/// both are ASCII, they are in the order of the keys: no key of a text holds a zero byte but by an escape.
#[inline(always)]
pub(super) fn head(key: &[u8]) -> u64 {
    if let Some(first) = key.first_chunk::<8>() {
        return u64::from_be_bytes(*first);
    }
    if let (Some(first), Some(last)) = (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        // The two overlap, and where they do they are the same bytes at the same places.
        let (first, last) = (u64::from(u32::from_be_bytes(*first)), u64::from(u32::from_be_bytes(*last)));
        return first << 32 | last << (64 - 8 * key.len());
    }
    key.iter().enumerate().fold(0, |head, (index, byte)| head | u64::from(*byte) << (56 - 8 * index))
}

/// The order of two keys by their heads, where the heads tell.
#[inline(always)]
pub(super) fn by_heads(a: u64, b: u64) -> Option<Ordering> {
    (a != b && is_ascii(a | b)).then(|| a.cmp(&b))
}

/// Whether the bytes of a head, or of several in one, are ASCII.
#[inline(always)]
pub(super) fn is_ascii(head: u64) -> bool {
    const NOT_ASCII: u64 = u64::MAX / 255 * 0x80;
    head & NOT_ASCII == 0
}

/// A key in the text.
#[derive(Clone, Copy)]
struct Spot {
    head: u64,
    offset: u32,
    len: u32,
}

/// Keys that no schema names, of all objects that are open, to find those that come twice.
pub(super) struct Others<'a> {
    text: &'a [u8],
    spots: Vec<Spot>,
}

/// Up to this many keys, comparing each with each is the quickest way.
const FEW: usize = 24;

impl<'a> Others<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        Self { text, spots: Vec::new() }
    }

    #[inline(always)]
    pub(super) fn mark(&self) -> usize {
        self.spots.len()
    }

    #[inline(always)]
    pub(super) fn back_to(&mut self, mark: usize) {
        self.spots.truncate(mark);
    }

    fn key(&self, spot: Spot) -> Cow<'a, [u8]> {
        let raw = &self.text[spot.offset as usize..][..spot.len as usize];
        if raw.contains(&b'\\') { unescape(raw).into() } else { raw.into() }
    }

    #[inline]
    fn compare(&self, a: Spot, b: Spot) -> Ordering {
        by_heads(a.head, b.head).unwrap_or_else(|| order::keys(&self.key(a), &self.key(b)))
    }

    /// Adds a key of the object that began at `mark`. `true` when it stands behind all that came before it.
    #[inline]
    pub(super) fn push(&mut self, key: &Text<'_>, spelled: &[u8], mark: usize) -> bool {
        // A pass begins only when its whole text is short enough.
        let spot = Spot { head: head(spelled), offset: key.offset as u32, len: key.raw.len() as u32 };
        let last = self.spots[mark..].last().copied();
        self.spots.push(spot);
        last.is_none_or(|last| self.compare(last, spot).is_lt())
    }

    /// Whether the key that came last stands before `key`.
    pub(super) fn are_before(&self, key: &[u8]) -> bool {
        self.spots.last().is_none_or(|last| order::keys(&self.key(*last), key).is_lt())
    }

    /// Whether no key of the object that began at `mark` comes twice.
    pub(super) fn are_unique(&self, mark: usize) -> bool {
        let spots = &self.spots[mark..];
        if spots.len() > FEW {
            let mut sorted = spots.to_vec();
            crate::sorting::sort_by(&mut sorted, |a, b| self.compare(*a, *b));
            return sorted.windows(2).all(|two| self.differ(two[0], two[1]));
        }
        spots.iter().enumerate().all(|(index, a)| spots[..index].iter().all(|b| self.differ(*a, *b)))
    }

    #[inline(always)]
    fn differ(&self, a: Spot, b: Spot) -> bool {
        a.head != b.head || self.key(a) != self.key(b)
    }
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn a_head_is_the_first_eight_bytes() {
        for length in 0..12 {
            let key: Vec<u8> = (1..=length).collect();
            let mut first = [0; 8];
            first.iter_mut().zip(&key).for_each(|(byte, of_key)| *byte = *of_key);
            assert_eq!(head(&key), u64::from_be_bytes(first), "{length}");
        }
    }
}
