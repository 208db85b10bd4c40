//! YAML to a tree: the parser's events, and what stands between them.
//!
//! Values were read by [`crate::source`] before, so here all keys are strings, and nesting has its limit.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::Refusal;
use super::comments::{self, Comment, Rows};
use super::scalars;
use super::tree::{Line, Part, Style, Tree, Value};
use crate::source::Places;

/// A part while it is read. Parts stand in the order of the text.
pub(super) struct Draft {
    /// The part it is in; none for the whole.
    pub(super) parent: Option<usize>,
    /// Byte of its key, of its `-`, or of its value.
    pub(super) start: usize,
    /// Byte behind the last thing in it.
    pub(super) end: usize,
    /// Between the brackets of which part it lies, if it does.
    pub(super) within: Option<usize>,
    key: Option<(String, String)>,
    value: Held,
    pub(super) above: Vec<Line>,
    pub(super) beside: Option<String>,
    pub(super) below: Vec<Line>,
}

enum Held {
    Scalar(Value),
    Sequence(Style),
    Mapping(Style),
}

/// A key, a scalar or a bracket, and the part it belongs to.
pub(super) struct Token {
    pub(super) end: usize,
    pub(super) part: usize,
}

struct Reader<'a> {
    text: &'a str,
    drafts: Vec<Draft>,
    open: Vec<Open>,
    tokens: Vec<Token>,
    comments: Vec<Comment>,
    /// Byte up to which all is read.
    cursor: usize,
    /// The byte of the last `-` that opens an item, and of the last header of a block scalar.
    dash: usize,
    header: Option<usize>,
    marked: bool,
}

struct Open {
    part: usize,
    key: Option<(usize, String, String)>,
    is_flow: bool,
    /// Whether a bracket opened it; a pair in a list, `[a: 1]`, has none.
    is_bracket: bool,
}

/// The comments of a text, sorted.
pub(super) fn comments(text: &str) -> Vec<String> {
    let mut found: Vec<String> = scan(text)
        .map_or_else(|_| Vec::new(), |reader| reader.comments.into_iter().map(|comment| comment.text).collect());
    found.sort();
    found
}

/// The tree of a text.
///
/// # Errors
/// Anchors, keys behind `?`, directives, and what else the tree has no place for.
pub(super) fn read(text: &str) -> Result<Tree, Refusal> {
    let Reader { mut drafts, tokens, comments, marked, .. } = scan(text)?;
    let rows = Rows::of(text);
    let head = comments::attach(&rows, &mut drafts, &tokens, comments);
    Ok(Tree { head, marked, root: built(&rows, drafts) })
}

fn scan(text: &str) -> Result<Reader<'_>, Refusal> {
    let places = Places::of(text);
    let mut reader = Reader {
        text,
        drafts: Vec::new(),
        open: Vec::new(),
        tokens: Vec::new(),
        comments: Vec::new(),
        cursor: 0,
        dash: 0,
        header: None,
        marked: false,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| refuse(places.byte(error.marker()), "this is no YAML", ""))?;
        reader.take(event, places.byte(&span.start), places.byte(&span.end))?;
    }
    reader.between(text.len())?;
    Ok(reader)
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: Event<'a>, start: usize, end: usize) -> Result<(), Refusal> {
        match event {
            Event::DocumentStart(true) => {
                self.between(start)?;
                self.marked = true;
                self.cursor = end;
            }
            Event::Scalar(_, _, 1.., _) | Event::SequenceStart(1.., _) | Event::MappingStart(1.., _) => {
                return Err(refuse(
                    start,
                    "the layout has no place for an anchor (`&name`)",
                    "take it out; nothing refers to it",
                ));
            }
            Event::Scalar(said, style, ..) => self.scalar(&said, style, start, end)?,
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                self.between(start)?;
                let is_mapping = matches!(event, Event::MappingStart(..));
                self.begin(is_mapping, start, end);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            _ => {}
        }
        Ok(())
    }

    fn scalar(&mut self, said: &str, style: ScalarStyle, start: usize, end: usize) -> Result<(), Refusal> {
        self.between(start)?;
        // The parser counts what follows a closing quote to the scalar.
        let end = scalars::closing(self.text, style, start).unwrap_or(end);
        let written = self.text.get(start..end).unwrap_or_default();
        let is_mapping = self.open.last().is_some_and(|open| matches!(self.drafts[open.part].value, Held::Mapping(_)));
        if let Some(open) = self.open.last_mut().filter(|open| is_mapping && open.key.is_none()) {
            if written.contains('\n') {
                return Err(refuse(start, "the layout has no place for a key over several lines", "write it on one"));
            }
            open.key = Some((start, scalars::plain(written, style), said.to_owned()));
            // A key is a token of the part that comes with its value.
            self.tokens.push(Token { end, part: self.drafts.len() });
            self.cursor = end;
            return Ok(());
        }
        let header = self.header.take().unwrap_or(self.cursor);
        // Empty lines at the end of a block belong to nobody.
        let block_end = start + written.trim_end().len();
        let (value, content) = match style {
            ScalarStyle::Literal => (scalars::literal(said), block_end),
            ScalarStyle::Folded => (scalars::folding(&self.text[..end], header, said)?, block_end),
            _ => (scalars::flow(written, style), end),
        };
        let part = self.add(Held::Scalar(value), start, content);
        self.tokens.push(Token { end: content, part });
        self.cursor = end.max(self.cursor);
        Ok(())
    }

    fn begin(&mut self, is_mapping: bool, start: usize, end: usize) {
        let is_bracket = end > start && self.text[start..].starts_with(['{', '[']);
        let is_flow = is_bracket || self.open.last().is_some_and(|open| open.is_flow);
        let breaks = self.text.get(start + 1..).unwrap_or_default().bytes().take_while(u8::is_ascii_whitespace);
        let style = match is_flow && !(is_bracket && breaks.into_iter().any(|byte| byte == b'\n')) {
            true => Style::OneLine,
            false => Style::Block,
        };
        let held = if is_mapping { Held::Mapping(style) } else { Held::Sequence(style) };
        let part = self.add(held, start, start);
        if is_bracket {
            self.tokens.push(Token { end: start + 1, part });
            self.cursor = start + 1;
        }
        self.open.push(Open { part, key: None, is_flow, is_bracket });
    }

    fn end(&mut self) -> Result<(), Refusal> {
        let Some(Open { part, is_bracket, .. }) = self.open.pop() else { return Ok(()) };
        if is_bracket {
            // After a last comma the parser tells another place for the bracket; the text tells the right one.
            while self.cursor < self.text.len() && !self.text[self.cursor..].starts_with(['}', ']']) {
                self.between(self.cursor + 1)?;
            }
            self.cursor += 1;
            self.tokens.push(Token { end: self.cursor, part });
            self.drafts[part].end = self.cursor;
        }
        let end = self.drafts[part].end;
        if let Some(parent) = self.drafts[part].parent {
            self.drafts[parent].end = self.drafts[parent].end.max(end);
        }
        Ok(())
    }

    /// A part for a value that begins here.
    fn add(&mut self, value: Held, start: usize, end: usize) -> usize {
        let index = self.drafts.len();
        let dash = self.dash;
        let (parent, key, within, first) = match self.open.last_mut() {
            None => (None, None, None, start),
            Some(open) => {
                let key = open.key.take();
                let is_item = matches!(self.drafts[open.part].value, Held::Sequence(_)) && !open.is_flow;
                let first = key.as_ref().map_or(if is_item { dash } else { start }, |(start, ..)| *start);
                (Some(open.part), key.map(|(_, raw, said)| (raw, said)), open.is_flow.then_some(open.part), first)
            }
        };
        if let Some(parent) = parent {
            self.drafts[parent].end = self.drafts[parent].end.max(end);
        }
        let (above, beside, below) = (Vec::new(), None, Vec::new());
        self.drafts.push(Draft { parent, start: first, end, within, key, value, above, beside, below });
        index
    }

    /// Reads what stands between two tokens: comments, and signs that the tree does not keep.
    fn between(&mut self, until: usize) -> Result<(), Refusal> {
        let text = self.text;
        while self.cursor < until {
            let at = self.cursor;
            let rest = &text[at..];
            match rest.as_bytes()[0] {
                b'#' => {
                    let length = rest.find('\n').unwrap_or(rest.len());
                    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
                    let is_alone = text[line..at].trim().is_empty();
                    self.comments.push(Comment { at, text: rest[..length].trim_end().to_owned(), is_alone });
                    self.cursor += length;
                    continue;
                }
                b'-' => self.dash = at,
                b'|' | b'>' => {
                    self.header = Some(at);
                    self.cursor += rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
                    continue;
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {}
                b'.' if rest.starts_with("...") => {
                    self.cursor += 3;
                    continue;
                }
                b'?' => return Err(refuse(at, "the layout has no place for a key behind `?`", "write `key: value`")),
                b'%' => return Err(refuse(at, "the layout has no place for a directive (`%`)", "take it out")),
                _ => return Err(refuse(at, "the layout has no place for this", "write it in a plainer way")),
            }
            self.cursor += 1;
        }
        Ok(())
    }
}

fn built(rows: &Rows<'_>, drafts: Vec<Draft>) -> Part {
    let mut parts: Vec<(Option<usize>, Option<Part>)> = Vec::new();
    for draft in drafts {
        let value = match draft.value {
            Held::Scalar(value) => value,
            Held::Sequence(style) => Value::Sequence(Vec::new(), style),
            Held::Mapping(style) => Value::Mapping(Vec::new(), style),
        };
        let gap = draft.parent.is_some() && rows.has_gap_above(draft.start);
        let part =
            Part { above: draft.above, beside: draft.beside, below: draft.below, gap, ..Part::new(draft.key, value) };
        parts.push((draft.parent, Some(part)));
    }
    // Children stand behind their parents, so from the end each has all of its own when it is moved.
    for index in (1..parts.len()).rev() {
        let (Some(parent), Some(child)) = (parts[index].0, parts[index].1.take()) else { continue };
        if let Some(Value::Sequence(children, _) | Value::Mapping(children, _)) =
            parts[parent].1.as_mut().map(|part| &mut part.value)
        {
            children.push(child);
        }
    }
    for (_, part) in &mut parts {
        if let Some(part) = part {
            turn(part);
        }
    }
    parts.into_iter().next().and_then(|(_, part)| part).unwrap_or_else(|| Part::new(None, Value::Plain(String::new())))
}

/// Children were gathered from the last to the first.
fn turn(part: &mut Part) {
    if let Value::Sequence(children, _) | Value::Mapping(children, _) = &mut part.value {
        children.reverse();
        children.iter_mut().for_each(turn);
    }
}

fn refuse(byte: usize, message: &str, help: &'static str) -> Refusal {
    Refusal { byte, message: message.to_owned(), help }
}
