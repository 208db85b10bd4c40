//! What changed, in a sentence. Schemas are no payload: what they say may be shown.

use serde_json::{Map, Value};

use super::difference::Version;
use crate::{ErrorCode, Problem};

/// Characters of a value that are shown.
const MOST_SHOWN: usize = 60;

/// A value of the contract, short enough for a line.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    let mut short: String = text.chars().take(MOST_SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// How a keyword or member changed from one version to the next.
pub(super) fn change(word: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    match (old, new) {
        (Some(Value::Array(old)), Some(Value::Array(new))) if old.iter().chain(new).all(|one| !one.is_object()) => {
            list(word, old, new)
        }
        (Some(Value::Array(_)), Some(Value::Array(_))) => format!("`{word}` changed"),
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let names = |members: &Map<String, Value>| members.keys().cloned().map(Value::from).collect::<Vec<_>>();
            list(word, &names(old), &names(new))
        }
        (Some(old), Some(new)) if old.is_object() || new.is_object() => format!("`{word}` changed"),
        (Some(old), Some(new)) => format!("`{word}` was {}, is {}", shown(old), shown(new)),
        (None, Some(new)) if new.is_object() || new.is_array() => format!("`{word}` is new"),
        (None, Some(new)) => format!("`{word}` {} is new", shown(new)),
        (Some(old), None) if old.is_object() || old.is_array() => format!("`{word}` is gone"),
        (Some(old), None) => format!("`{word}` {} is gone", shown(old)),
        (None, None) => format!("`{word}` changed"),
    }
}

/// Lists in contracts are sets, mostly: what came and what went.
fn list(word: &str, old: &[Value], new: &[Value]) -> String {
    let without = |all: &[Value], others: &[Value]| {
        let rest: Vec<_> = all.iter().filter(|value| !others.contains(value)).take(5).map(shown).collect();
        rest.join(", ")
    };
    let (gone, come) = (without(old, new), without(new, old));
    match (gone.is_empty(), come.is_empty()) {
        (true, true) => format!("`{word}` changed"),
        (false, true) => format!("`{word}` has {gone} no more"),
        (true, false) => format!("`{word}` has {come} now"),
        (false, false) => format!("`{word}` has {come} now, and {gone} no more"),
    }
}

/// What the keyword at a gap says in the version that reads, beside the one that gives.
pub(super) struct Sides<'a> {
    pub(super) reader: Version,
    pub(super) keyword: &'a str,
    pub(super) reads: Option<&'a Value>,
    pub(super) gives: Option<&'a Value>,
}

/// Why a value is refused, as a change between versions.
pub(super) fn refusal(sides: &Sides<'_>, problem: &Problem) -> String {
    let member = problem.at.parent().map(|(_, member)| member).unwrap_or_default();
    match (problem.code, sides.keyword, sides.reader) {
        (ErrorCode::RequiredMissing, "required", Version::New) => format!("`{member}` became required"),
        (ErrorCode::RequiredMissing, "required", Version::Old) => {
            format!("`{member}` is not required any more, and the old version needs it")
        }
        (ErrorCode::PropertyUnknown, "additionalProperties" | "unevaluatedProperties", Version::New) => {
            format!("`{member}` is not accepted any more")
        }
        (ErrorCode::PropertyUnknown, "additionalProperties" | "unevaluatedProperties", Version::Old) => {
            format!("`{member}` is new, and the old version accepts no unknown members")
        }
        _ => moved(sides).unwrap_or_else(|| problem.message.clone()),
    }
}

/// That a keyword cannot be shown to fit.
pub(super) fn open(sides: &Sides<'_>) -> String {
    let moved = moved(sides).unwrap_or_else(|| format!("`{}` stands beside something else now", sides.keyword));
    format!("{moved}: not proven to fit, and no value was found that does not")
}

fn moved(sides: &Sides<'_>) -> Option<String> {
    if sides.keyword.is_empty() || sides.reads == sides.gives {
        return None;
    }
    Some(match sides.reader {
        Version::New => change(sides.keyword, sides.gives, sides.reads),
        Version::Old => change(sides.keyword, sides.reads, sides.gives),
    })
}
