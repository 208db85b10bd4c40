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
        rest = one_escape(escape, &mut plain);
    }
}

/// So long a piece of a text becomes at least, unless the text ends.
pub(super) const PIECE: usize = 4 << 10;

/// Gives a string without its escapes piece by piece, each of whole characters.
pub(super) fn each_piece(raw: &[u8], mut take: impl FnMut(&[u8])) {
    let (mut rest, mut piece) = (raw, Vec::with_capacity(raw.len().min(2 * PIECE)));
    loop {
        let (run, special) = rest.split_at(next_special(rest, 0));
        if piece.len() + run.len() >= PIECE {
            take(&piece);
            take(run);
            piece.clear();
        } else {
            piece.extend_from_slice(run);
        }
        let Some((_, escape)) = special.split_first() else { return take(&piece) };
        rest = one_escape(escape, &mut piece);
    }
}

/// A byte that a string cannot hold as it is, as RFC 8785 writes it.
pub(super) fn escape(byte: u8) -> Escape {
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
            return Escape { text: [b'\\', b'u', b'0', b'0', digits[0], digits[1]], length: 6 };
        }
    };
    Escape { text: [b'\\', short, 0, 0, 0, 0], length: 2 }
}

/// The text of an escape.
pub(super) struct Escape {
    text: [u8; 6],
    length: usize,
}

impl Escape {
    pub(super) fn as_slice(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// What follows a backslash, added to `plain`; gives what comes after it.
pub(super) fn one_escape<'a>(text: &'a [u8], plain: &mut Vec<u8>) -> &'a [u8] {
    let Some((escape, rest)) = text.split_first() else { return text };
    let byte = match escape {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return one_unicode(rest, plain),
        other => *other,
    };
    plain.push(byte);
    rest
}

fn one_unicode<'a>(text: &'a [u8], plain: &mut Vec<u8>) -> &'a [u8] {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4)?;
        digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    };
    let first: u32 = unit(0).unwrap_or_default();
    let (code, length) = match (first, unit(6)) {
        (0xd800..=0xdbff, Some(second)) => (0x10000 + ((first - 0xd800) << 10) + (second & 0x3ff), 10),
        _ => (first, 4),
    };
    let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    plain.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    text.get(length..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{PIECE, each_piece, unescape};

    #[test]
    fn the_pieces_are_the_string() {
        for run in [0, 1, 7, 100, PIECE - 1, PIECE, PIECE + 1] {
            let raw = ["a".repeat(run), "\\n".to_owned(), "é".repeat(run / 2), "\\ud83d\\ude00\\u00e9".to_owned()]
                .concat()
                .repeat(5);
            let mut whole = Vec::new();
            each_piece(raw.as_bytes(), |piece| {
                assert!(std::str::from_utf8(piece).is_ok());
                whole.extend_from_slice(piece);
            });
            assert_eq!(whole, unescape(raw.as_bytes()), "{run}");
        }
    }
}
