//! Texts of the schema that are looked for in a message.

use super::escape::unescape;
use super::token::same;

/// A text that is compared with what comes next, sixteen bytes at once.
#[derive(Debug)]
pub(super) struct Literal {
    text: Box<[u8]>,
    /// The first sixteen bytes, zeros where there are fewer.
    head: u128,
    /// Which bytes of the head count.
    mask: u128,
    has_escapes: bool,
}

const HEAD: usize = 16;

impl Literal {
    pub(super) fn new(text: &[u8]) -> Self {
        let (mut head, mut mask) = ([0; HEAD], [0; HEAD]);
        for (index, byte) in text.iter().take(HEAD).enumerate() {
            (head[index], mask[index]) = (*byte, 0xff);
        }
        Self {
            text: text.into(),
            head: u128::from_le_bytes(head),
            mask: u128::from_le_bytes(mask),
            has_escapes: text.contains(&b'\\'),
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// What stands between the quotes of a string.
    pub(super) fn inner(&self) -> &[u8] {
        &self.text[1..self.text.len() - 1]
    }

    /// Whether it is this string, in quotes.
    pub(super) fn says(&self, text: &[u8]) -> bool {
        let inner = self.inner();
        if self.has_escapes { unescape(inner) == text } else { same(inner, text) }
    }

    /// Whether JSON must write it with escapes.
    pub(super) fn has_escapes(&self) -> bool {
        self.has_escapes
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// All of it, with zeros behind it, where sixteen bytes hold it.
    #[inline(always)]
    pub(super) fn block(&self) -> Option<[u8; HEAD]> {
        (self.text.len() <= HEAD).then(|| self.head.to_le_bytes())
    }

    /// Whether it stands in `text` at `at`.
    #[inline(always)]
    pub(super) fn is_at(&self, text: &[u8], at: usize) -> bool {
        let Some(next) = text.get(at..at + HEAD) else { return self.is_near_end(text, at) };
        let next = u128::from_le_bytes(next.try_into().expect("the range has the length of a head"));
        self.begins(next) && self.goes_on(text, at)
    }

    /// Whether a text that begins with these bytes may be it.
    #[inline(always)]
    pub(super) fn begins(&self, block: u128) -> bool {
        (block ^ self.head) & self.mask == 0
    }

    /// Whether what is longer than a block stands in `text` at `at`.
    #[inline(always)]
    pub(super) fn goes_on(&self, text: &[u8], at: usize) -> bool {
        self.text.len() <= HEAD || text[at + HEAD..].starts_with(&self.text[HEAD..])
    }

    #[cold]
    fn is_near_end(&self, text: &[u8], at: usize) -> bool {
        text.get(at..).is_some_and(|rest| rest.starts_with(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::Literal;

    #[test]
    fn a_literal_is_found_where_it_stands_and_nowhere_else() {
        for length in [1, 2, 15, 16, 17, 31, 40] {
            let word: Vec<u8> = (0..length).map(|index| b'a' + index as u8 % 26).collect();
            let literal = Literal::new(&word);
            for (before, after) in [(0, 0), (3, 1), (1, 40)] {
                let mut text = [vec![b'.'; before], word.clone(), vec![b'.'; after]].concat();
                for at in 0..=text.len() {
                    assert_eq!(literal.is_at(&text, at), at == before, "{length} at {at}");
                }
                for index in before..before + length {
                    text[index] ^= 1;
                    assert!(!literal.is_at(&text, before), "{length} with another byte at {index}");
                    text[index] ^= 1;
                }
            }
        }
    }
}
