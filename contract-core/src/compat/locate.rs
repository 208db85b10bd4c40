//! Which keyword of a schema refuses a value, and what the schema of the other side says at that place.

use serde_json::Value;

use super::node::Node;
use super::witness::End;
use crate::{ErrorCode, Pointer, Problem};

/// Schemas that are looked at for one place in a value.
const MOST_NODES: usize = 128;

/// References and combinators that are opened one inside the other.
const MOST_STEPS: usize = 64;

/// The place of a keyword, or of a whole schema where no keyword can be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) schema: Pointer,
    pub(super) keyword: Option<&'static str>,
}

impl Place {
    pub(super) fn pointer(&self) -> Pointer {
        self.keyword.map_or_else(|| self.schema.clone(), |keyword| self.schema.key(keyword))
    }
}

/// Where the schema refuses the value with this problem; the schema itself when that cannot be told closer.
pub(super) fn refusing(end: &End<'_>, value: &Value, problem: &Problem) -> Place {
    // A problem within an alternative may be told of the union as a whole.
    let words = [keywords_of(problem.code), &["oneOf", "anyOf"]];
    let found = words.iter().find_map(|keywords| around(&problem.at).find_map(|at| at_part(end, value, &at, keywords)));
    found.unwrap_or_else(|| Place { schema: end.at.clone(), keyword: None })
}

/// The schema of a part of the value that refuses it with one of the keywords.
fn at_part(end: &End<'_>, value: &Value, at: &Pointer, keywords: &[&'static str]) -> Option<Place> {
    let part = value.pointer(at.as_str())?;
    let nodes = nodes_at(end, value, at);
    if let Some(node) = nodes.iter().find(|node| node.value == &Value::Bool(false)) {
        return Some(Place { schema: node.at.clone(), keyword: None });
    }
    let refuses = |node: &&Node<'_>| !End { side: end.side, at: node.at.clone() }.accepts(part);
    nodes.iter().filter(refuses).find_map(|node| {
        let stated = keywords.iter().copied().filter(|keyword| node.get(keyword).is_some());
        let keyword = broken(node, part, stated)?;
        Some(Place { schema: node.at.clone(), keyword: Some(keyword) })
    })
}

/// What the schema, which accepts the value, says about the part at `at`: where the keyword stands, else the
/// schema that says most.
pub(super) fn accepting(end: &End<'_>, value: &Value, at: &Pointer, keyword: Option<&'static str>) -> Option<Place> {
    let nodes = around(at).find(|at| value.pointer(at.as_str()).is_some()).map(|at| nodes_at(end, value, &at))?;
    let stating = keyword.and_then(|keyword| nodes.iter().find(|node| node.get(keyword).is_some()));
    if let Some(node) = stating {
        return Some(Place { schema: node.at.clone(), keyword });
    }
    let says_more =
        |node: &&Node<'_>| node.value.as_object().is_some_and(|words| words.keys().any(|word| word != "$ref"));
    let node = nodes.iter().find(says_more).or(nodes.first())?;
    Some(Place { schema: node.at.clone(), keyword: None })
}

/// A place and the one around it: problems with members are told at the member.
fn around(at: &Pointer) -> impl Iterator<Item = Pointer> {
    [Some(at.clone()), at.parent().map(|(parent, _)| parent)].into_iter().flatten()
}

/// The keywords that a code can come from.
fn keywords_of(code: ErrorCode) -> &'static [&'static str] {
    match code {
        ErrorCode::TypeMismatch => &["type"],
        ErrorCode::RequiredMissing => &["required"],
        ErrorCode::PropertyUnknown => &["additionalProperties", "unevaluatedProperties"],
        ErrorCode::PropertyNameInvalid => &["propertyNames"],
        ErrorCode::PropertyCount => &["minProperties", "maxProperties"],
        ErrorCode::DependentMissing => &["dependentRequired"],
        ErrorCode::ConstMismatch => &["const"],
        ErrorCode::EnumMismatch => &["enum"],
        ErrorCode::PatternMismatch => &["pattern"],
        ErrorCode::FormatMismatch => &["format"],
        ErrorCode::LengthMismatch => &["minLength", "maxLength"],
        ErrorCode::RangeMismatch => &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        ErrorCode::MultipleMismatch => &["multipleOf"],
        ErrorCode::ItemCount => &["minItems", "maxItems"],
        ErrorCode::ItemDuplicate => &["uniqueItems"],
        ErrorCode::ItemUnexpected => &["items", "unevaluatedItems"],
        ErrorCode::ContainsMismatch => &["contains", "minContains", "maxContains"],
        ErrorCode::UnionNone => &["oneOf", "anyOf"],
        ErrorCode::UnionSeveral => &["oneOf"],
        _ => &["not"],
    }
}

/// The keyword that the part breaks; where several are stated, the one whose limit it is beyond.
fn broken(node: &Node<'_>, part: &Value, stated: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let stated: Vec<_> = stated.collect();
    let beyond = |keyword: &&'static str| node.number(keyword).is_some_and(|limit| is_beyond(keyword, limit, part));
    stated.iter().copied().find(beyond).or(stated.first().copied())
}

fn is_beyond(keyword: &str, limit: f64, part: &Value) -> bool {
    let size = match part {
        Value::String(text) => Some(text.chars().count() as f64),
        Value::Array(items) => Some(items.len() as f64),
        Value::Object(members) => Some(members.len() as f64),
        number => number.as_f64(),
    };
    size.is_some_and(|size| match keyword {
        "minimum" | "minLength" | "minItems" | "minProperties" => size < limit,
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => size > limit,
        "exclusiveMinimum" => size <= limit,
        "exclusiveMaximum" => size >= limit,
        _ => false,
    })
}

/// The schemas that apply to the part of the value at `at`, outer ones first.
fn nodes_at<'a>(end: &End<'a>, value: &Value, at: &Pointer) -> Vec<Node<'a>> {
    let tokens: Vec<String> = at.tokens().collect();
    let mut found = Vec::new();
    if let Some(root) = end.side.node(&end.at) {
        Search { end, found: &mut found }.open(root, value, &tokens, 0);
    }
    found
}

struct Search<'s, 'a> {
    end: &'s End<'a>,
    found: &'s mut Vec<Node<'a>>,
}

impl<'a> Search<'_, 'a> {
    /// A schema of the value: it says something about the place itself, or leads there.
    fn open(&mut self, node: Node<'a>, value: &Value, rest: &[String], step: usize) {
        if step > MOST_STEPS || self.found.len() >= MOST_NODES {
            return;
        }
        match rest.split_first() {
            None => self.found.push(node.clone()),
            Some((token, rest)) => self.descend(&node, value, token, rest, step),
        }
        let side = self.end.side;
        let target = node.get("$ref").and_then(|target| side.follow(target));
        for same in target.into_iter().chain(node.list("allOf")) {
            self.open(same, value, rest, step + 1);
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = node.list(keyword);
            let fitting: Vec<_> = branches.iter().filter(|branch| self.accepts(branch, value)).cloned().collect();
            for branch in if fitting.is_empty() { branches } else { fitting } {
                self.open(branch, value, rest, step + 1);
            }
        }
        if let Some(condition) = node.schema("if") {
            let branch = if self.accepts(&condition, value) { "then" } else { "else" };
            if let Some(branch) = node.schema(branch) {
                self.open(branch, value, rest, step + 1);
            }
        }
    }

    fn accepts(&self, node: &Node<'_>, value: &Value) -> bool {
        End { side: self.end.side, at: node.at.clone() }.accepts(value)
    }

    fn descend(&mut self, node: &Node<'a>, value: &Value, token: &str, rest: &[String], step: usize) {
        match value {
            Value::Object(members) => {
                let Some(member) = members.get(token) else { return };
                let named =
                    node.map("properties").into_iter().find(|(name, _)| *name == token).map(|(_, schema)| schema);
                let patterns = node.map("patternProperties").into_iter().map(|(_, schema)| schema);
                let others = node.schema("additionalProperties").filter(|_| named.is_none());
                let all: Vec<_> = named.into_iter().chain(patterns).chain(others).collect();
                all.into_iter().for_each(|schema| self.open(schema, member, rest, step + 1));
            }
            Value::Array(items) => {
                let Some((index, item)) = token.parse().ok().and_then(|index: usize| Some((index, items.get(index)?)))
                else {
                    return;
                };
                let schema = node.list("prefixItems").into_iter().nth(index).or_else(|| node.schema("items"));
                schema.into_iter().for_each(|schema| self.open(schema, item, rest, step + 1));
            }
            _ => {}
        }
    }
}
