//! Strict JSON: UTF-8 without a byte order mark, no duplicate keys, no lone surrogates, finite
//! numbers, integers within ±(2^53-1), and the limits on depth, values, keys and length.

use serde_json::{Map, Value};

use super::cursor::Cursor;
use super::path::Path;
use super::{Span, Spans};
use crate::{ErrorCode, Limits, Pointer, Problem};

/// Nesting that no setting goes beyond: the reader recurses, and its stack is finite.
const DEEPEST: usize = 256;

/// Reads one JSON text by the strict rules.
///
/// # Errors
/// One of the `json_*` codes, at the pointer of the value where reading stopped.
pub fn parse(text: &[u8], limits: &Limits) -> Result<Value, Problem> {
    Reader::open(text, limits, None)?.document()
}

/// The same, and where in the text each key and value stands.
///
/// # Errors
/// As [`parse`]; the `Spans` say where reading stopped through the problem's pointer.
pub fn parse_spanned(text: &[u8], limits: &Limits) -> (Result<Value, Problem>, Spans) {
    let mut spans = Spans::default();
    let outcome = Reader::open(text, limits, Some(&mut spans)).and_then(Reader::document);
    (outcome, spans)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    path: Path,
    limits: Limits,
    values: usize,
    spans: Option<&'a mut Spans>,
}

impl<'a> Reader<'a> {
    fn open(bytes: &'a [u8], limits: &Limits, spans: Option<&'a mut Spans>) -> Result<Self, Problem> {
        let refuse = |code, message: String| Err(Problem::new(code, Pointer::root(), message));
        if bytes.len() > limits.json_bytes {
            let message = format!("found {} bytes; at most {} are read", bytes.len(), limits.json_bytes);
            return refuse(ErrorCode::JsonTooLarge, message);
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return refuse(ErrorCode::JsonEncoding, "found a byte order mark; JSON begins with its value".into());
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                Ok(Self { cursor: Cursor::new(text), path: Path::default(), limits: *limits, values: 0, spans })
            }
            Err(error) => {
                let message = format!("the bytes from offset {} on are not UTF-8", error.valid_up_to());
                refuse(ErrorCode::JsonEncoding, message)
            }
        }
    }

    fn document(mut self) -> Result<Value, Problem> {
        self.cursor.skip_space();
        let value = self.value(0)?;
        self.cursor.skip_space();
        if self.cursor.peek().is_some() {
            return Err(self.syntax("the end of the text"));
        }
        Ok(value)
    }

    fn value(&mut self, depth: usize) -> Result<Value, Problem> {
        self.values += 1;
        if self.values > self.limits.json_values {
            let message = format!("found more than {} values in one text", self.limits.json_values);
            return Err(self.refuse(ErrorCode::JsonTooManyValues, message));
        }
        let start = self.cursor.offset();
        let value = match self.cursor.peek() {
            Some(b'{') => self.object(depth + 1)?,
            Some(b'[') => self.array(depth + 1)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return Err(self.syntax("a value")),
        };
        let end = self.cursor.offset();
        if let Some(spans) = self.spans.as_deref_mut() {
            spans.value_at(self.path.pointer(), Span { start, end });
        }
        Ok(value)
    }

    fn descend(&mut self, depth: usize) -> Result<(), Problem> {
        if depth > self.limits.json_depth.min(DEEPEST) {
            let message = format!("found arrays and objects nested more than {} deep", self.limits.json_depth);
            return Err(self.refuse(ErrorCode::JsonDepth, message));
        }
        self.cursor.bump();
        self.cursor.skip_space();
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Value, Problem> {
        self.descend(depth)?;
        let mut items = Vec::new();
        if self.cursor.eat(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.path.push_index(items.len());
            items.push(self.value(depth)?);
            self.path.pop();
            if self.ends(b']', "`,` or `]`")? {
                return Ok(Value::Array(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Problem> {
        self.descend(depth)?;
        let mut members = Map::new();
        if self.cursor.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            let key = self.key(&members)?;
            self.path.push_key(&key);
            if !self.colon() {
                return Err(self.syntax("`:`"));
            }
            let value = self.value(depth)?;
            self.path.pop();
            members.insert(key, value);
            if self.ends(b'}', "`,` or `}`")? {
                return Ok(Value::Object(members));
            }
        }
    }

    /// The key of the next member, which must be a new one.
    fn key(&mut self, members: &Map<String, Value>) -> Result<String, Problem> {
        if self.cursor.peek() != Some(b'"') {
            return Err(self.syntax("a key in double quotes"));
        }
        let start = self.cursor.offset();
        let key = self.string()?;
        let span = Span { start, end: self.cursor.offset() };
        let twice = members.contains_key(&key);
        if !twice && members.len() >= self.limits.json_keys {
            let message = format!("found more than {} keys in one object", self.limits.json_keys);
            return Err(self.refuse(ErrorCode::JsonTooManyKeys, message));
        }
        self.path.push_key(&key);
        if let Some(spans) = self.spans.as_deref_mut() {
            spans.key_at(self.path.pointer(), span);
        }
        if twice {
            return Err(self.refuse_at(ErrorCode::JsonDuplicateKey, "found the same key twice in one object", span));
        }
        self.path.pop();
        Ok(key)
    }

    fn colon(&mut self) -> bool {
        self.cursor.skip_space();
        let found = self.cursor.eat(b':');
        self.cursor.skip_space();
        found
    }

    /// After an item: whether the container ends here. Otherwise the comma is behind us.
    fn ends(&mut self, close: u8, wanted: &str) -> Result<bool, Problem> {
        self.cursor.skip_space();
        if self.cursor.eat(close) {
            return Ok(true);
        }
        if !self.cursor.eat(b',') {
            return Err(self.syntax(wanted));
        }
        self.cursor.skip_space();
        Ok(false)
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Problem> {
        if self.cursor.eat_word(word) { Ok(value) } else { Err(self.syntax("a value")) }
    }

    fn string(&mut self) -> Result<String, Problem> {
        self.cursor.string().map_err(|(code, message)| self.refuse(code, message))
    }

    fn number(&mut self) -> Result<Value, Problem> {
        self.cursor.number().map_err(|(code, message)| self.refuse(code, message))
    }

    fn syntax(&mut self, wanted: &str) -> Problem {
        let message = format!("expected {wanted}, found {} {}", self.cursor.found(), self.cursor.place());
        self.refuse(ErrorCode::JsonSyntax, message)
    }

    fn refuse(&mut self, code: ErrorCode, message: impl Into<String>) -> Problem {
        let start = self.cursor.offset();
        self.refuse_at(code, message, Span { start, end: start + 1 })
    }

    fn refuse_at(&mut self, code: ErrorCode, message: impl Into<String>, span: Span) -> Problem {
        let at = self.path.pointer();
        if let Some(spans) = self.spans.as_deref_mut() {
            let end = span.end.min(self.cursor.len()).max(span.start);
            spans.value_at(at.clone(), Span { start: span.start, end });
        }
        Problem::new(code, at, message)
    }
}
