//! Writing canonical JSON.

use super::escape::{escape, one_escape};
use super::special::next_special;

/// Writes canonical JSON.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) text: Vec<u8>,
}

impl Writer {
    /// A string.
    pub(super) fn string(&mut self, text: &[u8]) {
        self.text.push(b'"');
        self.inside(text);
        self.text.push(b'"');
    }

    /// What stands between the quotes.
    fn inside(&mut self, text: &[u8]) {
        let mut rest = text;
        loop {
            let (plain, special) = rest.split_at(next_special(rest, 0));
            self.text.extend_from_slice(plain);
            let Some((byte, after)) = special.split_first() else { break };
            self.text.extend_from_slice(escape(*byte).as_slice());
            rest = after;
        }
    }

    /// A string that needs no escapes.
    #[inline(always)]
    pub(super) fn plain(&mut self, text: &[u8]) {
        self.text.reserve(text.len() + 2);
        self.text.push(b'"');
        self.text.extend_from_slice(text);
        self.text.push(b'"');
    }

    pub(super) fn integer(&mut self, integer: i64) {
        self.text.extend_from_slice(itoa::Buffer::new().format(integer).as_bytes());
    }

    pub(super) fn double(&mut self, double: f64) {
        self.text.extend_from_slice(ryu_js::Buffer::new().format_finite(double).as_bytes());
    }

    /// A string with escapes: those that RFC 8785 writes, too, stay; the others are resolved.
    pub(super) fn escaped(&mut self, raw: &[u8]) {
        self.text.push(b'"');
        let mut rest = raw;
        loop {
            let (run, special) = rest.split_at(next_special(rest, 0));
            self.text.extend_from_slice(run);
            rest = match special {
                [] => break,
                [_, b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..] => {
                    self.text.extend_from_slice(&special[..2]);
                    after
                }
                [_, escape @ ..] => {
                    let (character, length) = one_escape(escape);
                    self.inside(character.encode_utf8(&mut [0; 4]).as_bytes());
                    &escape[length..]
                }
            };
        }
        self.text.push(b'"');
    }
}
