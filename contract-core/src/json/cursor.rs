//! The tokens of JSON: white space, strings and numbers.

use serde_json::Value;

use super::number;
use crate::ErrorCode;

/// Why a token was refused; the reader adds the place.
pub(super) type Refusal = (ErrorCode, String);

/// A place in a text that moves forward only.
pub(super) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, offset: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    pub(super) fn bump(&mut self) {
        self.offset += 1;
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.offset += usize::from(found);
        found
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.text.as_bytes()[self.offset..].starts_with(word.as_bytes());
        self.offset += if found { word.len() } else { 0 };
        found
    }

    pub(super) fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.offset += 1;
        }
    }

    /// What stands here, as far as a message may say: punctuation of JSON, never payload.
    pub(super) fn found(&self) -> &'static str {
        match self.peek() {
            None => "the end of the text",
            Some(b'{') => "`{`",
            Some(b'}') => "`}`",
            Some(b'[') => "`[`",
            Some(b']') => "`]`",
            Some(b':') => "`:`",
            Some(b',') => "`,`",
            Some(b'\'') => "a single quote",
            Some(b'"') => "a string",
            Some(b'/' | b'#') => "a comment",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(0..=0x1f) => "a control character",
            Some(_) => "something else",
        }
    }

    /// The place for people, both counted from 1.
    pub(super) fn place(&self) -> String {
        let before = &self.text.as_bytes()[..self.offset];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        format!("in line {line}, column {column}")
    }

    fn syntax(&self, message: &str) -> Refusal {
        (ErrorCode::JsonSyntax, format!("{message} {}", self.place()))
    }

    /// A string, from quote to quote.
    pub(super) fn string(&mut self) -> Result<String, Refusal> {
        self.bump();
        let mut string = String::new();
        loop {
            string.push_str(self.plain());
            match self.peek() {
                Some(b'"') => {
                    self.bump();
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                None => return Err(self.syntax("found a string without its closing quote")),
                Some(_) => return Err(self.syntax("found a control character in a string; write it as an escape")),
            }
        }
    }

    /// The run up to the next byte that means something in a string.
    fn plain(&mut self) -> &'a str {
        let rest = &self.text[self.offset..];
        let run = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len());
        self.offset += run;
        &rest[..run]
    }

    fn escape(&mut self) -> Result<char, Refusal> {
        self.bump();
        let escape = self.peek();
        let plain = match escape {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.syntax("found a backslash that begins no escape of JSON")),
        };
        self.bump();
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, Refusal> {
        let first = self.unit()?;
        if let Some(char) = char::from_u32(first) {
            return Ok(char);
        }
        let pair_follows = first < 0xdc00 && self.text.as_bytes()[self.offset..].starts_with(b"\\u");
        if !pair_follows {
            return Err(self.lone());
        }
        self.bump();
        match self.unit()? {
            second @ 0xdc00..=0xdfff => {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                Ok(char::from_u32(code).expect("a surrogate pair names a scalar value"))
            }
            _ => Err(self.lone()),
        }
    }

    fn lone(&self) -> Refusal {
        (ErrorCode::JsonSurrogate, format!("found half of a surrogate pair {}", self.place()))
    }

    /// Four hex digits behind a `u`.
    fn unit(&mut self) -> Result<u32, Refusal> {
        self.bump();
        let digits = self.text.as_bytes().get(self.offset..self.offset + 4);
        let unit = digits.and_then(|digits| {
            digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
        });
        let unit = unit.ok_or_else(|| self.syntax("found `\\u` without four hex digits"))?;
        self.offset += 4;
        Ok(unit)
    }

    /// A number by the grammar of JSON.
    pub(super) fn number(&mut self) -> Result<Value, Refusal> {
        let start = self.offset;
        self.eat(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let digits = self.digits();
        if digits == 0 || (leading_zero && digits > 1) {
            return Err(self.syntax("found a number that does not begin as JSON asks for"));
        }
        let mut integer = true;
        if self.eat(b'.') {
            integer = false;
            self.some_digits("found a decimal point without digits behind it")?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            integer = false;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.some_digits("found an exponent without digits")?;
        }
        let text = &self.text[start..self.offset];
        let number = if integer { number::of_integer(text) } else { number::of_decimal(text) };
        number.map(Value::Number).map_err(|message| (ErrorCode::JsonNumber, message.into()))
    }

    fn digits(&mut self) -> usize {
        let start = self.offset;
        while let Some(b'0'..=b'9') = self.peek() {
            self.offset += 1;
        }
        self.offset - start
    }

    fn some_digits(&mut self, message: &str) -> Result<(), Refusal> {
        if self.digits() == 0 { Err(self.syntax(message)) } else { Ok(()) }
    }
}
