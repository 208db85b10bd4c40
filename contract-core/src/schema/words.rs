//! What the engine says, in our codes.
//!
//! Messages name types, lengths and what the schema asks for. What the payload holds stays out.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::{Map, Value};

use super::prepare::PATTERN_AS_WRITTEN;
use crate::{ErrorCode, Pointer, Problem};

/// One finding of the engine, in our words. `schema` is the prepared schema it comes from, if known.
pub(crate) fn explained(error: &ValidationError<'_>, schema: Option<&Map<String, Value>>) -> Vec<Problem> {
    let at = place_of(error);
    let found = error.instance();
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let (code, message) = missing(name, error.schema_path().as_str());
            vec![Problem::new(code, at.key(name), message)]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let message = "found a property that this object cannot have";
            let unknown = |name: &String| Problem::new(ErrorCode::PropertyUnknown, at.key(name), message);
            unexpected.iter().map(unknown).collect()
        }
        Kind::Pattern { .. } => {
            let pattern = schema.and_then(|schema| schema.get(PATTERN_AS_WRITTEN)?.as_str());
            let message = match pattern {
                Some(pattern) => format!("expected a string that matches `{pattern}`, found {}", kind_of(found)),
                None => format!("found {}, which does not match the pattern", kind_of(found)),
            };
            vec![Problem::new(ErrorCode::PatternMismatch, at, message)]
        }
        kind => {
            let (code, message) = plain(kind, found);
            vec![Problem::new(code, at, message)]
        }
    }
}

fn missing(name: &str, keyword: &str) -> (ErrorCode, String) {
    if keyword.ends_with("/required") {
        (ErrorCode::RequiredMissing, format!("the property `{name}` is missing"))
    } else {
        (ErrorCode::DependentMissing, format!("the property `{name}` is missing, and another one asks for it"))
    }
}

/// Code and sentence of what concerns the value as a whole.
fn plain(kind: &Kind, found: &Value) -> (ErrorCode, String) {
    use ErrorCode as Code;
    let sized = |bound: &str, limit: &u64, noun: &str| {
        let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
        format!("expected {bound} {}, found {}", counted(limit, noun), size(found))
    };
    match kind {
        Kind::Type { kind } => (Code::TypeMismatch, format!("expected {}, found {}", types(kind), type_of(found))),
        Kind::Constant { expected_value } => (
            Code::ConstMismatch,
            format!("expected {}, found {}", shown(expected_value), other(found, &[&**expected_value])),
        ),
        Kind::Enum { options } => {
            let options: Vec<&Value> = options.as_array().into_iter().flatten().collect();
            (Code::EnumMismatch, format!("expected one of {}, found {}", listed(&options), other(found, &options)))
        }
        Kind::Format { format } => {
            (Code::FormatMismatch, format!("expected a string of the format `{format}`, found {}", kind_of(found)))
        }
        Kind::MinLength { limit } => (Code::LengthMismatch, sized("at least", limit, "character")),
        Kind::MaxLength { limit } => (Code::LengthMismatch, sized("at most", limit, "character")),
        Kind::MinItems { limit } => (Code::ItemCount, sized("at least", limit, "item")),
        Kind::MaxItems { limit } => (Code::ItemCount, sized("at most", limit, "item")),
        Kind::MinProperties { limit } => (Code::PropertyCount, sized("at least", limit, "property")),
        Kind::MaxProperties { limit } => (Code::PropertyCount, sized("at most", limit, "property")),
        Kind::Minimum { limit } => (Code::RangeMismatch, format!("expected a number from {limit} up")),
        Kind::Maximum { limit } => (Code::RangeMismatch, format!("expected a number up to {limit}")),
        Kind::ExclusiveMinimum { limit } => (Code::RangeMismatch, format!("expected a number above {limit}")),
        Kind::ExclusiveMaximum { limit } => (Code::RangeMismatch, format!("expected a number below {limit}")),
        Kind::MultipleOf { multiple_of } => (Code::MultipleMismatch, format!("expected a multiple of {multiple_of}")),
        Kind::UniqueItems => (Code::ItemDuplicate, "found the same item twice".into()),
        Kind::UnevaluatedItems { .. } => (Code::ItemUnexpected, "found items that the schema does not allow".into()),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            (Code::UnionNone, format!("found {}, which fits none of the alternatives", kind_of(found)))
        }
        _ => (Code::NotAllowed, format!("found {}, which is not allowed here", kind_of(found))),
    }
}

/// What was found instead: its type where that differs from all that is allowed, else only that it is another one.
fn other(found: &Value, allowed: &[&Value]) -> String {
    let kind = type_of(found);
    if allowed.iter().any(|value| type_of(value) == kind) { format!("another {kind}") } else { kind.to_owned() }
}

fn place_of(error: &ValidationError<'_>) -> Pointer {
    error.instance_path().as_str().parse().expect("the engine writes places as JSON Pointers")
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or "),
    }
}

/// The type of a value, as schemas name it.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|double| double.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
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
