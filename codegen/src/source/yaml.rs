//! YAML 1.2, as far as it is another notation for JSON.
//!
//! Refused, because JSON cannot say it or because it hides work from the reader: aliases, tags,
//! merge keys, several documents, keys that are no strings.

use peer_contract_core::json::{Span, Spans};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};
use serde_json::{Map, Value};

use super::scalar;

/// Reads one YAML document by the rules that hold for JSON, and notes where each part stands.
pub fn parse_spanned(text: &str, limits: &Limits) -> (Result<Value, Problem>, Spans) {
    let mut reader =
        Reader { places: Places::of(text), limits, spans: Spans::default(), open: Vec::new(), values: 0, root: None };
    let result = reader.read(text);
    (result, reader.spans)
}

struct Reader<'a> {
    places: Places<'a>,
    limits: &'a Limits,
    spans: Spans,
    open: Vec<Open>,
    values: usize,
    root: Option<Value>,
}

/// A sequence or mapping whose end is still to come.
struct Open {
    at: Pointer,
    start: usize,
    kind: Kind,
}

enum Kind {
    Sequence(Vec<Value>),
    Mapping { members: Map<String, Value>, key: Option<String> },
}

impl Reader<'_> {
    fn read(&mut self, text: &str) -> Result<Value, Problem> {
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| self.broken(&error))?;
            let span = Span { start: self.places.byte(&span.start), end: self.places.byte(&span.end) };
            self.take(event, span)?;
        }
        self.root.take().ok_or_else(|| refuse(Pointer::root(), "the file is empty"))
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                self.spans.value_at(Pointer::root(), span);
                Err(refuse(Pointer::root(), "a contract is one document; `---` begins a second one"))
            }
            Event::Alias(_) => {
                let problem = refuse(self.noted(span), "aliases (`*name`) are not read");
                Err(problem.with_help("put the shared part under `$defs` and lead to it with `$ref`"))
            }
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                Err(refuse(self.noted(span), "tags (`!name`) are not read; JSON has no types but its own"))
            }
            Event::Scalar(text, style, _, None) => self.scalar(&text, style, span),
            Event::SequenceStart(..) => self.begin(Kind::Sequence(Vec::new()), span),
            Event::MappingStart(..) => self.begin(Kind::Mapping { members: Map::new(), key: None }, span),
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(span);
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Result<(), Problem> {
        if let Some(Open { at, kind: Kind::Mapping { members, key: key @ None }, .. }) = self.open.last_mut() {
            let at = at.key(text);
            self.spans.key_at(at.clone(), span);
            if members.contains_key(text) {
                return Err(Problem::new(
                    ErrorCode::JsonDuplicateKey,
                    at,
                    format!("the key `{text}` stands here a second time"),
                ));
            }
            if members.len() == self.limits.json_keys {
                let message = format!("an object may have {} keys, and this one has more", self.limits.json_keys);
                return Err(Problem::new(ErrorCode::JsonTooManyKeys, at, message));
            }
            check_key(text, style, &at)?;
            *key = Some(text.to_owned());
            return Ok(());
        }
        let at = self.next();
        self.count(&at)?;
        self.spans.value_at(at.clone(), span);
        let value = match style {
            ScalarStyle::Plain => scalar::plain(text).map_err(|why| Problem::new(ErrorCode::JsonNumber, at, why))?,
            _ => Value::String(text.to_owned()),
        };
        self.put(value);
        Ok(())
    }

    fn begin(&mut self, kind: Kind, span: Span) -> Result<(), Problem> {
        if let Some(Open { at, kind: Kind::Mapping { key: None, .. }, .. }) = self.open.last() {
            let at = at.clone();
            self.spans.value_at(at.clone(), span);
            return Err(refuse(at, "a key must be a string"));
        }
        let at = self.next();
        self.spans.value_at(at.clone(), span);
        self.count(&at)?;
        if self.open.len() == self.limits.json_depth {
            let message = format!("values may be nested {} deep, and this one lies deeper", self.limits.json_depth);
            return Err(Problem::new(ErrorCode::JsonDepth, at, message));
        }
        self.open.push(Open { at, start: span.start, kind });
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let Some(Open { at, start, kind }) = self.open.pop() else { return };
        self.spans.value_at(at, Span { start, end: span.end.max(start) });
        self.put(match kind {
            Kind::Sequence(items) => Value::Array(items),
            Kind::Mapping { members, .. } => Value::Object(members),
        });
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(value),
            Some(Kind::Sequence(items)) => items.push(value),
            Some(Kind::Mapping { members, key }) => {
                members.insert(key.take().expect("`scalar` and `begin` take a key first"), value);
            }
        }
    }

    /// Where the value that comes next will stand.
    fn next(&self) -> Pointer {
        match self.open.last() {
            None => Pointer::root(),
            Some(Open { at, kind: Kind::Sequence(items), .. }) => at.index(items.len()),
            Some(Open { at, kind: Kind::Mapping { key, .. }, .. }) => {
                key.as_ref().map_or_else(|| at.clone(), |key| at.key(key))
            }
        }
    }

    fn noted(&mut self, span: Span) -> Pointer {
        let at = self.next();
        self.spans.value_at(at.clone(), span);
        at
    }

    fn count(&mut self, at: &Pointer) -> Result<(), Problem> {
        self.values += 1;
        if self.values > self.limits.json_values {
            let message = format!("a text may hold {} values, and this one holds more", self.limits.json_values);
            return Err(Problem::new(ErrorCode::JsonTooManyValues, at.clone(), message));
        }
        Ok(())
    }

    fn broken(&mut self, error: &ScanError) -> Problem {
        let start = self.places.byte(error.marker());
        let at = self.noted(Span { start, end: start });
        refuse(at, error.info())
    }
}

fn check_key(text: &str, style: ScalarStyle, at: &Pointer) -> Result<(), Problem> {
    if style != ScalarStyle::Plain {
        return Ok(());
    }
    if text == "<<" {
        let problem = refuse(at.clone(), "merge keys (`<<`) are not part of YAML 1.2");
        return Err(problem.with_help("put the shared part under `$defs` and lead to it with `$ref`"));
    }
    match scalar::plain(text) {
        Ok(Value::String(_)) => Ok(()),
        _ => Err(refuse(at.clone(), "a key must be a string").with_help(format!("write `\"{text}\"`"))),
    }
}

fn refuse(at: Pointer, message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::YamlSyntax, at, message)
}

/// The parser counts characters, we count bytes.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// Byte of each character; empty where the two are the same.
    bytes: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(byte, _)| byte).collect() };
        Self { text, bytes }
    }

    pub(crate) fn byte(&self, marker: &Marker) -> usize {
        let index = marker.index();
        if self.bytes.is_empty() {
            index.min(self.text.len())
        } else {
            self.bytes.get(index).copied().unwrap_or(self.text.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, Problem> {
        parse_spanned(text, &Limits::default()).0
    }

    fn code(text: &str) -> ErrorCode {
        read(text).expect_err(text).code
    }

    #[test]
    fn yaml_gives_the_value_that_json_would() {
        let text = "a: [1, 'x', \"y\", {b: }]\n# comment\nc:\n- d: |\n    two\n    lines\n- >\n  fol\n  ded\n";
        assert_eq!(
            read(text),
            Ok(json!({ "a": [1, "x", "y", { "b": null }], "c": [{ "d": "two\nlines\n" }, "fol ded\n"] }))
        );
        assert_eq!(read("{\"a\": [1.5, true, null]}"), Ok(json!({ "a": [1.5, true, null] })));
    }

    #[test]
    fn what_json_cannot_say_is_refused() {
        assert_eq!(code("a: &x 1\nb: *x"), ErrorCode::YamlSyntax);
        assert_eq!(code("a: !!str 1"), ErrorCode::YamlSyntax);
        assert_eq!(code("a: !thing {b: 1}"), ErrorCode::YamlSyntax);
        assert_eq!(code("<<: {a: 1}"), ErrorCode::YamlSyntax);
        assert_eq!(code("a: 1\n---\nb: 2"), ErrorCode::YamlSyntax);
        assert_eq!(code("1: a"), ErrorCode::YamlSyntax);
        assert_eq!(code("? [a]\n: b"), ErrorCode::YamlSyntax);
        assert_eq!(code(""), ErrorCode::YamlSyntax);
        assert_eq!(code("a: [1"), ErrorCode::YamlSyntax);
        assert_eq!(code("a: 1\na: 2"), ErrorCode::JsonDuplicateKey);
        assert_eq!(code("a: 9007199254740992"), ErrorCode::JsonNumber);
        assert_eq!(code("a: .inf"), ErrorCode::JsonNumber);
    }

    #[test]
    fn limits_hold_at_their_edge() {
        let mut limits = Limits::default();
        limits.json_depth = 2;
        assert!(parse_spanned("[[1]]", &limits).0.is_ok());
        assert_eq!(parse_spanned("[[[1]]]", &limits).0.unwrap_err().code, ErrorCode::JsonDepth);
        limits.json_values = 3;
        assert!(parse_spanned("[1, 2]", &limits).0.is_ok());
        assert_eq!(parse_spanned("[1, 2, 3]", &limits).0.unwrap_err().code, ErrorCode::JsonTooManyValues);
        limits.json_keys = 1;
        assert!(parse_spanned("{a: 1}", &limits).0.is_ok());
        assert_eq!(parse_spanned("{a: 1, b: 2}", &limits).0.unwrap_err().code, ErrorCode::JsonTooManyKeys);
    }

    #[test]
    fn spans_are_bytes_even_after_wide_characters_and_crlf() {
        let text = "ä: \"€\"\r\nb:\r\n  c: word\r\n";
        let (value, spans) = parse_spanned(text, &Limits::default());
        assert_eq!(value, Ok(json!({ "ä": "€", "b": { "c": "word" } })));
        let at = |pointer: &str| spans.value(&pointer.parse().unwrap()).map(|span| &text[span.start..span.end]);
        let key = |pointer: &str| spans.key(&pointer.parse().unwrap()).map(|span| &text[span.start..span.end]);
        assert_eq!(at("/ä"), Some("\"€\""));
        assert_eq!(at("/b/c"), Some("word"));
        assert_eq!(key("/b/c"), Some("c"));
    }
}
