//! One pass over a text: grammar, schema, canonical form, and whatever the sink makes of it.
//!
//! What recurses is inlined by force only where code is optimised. Without optimisation everything that is inlined keeps its own
//! room in the frame of the caller, and a text as deep as the limit overflows the stack of a thread.

mod containers;
mod holds;
mod tagged;

use super::brackets;
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

    /// The value that begins here, behind white space, perhaps. Strings and numbers, which are most values, are read where they are met;
    /// everything else costs a call.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn value(&mut self, node: Id, shape: S::Shape) -> Passed<S::Value> {
        match (&self.trial.plan.nodes[node as usize], self.tokens.next()) {
            (Node::Text(rules), b'"') => self.string(rules, shape),
            (Node::Number(rules), _) => self.count().and_then(|()| self.bounded(rules, shape)),
            (Node::Bool { truthy: true, .. }, b't') => self.any_bool(shape),
            (Node::Bool { falsy: true, .. }, b'f') => self.any_bool(shape),
            (Node::Any, b'"') => self.any_string(shape),
            (Node::Any, b'-' | b'0'..=b'9') => self.any_number(shape),
            (node, _) => self.nested(node, shape),
        }
    }

    /// A value that is neither a string nor a number, or may be one of several kinds.
    #[inline(never)]
    fn nested(&mut self, node: &Node, shape: S::Shape) -> Passed<S::Value> {
        match node {
            _ if S::BUILDS && matches!(self.tokens.peek(), b'{' | b'[') && self.sink.takes_text(shape) => {
                self.whole(node, shape)
            }
            _ if S::BUILDS && matches!(self.tokens.peek(), b'{' | b'[') && self.sink.steps_over(shape) => {
                self.over(shape)
            }
            Node::Object(rules) => self.object(rules, shape),
            Node::Array(rules) => self.array(rules, shape),
            Node::Tagged(tagged) => self.tagged(tagged, shape),
            Node::Kinds(kinds) => self.value(kinds.of(self.kind()?), shape),
            Node::Bool { falsy, truthy } => {
                let allowed = if self.tokens.peek() == b't' { truthy } else { falsy };
                if *allowed { self.any_bool(shape) } else { Err(Stop::No) }
            }
            Node::Null => self.any_null(shape),
            Node::Any => self.any(shape),
            Node::Also { main, more } => {
                let start = self.tokens.at;
                let value = self.value(*main, shape)?;
                self.tests(more, start)?;
                Ok(value)
            }
            Node::Number(rules) => self.count().and_then(|()| self.bounded(rules, shape)),
            Node::Text(_) | Node::Never | Node::Union { .. } => Err(Stop::No),
        }
    }

    /// A string; its first quote was seen.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn string(&mut self, rules: &TextRules, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        if let Some(words) = &rules.words {
            return self.word(rules, words, shape);
        }
        self.tokens.bump();
        let text = self.tokens.string_inside()?;
        if rules.fits(&text) { self.text(shape, text) } else { Err(Stop::No) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bounded(&mut self, rules: &NumberRules, shape: S::Shape) -> Passed<S::Value> {
        let start = self.tokens.at;
        let number = self.tokens.number()?;
        if rules.fits(number) { self.number(shape, number, start) } else { Err(Stop::No) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn any_string(&mut self, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        self.tokens.bump();
        let text = self.tokens.string_inside()?;
        self.text(shape, text)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn any_number(&mut self, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        let start = self.tokens.at;
        let number = self.tokens.number()?;
        self.number(shape, number, start)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn any_bool(&mut self, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        let start = self.tokens.at;
        let flag = self.tokens.peek() == b't';
        self.tokens.word(if flag { b"true" } else { b"false" })?;
        self.boolean(shape, flag, start)
    }

    fn any_null(&mut self, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        let start = self.tokens.at;
        self.tokens.word(b"null")?;
        self.null(shape, start)
    }

    /// An array or object that the sink takes as text.
    fn whole(&mut self, node: &Node, shape: S::Shape) -> Passed<S::Value> {
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
        pass.nested(node, ())?;
        (self.tokens, self.values, self.guesses) = (pass.tokens, pass.values, pass.guesses);
        Ok(self.sink.whole(shape, &self.tokens.text[start..self.tokens.at])?)
    }

    /// An array or object that the sink does not have read.
    fn over(&mut self, shape: S::Shape) -> Passed<S::Value> {
        let start = self.tokens.at;
        let values = brackets::step_over(&mut self.tokens, self.depth)?;
        self.values = self.values.checked_sub(values).ok_or(Stop::No)?;
        Ok(self.sink.whole(shape, &self.tokens.text[start..self.tokens.at])?)
    }

    /// A string that is one of a few.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn word(&mut self, rules: &TextRules, words: &[(Literal, Word)], shape: S::Shape) -> Passed<S::Value> {
        let offset = self.tokens.at + 1;
        let (word, text) = match self.tokens.eat_one_of(words) {
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
        if !rules.only_words && !rules.fits(&text) {
            return Err(Stop::No);
        }
        let shape = self.settled(shape, offset - 1)?;
        Ok(self.sink.word(shape, word, text)?)
    }

    /// A value of which nothing is asked.
    fn any(&mut self, shape: S::Shape) -> Passed<S::Value> {
        let plan = self.trial.plan;
        match self.kind()? {
            Kind::Text => self.any_string(shape),
            Kind::Number => self.any_number(shape),
            Kind::Object => self.object(&plan.any_object, shape),
            Kind::Array => self.array(&plan.any_array, shape),
            Kind::Bool => self.any_bool(shape),
            Kind::Null => self.any_null(shape),
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
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn settled(&mut self, shape: S::Shape, start: usize) -> Passed<S::Shape> {
        if S::BUILDS && self.sink.is_union(shape) {
            return Ok(self.sink.settle(shape, None, &self.tokens.text[start..])?);
        }
        Ok(shape)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn text(&mut self, shape: S::Shape, text: Text<'_>) -> Passed<S::Value> {
        let shape = self.settled(shape, text.offset - 1)?;
        Ok(self.sink.text(shape, text)?)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn number(&mut self, shape: S::Shape, number: Number, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(match number {
            Number::Integer(integer) => self.sink.integer(shape, integer)?,
            Number::Double(double) => self.sink.double(shape, double)?,
        })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn boolean(&mut self, shape: S::Shape, flag: bool, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(self.sink.boolean(shape, flag)?)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
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
