//! The grammar of patterns outside of classes.

use super::escape::{Escape, character};
use super::{Refusal, class, invalid, not_linear};

/// Nesting of groups.
const DEEPEST: usize = 32;
/// What one counted repetition may ask for.
const MOST_REPEATS: u32 = 1000;
/// `.` stops at the line ends of ECMAScript.
const ANY_BUT_LINE_ENDS: &str = r"[^\n\r\x{2028}\x{2029}]";

/// Reads a pattern from left to right and writes it again.
pub(super) struct Translator<'a> {
    rest: &'a str,
    out: String,
}

/// What a term is, which decides whether it may be repeated.
enum Term {
    Atom,
    Assertion,
}

impl<'a> Translator<'a> {
    pub(super) fn new(pattern: &'a str) -> Self {
        Self { rest: pattern, out: String::with_capacity(pattern.len() * 2) }
    }

    pub(super) fn pattern(mut self) -> Result<String, Refusal> {
        self.alternatives(0)?;
        if self.rest.is_empty() { Ok(self.out) } else { Err(invalid("found `)` without its `(`")) }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The text up to `end`, which is consumed too.
    pub(super) fn until(&mut self, end: char) -> Option<&'a str> {
        let (text, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(text)
    }

    /// The next `count` bytes, when they are hex digits.
    pub(super) fn hex(&mut self, count: usize) -> Option<u32> {
        let digits = self.rest.get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.rest = &self.rest[count..];
        u32::from_str_radix(digits, 16).ok()
    }

    fn alternatives(&mut self, depth: usize) -> Result<(), Refusal> {
        if depth > DEEPEST {
            return Err(invalid(format!("found groups nested more than {DEEPEST} deep")));
        }
        while let Some(next) = self.peek() {
            match next {
                ')' => return Ok(()),
                '|' => {
                    self.bump();
                    self.out.push('|');
                }
                _ => match self.term(depth)? {
                    Term::Atom => self.quantifier()?,
                    Term::Assertion if matches!(self.peek(), Some('*' | '+' | '?' | '{')) => {
                        return Err(invalid("found a repetition of `^`, `$` or `\\b`"));
                    }
                    Term::Assertion => {}
                },
            }
        }
        Ok(())
    }

    fn term(&mut self, depth: usize) -> Result<Term, Refusal> {
        let first = self.bump().expect("the caller has seen a character");
        match first {
            '^' | '$' => {
                self.out.push(first);
                return Ok(Term::Assertion);
            }
            '(' => self.group(depth)?,
            '.' => self.out.push_str(ANY_BUT_LINE_ENDS),
            '[' => {
                let class = class::translate(self)?;
                self.out.push_str(&class);
            }
            '\\' => return self.escape(),
            '*' | '+' | '?' => return Err(invalid(format!("found `{first}` with nothing before it to repeat"))),
            '{' | '}' | ']' => {
                return Err(invalid(format!("found a lone `{first}`; write `\\{first}` for the character")));
            }
            plain => self.out.push_str(&character(plain)),
        }
        Ok(Term::Atom)
    }

    fn escape(&mut self) -> Result<Term, Refusal> {
        match Escape::read(self)? {
            Escape::Char(char) => self.out.push_str(&character(char)),
            Escape::Class(class) => self.out.push_str(&class),
            Escape::Boundary { negated } => {
                self.out.push_str(if negated { r"(?-u:\B)" } else { r"(?-u:\b)" });
                return Ok(Term::Assertion);
            }
        }
        Ok(Term::Atom)
    }

    fn group(&mut self, depth: usize) -> Result<(), Refusal> {
        if self.eat("?") {
            self.group_kind()?;
        }
        self.out.push_str("(?:");
        self.alternatives(depth + 1)?;
        if !self.eat(")") {
            return Err(invalid("found `(` without its `)`"));
        }
        self.out.push(')');
        Ok(())
    }

    fn group_kind(&mut self) -> Result<(), Refusal> {
        for (start, name) in [("=", "look-ahead"), ("!", "look-ahead"), ("<=", "look-behind"), ("<!", "look-behind")] {
            if self.rest.starts_with(start) {
                return Err(not_linear(format!("found a {name} `(?{start}`")));
            }
        }
        if self.eat(":") {
            return Ok(());
        }
        if !self.eat("<") {
            return Err(not_linear("found a group `(?` of another dialect, or flags"));
        }
        let name = self.until('>').unwrap_or_default();
        let mut chars = name.chars();
        let starts = chars.next().is_some_and(|first| first.is_alphabetic() || matches!(first, '_' | '$'));
        let goes_on = chars.all(|next| next.is_alphanumeric() || matches!(next, '_' | '$'));
        if starts && goes_on { Ok(()) } else { Err(invalid("found a group without a legal name between `<` and `>`")) }
    }

    fn quantifier(&mut self) -> Result<(), Refusal> {
        match self.peek() {
            Some(sign @ ('*' | '+' | '?')) => {
                self.bump();
                self.out.push(sign);
            }
            Some('{') => {
                self.bump();
                self.counts()?;
            }
            _ => return Ok(()),
        }
        // Lazy or greedy: the same strings match.
        self.eat("?");
        match self.peek() {
            Some('*' | '+' | '?' | '{') => Err(not_linear("found a repetition of a repetition")),
            _ => Ok(()),
        }
    }

    fn counts(&mut self) -> Result<(), Refusal> {
        let counts = self.until('}').ok_or_else(|| invalid("found `{` without its `}`"))?;
        let (least, most) = counts.split_once(',').map_or((counts, None), |(least, most)| (least, Some(most)));
        let least = count(least)?;
        let written = match most {
            None => format!("{{{least}}}"),
            Some("") => format!("{{{least},}}"),
            Some(most) => {
                let most = count(most)?;
                if most < least {
                    return Err(invalid("found counts in braces that go down"));
                }
                format!("{{{least},{most}}}")
            }
        };
        self.out.push_str(&written);
        Ok(())
    }
}

fn count(digits: &str) -> Result<u32, Refusal> {
    let legal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !legal {
        return Err(invalid("found braces that hold no counts; write `\\{` for the character"));
    }
    match digits.parse::<u32>() {
        Ok(count) if count <= MOST_REPEATS => Ok(count),
        _ => Err(invalid(format!("found a count above {MOST_REPEATS}"))),
    }
}
