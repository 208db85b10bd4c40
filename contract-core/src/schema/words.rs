//! What a value breaks, in our codes.
//!
//! Messages name types, lengths and what the schema asks for. What the payload holds stays out.

use serde_json::Value;

use super::evaluate::{Bound, Finding, Kind, Sized, type_of};
use crate::{ErrorCode, Problem};

/// One finding in our words: a problem, or one for each property that is too many.
pub(crate) fn explained(finding: &Finding<'_>) -> Vec<Problem> {
    let Finding { at, value, kind, .. } = finding;
    match kind {
        Kind::Required(name) => {
            let message = format!("the property `{name}` is missing");
            vec![Problem::new(ErrorCode::RequiredMissing, at.key(name), message)]
        }
        Kind::DependentRequired(name) => {
            let message = format!("the property `{name}` is missing, and another one asks for it");
            vec![Problem::new(ErrorCode::DependentMissing, at.key(name), message)]
        }
        Kind::AdditionalProperties(surplus) | Kind::UnevaluatedProperties(surplus) => {
            let message = "found a property that this object cannot have";
            surplus.iter().map(|name| Problem::new(ErrorCode::PropertyUnknown, at.key(name), message)).collect()
        }
        kind => {
            let (code, message) = plain(kind, value);
            vec![Problem::new(code, at.clone(), message)]
        }
    }
}

/// Code and sentence of what concerns the value as a whole.
fn plain(kind: &Kind<'_>, found: &Value) -> (ErrorCode, String) {
    use ErrorCode as Code;
    match kind {
        Kind::Type(types) => {
            let types = types.names().collect::<Vec<_>>().join(" or ");
            (Code::TypeMismatch, format!("expected {types}, found {}", type_of(found)))
        }
        Kind::Const(constant) => {
            (Code::ConstMismatch, format!("expected {}, found {}", shown(constant), other(found, &[*constant])))
        }
        Kind::Enum(options) => {
            let options: Vec<&Value> = options.iter().collect();
            (Code::EnumMismatch, format!("expected one of {}, found {}", listed(&options), other(found, &options)))
        }
        Kind::Format(format) => {
            (Code::FormatMismatch, format!("expected a string of the format `{format}`, found {}", kind_of(found)))
        }
        Kind::Pattern(pattern) => {
            (Code::PatternMismatch, format!("expected a string that matches `{pattern}`, found {}", kind_of(found)))
        }
        Kind::Size(sized, limit) => sized_wrong(*sized, *limit, found),
        Kind::Bound(bound, limit) => {
            let from = match bound {
                Bound::Minimum => return (Code::RangeMismatch, format!("expected a number from {limit} up")),
                Bound::Maximum => "up to",
                Bound::ExclusiveMinimum => "above",
                Bound::ExclusiveMaximum => "below",
            };
            (Code::RangeMismatch, format!("expected a number {from} {limit}"))
        }
        Kind::MultipleOf(divisor) => (Code::MultipleMismatch, format!("expected a multiple of {divisor}")),
        Kind::UniqueItems => (Code::ItemDuplicate, "found the same item twice".into()),
        Kind::UnevaluatedItems => (Code::ItemUnexpected, "found items that the schema does not allow".into()),
        Kind::AnyOf | Kind::OneOf => {
            (Code::UnionNone, format!("found {}, which fits none of the alternatives", kind_of(found)))
        }
        _ => (Code::NotAllowed, format!("found {}, which is not allowed here", kind_of(found))),
    }
}

fn sized_wrong(sized: Sized, limit: u64, found: &Value) -> (ErrorCode, String) {
    let (code, bound, noun) = match sized {
        Sized::MinLength => (ErrorCode::LengthMismatch, "at least", "character"),
        Sized::MaxLength => (ErrorCode::LengthMismatch, "at most", "character"),
        Sized::MinItems => (ErrorCode::ItemCount, "at least", "item"),
        Sized::MaxItems => (ErrorCode::ItemCount, "at most", "item"),
        Sized::MinProperties => (ErrorCode::PropertyCount, "at least", "property"),
        Sized::MaxProperties => (ErrorCode::PropertyCount, "at most", "property"),
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    (code, format!("expected {bound} {}, found {}", counted(limit, noun), size(found)))
}

/// What was found instead: its type where that differs from all that is allowed, else only that it is another one.
fn other(found: &Value, allowed: &[&Value]) -> String {
    let kind = type_of(found);
    if allowed.iter().any(|value| type_of(value) == kind) { format!("another {kind}") } else { kind.to_owned() }
}

/// Type and size of a value.
pub(super) fn kind_of(value: &Value) -> String {
    match value {
        Value::String(_) => format!("a string of {}", counted(size(value), "character")),
        Value::Array(_) => format!("an array of {}", counted(size(value), "item")),
        Value::Object(_) => format!("an object of {}", counted(size(value), "property")),
        scalar => type_of(scalar).to_owned(),
    }
}

/// A count with its noun in the right number.
fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (count, "property") => format!("{count} properties"),
        (count, noun) => format!("{count} {noun}s"),
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}

/// A value of the schema, short.
pub(super) fn shown(value: &Value) -> String {
    const LONGEST: usize = 40;
    let text = value.to_string();
    if text.chars().count() > LONGEST {
        format!("the constant of the schema, {}", type_of(value))
    } else {
        format!("`{text}`")
    }
}

fn listed(options: &[&Value]) -> String {
    const MOST: usize = 8;
    let mut words: Vec<String> = options.iter().take(MOST).map(|option| shown(option)).collect();
    if options.len() > MOST {
        words.push(format!("{} more", options.len() - MOST));
    }
    words.join(", ")
}
