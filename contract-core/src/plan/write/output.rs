//! Canonical JSON that grows at its end.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::plan::escape::escape;
use crate::plan::literal::Literal;
use crate::plan::special::{BLOCK, in_block, next_special};

use super::decimal::Decimal;

/// What was written so far.
///
/// Behind it there is room, and what is short is copied in blocks that may reach into the room: copying a
/// block costs less than looking how many of its bytes count.
pub(super) struct Output {
    text: Vec<u8>,
    /// Where what was written ends.
    end: usize,
}

/// Room at the beginning: enough for most messages of some hundred bytes.
pub(super) const FIRST: usize = 1 << 10;

/// How much room the next text will need, by those that came before.
#[derive(Debug, Default)]
pub(in crate::plan) struct Guess(AtomicUsize);

impl Guess {
    /// Learns from a text. After a long one the guess becomes shorter by halves, so that making room for what
    /// does not come costs no more than writing the long one did.
    fn learn(&self, length: usize) {
        let enough = length + length / 8;
        self.0.store(enough.max(self.0.load(Ordering::Relaxed) / 2), Ordering::Relaxed);
    }
}

impl Output {
    /// Writes over what the buffer holds.
    pub(super) fn over(buffer: Vec<u8>, guess: &Guess) -> Self {
        let (mut text, room) = (buffer, guess.0.load(Ordering::Relaxed).max(FIRST));
        if text.is_empty() {
            text = vec![0; room];
        } else if text.len() < room {
            text.resize(room, 0);
        }
        Self { text, end: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.end
    }

    /// What was written from a place on.
    pub(super) fn since(&self, start: usize) -> &[u8] {
        &self.text[start..self.end]
    }

    /// The buffer, and how much of it was written.
    pub(super) fn into_buffer(self, guess: &Guess) -> (Vec<u8>, usize) {
        guess.learn(self.end);
        (self.text, self.end)
    }

    /// Sees to room for so many bytes and a block.
    #[inline(always)]
    fn make_room(&mut self, bytes: usize) {
        if self.text.len() - self.end < bytes + BLOCK {
            self.grow(bytes + BLOCK);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, bytes: usize) {
        self.text.resize((self.text.len() * 2).max(self.end + bytes), 0);
    }

    #[inline(always)]
    pub(super) fn byte(&mut self, byte: u8) {
        self.make_room(1);
        self.text[self.end] = byte;
        self.end += 1;
    }

    #[inline(always)]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.copy(bytes);
    }

    /// Copies a text for which there is room. For most, quicker than a call.
    #[inline(always)]
    fn copy(&mut self, text: &[u8]) {
        let room = &mut self.text[self.end..][..text.len()];
        if text.len() > BLOCK {
            room.copy_from_slice(text);
        } else if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            // The two overlap, and where they do they are the same bytes at the same places.
            room[..8].copy_from_slice(first);
            room[text.len() - 8..].copy_from_slice(last);
        } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            room[..4].copy_from_slice(first);
            room[text.len() - 4..].copy_from_slice(last);
        } else if let ([first, .., last], length) = (text, text.len()) {
            (room[0], room[length / 2], room[length - 1]) = (*first, text[length / 2], *last);
        } else if let [only] = text {
            room[0] = *only;
        }
        self.end += text.len();
    }

    #[inline(always)]
    fn block(&mut self, block: &[u8; BLOCK]) {
        self.text[self.end..][..BLOCK].copy_from_slice(block);
    }

    #[inline(always)]
    pub(super) fn literal(&mut self, literal: &Literal) {
        match literal.block() {
            Some(block) => {
                self.make_room(BLOCK);
                self.block(&block);
                self.end += literal.len();
            }
            None => self.bytes(literal.as_bytes()),
        }
    }

    /// A string, in quotes.
    #[inline]
    pub(super) fn string(&mut self, text: &[u8]) {
        self.make_room(text.len() + 2);
        self.text[self.end] = b'"';
        self.end += 1;
        let rest = self.plain(text);
        if !rest.is_empty() {
            self.escaped(rest);
        }
        self.byte(b'"');
    }

    /// Copies a text, for which there is room, up to what needs an escape; what is left, from that on.
    #[inline(always)]
    fn plain<'t>(&mut self, text: &'t [u8]) -> &'t [u8] {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        for (index, block) in blocks.iter().enumerate() {
            let run = self.plain_in(block);
            if run < BLOCK {
                return &text[index * BLOCK + run..];
            }
        }
        match text.last_chunk::<BLOCK>() {
            _ if rest.is_empty() => rest,
            // Together with bytes that were looked at already.
            Some(last) => {
                self.end -= BLOCK - rest.len();
                let run = self.plain_in(last);
                &last[run..]
            }
            None => {
                let run = next_special(rest, 0);
                self.copy(&rest[..run]);
                &rest[run..]
            }
        }
    }

    /// Copies a block; how much of it needs no escape.
    #[inline(always)]
    fn plain_in(&mut self, block: &[u8; BLOCK]) -> usize {
        self.block(block);
        let run = in_block(block);
        self.end += run;
        run
    }

    /// Goes on from where an escape is needed.
    #[inline(never)]
    fn escaped(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some((byte, behind)) = rest.split_first() {
            let escape = escape(*byte);
            self.make_room(escape.text.len() + behind.len());
            self.text[self.end..][..escape.text.len()].copy_from_slice(&escape.text);
            self.end += escape.length;
            rest = self.plain(behind);
        }
    }

    pub(super) fn integer(&mut self, integer: i64) {
        self.bytes(itoa::Buffer::new().format(integer).as_bytes());
    }

    pub(super) fn double(&mut self, double: f64) {
        match Decimal::of(double) {
            Some(decimal) => self.decimal(decimal),
            None => self.bytes(ryu_js::Buffer::new().format_finite(double).as_bytes()),
        }
    }

    fn decimal(&mut self, decimal: Decimal) {
        if decimal.negative {
            self.byte(b'-');
        }
        self.bytes(itoa::Buffer::new().format(decimal.whole).as_bytes());
        self.byte(b'.');
        let mut digits = [b'0'; Decimal::MOST_PLACES];
        let mut rest = decimal.fraction;
        for digit in digits[..decimal.places].iter_mut().rev() {
            *digit += (rest % 10) as u8;
            rest /= 10;
        }
        self.bytes(&digits[..decimal.places]);
    }
}

#[cfg(test)]
mod tests {
    use super::{Guess, Output};

    #[test]
    fn strings_are_written_as_serde_json_writes_them() {
        for length in 0..70 {
            for at in 0..=length {
                for special in ["", "\"", "\\", "\n", "\u{1}", "é", "\u{10000}"] {
                    let text = format!("{}{special}{}", "a".repeat(at), "b".repeat(length - at));
                    let mut ours = Output::over(Vec::new(), &Guess::default());
                    ours.string(text.as_bytes());
                    let theirs = serde_json::to_vec(&text).unwrap();
                    assert_eq!(ours.since(0), theirs, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn what_a_buffer_held_is_written_over() {
        let guess = Guess::default();
        let mut first = Output::over(Vec::new(), &guess);
        first.string("a".repeat(5000).as_bytes());
        let (buffer, length) = first.into_buffer(&guess);
        assert_eq!(length, 5002);
        let mut second = Output::over(buffer, &guess);
        second.string(b"b\n");
        assert_eq!(second.since(0), br#""b\n""#);
    }

    #[test]
    fn what_is_long_makes_room() {
        let (mut output, long) = (Output::over(Vec::new(), &Guess::default()), "é\n".repeat(5000));
        output.string(long.as_bytes());
        output.bytes(long.as_bytes());
        assert_eq!(output.len(), 2 + 4 * 5000 + 3 * 5000);
        assert!(output.since(2 + 4 * 5000) == long.as_bytes());
    }
}
