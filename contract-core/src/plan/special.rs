//! Finding bytes that mean something, sixteen at once. The one module with `unsafe` in it, but for tests.

/// The place of the next quote, backslash or control character from `from` on, or the end of the text.
#[inline(always)]
pub(crate) fn next_special(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(block) = text.get(at..at + BLOCK) {
        let found = in_block(block.try_into().expect("the range has the length of a block"));
        if found < BLOCK {
            return at + found;
        }
        at += BLOCK;
    }
    at.min(text.len()) + in_rest(text.get(at..).unwrap_or_default())
}

/// The first special byte of less than a block, or its length.
#[inline(always)]
fn in_rest(rest: &[u8]) -> usize {
    if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
        // The two words overlap; a special byte that both hold is found in the first.
        let found = in_word(first);
        return if found < WORD { found } else { rest.len() - WORD + in_word(last) };
    }
    rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

/// So many bytes are looked at together.
pub(super) const BLOCK: usize = 16;

fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..=0x1f)
}

/// The first special byte of a block, or its length.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn in_block(block: &[u8; BLOCK]) -> usize {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
    };
    // SAFETY: every x86-64 has SSE2. The load needs no alignment and reads the 16 bytes of `block`.
    let bits = unsafe {
        let bytes = _mm_loadu_si128(block.as_ptr().cast());
        let quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'"' as i8));
        let backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\' as i8));
        let control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control))
    };
    // Sixteen bits at most are set, so none set gives at least 16.
    (bits as u32 | 1 << BLOCK).trailing_zeros() as usize
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn in_block(block: &[u8; BLOCK]) -> usize {
    portable(block)
}

/// The same with plain integers.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline(always)]
fn portable(block: &[u8; BLOCK]) -> usize {
    in_rest(block)
}

/// The first backslash, or byte of a character beyond ASCII, of a block; its length where there is none.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn ascii_in_block(block: &[u8; BLOCK]) -> usize {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8};
    // SAFETY: every x86-64 has SSE2. The load needs no alignment and reads the 16 bytes of `block`.
    let bits = unsafe {
        let bytes = _mm_loadu_si128(block.as_ptr().cast());
        // Of each byte the highest bit counts, which those beyond ASCII have set.
        _mm_movemask_epi8(_mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\' as i8))))
    };
    (bits as u32 | 1 << BLOCK).trailing_zeros() as usize
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn ascii_in_block(block: &[u8; BLOCK]) -> usize {
    portable_ascii(block)
}

/// The same of eight bytes.
#[inline(always)]
pub(super) fn ascii_in_word(bytes: &[u8; WORD]) -> usize {
    let word = u64::from_le_bytes(*bytes);
    let found = word & HIGH | zero(word ^ (ONES * u64::from(b'\\')));
    found.trailing_zeros() as usize / 8
}

/// The same with plain integers.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline(always)]
fn portable_ascii(block: &[u8; BLOCK]) -> usize {
    block.iter().position(|byte| *byte == b'\\' || !byte.is_ascii()).unwrap_or(BLOCK)
}

/// What takes more than a byte for a character, or less: a bit for each byte of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letters {
    pub(super) backslashes: u16,
    /// Bytes of characters beyond ASCII.
    pub(super) beyond: u16,
    /// Of these, those that go on with a character.
    pub(super) continuing: u16,
    /// First bytes of characters from U+0100 on.
    pub(super) from_100: u16,
    /// First bytes of characters from U+10000 on.
    pub(super) from_10000: u16,
}

impl Letters {
    /// Without those of the first bytes.
    #[inline(always)]
    pub(super) fn behind(self, bytes: usize) -> Self {
        Self {
            backslashes: self.backslashes >> bytes,
            beyond: self.beyond >> bytes,
            continuing: self.continuing >> bytes,
            from_100: self.from_100 >> bytes,
            from_10000: self.from_10000 >> bytes,
        }
    }
}

/// The letters of a block.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn letters(block: &[u8; BLOCK]) -> Letters {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_cmplt_epi8, _mm_loadu_si128, _mm_max_epu8, _mm_movemask_epi8, _mm_set1_epi8,
    };
    // SAFETY: every x86-64 has SSE2. The load needs no alignment and reads the 16 bytes of `block`.
    unsafe {
        let bytes = _mm_loadu_si128(block.as_ptr().cast());
        let from = |byte: u8| {
            let higher = _mm_max_epu8(bytes, _mm_set1_epi8(byte as i8));
            _mm_movemask_epi8(_mm_cmpeq_epi8(higher, bytes)) as u16
        };
        Letters {
            backslashes: _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\' as i8))) as u16,
            beyond: _mm_movemask_epi8(bytes) as u16,
            // With a sign, 0x80 to 0xbf are the lowest.
            continuing: _mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0xc0_u8 as i8))) as u16,
            from_100: from(0xc4),
            from_10000: from(0xf0),
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn letters(block: &[u8; BLOCK]) -> Letters {
    portable_letters(block)
}

/// The same byte by byte.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline(always)]
fn portable_letters(block: &[u8; BLOCK]) -> Letters {
    Letters {
        backslashes: bits(block, |byte| byte == b'\\'),
        beyond: bits(block, |byte| byte >= 0x80),
        continuing: bits(block, |byte| byte & 0xc0 == 0x80),
        from_100: bits(block, |byte| byte >= 0xc4),
        from_10000: bits(block, |byte| byte >= 0xf0),
    }
}

/// A bit for each byte of a block that is as asked for.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline(always)]
fn bits(block: &[u8; BLOCK], is: fn(u8) -> bool) -> u16 {
    block.iter().enumerate().fold(0, |bits, (index, byte)| bits | u16::from(is(*byte)) << index)
}

/// Which bytes of a block are marks of JSON, a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) quotes: u16,
    pub(super) backslashes: u16,
    /// Brackets and braces, of either kind.
    pub(super) opens: u16,
    pub(super) closes: u16,
    pub(super) commas: u16,
}

/// The marks of a block.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn marks(block: &[u8; BLOCK]) -> Marks {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8};
    // SAFETY: every x86-64 has SSE2. The load needs no alignment and reads the 16 bytes of `block`.
    unsafe {
        let bytes = _mm_loadu_si128(block.as_ptr().cast());
        // Brackets and braces differ in this bit alone, and no other byte becomes one of them by it.
        let braces = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        let are = |bytes, byte: u8| _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8))) as u16;
        Marks {
            quotes: are(bytes, b'"'),
            backslashes: are(bytes, b'\\'),
            opens: are(braces, b'{'),
            closes: are(braces, b'}'),
            commas: are(bytes, b','),
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn marks(block: &[u8; BLOCK]) -> Marks {
    portable_marks(block)
}

/// The same byte by byte.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline(always)]
fn portable_marks(block: &[u8; BLOCK]) -> Marks {
    Marks {
        quotes: bits(block, |byte| byte == b'"'),
        backslashes: bits(block, |byte| byte == b'\\'),
        opens: bits(block, |byte| matches!(byte, b'{' | b'[')),
        closes: bits(block, |byte| matches!(byte, b'}' | b']')),
        commas: bits(block, |byte| byte == b','),
    }
}

/// So many bytes make a word.
pub(super) const WORD: usize = 8;

const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// A byte of the word is zero where its high bit comes out set; above the first such byte there may be
/// more than there should, which does no harm: the first one counts.
#[inline(always)]
fn zero(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

/// The first special byte of eight, or eight.
#[inline(always)]
fn in_word(bytes: &[u8; WORD]) -> usize {
    let word = u64::from_le_bytes(*bytes);
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    let found = zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\'))) | control;
    // No bit set gives 64, and with that eight.
    found.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All bytes; under Miri, which is a thousand times slower, those at which something begins or ends.
    fn bytes() -> impl Iterator<Item = u8> {
        const EDGES: &[u8] = b"\0\x1f !\",Z[\\]{}\x7f\x80\xbf\xc0\xc4\xf0\xff";
        (0..=u8::MAX).filter(|byte| !cfg!(miri) || EDGES.contains(byte))
    }

    /// What stands beside that byte; of these, too, Miri gets a few.
    fn fillers<const N: usize>(all: [u8; N]) -> impl Iterator<Item = u8> {
        all.into_iter().step_by(if cfg!(miri) { 4 } else { 1 })
    }

    #[test]
    fn every_byte_is_found_at_every_place() {
        let most = if cfg!(miri) { 20 } else { 40 };
        for length in 0..most {
            for at in 0..length {
                for byte in bytes() {
                    for filler in fillers([b' ', b'!', b'a', 0x7f, 0x80, 0xff, b'#', b'[']) {
                        let mut text = vec![filler; length];
                        text[at] = byte;
                        let expected = if is_special(byte) { at } else { length };
                        assert_eq!(next_special(&text, 0), expected, "{byte} at {at} of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_portable_twin_finds_the_same() {
        for at in 0..BLOCK {
            for byte in bytes() {
                for filler in fillers([b' ', b'!', b'a', 0x7f, 0x80, 0xff, b'"', 0x1f]) {
                    let mut block = [filler; BLOCK];
                    block[at] = byte;
                    assert_eq!(portable(&block), in_block(&block), "{block:?}");
                    assert_eq!(portable_ascii(&block), ascii_in_block(&block), "{block:?}");
                    let word = block.first_chunk().unwrap();
                    assert_eq!(portable_ascii(&block).min(WORD), ascii_in_word(word), "{block:?}");
                    assert_eq!(portable_marks(&block), marks(&block), "{block:?}");
                    assert_eq!(portable_letters(&block), letters(&block), "{block:?}");
                }
            }
        }
    }
}
