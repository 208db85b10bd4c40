//! Contract files: bytes to a JSON value, and the place of each part of it.
//!
//! JSON and YAML give the same value, hence the same hash; which one it is, the file's ending says.

mod lines;
mod scalar;
mod toml;
mod yaml;

use std::io::Read;
use std::path::Path;

use peer_contract_core::json::{Span, Spans, parse_spanned};
use peer_contract_core::{Contract, ErrorCode, Limits, Pointer, Problem, Problems};
use serde_json::Value;

pub use lines::{Lines, Position};
pub use scalar::plain as plain_scalar;
pub(crate) use yaml::Places;

/// A text that holds one JSON value.
#[derive(Debug)]
pub struct Source {
    /// What messages call it: its path as the user wrote it, or relative to the working folder.
    pub name: String,
    /// The whole text; bytes that are no UTF-8 are replaced for display.
    pub text: String,
    value: Result<Value, Problem>,
    spans: Spans,
}

/// The notations a contract may be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `.json`
    Json,
    /// `.yaml`, `.yml`
    Yaml,
}

impl Notation {
    /// By the ending of a file name; `None` for any other.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// By how a text begins.
    pub fn guessed(bytes: &[u8]) -> Self {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'{') { Self::Json } else { Self::Yaml }
    }
}

/// What messages call standard input.
const STDIN: &str = "<stdin>";

/// Whether a path stands for standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    refuse(format!("`{name}` cannot be read: {error}"))
}

fn refuse(message: String) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

impl Source {
    /// Reads a file, or standard input where the path is `-`. Its size is limited before its bytes are looked at.
    ///
    /// # Errors
    /// `configuration_invalid` when it cannot be read or is no `.json`, `.yaml` or `.yml`. What is
    /// wrong inside the file is no error here: [`Source::contract`] reports it with its place.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        if is_stdin(path) {
            return Self::read_from(STDIN, std::io::stdin().lock(), None);
        }
        let name = path.display().to_string();
        let notation = Notation::of(path).ok_or_else(|| {
            refuse(format!("`{name}` is no contract file: it must end in `.json`, `.yaml` or `.yml`"))
        })?;
        let file = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
        Self::read_from(&name, file, Some(notation))
    }

    /// Reads a document that is no contract, such as an input: JSON, unless its name ends as YAML's does.
    ///
    /// # Errors
    /// `configuration_invalid` when it cannot be read.
    pub fn read_document(path: &Path) -> Result<Self, Problem> {
        let mut limits = Limits::default();
        // Sources are limited as contracts are; a document may be as long as any JSON of a message.
        limits.contract_bytes = limits.json_bytes;
        let most = limits.json_bytes as u64 + 1;
        let mut bytes = Vec::new();
        let (name, notation, read) = if is_stdin(path) {
            (STDIN.to_owned(), Notation::Json, std::io::stdin().take(most).read_to_end(&mut bytes))
        } else {
            let read = std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
            (path.display().to_string(), Notation::of(path).unwrap_or(Notation::Json), read)
        };
        read.map_err(|error| unreadable(&name, &error))?;
        Ok(Self::of(name, &bytes, notation, &limits))
    }

    /// The same for a stream; one of an unknown notation is JSON where it begins with a brace.
    fn read_from(name: &str, stream: impl Read, notation: Option<Notation>) -> Result<Self, Problem> {
        let limits = Limits::default();
        let mut bytes = Vec::new();
        let most = limits.contract_bytes as u64 + 1;
        stream.take(most).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
        Ok(Self::of(name, &bytes, notation.unwrap_or_else(|| Notation::guessed(&bytes)), &limits))
    }

    /// The same for bytes that are here already.
    pub fn of(name: impl Into<String>, bytes: &[u8], notation: Notation, limits: &Limits) -> Self {
        let (value, spans) = match text_within(bytes, limits) {
            Err(problem) => (Err(problem), Spans::default()),
            Ok(text) => match notation {
                Notation::Json => parse_spanned(text.as_bytes(), limits),
                Notation::Yaml => yaml::parse_spanned(text, limits),
            },
        };
        Self { name: name.into(), text: String::from_utf8_lossy(bytes).into_owned(), value, spans }
    }

    /// Settings in TOML.
    pub fn of_toml(name: impl Into<String>, text: String) -> Self {
        let (value, spans) = toml::parse_spanned(&text);
        Self { name: name.into(), text, value, spans }
    }

    /// The value, read but not checked.
    ///
    /// # Errors
    /// Why the text cannot be read.
    pub fn value(&self) -> Result<&Value, &Problem> {
        self.value.as_ref()
    }

    /// Checks it as a contract.
    ///
    /// # Errors
    /// All problems of the text or of the contract.
    pub fn contract(&self) -> Result<Contract, Problems> {
        match &self.value {
            Ok(value) => Contract::from_value(value.clone()),
            Err(problem) => Err(problem.clone().into()),
        }
    }

    /// The bytes to show for a problem.
    pub fn span_of(&self, problem: &Problem) -> Option<Span> {
        self.span(&problem.at, Mark::of(problem.code))
    }

    /// The bytes to show for a place; for one that is not in the text, those of the nearest place around it.
    pub fn span(&self, at: &Pointer, mark: Mark) -> Option<Span> {
        let length = self.text.len();
        let around = |at: &Pointer| at.parent().map(|(parent, _)| parent);
        let span = std::iter::successors(Some(at.clone()), around).find_map(|at| self.best_span(&at, mark))?;
        Some(Span { start: span.start.min(length), end: span.end.clamp(span.start.min(length), length) })
    }

    /// Shows these bytes for problems of the whole text: what is wrong is no value, and has no pointer.
    #[must_use]
    pub(crate) fn pointing_at(mut self, span: Span) -> Self {
        self.spans.value_at(Pointer::root(), span);
        self
    }

    /// A value in the words it was written in.
    pub(crate) fn written(&self, at: &Pointer) -> Option<&str> {
        let span = self.spans.value(at)?;
        self.text.get(span.start..span.end)
    }

    /// A key in the words it was written in, and the byte it begins at.
    pub(crate) fn written_key(&self, at: &Pointer) -> Option<(usize, &str)> {
        let span = self.spans.key(at)?;
        Some((span.start, self.text.get(span.start..span.end)?))
    }

    /// Where the key of a member stands, and all of its value; none where there is no such member.
    pub fn extent(&self, at: &Pointer) -> Option<(Span, Span)> {
        let value = self.value.as_ref().ok()?;
        value.pointer(at.as_str()).filter(|_| at.parent().is_some())?;
        self.spans.key(at).zip(self.spans.value(at))
    }

    /// Where the whole value stands.
    pub fn extent_of_root(&self) -> Option<Span> {
        self.spans.value(&Pointer::root())
    }

    fn best_span(&self, at: &Pointer, mark: Mark) -> Option<Span> {
        let key = self.spans.key(at);
        let value = self.spans.value(at);
        if mark == Mark::Key {
            return key.or(value);
        }
        match value {
            Some(span) if !self.is_one_line(span) => key.or(value).map(|span| self.first_line(span)),
            _ => value.or(key),
        }
    }

    fn is_one_line(&self, span: Span) -> bool {
        self.text.get(span.start..span.end).is_some_and(|text| !text.trim_end().contains('\n'))
    }

    fn first_line(&self, span: Span) -> Span {
        let length = self.text.get(span.start..span.end).and_then(|text| text.find(['\r', '\n']));
        Span { start: span.start, end: length.map_or(span.end, |length| span.start + length) }
    }
}

fn text_within<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, Problem> {
    let refuse = |code, message: String| Problem::new(code, Pointer::root(), message);
    if bytes.len() > limits.contract_bytes {
        let message = format!("a contract may have {} bytes, and this text has more", limits.contract_bytes);
        return Err(refuse(ErrorCode::JsonTooLarge, message));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refuse(ErrorCode::JsonEncoding, format!("byte {} is not UTF-8", error.valid_up_to())))?;
    if text.starts_with('\u{feff}') {
        return Err(refuse(ErrorCode::JsonEncoding, "the text begins with a byte order mark".to_owned()));
    }
    Ok(text)
}

/// What to show of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Its name.
    Key,
    /// Its value; the name where the value takes several lines.
    Value,
}

impl Mark {
    /// The name where a problem is about the name, or about all that lies below it; else the value.
    pub fn of(code: ErrorCode) -> Self {
        use ErrorCode::{
            JsonDuplicateKey, KeywordUnsupported, NameCollides, NameInvalid, NameReserved, PropertyNameInvalid,
            PropertyUnknown, TargetUnknown,
        };
        let about_the_key = matches!(
            code,
            JsonDuplicateKey
                | KeywordUnsupported
                | NameCollides
                | NameInvalid
                | NameReserved
                | PropertyNameInvalid
                | PropertyUnknown
                | TargetUnknown
        );
        if about_the_key { Self::Key } else { Self::Value }
    }
}

/// All phases of a contract, in order: where works start, what operations lead to, where works end.
pub fn phases(contract: &Contract) -> std::collections::BTreeSet<String> {
    let document = contract.document();
    let ends = document.phases.iter().flat_map(|phases| phases.end.iter().chain([&phases.start]));
    let named = contract.operations().flat_map(|operation| {
        let replies = operation.output.iter().filter_map(|output| output.to.as_ref());
        let errors = operation.errors.values().filter_map(|error| error.to.as_ref());
        let joins = operation.fans_out.iter().map(|fan_out| &fan_out.to);
        operation.from.iter().chain(operation.hands_to.values()).chain(joins).chain(replies).chain(errors)
    });
    ends.chain(named).cloned().collect()
}
