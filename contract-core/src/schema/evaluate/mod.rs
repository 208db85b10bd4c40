//! JSON Schema over a tree of a value: what the one pass leaves over, and every reason for a no.
//!
//! ```text
//! schema ─compile→ Program ─run→ verdict, or the findings: place, keyword, what it asks for
//! ```
//!
//! A contract may carry every keyword of JSON Schema 2020-12 but those that name or fetch schemas, so a
//! reference is a place of the same document. Verdicts on shared schemas are remembered per value: neither
//! alternatives that lead to each other nor `unevaluated…`, which asks again, take exponential time.

mod assertion;
mod compile;
mod equal;
mod finding;
mod list;
mod multiple;
mod order;
mod run;
mod types;
mod unevaluated;

use std::collections::BTreeMap;

use serde_json::Value;

use super::pattern::Matcher;
use crate::Pointer;
use assertion::Assertion;

pub(crate) use equal::{are_unique, equal};
pub(crate) use finding::{Bound, Finding, Kind, Sized};
pub(crate) use multiple::Divisor;
pub(crate) use run::Run;
pub(crate) use types::{Types, type_of};

/// The number of a schema in its program.
pub(crate) type Id = u32;

/// The first schema that a program was made of.
const FIRST: Id = 0;

/// Schemas and all that they lead to, compiled.
#[derive(Debug)]
pub(crate) struct Program {
    nodes: Vec<Node>,
    places: BTreeMap<Pointer, Id>,
}

/// One schema.
#[derive(Debug)]
struct Node {
    at: Pointer,
    rules: Box<[Rule]>,
    /// Whether a verdict on an array or object is kept: it may be asked for again.
    remembered: bool,
}

#[derive(Debug)]
enum Rule {
    /// The schema `false`.
    Never,
    Asserts(Assertion),
    Applies(Applicator),
}

/// Keywords that apply schemas.
#[derive(Debug)]
enum Applicator {
    /// `$ref` and `allOf`.
    All(Box<[Id]>),
    AnyOf(Box<[Id]>),
    OneOf(Box<[Id]>),
    Not(Id),
    If {
        test: Id,
        then: Option<Id>,
        otherwise: Option<Id>,
    },
    DependentSchemas(Box<[(String, Id)]>),
    Members(Members),
    PropertyNames(Id),
    Items {
        prefix: Box<[Id]>,
        rest: Option<Id>,
    },
    Contains {
        schema: Id,
        min: usize,
        max: usize,
    },
    UnevaluatedProperties(Id),
    UnevaluatedItems(Id),
}

/// `properties`, `patternProperties` and `additionalProperties`.
#[derive(Debug, Default)]
struct Members {
    properties: BTreeMap<String, Id>,
    patterns: Box<[(Matcher, Id)]>,
    additional: Option<Id>,
}

impl Program {
    /// Compiles the schemas at some places of a document in which `find` finds schemas. The first one is what
    /// [`Self::fits`] and [`Self::findings`] ask for.
    pub(crate) fn new<'v>(roots: &[Pointer], find: impl Fn(&Pointer) -> Option<&'v Value>) -> Self {
        compile::compile(roots, find)
    }

    /// Compiles a schema that refers to nothing but itself.
    pub(crate) fn alone(schema: &Value) -> Self {
        Self::new(&[Pointer::root()], |at| schema.pointer(at.as_str()))
    }

    /// Whether the value fits.
    pub(crate) fn fits(&self, value: &Value) -> bool {
        Run::new(self).fits(FIRST, value)
    }

    /// Whether a value that keeps to all else in a schema keeps to `unevaluatedProperties` and `unevaluatedItems`.
    pub(crate) fn fits_unevaluated(&self, id: Id, value: &Value) -> bool {
        Run::new(self).unevaluated(id, value)
    }

    /// Every keyword that the value breaks, without choosing among alternatives.
    pub(crate) fn findings<'a>(&'a self, value: &'a Value) -> Vec<Finding<'a>> {
        Run::new(self).list(FIRST, value)
    }

    /// The schema at a place, where this one leads there.
    pub(crate) fn at(&self, place: &Pointer) -> Option<Id> {
        self.places.get(place).copied()
    }

    /// The place of a schema.
    pub(crate) fn place(&self, id: Id) -> &Pointer {
        &self.node(id).at
    }

    /// The schemas that `properties` and `patternProperties` of a schema have for a member.
    pub(crate) fn of_member(&self, id: Id, key: &str) -> impl Iterator<Item = Id> {
        let members = self.node(id).rules.iter().find_map(|rule| match rule {
            Rule::Applies(Applicator::Members(members)) => Some(members),
            _ => None,
        });
        members.into_iter().flat_map(|members| members.named(key))
    }

    fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }
}

impl Rule {
    fn is_unevaluated(&self) -> bool {
        matches!(self, Self::Applies(Applicator::UnevaluatedProperties(_) | Applicator::UnevaluatedItems(_)))
    }
}

impl Node {
    fn is_never(&self) -> bool {
        matches!(*self.rules, [Rule::Never])
    }

    /// The schemas that apply to the same value as this one.
    fn beside(&self) -> impl Iterator<Item = Id> {
        self.rules.iter().flat_map(|rule| match rule {
            Rule::Applies(Applicator::All(all) | Applicator::AnyOf(all) | Applicator::OneOf(all)) => all.to_vec(),
            Rule::Applies(Applicator::Not(one)) => vec![*one],
            Rule::Applies(Applicator::If { test, then, otherwise }) => {
                [Some(*test), *then, *otherwise].into_iter().flatten().collect()
            }
            Rule::Applies(Applicator::DependentSchemas(all)) => all.iter().map(|(_, schema)| *schema).collect(),
            _ => Vec::new(),
        })
    }
}

impl Members {
    /// The schemas for a member.
    fn of(&self, key: &str) -> impl Iterator<Item = Id> {
        let mut named = self.named(key).peekable();
        let additional = self.additional.filter(|_| named.peek().is_none());
        named.chain(additional)
    }

    /// Those that `properties` and `patternProperties` have.
    fn named(&self, key: &str) -> impl Iterator<Item = Id> {
        let matching = self.patterns.iter().filter(|(matcher, _)| matcher.matches(key.as_bytes()));
        self.properties.get(key).into_iter().chain(matching.map(|(_, schema)| schema)).copied()
    }

    fn covers(&self, key: &str) -> bool {
        self.named(key).next().is_some()
    }
}
