//! One pass over a text: grammar, schema, canonical form, and whatever the sink makes of it.

mod containers;
mod holds;
mod tagged;

use super::keys::Others;
use super::literal::Literal;
use super::node::{Id, Kind, Node, NumberRules, Test, TextRules};
use super::number::Number;
use super::sink::{Halt, Nothing, Sink, Text, Word};
use super::token::{No, Tokens};
use crate::Limits;

pub(super) use holds::{Trial, Verdicts};

/// Why a pass ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text is refused; a slower pass says why.
    No,
    /// The sink cannot go on.
    Halted,
}

impl From<No> for Stop {
    #[inline(always)]
    fn from(_: No) -> Self {
        Self::No
    }
}

impl From<Halt> for Stop {
    #[inline(always)]
    fn from(_: Halt) -> Self {
        Self::Halted
    }
}

pub(crate) type Passed<T> = Result<T, Stop>;

/// Nesting that no setting goes beyond: the pass recurses, and its stack is finite.
pub(in crate::plan) const DEEPEST: usize = 256;

/// Guesses at an alternative that may turn out wrong in one pass, before guessing stops.
const WRONG_GUESSES: u8 = 16;

pub(super) struct Pass<'p, 'a, 's, S: Sink> {
    trial: Trial<'p>,
    pub(in crate::plan) tokens: Tokens<'a>,
    sink: &'s mut S,
    /// Values that may still come.
    values: usize,
    most_keys: usize,
    /// Arrays and objects that may still nest.
    depth: usize,
    others: Others<'a>,
    guesses: u8,
}

impl<'p, 'a, 's, S: Sink> Pass<'p, 'a, 's, S> {
    pub(in crate::plan) fn new(trial: Trial<'p>, text: &'a [u8], limits: &Limits, sink: &'s mut S) -> Self {
        Self {
            trial,
            tokens: Tokens::new(text),
            sink,
            values: limits.json_values,
            most_keys: limits.json_keys,
            depth: limits.json_depth.min(DEEPEST),
            others: Others::of(text),
            guesses: WRONG_GUESSES,
        }
    }

    /// The whole text as one value.
    pub(in crate::plan) fn document(&mut self, node: Id, shape: S::Shape) -> Passed<S::Value> {
        self.tokens.space();
        let value = self.value(node, shape)?;
        self.tokens.space();
        if self.tokens.at == self.tokens.text.len() { Ok(value) } else { Err(Stop::No) }
    }

    /// The value that begins here.
    fn value(&mut self, node: Id, shape: S::Shape) -> Passed<S::Value> {
        if S::BUILDS && matches!(self.tokens.peek(), b'{' | b'[') && self.sink.takes_text(shape) {
            return self.whole(node, shape);
        }
        match &self.trial.plan.nodes[node as usize] {
            Node::Text(rules) => {
                self.count()?;
                if let Some(words) = &rules.words {
                    return self.word(rules, words, shape);
                }
                let text = self.tokens.string()?;
                if rules.fits(&text, self.trial.engine) { self.text(shape, text) } else { Err(Stop::No) }
            }
            Node::Number(rules) => {
                self.count()?;
                let start = self.tokens.at;
                let number = self.tokens.number()?;
                check_number(rules, number)?;
                self.number(shape, number, start)
            }
            Node::Object(rules) => self.object(rules, shape),
            Node::Array(rules) => self.array(rules, shape),
            Node::Tagged(tagged) => self.tagged(tagged, shape),
            Node::Kinds(kinds) => self.value(kinds.of(self.kind()?), shape),
            Node::Bool { falsy, truthy } => {
                self.count()?;
                let start = self.tokens.at;
                let flag = self.tokens.peek() == b't';
                self.tokens.word(if flag { b"true" } else { b"false" })?;
                if if flag { *truthy } else { *falsy } { self.boolean(shape, flag, start) } else { Err(Stop::No) }
            }
            Node::Null => {
                self.count()?;
                let start = self.tokens.at;
                self.tokens.word(b"null")?;
                self.null(shape, start)
            }
            Node::Any => self.any(shape),
            Node::Also { main, more } => {
                let start = self.tokens.at;
                let value = self.value(*main, shape)?;
                self.tests(more, start)?;
                Ok(value)
            }
            Node::Never | Node::Union { .. } => Err(Stop::No),
        }
    }

    /// An array or object that the sink takes as text.
    fn whole(&mut self, node: Id, shape: S::Shape) -> Passed<S::Value> {
        let start = self.tokens.at;
        let mut pass = Pass {
            trial: self.trial,
            tokens: self.tokens,
            sink: &mut Nothing,
            values: self.values,
            most_keys: self.most_keys,
            depth: self.depth,
            others: Others::of(self.tokens.text),
            guesses: self.guesses,
        };
        pass.value(node, ())?;
        (self.tokens, self.values, self.guesses) = (pass.tokens, pass.values, pass.guesses);
        Ok(self.sink.whole(shape, &self.tokens.text[start..self.tokens.at])?)
    }

    /// A string that is one of a few.
    #[inline(always)]
    fn word(&mut self, rules: &TextRules, words: &[(Literal, Word)], shape: S::Shape) -> Passed<S::Value> {
        let offset = self.tokens.at + 1;
        let (word, text) = match words.iter().find(|(literal, _)| self.tokens.eat_literal(literal)) {
            // The text of a literal has escapes only where JSON asks for them.
            Some((literal, word)) => {
                let raw = &self.tokens.text[offset..self.tokens.at - 1];
                (*word, Text { raw, escaped: literal.has_escapes(), offset })
            }
            None => {
                let text = self.tokens.string()?;
                (rules.word(&text).ok_or(Stop::No)?, text)
            }
        };
        if !rules.only_words && !rules.fits(&text, self.trial.engine) {
            return Err(Stop::No);
        }
        let shape = self.settled(shape, offset - 1)?;
        Ok(self.sink.word(shape, word, text)?)
    }

    /// A value of which nothing is asked.
    fn any(&mut self, shape: S::Shape) -> Passed<S::Value> {
        match self.kind()? {
            Kind::Text => {
                self.count()?;
                let text = self.tokens.string()?;
                self.text(shape, text)
            }
            Kind::Number => {
                self.count()?;
                let start = self.tokens.at;
                let number = self.tokens.number()?;
                self.number(shape, number, start)
            }
            Kind::Object => self.object(&self.trial.plan.any_object, shape),
            Kind::Array => self.array(&self.trial.plan.any_array, shape),
            Kind::Bool | Kind::Null => {
                self.count()?;
                let start = self.tokens.at;
                match self.tokens.peek() {
                    b't' => {
                        self.tokens.word(b"true").map_err(Stop::from).and_then(|()| self.boolean(shape, true, start))
                    }
                    b'f' => {
                        self.tokens.word(b"false").map_err(Stop::from).and_then(|()| self.boolean(shape, false, start))
                    }
                    _ => self.tokens.word(b"null").map_err(Stop::from).and_then(|()| self.null(shape, start)),
                }
            }
        }
    }

    #[inline(always)]
    fn count(&mut self) -> Passed<()> {
        self.values = self.values.checked_sub(1).ok_or(Stop::No)?;
        Ok(())
    }

    #[inline(always)]
    fn kind(&self) -> Passed<Kind> {
        Ok(match self.tokens.peek() {
            b'"' => Kind::Text,
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b't' | b'f' => Kind::Bool,
            b'n' => Kind::Null,
            b'-' | b'0'..=b'9' => Kind::Number,
            _ => return Err(Stop::No),
        })
    }

    /// A shape that leaves no choice, for the value that begins at `start`.
    #[inline(always)]
    fn settled(&mut self, shape: S::Shape, start: usize) -> Passed<S::Shape> {
        if S::BUILDS && self.sink.is_union(shape) {
            return Ok(self.sink.settle(shape, None, &self.tokens.text[start..])?);
        }
        Ok(shape)
    }

    #[inline(always)]
    fn text(&mut self, shape: S::Shape, text: Text<'_>) -> Passed<S::Value> {
        let shape = self.settled(shape, text.offset - 1)?;
        Ok(self.sink.text(shape, text)?)
    }

    #[inline(always)]
    fn number(&mut self, shape: S::Shape, number: Number, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(match number {
            Number::Integer(integer) => self.sink.integer(shape, integer)?,
            Number::Double(double) => self.sink.double(shape, double)?,
        })
    }

    #[inline(always)]
    fn boolean(&mut self, shape: S::Shape, flag: bool, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(self.sink.boolean(shape, flag)?)
    }

    #[inline(always)]
    fn null(&mut self, shape: S::Shape, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(self.sink.null(shape)?)
    }

    /// What must hold of the value from `start` to here beside its main node.
    fn tests(&self, tests: &[Test], start: usize) -> Passed<()> {
        let text = &self.tokens.text[start..self.tokens.at];
        if self.trial.passes(tests, text) { Ok(()) } else { Err(Stop::No) }
    }

    /// Whether the value between the two places, which was read before, fits a node, too.
    fn fits(&self, node: Id, start: usize, end: usize) -> bool {
        self.trial.fits(node, &self.tokens.text[start..end])
    }
}

#[inline(always)]
fn check_number(rules: &NumberRules, number: Number) -> Passed<()> {
    if rules.fits(number) { Ok(()) } else { Err(Stop::No) }
}
