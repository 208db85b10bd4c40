//! One schema object as draft 2020-12 would write it.
//!
//! The schemas inside stay where they are: the result says which keyword they go to, and where they come from.
//! So the same view serves to find what a schema leads to, and to write it.

mod arrays;
mod bounds;
mod dependencies;
mod patterns;
mod words;

use std::collections::BTreeMap;

use peer_contract_core::Pointer;
use serde_json::{Map, Value};

use super::Formats;
use super::draft::Draft;
use super::keyword::{self, Form};
use super::notes::Rule;

/// A schema object in the words of draft 2020-12.
#[derive(Debug, Default)]
pub(super) struct Upgraded {
    /// Keywords by name.
    pub(super) members: BTreeMap<String, Slot>,
    /// References, in the order in which they stand; all of them hold.
    pub(super) references: Vec<Reference>,
    /// What holds as well and has no room among the members.
    pub(super) beside: Vec<Upgraded>,
    /// What to know about it.
    pub(super) remarks: Vec<Remark>,
}

/// What a keyword gets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Slot {
    /// This value.
    Data(Value),
    /// The schema at a place below.
    Schema(Pointer),
    /// Several of these.
    List(Vec<Pointer>),
    /// Several by name.
    Map(Vec<(String, Pointer)>),
}

/// A keyword that leads to another schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leading {
    Reference,
    Recursive,
    Dynamic,
}

impl Leading {
    pub(super) fn keyword(self) -> &'static str {
        match self {
            Self::Reference => "$ref",
            Self::Recursive => "$recursiveRef",
            Self::Dynamic => "$dynamicRef",
        }
    }

    fn of(keyword: &str) -> Self {
        match keyword {
            "$recursiveRef" => Self::Recursive,
            "$dynamicRef" => Self::Dynamic,
            _ => Self::Reference,
        }
    }
}

/// Where a schema leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) by: Leading,
    pub(super) to: String,
}

/// Something to note about one keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) keyword: String,
    pub(super) rule: Rule,
    pub(super) message: String,
    pub(super) help: String,
}

impl Upgraded {
    /// Every place below that holds a schema of this one.
    pub(super) fn places(&self) -> Vec<&Pointer> {
        let own = self.members.values().flat_map(|slot| match slot {
            Slot::Data(_) => Vec::new(),
            Slot::Schema(at) => vec![at],
            Slot::List(all) => all.iter().collect(),
            Slot::Map(all) => all.iter().map(|(_, at)| at).collect(),
        });
        own.chain(self.beside.iter().flat_map(Self::places)).collect()
    }

    /// Whether it says nothing about a value.
    pub(super) fn takes_all(&self) -> bool {
        self.references.is_empty() && self.beside.is_empty() && self.members.keys().all(|keyword| is_note(keyword))
    }

    /// The only reference, where nothing stands beside it.
    pub(super) fn only_reference(&self) -> Option<&Reference> {
        match self.references.as_slice() {
            [only] if self.members.is_empty() && self.beside.is_empty() => Some(only),
            _ => None,
        }
    }
}

/// Whether a keyword says nothing about a value.
fn is_note(keyword: &str) -> bool {
    keyword.starts_with("x-") || keyword::form(Draft::Draft2020, keyword) == Some(Form::Annotation)
}

/// Reads a schema object as its draft means it.
pub(super) fn upgrade(schema: &Map<String, Value>, draft: Draft, formats: Formats) -> Upgraded {
    let mut upgrader = Upgrader { schema, draft, formats, to: Upgraded::default() };
    let alone = draft.reference_stands_alone() && schema.get("$ref").is_some_and(Value::is_string);
    for (keyword, value) in schema {
        match keyword::form(draft, keyword) {
            Some(Form::Identity | Form::Definitions) => {}
            Some(Form::Reference) => upgrader.reference(keyword, value),
            Some(Form::Annotation) => upgrader.annotation(keyword, value),
            None => upgrader.unknown(keyword, value),
            Some(_) if alone => upgrader.ignored(keyword),
            Some(form) => upgrader.keyword(keyword, value, form),
        }
    }
    upgrader.to
}

struct Upgrader<'s> {
    schema: &'s Map<String, Value>,
    draft: Draft,
    formats: Formats,
    to: Upgraded,
}

impl Upgrader<'_> {
    fn keyword(&mut self, keyword: &str, value: &Value, form: Form) {
        match keyword {
            "items" | "prefixItems" | "additionalItems" => self.array(keyword, value),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => self.bound(keyword, value),
            "dependencies" => self.dependencies(value),
            "enum" => self.listed(value),
            "format" => self.format(value),
            "pattern" => self.pattern(value),
            "patternProperties" => self.by_pattern(value),
            "type" | "nullable" => self.types(),
            "then" | "else" if !self.schema.contains_key("if") => {
                self.remark(Rule::WithoutEffect, keyword, "without an `if`, it constrains nothing");
            }
            "minContains" | "maxContains" if !self.schema.contains_key("contains") => {
                self.remark(Rule::WithoutEffect, keyword, "without `contains`, it constrains nothing");
            }
            _ => self.same(keyword, value, form),
        }
    }

    /// A keyword that means the same today.
    fn same(&mut self, keyword: &str, value: &Value, form: Form) {
        let at = Pointer::root().key(keyword);
        let slot = match (form, value) {
            (Form::Schema, _) => Slot::Schema(at),
            (Form::List, Value::Array(items)) => Slot::List((0..items.len()).map(|index| at.index(index)).collect()),
            (Form::Map, Value::Object(members)) => {
                Slot::Map(members.keys().map(|key| (key.clone(), at.key(key))).collect())
            }
            _ => Slot::Data(value.clone()),
        };
        self.put(keyword, slot);
    }

    fn put(&mut self, keyword: &str, slot: Slot) {
        self.to.members.insert(keyword.to_owned(), slot);
    }

    fn reference(&mut self, keyword: &str, value: &Value) {
        match value {
            Value::String(to) => {
                self.to.references.push(Reference { by: Leading::of(keyword), to: to.clone() });
            }
            // The rules of contracts say what is wrong with it.
            _ => self.put("$ref", Slot::Data(value.clone())),
        }
    }

    fn ignored(&mut self, keyword: &str) {
        let message = format!("beside a `$ref`, `{keyword}` constrains nothing in {}; left out", self.draft.said());
        self.remark(Rule::IgnoredBesideRef, keyword, message);
        self.help("put the `$ref` into an `allOf` where both are meant");
    }

    fn remark(&mut self, rule: Rule, keyword: &str, message: impl Into<String>) {
        let (keyword, message, help) = (keyword.to_owned(), message.into(), String::new());
        self.to.remarks.push(Remark { keyword, rule, message, help });
    }

    /// Adds to the last remark what can be done about it.
    fn help(&mut self, help: impl Into<String>) {
        if let Some(remark) = self.to.remarks.last_mut() {
            remark.help = help.into();
        }
    }
}
