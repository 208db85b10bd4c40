//! `unevaluatedProperties` and `unevaluatedItems`, where it is known beforehand what other keywords look at.
//!
//! It is as long as only `$ref` and `allOf` bring other keywords in: they hold of every value that fits. What
//! alternatives and conditions look at depends on the value; there a walk over the value decides.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Compiler, Members};
use crate::Pointer;
use crate::contract::reference;
use crate::plan::node::{ANY, ArrayRules, Id, Kind, Kinds, Node, ObjectRules};
use crate::schema::{Engine, Matcher};

/// Names and schemas that are looked at here for one plan. A small contract could name the same ones often.
pub(super) const ROOM: usize = 1 << 14;

/// Which parts of a value a keyword asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Members,
    Items,
}

impl Part {
    pub(super) fn keyword(self) -> &'static str {
        match self {
            Self::Members => "unevaluatedProperties",
            Self::Items => "unevaluatedItems",
        }
    }
}

/// What other keywords look at in every value that fits.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) names: BTreeSet<String>,
    pub(super) patterns: BTreeSet<String>,
    pub(super) prefix: usize,
    all: bool,
}

/// How the rest of the members, or of the items, is held to its schema.
#[derive(Debug)]
pub(super) enum Rest {
    /// There is none, or nothing is asked of it.
    Free,
    /// Together with what the schema itself asks of its members or items.
    Beside(Looked),
    /// By a node of its own.
    Apart(Looked),
    /// By a walk over the value.
    Unknown,
}

impl Compiler<'_> {
    pub(super) fn rest(&mut self, part: Part, at: &Pointer, members: &Members) -> Rest {
        if !members.contains_key(part.keyword()) {
            return Rest::Free;
        }
        let mut look = Look { engine: self.engine, part, room: self.room, looked: Looked::default() };
        let known = look.members(at, members, Asking::Itself, Certain::Always);
        let looked = look.looked;
        self.room = look.room;
        let prefix = members.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        let is_beside = match part {
            Part::Members => {
                let asks = members.contains_key("properties") || members.contains_key("patternProperties");
                asks || (looked.names.is_empty() && looked.patterns.is_empty())
            }
            Part::Items => looked.prefix <= prefix,
        };
        match known {
            None => Rest::Unknown,
            Some(()) if looked.all => Rest::Free,
            Some(()) if is_beside => Rest::Beside(looked),
            Some(()) => Rest::Apart(looked),
        }
    }

    /// A node that holds the rest to its schema, and takes all else.
    pub(super) fn apart(&mut self, part: Part, at: &Pointer, looked: &Looked) -> Id {
        let rest = self.node_at(&at.key(part.keyword()));
        let (kind, node) = match part {
            Part::Items => {
                let prefix = vec![ANY; looked.prefix].into();
                (Kind::Array, Node::Array(ArrayRules { prefix, items: rest, min: 0, max: usize::MAX }))
            }
            Part::Members => {
                let patterns = looked.patterns.iter().map(|pattern| (Matcher::of_written(pattern), ANY)).collect();
                let mut others = ObjectRules::new(Vec::new());
                (others.patterns, others.additional) = (patterns, rest);
                let properties = looked.names.iter().map(|name| self.property(name, Some(ANY), &others));
                let mut rules = ObjectRules::new(properties.collect());
                (rules.patterns, rules.additional) = (others.patterns, rest);
                (Kind::Object, Node::Object(Box::new(rules)))
            }
        };
        let mut kinds = Kinds([ANY; 6]);
        kinds.0[kind as usize] = self.push(node);
        self.push(Node::Kinds(Box::new(kinds)))
    }
}

/// Whose keywords are looked at: the schema's that asks, or those of one that applies to the same value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    Itself,
    Another,
}

/// Whether a schema holds of every value that fits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certain {
    Always,
    Sometimes,
}

struct Look<'e> {
    engine: &'e Engine,
    part: Part,
    room: usize,
    looked: Looked,
}

impl Look<'_> {
    /// Looks at what a schema looks at. Nothing where that is not known, or too much.
    fn schema(&mut self, at: &Pointer, certain: Certain) -> Option<()> {
        let engine = self.engine;
        match engine.schema(at) {
            Some(Value::Object(members)) => self.members(at, members, Asking::Another, certain),
            _ => Some(()),
        }
    }

    fn members(&mut self, at: &Pointer, members: &Members, asking: Asking, certain: Certain) -> Option<()> {
        self.room = self.room.checked_sub(1)?;
        for (keyword, value) in members {
            let below = at.key(keyword);
            match (keyword.as_str(), value) {
                ("$ref", Value::String(text)) => self.schema(&reference::target_of(text)?, certain)?,
                ("allOf", Value::Array(all)) => self.list(&below, all.len(), certain)?,
                ("anyOf" | "oneOf", Value::Array(all)) => self.list(&below, all.len(), Certain::Sometimes)?,
                ("if" | "then" | "else", _) => self.schema(&below, Certain::Sometimes)?,
                ("dependentSchemas", Value::Object(schemas)) => {
                    schemas.keys().try_for_each(|key| self.schema(&below.key(key), Certain::Sometimes))?;
                }
                _ if asking == Asking::Itself && keyword == self.part.keyword() => {}
                _ => self.keyword(keyword, value, certain)?,
            }
        }
        Some(())
    }

    fn list(&mut self, at: &Pointer, length: usize, certain: Certain) -> Option<()> {
        (0..length).try_for_each(|index| self.schema(&at.index(index), certain))
    }

    /// What a keyword looks at by itself.
    fn keyword(&mut self, keyword: &str, value: &Value, certain: Certain) -> Option<()> {
        let names = || value.as_object().into_iter().flat_map(Map::keys).cloned();
        let looked = &mut self.looked;
        match (self.part, keyword) {
            (Part::Members, "properties") => looked.names.extend(names()),
            (Part::Members, "patternProperties") => looked.patterns.extend(names()),
            (Part::Members, "additionalProperties" | "unevaluatedProperties") => looked.all = true,
            (Part::Items, "prefixItems") => looked.prefix = looked.prefix.max(value.as_array().map_or(0, Vec::len)),
            (Part::Items, "items" | "unevaluatedItems") => looked.all = true,
            // Which items these are depends on the value.
            (Part::Items, "contains") => return None,
            _ => return Some(()),
        }
        self.room = self.room.checked_sub(value.as_object().map_or(1, Map::len))?;
        (certain == Certain::Always).then_some(())
    }
}
