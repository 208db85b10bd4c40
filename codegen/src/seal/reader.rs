//! Generated text as its language reads it: what is a literal or a comment, and what is code.

use std::collections::HashMap;

use super::{javascript, python, rust};
use crate::ir::is_hidden;
use crate::target::Language;

/// Something that no generated text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// Where, from 1.
    pub line: usize,
    /// What, as the end of a sentence.
    pub what: &'static str,
}

/// How often a word or sign stands in code, and where last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// How often.
    pub count: usize,
    /// The line of the last, from 1.
    pub line: usize,
}

/// Signs that come and go with the length of a line. Numbers are not counted either: some follow the order of names.
const LAYOUT: &str = ",|{}";
/// Signs that no template holds outside of a literal: what they begin is not read here.
const FOREIGN: &str = "`\\";
/// What ASCII has.
const SIGNS: usize = 128;

struct Reader<'a> {
    language: Language,
    text: &'a str,
    at: usize,
    line: usize,
    open: Vec<u8>,
    /// The last word or sign of code; empty after a literal.
    last: &'a str,
    indents: python::Indents,
    words: HashMap<&'a str, Uses>,
    /// Signs, which are half of all code, by their number.
    signs: [(&'a str, Uses); SIGNS],
}

/// The words and signs of code in a text, without literals and comments.
///
/// # Errors
/// A hidden character, other than ASCII in code, or what is not closed or not in its place.
pub fn read(language: Language, text: &str) -> Result<HashMap<&str, Uses>, Flaw> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if let Some(at) = (!text.bytes().all(is_plain)).then(|| text.find(|c| c != '\n' && is_hidden(c))).flatten() {
        return Err(Flaw { line: lines(&text[..at]) + 1, what: "a hidden character" });
    }
    let (open, words, signs) = (Vec::new(), HashMap::new(), [("", Uses::default()); SIGNS]);
    let mut reader =
        Reader { language, text, at: 0, line: 1, open, last: "", indents: Default::default(), words, signs };
    reader.all().map_err(|what| Flaw { line: reader.line, what })?;
    reader.words.extend(reader.signs.into_iter().filter(|(_, uses)| uses.count > 0));
    Ok(reader.words)
}

impl<'a> Reader<'a> {
    fn all(&mut self) -> Result<(), &'static str> {
        self.begin_line()?;
        while let Some(first) = self.text.as_bytes().get(self.at) {
            match first {
                b'\n' => self.end_line()?,
                b' ' => self.at += 1,
                b'\'' | b'"' | b'/' | b'#' => self.literal_or_sign(*first)?,
                first if is_of_words(*first) => self.literal_or_word()?,
                first => self.sign(*first)?,
            }
        }
        if self.open.is_empty() { Ok(()) } else { Err("the end inside of a bracket") }
    }

    fn literal_or_sign(&mut self, first: u8) -> Result<(), &'static str> {
        match self.opaque()? {
            0 => return self.sign(first),
            length => self.skip(length),
        }
        Ok(())
    }

    fn literal_or_word(&mut self) -> Result<(), &'static str> {
        match self.opaque()? {
            0 => self.word(),
            length => self.skip(length),
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The length of the literal or comment that begins here; 0 where code does.
    fn opaque(&self) -> Result<usize, &'static str> {
        match self.language {
            Language::Rust => rust::opaque(self.rest()),
            Language::Python => python::opaque(self.rest()),
            Language::JavaScript => javascript::opaque(self.rest()),
        }
    }

    fn skip(&mut self, length: usize) {
        let passed = &self.rest()[..length];
        if !is_comment(self.language, passed) {
            self.last = "";
        }
        self.line += lines(passed);
        self.at += length;
    }

    fn word(&mut self) {
        self.last = word(self.rest());
        self.at += self.last.len();
        if !self.last.bytes().all(|byte| byte.is_ascii_digit()) {
            let uses = self.words.entry(self.last).or_default();
            (uses.count, uses.line) = (uses.count + 1, self.line);
        }
    }

    fn sign(&mut self, sign: u8) -> Result<(), &'static str> {
        if !sign.is_ascii() || FOREIGN.contains(char::from(sign)) {
            return Err("code with a character that no template holds");
        }
        self.nest(sign)?;
        self.last = &self.rest()[..1];
        self.at += 1;
        if !LAYOUT.contains(char::from(sign)) {
            let (name, uses) = &mut self.signs[usize::from(sign)];
            (*name, uses.count, uses.line) = (self.last, uses.count + 1, self.line);
        }
        Ok(())
    }

    fn nest(&mut self, sign: u8) -> Result<(), &'static str> {
        let closing = match sign {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b')' | b']' | b'}' if self.open.pop() == Some(sign) => return Ok(()),
            b')' | b']' | b'}' => return Err("a bracket that closes no other"),
            _ => return Ok(()),
        };
        self.open.push(closing);
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), &'static str> {
        self.at += 1;
        self.line += 1;
        self.begin_line()
    }

    fn begin_line(&mut self) -> Result<(), &'static str> {
        if self.language != Language::Python || !self.open.is_empty() {
            return Ok(());
        }
        self.indents.begin(self.rest(), self.last == ":")
    }
}

/// The letters, digits and `_` or `$` at the front.
pub fn word(text: &str) -> &str {
    let end = text.bytes().position(|byte| !is_of_words(byte));
    &text[..end.unwrap_or(text.len())]
}

fn is_of_words(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// The length of what is quoted at the front, up to and with `end`; a backslash takes the next character's meaning.
pub fn quoted(text: &str, begin: usize, end: &str) -> Option<usize> {
    let (bytes, first) = (text.as_bytes(), end.as_bytes().first()?);
    let mut at = begin;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| byte == first || *byte == b'\\')?;
        match bytes[at] {
            b'\\' => at += 1 + text[at + 1..].chars().next()?.len_utf8(),
            _ if text[at..].starts_with(end) => return Some(at + end.len()),
            _ => at += 1,
        }
    }
}

/// The length of what is quoted in one line.
pub fn quoted_line(text: &str, begin: usize, end: &str) -> Option<usize> {
    quoted(text, begin, end).filter(|length| !text[..*length].contains('\n'))
}

/// The length of a comment to the end of the line, without its break.
pub fn to_line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn is_comment(language: Language, text: &str) -> bool {
    match language {
        Language::Python => text.starts_with('#'),
        Language::Rust | Language::JavaScript => text.starts_with("//") || text.starts_with("/*"),
    }
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}
