//! A forward pass over JSON text that was checked before.

use std::borrow::Cow;

use peer_contract_core::limits::MAX_SAFE_INTEGER;

use super::unescape::unescape;
use super::{Decode, Misfit};

/// Reads one checked JSON text from front to back.
///
/// What the check holds is not checked again; a text that was never checked is read wrongly or refused, and does
/// no harm.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Read<T> = Result<T, Misfit>;

impl<'a> Reader<'a> {
    /// A reader at the first byte of a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The one value that the text holds.
    ///
    /// # Errors
    /// [`Misfit`], as all functions here, when the text holds something else.
    pub fn whole<T: Decode>(mut self) -> Read<T> {
        let value = T::decode(&mut self)?;
        if self.peek() == 0 && self.at >= self.text.len() { Ok(value) } else { Err(Misfit::new("goes on")) }
    }

    /// The first byte of what comes next; 0 at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }

    #[inline]
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    #[inline]
    fn eat_word(&mut self, word: &str) -> bool {
        self.peek();
        let found = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Whether a `null` is next; it is behind us then.
    #[inline]
    pub fn null(&mut self) -> bool {
        self.eat_word("null")
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// As all functions here.
    #[inline]
    pub fn boolean(&mut self) -> Read<bool> {
        match (self.eat_word("true"), self.peek()) {
            (true, _) => Ok(true),
            (false, b'f') if self.eat_word("false") => Ok(false),
            _ => Err(Misfit::new("is no truth value")),
        }
    }

    /// A number whose value is an integer, however it is written: `1`, `1.0`, `1e0`, and 0 for `-0`.
    ///
    /// # Errors
    /// As all functions here; beyond ±(2^53-1).
    #[inline]
    pub fn integer(&mut self) -> Read<i64> {
        let token = self.number();
        if let Some(integer) = plain_integer(token) {
            return Ok(integer);
        }
        token.parse().ok().and_then(whole).ok_or_else(|| Misfit::new("is no integer"))
    }

    /// A number.
    ///
    /// # Errors
    /// As all functions here.
    #[inline]
    pub fn double(&mut self) -> Read<f64> {
        self.number().parse().map_err(|_| Misfit::new("is no number"))
    }

    /// A number without point and exponent, if that is next; `-0` is 0.
    pub(super) fn plain(&mut self) -> Option<i64> {
        let start = self.at;
        let integer = plain_integer(self.number());
        self.at = if integer.is_some() { self.at } else { start };
        integer
    }

    fn number(&mut self) -> &'a str {
        self.peek();
        let rest = &self.text.as_bytes()[self.at..];
        let inside = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = rest.iter().position(|byte| !inside(byte)).unwrap_or(rest.len());
        let token = &self.text[self.at..self.at + length];
        self.at += length;
        token
    }

    /// A string; borrowed from the text where no escape is in it.
    ///
    /// # Errors
    /// As all functions here.
    #[inline]
    pub fn string(&mut self) -> Read<Cow<'a, str>> {
        if !self.eat(b'"') {
            return Err(Misfit::new("is no string"));
        }
        let (start, text) = (self.at, self.text);
        let end = memchr::memchr2(b'"', b'\\', &text.as_bytes()[start..]).map(|length| start + length);
        match end.map(|end| (end, text.as_bytes()[end])) {
            Some((end, b'"')) => {
                self.at = end + 1;
                Ok(Cow::Borrowed(&text[start..end]))
            }
            Some(_) => {
                self.at = end_of_string(text.as_bytes(), start)?;
                unescape(&text[start..self.at - 1]).map(Cow::Owned)
            }
            None => Err(Misfit::new("ends within a string")),
        }
    }

    /// Goes into an object. [`Reader::key`] leads through it.
    ///
    /// # Errors
    /// As all functions here.
    #[inline]
    pub fn object(&mut self) -> Read<()> {
        if self.eat(b'{') { Ok(()) } else { Err(Misfit::new("is no object")) }
    }

    /// The next key of an object, with its value next; `None` behind the last one.
    ///
    /// # Errors
    /// As all functions here.
    #[inline]
    pub fn key(&mut self) -> Read<Option<Cow<'a, str>>> {
        self.eat(b',');
        if self.eat(b'}') {
            return Ok(None);
        }
        let key = self.string()?;
        if self.eat(b':') { Ok(Some(key)) } else { Err(Misfit::new("has a key without a value")) }
    }

    /// Goes into an array. [`Reader::item`] leads through it.
    ///
    /// # Errors
    /// As all functions here.
    #[inline]
    pub fn array(&mut self) -> Read<()> {
        if self.eat(b'[') { Ok(()) } else { Err(Misfit::new("is no array")) }
    }

    /// Whether there is a next item of an array; its value is next.
    #[inline]
    pub fn item(&mut self) -> bool {
        self.eat(b',');
        !self.eat(b']')
    }

    /// The text of the value that is next. It stays next.
    ///
    /// # Errors
    /// As all functions here.
    pub fn ahead(&mut self) -> Read<&'a str> {
        self.peek();
        let end = end_of_value(self.text.as_bytes(), self.at)?;
        Ok(&self.text[self.at..end])
    }

    /// The string in the member `key` of the object that is next, which stays next: the tag of a union.
    ///
    /// # Errors
    /// As all functions here; when there is no such member.
    pub fn tag(&mut self, key: &str) -> Read<Cow<'a, str>> {
        let mut ahead = Reader { text: self.text, at: self.at };
        ahead.object()?;
        while let Some(found) = ahead.key()? {
            if found == key {
                return ahead.string();
            }
            ahead.peek();
            ahead.at = end_of_value(ahead.text.as_bytes(), ahead.at)?;
        }
        Err(Misfit::missing(key))
    }
}

/// One past the closing quote of the string that goes on at `at`.
fn end_of_string(text: &[u8], mut at: usize) -> Read<usize> {
    while let Some(length) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += length;
        if text[at] == b'"' {
            return Ok(at + 1);
        }
        at += 2;
    }
    Err(Misfit::new("ends within a string"))
}

/// One past the last byte of the value that begins at `at`.
fn end_of_value(text: &[u8], mut at: usize) -> Read<usize> {
    let mut depth = 0_usize;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = end_of_string(text, at + 1)?,
            b'{' | b'[' => (depth, at) = (depth + 1, at + 1),
            b'}' | b']' if depth > 0 => (depth, at) = (depth - 1, at + 1),
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if depth > 0 => at += 1,
            _ => at += scalar(&text[at..]).ok_or_else(|| Misfit::new("is no value"))?,
        }
        if depth == 0 {
            return Ok(at);
        }
    }
    Err(Misfit::new("ends within a value"))
}

/// Length of a number or word.
fn scalar(text: &[u8]) -> Option<usize> {
    let inside = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-' | b'+' | b'.' | b'E');
    let length = text.iter().position(|byte| !inside(byte)).unwrap_or(text.len());
    (length > 0).then_some(length)
}

/// A number of up to 16 digits without point and exponent, the common case.
#[inline]
fn plain_integer(token: &str) -> Option<i64> {
    let (negative, digits) = match token.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut value = 0_i64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    (value <= MAX_SAFE_INTEGER as i64).then_some(if negative { -value } else { value })
}

/// The integer that a double is, if it is one that every JSON reader keeps exactly.
pub(super) fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER as f64).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::agent::Error;

    fn read<T: Decode>(text: &str) -> Result<T, Error> {
        Ok(Reader::new(text).whole()?)
    }

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        let integers: Vec<i64> = read("[7, 7.0,0.7e1 ,-0,-0.0,1e3,-9007199254740991]").unwrap();
        assert_eq!(integers, [7, 7, 7, 0, 0, 1000, -9_007_199_254_740_991]);
        for text in ["7.5", "1e300", "9007199254740992", "\"7\"", "null", "", "-", "1-1"] {
            assert!(read::<i64>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn doubles_keep_their_value_and_their_sign() {
        let doubles: Vec<f64> = read("[1.0,2,-0.0,2.5,1e-7]").unwrap();
        assert_eq!(doubles, [1.0, 2.0, 0.0, 2.5, 1e-7]);
        assert!(doubles[2].is_sign_negative());
    }

    #[test]
    fn any_value_is_the_tree_that_the_core_reads() {
        let limits = peer_contract_core::Limits::default();
        for text in [
            r#"{"a":[1,1.0,-0,-0.0,-3,2.5,1e21],"b":{"":null," ":true},"c":"\u00e9\n\ud83d\ude00\/"}"#,
            " [ { \"a\" : [ ] , \"b\" : { } } , false ] ",
        ] {
            let tree = peer_contract_core::json::parse(text.as_bytes(), &limits).unwrap();
            assert_eq!(read::<Value>(text).unwrap(), tree, "{text}");
        }
    }

    #[test]
    fn strings_come_without_their_escapes() {
        for text in ["", "plain", "a\"b\\c", "\u{0}\u{1f}\n", "é😀\u{2028}"] {
            assert_eq!(read::<String>(&json!(text).to_string()).unwrap(), text);
        }
        assert_eq!(read::<String>(r#""\ud83d\ude00A""#).unwrap(), "😀A");
        for text in [r#""\ud83d""#, r#""\ud83dx""#, r#""\udc00""#, r#""\x""#, r#""\u12""#, "\"", "\"\\", "\"\\\""] {
            assert!(read::<String>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_tag_is_found_behind_other_members() {
        let text = r#"{"a":{"op":"no","x":["]}\"\\"]},"b":[[1,"op"],2],"op" : "yes","z":1}"#;
        let mut reader = Reader::new(text);
        assert_eq!(reader.tag("op").unwrap(), "yes");
        assert_eq!(reader.ahead().unwrap(), text);
        assert!(Reader::new("{\"a\":1}").tag("op").is_err());
        assert!(Reader::new("[]").tag("op").is_err());
    }

    #[test]
    fn a_text_that_was_never_checked_does_no_harm() {
        let text = r#"{"a":[1,{"b":"\u00e9"},null,true,-1.5e3],"op":"x"}"#;
        for end in 0..text.len() {
            let cut = &text[..end];
            assert!(read::<Value>(cut).is_err(), "{cut}");
            let _ = read::<BTreeMap<String, Vec<i64>>>(cut);
            let _ = Reader::new(cut).tag("op");
            let _ = Reader::new(cut).ahead();
        }
        for at in 0..text.len() {
            for byte in [b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'0', b'n', b' '] {
                let mut other = text.as_bytes().to_vec();
                other[at] = byte;
                let other = String::from_utf8_lossy(&other).into_owned();
                let _ = read::<Value>(&other);
                let _ = Reader::new(&other).tag("op");
                let _ = Reader::new(&other).ahead();
            }
        }
    }

    #[test]
    fn a_misfit_names_no_value() {
        let error = read::<i64>("\"secret\"").unwrap_err();
        assert_eq!(error.code().as_str(), "type_mismatch");
        assert!(!error.to_string().contains("secret"));
    }
}
