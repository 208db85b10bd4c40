//! What a value must keep: all schemas that hold for it together, one alternative of each union chosen.

use serde_json::Value;

use super::Random;
use crate::compat::{Node, Side, admits, declared_types, listed};

/// Schemas that hold together at one value.
const MOST: usize = 256;

/// The types of JSON, the plainest first.
const TYPES: [&str; 7] = ["string", "integer", "number", "object", "array", "boolean", "null"];

/// Schemas that all hold for one value.
#[derive(Default, Clone)]
pub(super) struct Facts<'a>(Vec<Node<'a>>);

/// How alternatives are chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// By chance.
    Any,
    /// The one that needs the least, which ends recursion.
    Least,
}

impl<'a> Facts<'a> {
    /// Opens references and combinators; nothing where a schema allows no value.
    pub(super) fn of(side: &'a Side<'_>, given: Vec<Node<'a>>, random: &mut Random, choice: Choice) -> Option<Self> {
        let mut facts = Vec::new();
        let mut open = given;
        while let Some(node) = open.pop() {
            if facts.len() > MOST || node.value == &Value::Bool(false) {
                return None;
            }
            if let Some(target) = node.get("$ref") {
                open.push(side.follow(target)?);
            }
            open.extend(node.list("allOf"));
            for keyword in ["anyOf", "oneOf"] {
                open.extend(chosen(node.list(keyword), random, choice));
            }
            open.extend(branch(&node, random));
            facts.push(node);
        }
        // The schema itself comes first, what it leads to behind it.
        Some(Self(facts))
    }

    /// The facts' values of a keyword.
    pub(super) fn all(&self, keyword: &str) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter_map(move |fact| fact.get(keyword))
    }

    /// The facts' texts of a keyword.
    pub(super) fn texts(&self, keyword: &str) -> impl Iterator<Item = &'a str> {
        self.all(keyword).filter_map(Value::as_str)
    }

    /// The least of the facts' numbers of a keyword.
    pub(super) fn least(&self, keyword: &str) -> Option<f64> {
        self.numbers(keyword).reduce(f64::min)
    }

    /// The greatest of the facts' numbers of a keyword.
    pub(super) fn greatest(&self, keyword: &str) -> Option<f64> {
        self.numbers(keyword).reduce(f64::max)
    }

    fn numbers(&self, keyword: &str) -> impl Iterator<Item = f64> {
        self.all(keyword).filter_map(Value::as_f64)
    }

    /// The facts one by one.
    pub(super) fn each(&self) -> impl Iterator<Item = &Node<'a>> {
        self.0.iter()
    }

    /// The schemas that the facts' values of a keyword are.
    pub(super) fn schemas(&self, keyword: &str) -> Vec<Node<'a>> {
        self.0.iter().filter_map(|fact| fact.schema(keyword)).collect()
    }

    /// The values that are left, where the facts list some.
    pub(super) fn listed(&self) -> Option<Vec<&'a Value>> {
        let mut lists = self.0.iter().filter_map(listed);
        let first = lists.next()?;
        Some(lists.fold(first, |left, list| left.into_iter().filter(|value| list.contains(value)).collect()))
    }

    /// The types that a value may have, in the order of [`TYPES`]; where nothing is said of them, those that the
    /// keywords are about.
    pub(super) fn types(&self) -> Vec<&'static str> {
        let declared: Vec<_> = self.0.iter().map(declared_types).filter(|types| !types.is_empty()).collect();
        if declared.is_empty() {
            return self.guessed();
        }
        TYPES.into_iter().filter(|kind| declared.iter().all(|types| admits(types, kind))).collect()
    }

    fn guessed(&self) -> Vec<&'static str> {
        let speak_of = |words: &[&str]| words.iter().any(|word| self.all(word).next().is_some());
        let guesses: [(&'static str, &[&str]); 4] = [
            (
                "object",
                &[
                    "properties",
                    "required",
                    "patternProperties",
                    "additionalProperties",
                    "propertyNames",
                    "minProperties",
                    "maxProperties",
                    "dependentRequired",
                    "dependentSchemas",
                    "unevaluatedProperties",
                ],
            ),
            ("array", &["items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"]),
            ("string", &["pattern", "format", "minLength", "maxLength"]),
            ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ];
        let guessed: Vec<_> = guesses.into_iter().filter(|(_, words)| speak_of(words)).map(|(kind, _)| kind).collect();
        if guessed.is_empty() { TYPES.to_vec() } else { guessed }
    }
}

fn chosen<'a>(mut branches: Vec<Node<'a>>, random: &mut Random, choice: Choice) -> Option<Node<'a>> {
    if branches.is_empty() {
        return None;
    }
    let index = match choice {
        Choice::Any => random.below(branches.len()),
        Choice::Least => (0..branches.len()).min_by_key(|index| needs(&branches[*index]))?,
    };
    Some(branches.swap_remove(index))
}

/// How much a value of a schema needs at least, roughly.
fn needs(node: &Node<'_>) -> usize {
    let is_plain = |kind: &&str| !matches!(*kind, "object" | "array");
    let types = declared_types(node);
    if listed(node).is_some() || types.iter().any(is_plain) {
        return 0;
    }
    let least_items = node.number("minItems").unwrap_or(0.0) as usize;
    let leads_on = ["$ref", "allOf", "anyOf", "oneOf"].into_iter().filter(|word| node.get(word).is_some()).count();
    1 + least_items + node.texts("required").len() + 3 * leads_on
}

/// `if` and `then`, or `else`: whichever chance prefers.
fn branch<'a>(node: &Node<'a>, random: &mut Random) -> Vec<Node<'a>> {
    let Some(condition) = node.schema("if") else { return Vec::new() };
    match random.once_in(2) {
        true => std::iter::once(condition).chain(node.schema("then")).collect(),
        false => node.schema("else").into_iter().collect(),
    }
}
