//! Objects of a host language to canonical JSON, checked in the same walk.
//!
//! What a node asks of one value, and of the members of an object, is checked on the object. What else
//! must hold of a whole value is checked on the text that was just written of it.

mod decimal;
mod members;
mod output;

use super::node::{ArrayRules, Id, Kind as NodeKind, Node, Test, TextRules};
use super::pass::{DEEPEST, Stop, Trial, Verdicts};
use super::sink::Text;
use super::source::{Kind, Member, Number, Source};
use super::{Plan, number};
use crate::schema::Engine;
use crate::{ErrorCode, Limits, Pointer, Problem};
pub(super) use output::Guess;
use output::Output;

/// Why a walk ends early.
pub(crate) enum Unwritten {
    /// The value does not fit; what was written without checks says why.
    No,
    /// The value has no JSON form, or breaks a limit, at this place.
    Problem(Box<Problem>),
}

impl From<Box<Problem>> for Unwritten {
    fn from(problem: Box<Problem>) -> Self {
        Self::Problem(problem)
    }
}

impl From<Stop> for Unwritten {
    fn from(_: Stop) -> Self {
        Self::No
    }
}

type Written = Result<(), Unwritten>;

/// Walks over one value.
pub(crate) struct Walk<'p, 's, 't, S: Source<'t>> {
    plan: &'p Plan,
    engine: &'p Engine,
    source: &'s mut S,
    limits: &'p Limits,
    values: usize,
    depth: usize,
    out: Output,
    members: Vec<Member<'t, S::Value>>,
    items: Vec<S::Value>,
    /// Property and member, for the objects that are open.
    places: Vec<(usize, usize)>,
}

/// Members for which there is room at the beginning.
const OPEN: usize = 32;

/// Checks a host value and writes it in canonical form.
pub(crate) fn write<'t, S: Source<'t>>(
    plan: &Plan,
    engine: &Engine,
    source: &mut S,
    value: S::Value,
    limits: &Limits,
) -> Result<Vec<u8>, Unwritten> {
    let mut text = Vec::new();
    let length = write_over(plan, engine, source, value, limits, &mut text)?;
    text.truncate(length);
    if text.capacity() / 2 > length.max(output::FIRST) {
        text.shrink_to_fit();
    }
    Ok(text)
}

/// The same over what a buffer holds; gives the length of the text. The buffer is empty where nothing was written.
pub(crate) fn write_over<'t, S: Source<'t>>(
    plan: &Plan,
    engine: &Engine,
    source: &mut S,
    value: S::Value,
    limits: &Limits,
    buffer: &mut Vec<u8>,
) -> Result<usize, Unwritten> {
    let (values, depth) = (limits.json_values, limits.json_depth.min(DEEPEST));
    let out = Output::over(std::mem::take(buffer), &plan.written);
    let (members, items, places) = (Vec::with_capacity(OPEN), Vec::new(), Vec::with_capacity(OPEN));
    let mut walk = Walk { plan, engine, source, limits, values, depth, out, members, items, places };
    walk.node(plan.root, value)?;
    if walk.out.len() > limits.json_bytes {
        let message = format!("found {} bytes; at most {} are read", walk.out.len(), limits.json_bytes);
        return Err(refuse(ErrorCode::JsonTooLarge, message));
    }
    let (text, length) = walk.out.into_buffer(&plan.written);
    *buffer = text;
    Ok(length)
}

impl<'t, S: Source<'t>> Walk<'_, '_, 't, S> {
    fn node(&mut self, node: Id, value: S::Value) -> Written {
        let kind = self.source.kind(value)?;
        self.value(node, value, kind)
    }

    fn value(&mut self, node: Id, value: S::Value, kind: Kind) -> Written {
        match (&self.plan.nodes[node as usize], kind) {
            (Node::Any, _) => self.any(value, kind),
            (Node::Text(rules), Kind::Text) => {
                self.count()?;
                let text = self.source.text(value)?;
                self.text(rules, text)
            }
            (Node::Number(rules), Kind::Number) => {
                self.count()?;
                let number = self.number(value)?;
                if !rules.fits(number) {
                    return Err(Unwritten::No);
                }
                self.write_number(number);
                Ok(())
            }
            (Node::Bool { falsy, truthy }, Kind::Boolean(flag)) if if flag { *truthy } else { *falsy } => {
                self.scalar(value, kind)
            }
            (Node::Null, Kind::Null) => self.scalar(value, kind),
            (Node::Array(rules), Kind::Array) => self.array(rules, value),
            (Node::Object(rules), Kind::Object) => self.object(rules, value),
            (Node::Tagged(tagged), Kind::Object) => self.tagged(tagged, value),
            (Node::Kinds(kinds), kind) => self.value(kinds.of(node_kind(kind)), value, kind),
            (Node::Also { main, more }, _) => {
                let start = self.out.len();
                self.value(*main, value, kind)?;
                self.tests(more, start)
            }
            _ => Err(Unwritten::No),
        }
    }

    #[inline]
    fn text(&mut self, rules: &TextRules, text: &str) -> Written {
        let plain = Text { raw: text.as_bytes(), escaped: false, offset: 0 };
        let Some(words) = &rules.words else {
            if !rules.fits(&plain) {
                return Err(Unwritten::No);
            }
            self.out.string(plain.raw);
            return Ok(());
        };
        let word = words.iter().find(|(literal, _)| literal.says(plain.raw));
        let (literal, _) = word.ok_or(Unwritten::No)?;
        if !rules.only_words && !rules.fits(&plain) {
            return Err(Unwritten::No);
        }
        self.out.literal(literal);
        Ok(())
    }

    fn any(&mut self, value: S::Value, kind: Kind) -> Written {
        let plan = self.plan;
        match kind {
            Kind::Array => self.array(&plan.any_array, value),
            Kind::Object => self.object(&plan.any_object, value),
            _ => self.scalar(value, kind),
        }
    }

    fn scalar(&mut self, value: S::Value, kind: Kind) -> Written {
        self.count()?;
        match kind {
            Kind::Null => self.out.bytes(b"null"),
            Kind::Boolean(flag) => self.out.bytes(if flag { b"true" } else { b"false" }),
            Kind::Number => {
                let number = self.number(value)?;
                self.write_number(number);
            }
            Kind::Text => {
                let text = self.source.text(value)?;
                self.out.string(text.as_bytes());
            }
            Kind::Array | Kind::Object => {}
        }
        Ok(())
    }

    #[inline]
    fn count(&mut self) -> Written {
        self.values = self.values.checked_sub(1).ok_or_else(|| {
            let message = format!("found more than {} values in one text", self.limits.json_values);
            refuse(ErrorCode::JsonTooManyValues, message)
        })?;
        Ok(())
    }

    fn number(&mut self, value: S::Value) -> Result<number::Number, Unwritten> {
        Ok(match self.source.number(value)? {
            Number::Integer(integer) => number::Number::Integer(integer),
            Number::Double(double) => number::whole(double).map_err(|_| {
                let message = "found an integer beyond ±(2^53-1), which not every reader keeps exactly";
                refuse(ErrorCode::JsonNumber, message.to_owned())
            })?,
        })
    }

    fn write_number(&mut self, number: number::Number) {
        match number {
            number::Number::Integer(integer) => self.out.integer(integer),
            number::Number::Double(double) => self.out.double(double),
        }
    }

    fn descend(&mut self) -> Written {
        self.count()?;
        self.depth = self.depth.checked_sub(1).ok_or_else(|| {
            let message =
                format!("found arrays and objects nested more than {} deep", self.limits.json_depth.min(DEEPEST));
            refuse(ErrorCode::JsonDepth, message)
        })?;
        Ok(())
    }

    fn array(&mut self, rules: &ArrayRules, value: S::Value) -> Written {
        self.descend()?;
        let mark = self.items.len();
        self.source.items(value, &mut self.items)?;
        let length = self.items.len() - mark;
        self.out.byte(b'[');
        for index in 0..length {
            if index > 0 {
                self.out.byte(b',');
            }
            let node = rules.prefix.get(index).copied().unwrap_or(rules.items);
            self.node(node, self.items[mark + index]).map_err(|stop| under(stop, || Pointer::root().index(index)))?;
        }
        self.out.byte(b']');
        self.items.truncate(mark);
        self.depth += 1;
        if (rules.min..=rules.max).contains(&length) { Ok(()) } else { Err(Unwritten::No) }
    }

    fn tests(&self, tests: &[Test], start: usize) -> Written {
        let written = self.out.since(start);
        let verdicts = Verdicts::default();
        if Trial::new(self.plan, self.engine, &verdicts).passes(tests, written) { Ok(()) } else { Err(Unwritten::No) }
    }
}

fn node_kind(kind: Kind) -> NodeKind {
    match kind {
        Kind::Null => NodeKind::Null,
        Kind::Boolean(_) => NodeKind::Bool,
        Kind::Number => NodeKind::Number,
        Kind::Text => NodeKind::Text,
        Kind::Array => NodeKind::Array,
        Kind::Object => NodeKind::Object,
    }
}

#[cold]
fn refuse(code: ErrorCode, message: String) -> Unwritten {
    Unwritten::Problem(Box::new(Problem::new(code, Pointer::root(), message)))
}

#[cold]
fn under(stop: Unwritten, step: impl FnOnce() -> Pointer) -> Unwritten {
    match stop {
        Unwritten::No => Unwritten::No,
        Unwritten::Problem(problem) => Unwritten::Problem(Box::new(problem.under(&step()))),
    }
}
