//! Copying a text in order, and in the spelling of RFC 8785.

use super::order::{Noted, Piece};
use crate::plan::number::Number;
use crate::plan::token::Tokens;
use crate::plan::writer::Writer;

/// Copies a text that a pass went through. `spelled`: white space, strings and numbers are as RFC 8785 has them.
pub(super) fn in_order(text: &[u8], noted: &Noted, spelled: bool) -> Vec<u8> {
    let mut out = Writer::default();
    out.text.reserve_exact(text.len());
    let mut copy = Copy { text, noted, out };
    // A pass begins only when its whole text is short enough for places of 32 bits.
    copy.piece(&Piece { start: 0, end: text.len() as u32, first: 0, until: noted.objects.len() as u32, spelled });
    copy.out.text
}

struct Copy<'a> {
    text: &'a [u8],
    noted: &'a Noted,
    out: Writer,
}

impl Copy<'_> {
    fn piece(&mut self, piece: &Piece) {
        let (mut at, mut next) = (piece.start, piece.first);
        while next < piece.until {
            let object = &self.noted.objects[next as usize];
            if object.from == object.to {
                next += 1;
                continue;
            }
            self.range(at, object.start, piece.spelled);
            self.members(&self.noted.pieces[object.from as usize..object.to as usize]);
            (at, next) = (object.end, object.next);
        }
        self.range(at, piece.end, piece.spelled);
    }

    fn members(&mut self, members: &[Piece]) {
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.out.text.push(b',');
            }
            if member.first == member.until {
                self.range(member.start, member.end, member.spelled);
            } else {
                self.piece(member);
            }
        }
    }

    #[inline(always)]
    fn range(&mut self, start: u32, end: u32, spelled: bool) {
        let text = &self.text[start as usize..end as usize];
        if spelled { self.out.text.extend_from_slice(text) } else { self.respell(text) }
    }

    /// Copies tokens, each in the spelling of RFC 8785.
    fn respell(&mut self, text: &[u8]) {
        const READ: &str = "a pass read this token before";
        let mut tokens = Tokens::new(text);
        while tokens.at < text.len() {
            match tokens.peek() {
                b' ' | b'\n' | b'\r' | b'\t' => tokens.bump(),
                b'"' => match tokens.string().expect(READ) {
                    string if string.escaped => self.out.escaped(string.raw),
                    string => self.out.plain(string.raw),
                },
                b'-' | b'0'..=b'9' => match tokens.number().expect(READ) {
                    Number::Integer(integer) => self.out.integer(integer),
                    Number::Double(double) => self.out.double(double),
                },
                byte => {
                    self.out.text.push(byte);
                    tokens.bump();
                }
            }
        }
    }
}
