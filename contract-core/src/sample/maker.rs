//! One value of a schema.

use serde_json::{Value, json};

use super::Random;
use super::facts::{Choice, Facts};
use crate::compat::{Node, Side};

/// Values within one sample.
const MOST_VALUES: usize = 400;
/// Values inside each other, beyond which only what is needed is made.
const READABLE_DEPTH: usize = 5;
/// Values inside each other at most.
const MOST_DEPTH: usize = 48;

/// What a value has beyond what it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// All that is declared.
    Whole,
    /// What chance prefers.
    Some,
}

pub(super) struct Maker<'a, 'r> {
    pub(super) side: &'a Side<'a>,
    pub(super) random: &'r mut Random,
    pub(super) fill: Fill,
    /// Values that may still be made.
    left: usize,
}

impl<'a, 'r> Maker<'a, 'r> {
    pub(super) fn new(side: &'a Side<'a>, random: &'r mut Random) -> Self {
        Self { side, random, fill: Fill::Some, left: MOST_VALUES }
    }

    /// A value with all that is declared, as deep as one likes to read.
    pub(super) fn whole(&mut self, schema: &Node<'a>) -> Option<Value> {
        self.fill = Fill::Whole;
        self.value(vec![schema.clone()], 0)
    }

    /// A value with what chance prefers.
    pub(super) fn some(&mut self, schema: &Node<'a>) -> Option<Value> {
        self.fill = Fill::Some;
        self.value(vec![schema.clone()], 0)
    }

    /// A value for which all these schemas hold, if chance is kind.
    pub(super) fn value(&mut self, schemas: Vec<Node<'a>>, depth: usize) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        if depth > MOST_DEPTH {
            return None;
        }
        let choice = if self.is_deep(depth) { Choice::Least } else { Choice::Any };
        let facts = Facts::of(self.side, schemas, self.random, choice)?;
        if let Some(values) = facts.listed() {
            return (!values.is_empty()).then(|| (*self.random.pick(&values)).clone());
        }
        match self.kind(&facts, depth)? {
            "object" => self.object(&facts, depth),
            "array" => self.array(&facts, depth),
            "string" => self.string(&facts).map(Value::String),
            "integer" => self.number(&facts, true),
            "number" => self.number(&facts, false),
            "boolean" => Some(json!(self.random.once_in(2))),
            _ => Some(Value::Null),
        }
    }

    /// Whether only what is needed is made from here on.
    pub(super) fn is_deep(&self, depth: usize) -> bool {
        depth >= READABLE_DEPTH || self.left < MOST_VALUES / 4
    }

    /// The type of the value; `null` is rarer than the others, and what ends a recursion comes first when it is deep.
    fn kind(&mut self, facts: &Facts<'a>, depth: usize) -> Option<&'static str> {
        let mut types = facts.types();
        if self.is_deep(depth) && types.iter().any(|kind| !matches!(*kind, "object" | "array")) {
            types.retain(|kind| !matches!(*kind, "object" | "array"));
        }
        if types.len() > 1 && (self.fill == Fill::Whole || !self.random.once_in(4)) {
            types.retain(|kind| *kind != "null");
        }
        // An integer is a number, too; without a reason for a fraction it is the plainer one.
        if types.contains(&"integer") && types.contains(&"number") {
            types.retain(|kind| *kind != "integer");
        }
        match (types.is_empty(), self.fill) {
            (true, _) => None,
            (_, Fill::Whole) => types.first().copied(),
            (_, Fill::Some) => Some(*self.random.pick(&types)),
        }
    }
}
