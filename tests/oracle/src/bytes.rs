//! Changes to a text that JSON may not survive.

use crate::random::Random;

/// Pieces that turn up where they should not.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"0",
    b"-",
    b".",
    b"e",
    b"e5",
    b".5",
    b"00",
    b"-0",
    b"9007199254740992",
    b"1e400",
    b"1e21",
    b"1e20",
    b"null",
    b"true",
    b"NaN",
    b"tru",
    b" ",
    b"\n",
    b"\t",
    b"\x0b",
    b"\0",
    b"\x1f",
    b"\x7f",
    b"\\u",
    b"\\ud800",
    b"\\udc00",
    b"\\ud83d\\ude00",
    b"\\ud83d\\u0041",
    b"\\u00",
    b"\\x41",
    b"\\n",
    b"\xef\xbb\xbf",
    b"\x80",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80",
    b"\xff",
    b"\xc2\xa0",
    b"/**/",
    b",\"a\":1",
    b"\"kind\":\"tag0\",",
    b"[[[[[[[[",
];

/// Changes one or a few places.
pub fn disturb(text: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(2) {
        let at = random.below(text.len() + 1);
        let end = (at + 1 + random.below(4)).min(text.len());
        match random.below(8) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..end)),
            2 if at < text.len() => text[at] ^= 1 << random.below(8),
            3 if at < text.len() => text[at] = random.below(256) as u8,
            4 => {
                let copied = text[at..end].to_vec();
                text.splice(at..at, copied);
            }
            5 => {
                let piece = *random.pick(PIECES);
                text.splice(at..end, piece.iter().copied());
            }
            _ => {
                let piece = *random.pick(PIECES);
                text.splice(at..at, piece.iter().copied());
            }
        }
    }
}
