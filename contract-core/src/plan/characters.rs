//! Strings as rows of characters of one width, as some languages hold them: measured first, then written once, without a
//! copy in between.

use std::mem::MaybeUninit;

use super::escape::one_escape;
use super::sink::Text;
use super::special::{ascii_in_block, ascii_in_word, next_special};

/// How much room a string needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How many characters it has.
    pub characters: usize,
    /// The highest that one of its kind can be: 0x7f, 0xff, 0xffff or 0x10ffff. One character at least is of that kind, or the
    /// string is ASCII.
    pub highest: u32,
}

/// A character as a string of some width holds it.
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

impl Text<'_> {
    /// How much room the string needs, its escapes resolved.
    pub fn extent(&self) -> Extent {
        let found = Found::of(self.raw);
        // A character's first byte is higher than those that go on with it, and says how far it reaches at most.
        let highest = match found.highest {
            0..0x80 => 0x7f,
            0x80..0xc4 => 0xff,
            0xc4..0xf0 => 0xffff,
            0xf0.. => 0x10_ffff,
        };
        // Each character has one byte that continues none.
        let extent = Extent { characters: self.raw.len() - found.continuing, highest };
        if !self.escaped {
            extent
        } else if found.is_short(self.raw) {
            Extent { characters: extent.characters.saturating_sub(found.backslashes), ..extent }
        } else {
            extent.of_escapes(self.raw)
        }
    }

    /// Writes the string to room for [`Extent::characters`] of a width that holds [`Extent::highest`]. All of the room is written,
    /// whatever its length.
    pub fn fill<C: Character>(&self, room: &mut [MaybeUninit<C>]) {
        let (mut text, mut room) = runs(self.raw, room, ascii_in_block);
        (text, room) = runs(text, room, ascii_in_word);
        while !text.is_empty() && !room.is_empty() {
            (text, room) = put_one(text, room);
        }
        // Of room for the string, nothing is left.
        for place in room {
            place.write(C::of(0));
        }
    }
}

/// Writes blocks of a text while there are whole ones, each up to what ends a run of plain ASCII, and that. Gives what is left of
/// text and room.
#[inline(always)]
fn runs<'t, 'r, C: Character, const BYTES: usize>(
    mut text: &'t [u8],
    mut room: &'r mut [MaybeUninit<C>],
    run_of: impl Fn(&[u8; BYTES]) -> usize,
) -> Rest<'t, 'r, C> {
    while let (Some(block), Some(places)) = (text.first_chunk(), room.first_chunk_mut::<BYTES>()) {
        // What is no character of its own is written over.
        for (place, byte) in places.iter_mut().zip(block) {
            place.write(C::of(u32::from(*byte)));
        }
        let run = run_of(block);
        (text, room) = (&text[run..], &mut room[run..]);
        if run < BYTES {
            (text, room) = put_one(text, room);
        }
    }
    (text, room)
}

/// What is left of a text, and of the room for it.
type Rest<'t, 'r, C> = (&'t [u8], &'r mut [MaybeUninit<C>]);

impl Extent {
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

/// So many bytes are looked at together.
const LANES: usize = 16;

/// What is found in a text byte by byte.
struct Found {
    highest: u8,
    continuing: usize,
    backslashes: usize,
}

impl Found {
    fn of(raw: &[u8]) -> Self {
        let (mut highest, mut continuing, mut backslashes) = ([0; LANES], 0, 0);
        let (blocks, rest) = raw.as_chunks();
        let last = padded(rest);
        // So many that sums of eight bits hold them.
        for part in blocks.chunks(usize::from(u8::MAX)).chain([&[last][..]]) {
            let (mut continuing_of, mut backslashes_of) = ([0; LANES], [0; LANES]);
            for block in part {
                for (lane, byte) in block.iter().enumerate() {
                    highest[lane] = highest[lane].max(*byte);
                    continuing_of[lane] += u8::from(byte & 0xc0 == 0x80);
                    backslashes_of[lane] += u8::from(*byte == b'\\');
                }
            }
            continuing += sum(&continuing_of);
            backslashes += sum(&backslashes_of);
        }
        Self { highest: highest.into_iter().max().unwrap_or_default(), continuing, backslashes }
    }

    /// Whether each backslash makes one character of two: none stands for a code point or behind another.
    fn is_short(&self, raw: &[u8]) -> bool {
        let Some((_, behind)) = raw.split_first() else { return true };
        let ((firsts, first), (seconds, second)) = (raw[..behind.len()].as_chunks(), behind.as_chunks());
        let lasts = (padded(first), padded(second));
        let mut found = [0; LANES];
        for (first, second) in firsts.iter().zip(seconds).chain([(&lasts.0, &lasts.1)]) {
            for lane in 0..LANES {
                let is_long = second[lane] == b'u' || second[lane] == b'\\';
                found[lane] |= u8::from(first[lane] == b'\\') & u8::from(is_long);
            }
        }
        found == [0; LANES]
    }
}

/// A few bytes, and zeros behind them.
#[inline(always)]
fn padded(bytes: &[u8]) -> [u8; LANES] {
    let mut block = [0; LANES];
    block[..bytes.len()].copy_from_slice(bytes);
    block
}

fn sum(lanes: &[u8; LANES]) -> usize {
    lanes.iter().map(|lane| usize::from(*lane)).sum()
}

/// Writes the character that comes first to the first place.
#[inline(always)]
fn put_one<'t, 'r, C: Character>(text: &'t [u8], room: &'r mut [MaybeUninit<C>]) -> Rest<'t, 'r, C> {
    let (code, length) = one(text);
    match room.split_first_mut() {
        Some((place, room)) => {
            place.write(C::of(code));
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
        let mut room = vec![MaybeUninit::uninit(); length];
        text.fill::<C>(&mut room);
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
