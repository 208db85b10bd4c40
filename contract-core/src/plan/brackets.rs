//! Finding the end of an array or object by its brackets and quotes, sixty-four bytes at once.
//!
//! What lies between may be anything. Where it is JSON, it is one value; whoever reads it finds out.

use super::special::{BLOCK, marks};
use super::token::{No, Token, Tokens};

/// Steps over the array or object that begins here and nests up to `depth` deep; how many values it holds at most.
pub(super) fn step_over(tokens: &mut Tokens<'_>, depth: usize) -> Token<usize> {
    let text = tokens.text.get(tokens.at..).unwrap_or_default();
    let (mut strings, mut level, mut values) = (Strings::default(), 0, 1);
    for (index, part) in text.chunks(WIDTH).enumerate() {
        let Brackets { opens, closes, commas } = Brackets::of(part, &mut strings);
        // Every value but the outermost comes first in its container, or behind a comma.
        values += (opens.count_ones() + commas.count_ones()) as usize;
        let (opened, closed) = (opens.count_ones() as usize, closes.count_ones() as usize);
        if closed < level && level + opened <= depth {
            level = level + opened - closed;
            continue;
        }
        let mut brackets = opens | closes;
        while brackets != 0 {
            let at = brackets.trailing_zeros();
            brackets &= brackets - 1;
            if opens >> at & 1 == 1 {
                level += 1;
            } else {
                level = usize::checked_sub(level, 1).ok_or(No)?;
            }
            if level > depth {
                return Err(No);
            }
            if level == 0 {
                tokens.at += index * WIDTH + at as usize + 1;
                return Ok(values);
            }
        }
    }
    Err(No)
}

/// So many bytes are looked at together.
const WIDTH: usize = u64::BITS as usize;

/// Brackets and commas outside of strings, a bit for each byte.
struct Brackets {
    opens: u64,
    closes: u64,
    commas: u64,
}

impl Brackets {
    #[inline(always)]
    fn of(part: &[u8], strings: &mut Strings) -> Self {
        let mut short = [0; WIDTH];
        let whole = match part.first_chunk() {
            Some(whole) => whole,
            None => {
                short[..part.len()].copy_from_slice(part);
                &short
            }
        };
        let (mut quotes, mut backslashes) = (0, 0);
        let mut found = Self { opens: 0, closes: 0, commas: 0 };
        for (index, block) in whole.as_chunks::<BLOCK>().0.iter().enumerate() {
            let (marks, shift) = (marks(block), index * BLOCK);
            quotes |= u64::from(marks.quotes) << shift;
            backslashes |= u64::from(marks.backslashes) << shift;
            found.opens |= u64::from(marks.opens) << shift;
            found.closes |= u64::from(marks.closes) << shift;
            found.commas |= u64::from(marks.commas) << shift;
        }
        let outside = !strings.next(quotes, backslashes);
        Self { opens: found.opens & outside, closes: found.closes & outside, commas: found.commas & outside }
    }
}

/// Where strings are, from one part to the next.
#[derive(Default)]
struct Strings {
    /// All ones where the part before ended within a string.
    inside: u64,
    /// One where the part before ended with a backslash that escapes what comes.
    escaped: u64,
}

impl Strings {
    /// Which bytes of the next part stand in strings, opening quotes included.
    #[inline(always)]
    fn next(&mut self, quotes: u64, backslashes: u64) -> u64 {
        let mut inside = quotes & !self.escaped_by(backslashes);
        // Each bit becomes the parity of all up to it: between two quotes it is odd.
        for shift in [1, 2, 4, 8, 16, 32] {
            inside ^= inside << shift;
        }
        inside ^= self.inside;
        self.inside = 0_u64.wrapping_sub(inside >> (WIDTH - 1));
        inside
    }

    /// Which bytes a backslash escapes: one that is not escaped itself, the byte behind it.
    #[inline(always)]
    fn escaped_by(&mut self, backslashes: u64) -> u64 {
        let mut escaped = std::mem::take(&mut self.escaped);
        let mut rest = backslashes & !escaped;
        while rest != 0 {
            let one = rest & rest.wrapping_neg();
            let (behind, beyond) = (one << 1, one >> (WIDTH - 1));
            escaped |= behind;
            self.escaped |= beyond;
            rest &= !(one | behind);
        }
        escaped
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::step_over;
    use crate::plan::token::Tokens;

    fn end_of(text: &str, depth: usize) -> Option<(usize, usize)> {
        let mut tokens = Tokens::new(text.as_bytes());
        step_over(&mut tokens, depth).ok().map(|values| (tokens.at, values))
    }

    fn values(value: &Value) -> usize {
        1 + match value {
            Value::Array(items) => items.iter().map(values).sum(),
            Value::Object(members) => members.values().map(values).sum::<usize>(),
            _ => 0,
        }
    }

    #[test]
    fn a_value_ends_where_it_ends_wherever_parts_are_cut() {
        let inner = r#"{"a":[1,{"]":"}\\\""},"\\","{[,"],"b\"":[[],{}],"c":"\\\\"}"#;
        let value: Value = serde_json::from_str(inner).unwrap();
        for before in 0..130 {
            for filler in [" ", "\\\"", "\\\\", "é", "]"] {
                let text = format!("[\"{}\",{inner}]", filler.repeat(before));
                for rest in ["", "]", ",\"x\":1}", "\"}", "\\"] {
                    let (end, most) = end_of(&format!("{text}{rest}"), 4).unwrap();
                    assert_eq!(end, text.len(), "{text}");
                    assert!(most >= values(&value) + 2, "{text}");
                }
                assert_eq!(end_of(&text[..text.len() - 1], 4), None, "{text}");
            }
        }
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        for depth in 1..200 {
            for pair in ["[]", "{}"] {
                let (open, close) = pair.split_at(1);
                let text = format!("{}{}", open.repeat(depth), close.repeat(depth));
                assert_eq!(end_of(&text, depth), Some((text.len(), depth + 1)));
                assert_eq!(end_of(&text, depth - 1), None);
            }
        }
    }
}
