//! Strings as rows of characters of one width, as some languages hold them: measured first, then written once, without a
//! copy in between.

use std::mem::MaybeUninit;

use super::escape::one_escape;
use super::sink::Text;
use super::special::{BLOCK, Letters, ascii_in_block, ascii_in_word, letters, next_special};

/// How much room a string needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How many characters it has.
    pub characters: usize,
    /// The highest that one of its kind can be: 0x7f, 0xff, 0xffff or 0x10ffff. One character at least is of that kind, or the
    /// string is ASCII.
    pub highest: u32,
}

/// A character as a string of some width holds it, or the place for one.
pub trait Character: Copy {
    /// A code point that the width can hold.
    fn of(code: u32) -> Self;
}

impl Character for u8 {
    #[inline(always)]
    fn of(code: u32) -> Self {
        code as u8
    }
}

impl Character for u16 {
    #[inline(always)]
    fn of(code: u32) -> Self {
        code as u16
    }
}

impl Character for u32 {
    #[inline(always)]
    fn of(code: u32) -> Self {
        code.min(0x10_ffff)
    }
}

impl<C: Character> Character for MaybeUninit<C> {
    #[inline(always)]
    fn of(code: u32) -> Self {
        Self::new(C::of(code))
    }
}

impl Text<'_> {
    /// How much room the string needs, its escapes resolved. One without escapes has no backslash.
    #[inline]
    pub fn extent(&self) -> Extent {
        let found = Found::of(self.raw);
        let highest = match (found.beyond, found.from_100, found.from_10000) {
            (0, ..) => 0x7f,
            (_, 0, _) => 0xff,
            (_, _, 0) => 0xffff,
            _ => 0x10_ffff,
        };
        // Each character has one byte that continues none.
        let extent = Extent { characters: self.raw.len() - found.continuing, highest };
        if found.has_long { extent.of_escapes(self.raw) } else { extent.without(found.escapes) }
    }

    /// Writes the string to room for [`Extent::characters`] of a width that holds [`Extent::highest`]. All of the room is written,
    /// whatever its length.
    pub fn fill<C: Character>(&self, room: &mut [C]) {
        let (mut text, mut room) = runs(self.raw, room, ascii_in_block);
        (text, room) = runs(text, room, ascii_in_word);
        while !text.is_empty() && !room.is_empty() {
            (text, room) = put_one(text, room);
        }
        // Of room for the string, nothing is left.
        for place in room {
            *place = C::of(0);
        }
    }
}

/// Writes blocks of a text while there are whole ones, each up to what ends a run of plain ASCII, and that. Gives what is left of
/// text and room.
#[inline(always)]
fn runs<'t, 'r, C: Character, const BYTES: usize>(
    mut text: &'t [u8],
    mut room: &'r mut [C],
    run_of: impl Fn(&[u8; BYTES]) -> usize,
) -> Rest<'t, 'r, C> {
    while let (Some(block), Some(places)) = (text.first_chunk(), room.first_chunk_mut::<BYTES>()) {
        // What is no character of its own is written over. All are read before one is written: so they go in one piece.
        *places = block.map(|byte| C::of(u32::from(byte)));
        let run = run_of(block);
        (text, room) = (&text[run..], &mut room[run..]);
        if run < BYTES {
            (text, room) = put_one(text, room);
        }
    }
    (text, room)
}

/// What is left of a text, and of the room for it.
type Rest<'t, 'r, C> = (&'t [u8], &'r mut [C]);

impl Extent {
    /// With so many characters less.
    #[inline(always)]
    fn without(self, characters: usize) -> Self {
        Self { characters: self.characters.saturating_sub(characters), ..self }
    }

    /// With what the escapes of a text take away, and stand for.
    #[inline(never)]
    fn of_escapes(mut self, raw: &[u8]) -> Self {
        let mut at = next_special(raw, 0);
        while at < raw.len() {
            let (character, length) = one_escape(&raw[at + 1..]);
            self.characters = self.characters.saturating_sub(length);
            self.highest = self.highest.max(match u32::from(character) {
                0..0x80 => 0x7f,
                0x80..0x100 => 0xff,
                0x100..0x1_0000 => 0xffff,
                _ => 0x10_ffff,
            });
            at = next_special(raw, at + 1 + length);
        }
        self
    }
}

/// What is found in a string, a block at a time.
#[derive(Default)]
struct Found {
    /// Bytes that go on with a character.
    continuing: usize,
    /// Escapes of one character each.
    escapes: usize,
    /// Whether one is longer.
    has_long: bool,
    /// Where the last escape ends.
    escaped: usize,
    /// Bits of bytes as [`Letters`] has them, of any block.
    beyond: u16,
    from_100: u16,
    from_10000: u16,
}

impl Found {
    #[inline(always)]
    fn of(raw: &[u8]) -> Self {
        let mut found = Self::default();
        let (blocks, rest) = raw.as_chunks();
        for (block, at) in blocks.iter().zip((0..).step_by(BLOCK)) {
            found.add(raw, at, letters(block));
        }
        match raw.last_chunk::<BLOCK>() {
            _ if rest.is_empty() => {}
            // Together with bytes that were looked at already.
            Some(last) => {
                let (at, known) = (raw.len() - rest.len(), BLOCK - rest.len());
                found.add(raw, at, letters(last).behind(known));
            }
            None => {
                let mut block = [0; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                found.add(raw, 0, letters(&block));
            }
        }
        found
    }

    /// Adds what the block at `at` has.
    #[inline(always)]
    fn add(&mut self, raw: &[u8], at: usize, letters: Letters) {
        if letters.beyond != 0 {
            self.continuing += letters.continuing.count_ones() as usize;
            self.beyond |= letters.beyond;
            self.from_100 |= letters.from_100;
            self.from_10000 |= letters.from_10000;
        }
        let mut backslashes = letters.backslashes;
        while backslashes != 0 {
            let backslash = at + backslashes.trailing_zeros() as usize;
            // The one behind a backslash begins nothing.
            if backslash >= self.escaped {
                self.has_long |= raw.get(backslash + 1) == Some(&b'u');
                self.escapes += 1;
                self.escaped = backslash + 2;
            }
            backslashes &= backslashes - 1;
        }
    }
}

/// Writes the character that comes first to the first place.
#[inline(always)]
fn put_one<'t, 'r, C: Character>(text: &'t [u8], room: &'r mut [C]) -> Rest<'t, 'r, C> {
    let (code, length) = one(text);
    match room.split_first_mut() {
        Some((place, room)) => {
            *place = C::of(code);
            (&text[length..], room)
        }
        None => (&text[length..], &mut []),
    }
}

/// The character that comes first in a text, escaped or not, and how many bytes it takes.
#[inline(always)]
fn one(text: &[u8]) -> (u32, usize) {
    let low = |byte: u8| u32::from(byte & 0x3f);
    match *text {
        [b'\\', ref escape @ ..] => {
            let (character, length) = one_escape(escape);
            (u32::from(character), 1 + length)
        }
        [a @ ..0x80, ..] => (u32::from(a), 1),
        [a @ ..0xe0, b, ..] => (u32::from(a & 0x1f) << 6 | low(b), 2),
        [a @ 0xe0..0xf0, b, c, ..] => (u32::from(a & 0x0f) << 12 | low(b) << 6 | low(c), 3),
        [a, b, c, d, ..] if a >= 0xf0 => (u32::from(a & 0x07) << 18 | low(b) << 12 | low(c) << 6 | low(d), 4),
        // Not UTF-8, which no text of a pass is.
        _ => (u32::from(char::REPLACEMENT_CHARACTER), text.len()),
    }
}

#[cfg(test)]
mod tests {
    use std::mem::MaybeUninit;

    use super::{Character, Extent};
    use crate::plan::Text;

    fn filled<C: Character + Into<u32>>(text: &Text<'_>, length: usize) -> String {
        let mut room = vec![MaybeUninit::<C>::uninit(); length];
        text.fill(&mut room);
        // SAFETY: see the promise of `fill`, which this test is about.
        room.iter().map(|place| char::from_u32(unsafe { place.assume_init() }.into()).unwrap()).collect()
    }

    #[test]
    fn strings_of_every_width_are_what_serde_json_reads() {
        let specials = ["", "\\n", "\\\"", "\\/", "\\u0041", "\\u00e9", "\\u2014", "\\ud83d\\ude00", "é", "—", "😀"];
        for length in 0..40 {
            for at in 0..=length {
                for (special, more) in specials.iter().flat_map(|one| specials.map(|other| (one, other))) {
                    let raw = format!("{}{special}{}{more}", "a".repeat(at), "b".repeat(length - at));
                    let expected: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
                    let text = Text { raw: raw.as_bytes(), escaped: raw.contains('\\'), offset: 0 };
                    let Extent { characters, highest } = text.extent();
                    assert_eq!(characters, expected.chars().count(), "{raw}");
                    let written = match expected.chars().max().map_or(0, u32::from) {
                        0..0x80 => (filled::<u8>(&text, characters), 0x7f),
                        0x80..0x100 => (filled::<u8>(&text, characters), 0xff),
                        0x100..0x1_0000 => (filled::<u16>(&text, characters), 0xffff),
                        _ => (filled::<u32>(&text, characters), 0x10_ffff),
                    };
                    assert_eq!(written, (expected, highest), "{raw}");
                }
            }
        }
    }

    #[test]
    fn room_of_another_length_is_written_all_the_same() {
        let raw = "aé\\n".repeat(9);
        let text = Text { raw: raw.as_bytes(), escaped: true, offset: 0 };
        for length in 0..60 {
            let written = filled::<u16>(&text, length);
            let expected = "aé\n".repeat(9).chars().chain(std::iter::repeat('\0')).take(length).collect::<String>();
            assert_eq!(written, expected);
        }
    }
}
