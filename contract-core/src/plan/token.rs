//! The tokens of strict JSON over bytes that are known to be UTF-8.

use super::literal::Literal;
use super::sink::Text;
use super::special::next_special;

/// The text is refused; a slower pass says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct No;

pub(super) type Token<T> = Result<T, No>;

/// A place in a text that moves forward.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    /// How much of what lies behind is not as RFC 8785 has it: white space, tokens, and members out of order.
    pub(super) odd: u32,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, odd: 0 }
    }

    /// The byte that comes next; 0, which begins nothing in JSON, at the end.
    #[inline(always)]
    pub(super) fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    #[inline(always)]
    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    #[inline(always)]
    pub(super) fn expect(&mut self, byte: u8) -> Token<()> {
        if self.peek() != byte {
            return Err(No);
        }
        self.at += 1;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn space(&mut self) {
        if self.peek() <= b' ' {
            self.some_space();
        }
    }

    /// The byte that comes next behind white space, if there is some.
    #[inline(always)]
    pub(super) fn next(&mut self) -> u8 {
        let next = self.peek();
        if next > b' ' {
            return next;
        }
        self.some_space();
        self.peek()
    }

    #[cold]
    #[inline(never)]
    fn some_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.odd += 1;
            self.at += 1;
        }
    }

    /// Steps over `literal` if it comes next.
    #[inline(always)]
    pub(super) fn eat(&mut self, literal: &[u8]) -> bool {
        let found = self.text.get(self.at..self.at + literal.len()).is_some_and(|next| same(next, literal));
        self.at += if found { literal.len() } else { 0 };
        found
    }

    /// The literal of a list that comes next; steps over it.
    #[inline(always)]
    pub(super) fn eat_one_of<'w, T>(&mut self, list: &'w [(Literal, T)]) -> Option<&'w (Literal, T)> {
        let found = match self.text.get(self.at..).and_then(|rest| rest.first_chunk()) {
            Some(block) => {
                let block = u128::from_le_bytes(*block);
                list.iter().find(|(literal, _)| literal.begins(block) && literal.goes_on(self.text, self.at))
            }
            None => list.iter().find(|(literal, _)| literal.is_at(self.text, self.at)),
        };
        self.at += found.map_or(0, |(literal, _)| literal.len());
        found
    }

    /// Steps over a literal of the schema if it comes next.
    #[inline(always)]
    pub(super) fn eat_literal(&mut self, literal: &Literal) -> bool {
        let found = literal.is_at(self.text, self.at);
        self.at += if found { literal.len() } else { 0 };
        found
    }

    #[inline(always)]
    pub(super) fn word(&mut self, word: &[u8]) -> Token<()> {
        if self.eat(word) { Ok(()) } else { Err(No) }
    }

    /// A string, from quote to quote.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Token<Text<'a>> {
        self.expect(b'"')?;
        self.string_inside()
    }

    /// A string from behind its first quote on.
    #[inline(always)]
    pub(super) fn string_inside(&mut self) -> Token<Text<'a>> {
        let offset = self.at;
        let mut escaped = false;
        loop {
            self.at = next_special(self.text, self.at);
            match self.peek() {
                b'"' => {
                    let raw = &self.text[offset..self.at];
                    self.at += 1;
                    return Ok(Text { raw, escaped, offset });
                }
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(No),
            }
        }
    }

    fn escape(&mut self) -> Token<()> {
        self.at += 1;
        let escape = self.peek();
        self.at += 1;
        match escape {
            b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'/' => {
                self.odd += 1;
                Ok(())
            }
            b'u' => self.unicode(),
            _ => Err(No),
        }
    }

    fn unicode(&mut self) -> Token<()> {
        match self.unit()? {
            0xdc00..=0xdfff => Err(No),
            0xd800..=0xdbff => {
                self.odd += 1;
                self.word(b"\\u")?;
                if matches!(self.unit()?, 0xdc00..=0xdfff) { Ok(()) } else { Err(No) }
            }
            unit => {
                let short = matches!(unit, 0x08 | 0x09 | 0x0a | 0x0c | 0x0d);
                let lower = !self.text[self.at - 4..self.at].iter().any(u8::is_ascii_uppercase);
                self.odd += u32::from(unit >= 0x20 || short || !lower);
                Ok(())
            }
        }
    }

    fn unit(&mut self) -> Token<u32> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(No)?;
        let unit = digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?));
        self.at += 4;
        unit.ok_or(No)
    }
}

/// Whether two texts are the same; for the short ones of keys, quicker than a call.
#[inline(always)]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    // The last block of each size overlaps the one before it.
    if let (Some(last_a), Some(last_b)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        let blocks = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
        return blocks.into_iter().all(|(a, b)| a == b) && last_a == last_b;
    }
    if let (Some(last_a), Some(last_b)) = (a.last_chunk::<4>(), b.last_chunk::<4>()) {
        return a[..4] == b[..4] && last_a == last_b;
    }
    match (a, b) {
        ([], []) => true,
        // Of up to three bytes these are all.
        ([first_a, .., last_a], [first_b, .., last_b]) => {
            first_a == first_b && last_a == last_b && a[a.len() / 2] == b[b.len() / 2]
        }
        _ => a[0] == b[0],
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn texts_are_the_same_when_all_their_bytes_are() {
        for length in 0..40 {
            let text: Vec<u8> = (0..length).collect();
            assert!(same(&text, &text.clone()), "{length}");
            assert!(!same(&text, &[&text[..], b"a"].concat()), "{length}");
            for at in 0..text.len() {
                let mut other = text.clone();
                other[at] ^= 1;
                assert!(!same(&text, &other), "{at} of {length}");
            }
        }
    }
}
