//! Strings with escapes or other characters than ASCII: counted first, then written once into an object of the
//! right size.

use std::mem::MaybeUninit;

use peer_contract_core::plan::Text;
use pyo3::prelude::*;

use super::direct::new_text;

/// A `str` of a string in JSON, or nothing and an exception.
#[inline(never)]
pub(super) fn text<'py>(py: Python<'py>, text: &Text<'_>) -> Option<Bound<'py, PyAny>> {
    if text.is_one_piece() {
        let plain = text.unescaped();
        return of_pieces(py, |take| take(&plain));
    }
    of_pieces(py, |take| text.each_piece(take))
}

/// `each` gives the same pieces each time.
#[inline(always)]
fn of_pieces<'py>(py: Python<'py>, each: impl Fn(&mut dyn FnMut(&[u8]))) -> Option<Bound<'py, PyAny>> {
    let (mut length, mut highest, mut only) = (0, 0, None);
    each(&mut |piece| {
        length += count(piece);
        highest = piece.iter().fold(highest, |highest, byte| highest.max(*byte));
        // The empty string and single characters are shared objects, which Python makes.
        only = (length < 2).then(|| super::any_text(py, piece));
    });
    if let Some(only) = only {
        return only;
    }
    // SAFETY: a character's first byte says how far it reaches at most: below 0x80 to itself, below 0xc4 to U+00FF,
    // below 0xf0 to U+FFFF.
    unsafe {
        match highest {
            0..0x80 => new_text::<u8>(py, length, 0x7f, |room| fill(each, room)),
            0x80..0xc4 => new_text::<u8>(py, length, 0xff, |room| fill(each, room)),
            0xc4..0xf0 => new_text::<u16>(py, length, 0xffff, |room| fill(each, room)),
            _ => new_text::<u32>(py, length, 0x10_ffff, |room| fill(each, room)),
        }
    }
}

/// How many characters there are: each has one byte that continues none.
fn count(utf8: &[u8]) -> usize {
    let begins = |byte: &u8| u8::from(byte & 0xc0 != 0x80);
    // Short enough for sums of eight bits, of which many are made at once.
    utf8.chunks(u8::MAX.into()).map(|part| usize::from(part.iter().map(begins).sum::<u8>())).sum()
}

/// Writes all of the room.
fn fill<C: Character>(each: impl Fn(&mut dyn FnMut(&[u8])), mut room: &mut [MaybeUninit<C>]) {
    each(&mut |piece| {
        let filled = fill_piece(piece, room);
        room = &mut std::mem::take(&mut room)[filled..];
    });
    // Of what is UTF-8, nothing is left.
    for place in room {
        place.write(C::of(0));
    }
}

/// Writes as much of the room as the piece needs; how much that is.
fn fill_piece<C: Character>(piece: &[u8], room: &mut [MaybeUninit<C>]) -> usize {
    let (mut rest, mut at) = (piece, 0);
    loop {
        let run = ascii_run(rest).min(room.len() - at);
        let (ascii, behind) = rest.split_at(run);
        for (place, byte) in room[at..at + run].iter_mut().zip(ascii) {
            place.write(C::of(u32::from(*byte)));
        }
        at += run;
        let (Some(place), Some((code, behind))) = (room.get_mut(at), one(behind)) else { return at };
        place.write(C::of(code));
        (rest, at) = (behind, at + 1);
    }
}

/// How many bytes of ASCII come first.
fn ascii_run(text: &[u8]) -> usize {
    const HIGH: u64 = u64::MAX / 255 * 0x80;
    let mut at = 0;
    while let Some(word) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let found = u64::from_le_bytes(*word) & HIGH;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + text[at..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// The character that comes first, and what comes behind it.
#[inline(always)]
fn one(text: &[u8]) -> Option<(u32, &[u8])> {
    let low = |byte: u8| u32::from(byte & 0x3f);
    Some(match *text {
        [a @ ..0x80, ref rest @ ..] => (u32::from(a), rest),
        [a @ ..0xe0, b, ref rest @ ..] => (u32::from(a & 0x1f) << 6 | low(b), rest),
        [a @ 0xe0..0xf0, b, c, ref rest @ ..] => (u32::from(a & 0x0f) << 12 | low(b) << 6 | low(c), rest),
        [a, b, c, d, ref rest @ ..] if a >= 0xf0 => {
            (u32::from(a & 0x07) << 18 | low(b) << 12 | low(c) << 6 | low(d), rest)
        }
        _ => return None,
    })
}

/// A character as a string of some width holds it.
pub(super) trait Character {
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
