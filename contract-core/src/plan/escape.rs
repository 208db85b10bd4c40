//! Strings without their escapes, and the escapes of RFC 8785.

use super::special::next_special;

/// A string without its escapes. The text was checked before.
pub(super) fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(raw.len());
    let mut rest = raw;
    loop {
        // Inside of a string nothing but a backslash is special.
        let (run, special) = rest.split_at(next_special(rest, 0));
        plain.extend_from_slice(run);
        let Some((_, escape)) = special.split_first() else { return plain };
        let (character, length) = one_escape(escape);
        plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &escape[length..];
    }
}

/// A byte that a string cannot hold as it is, as RFC 8785 writes it.
pub(crate) fn escape(byte: u8) -> Escape {
    let short = match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        12 => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
            return Escape { text: [b'\\', b'u', b'0', b'0', digits[0], digits[1], 0, 0], length: 6 };
        }
    };
    Escape { text: [b'\\', short, 0, 0, 0, 0, 0, 0], length: 2 }
}

/// The text of an escape.
pub(crate) struct Escape {
    /// With zeros behind it.
    pub(super) text: [u8; 8],
    pub(super) length: usize,
}

impl Escape {
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// The character that an escape stands for, and how long the escape is; `text` begins behind the backslash.
pub(super) fn one_escape(text: &[u8]) -> (char, usize) {
    let byte = match text.first() {
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'u') => return one_unicode(text),
        Some(other) => *other,
        None => return (char::REPLACEMENT_CHARACTER, 0),
    };
    (char::from(byte), 1)
}

fn one_unicode(text: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4)?;
        digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    };
    let first: u32 = unit(1).unwrap_or_default();
    let (code, length) = match (first, unit(7)) {
        (0xd800..=0xdbff, Some(second)) => (0x10000 + ((first - 0xd800) << 10) + (second & 0x3ff), 11),
        _ => (first, 5),
    };
    (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), length.min(text.len()))
}
