//! What the engine says, in our codes.
//!
//! Messages name types, lengths and what the schema asks for. What the payload holds stays out.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::{ErrorCode, Pointer, Problem};

/// All that the engine found, sorted by place, each once.
pub(super) fn problems<'i>(errors: impl Iterator<Item = ValidationError<'i>>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for error in errors {
        explain(&error, &mut problems);
    }
    problems.sort_by(|a, b| (&a.at, a.code, &a.message).cmp(&(&b.at, b.code, &b.message)));
    problems.dedup();
    problems
}

/// One finding, in our words.
pub(crate) fn explained(error: &ValidationError<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    explain(error, &mut problems);
    problems
}

fn explain(error: &ValidationError<'_>, into: &mut Vec<Problem>) {
    let at = place_of(error);
    let found = error.instance();
    let mut one = |code, message: String| into.push(Problem::new(code, at.clone(), message));
    match error.kind() {
        Kind::Type { kind } => {
            one(ErrorCode::TypeMismatch, format!("expected {}, found {}", types(kind), type_of(found)));
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let dependent = error.schema_path().as_str().contains("/dependentRequired");
            let code = if dependent { ErrorCode::DependentMissing } else { ErrorCode::RequiredMissing };
            into.push(Problem::new(code, at.key(name), format!("the property `{name}` is missing")));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            into.extend(unexpected.iter().map(|name| {
                Problem::new(ErrorCode::PropertyUnknown, at.key(name), "found a property that this object cannot have")
            }));
        }
        Kind::PropertyNames { error } => {
            let name = error.instance().as_str().unwrap_or_default().to_owned();
            into.push(Problem::new(
                ErrorCode::PropertyNameInvalid,
                at.key(&name),
                "the name of this property does not fit `propertyNames`",
            ));
        }
        Kind::MinProperties { limit } => {
            one(ErrorCode::PropertyCount, format!("expected at least {limit} properties, found {}", size(found)));
        }
        Kind::MaxProperties { limit } => {
            one(ErrorCode::PropertyCount, format!("expected at most {limit} properties, found {}", size(found)));
        }
        Kind::Constant { expected_value } => {
            one(ErrorCode::ConstMismatch, format!("expected {}, found {}", shown(expected_value), type_of(found)));
        }
        Kind::Enum { options } => {
            one(ErrorCode::EnumMismatch, format!("expected one of {}, found {}", listed(options), type_of(found)));
        }
        Kind::Pattern { pattern } => {
            one(
                ErrorCode::PatternMismatch,
                format!("expected a string that matches `{pattern}`, found {}", kind_of(found)),
            );
        }
        Kind::Format { format } => {
            one(
                ErrorCode::FormatMismatch,
                format!("expected a string of the format `{format}`, found {}", kind_of(found)),
            );
        }
        Kind::MinLength { limit } => {
            one(ErrorCode::LengthMismatch, format!("expected at least {limit} characters, found {}", size(found)));
        }
        Kind::MaxLength { limit } => {
            one(ErrorCode::LengthMismatch, format!("expected at most {limit} characters, found {}", size(found)));
        }
        Kind::Minimum { limit } => one(ErrorCode::RangeMismatch, format!("expected a number from {limit} up")),
        Kind::Maximum { limit } => one(ErrorCode::RangeMismatch, format!("expected a number up to {limit}")),
        Kind::ExclusiveMinimum { limit } => one(ErrorCode::RangeMismatch, format!("expected a number above {limit}")),
        Kind::ExclusiveMaximum { limit } => one(ErrorCode::RangeMismatch, format!("expected a number below {limit}")),
        Kind::MultipleOf { multiple_of } => {
            one(ErrorCode::MultipleMismatch, format!("expected a multiple of {multiple_of}"));
        }
        Kind::MinItems { limit } => {
            one(ErrorCode::ItemCount, format!("expected at least {limit} items, found {}", size(found)));
        }
        Kind::MaxItems { limit } => {
            one(ErrorCode::ItemCount, format!("expected at most {limit} items, found {}", size(found)));
        }
        Kind::UniqueItems => one(ErrorCode::ItemDuplicate, "found the same item twice".into()),
        Kind::AdditionalItems { limit } => {
            one(ErrorCode::ItemUnexpected, format!("expected at most {limit} items, found {}", size(found)));
        }
        Kind::UnevaluatedItems { .. } => {
            one(ErrorCode::ItemUnexpected, "found items that the schema does not allow".into());
        }
        Kind::Contains => one(ErrorCode::ContainsMismatch, "too few or too many items fit `contains`".into()),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            one(ErrorCode::UnionNone, format!("found {}, which fits none of the alternatives", kind_of(found)));
        }
        Kind::OneOfMultipleValid { .. } => {
            one(ErrorCode::UnionSeveral, format!("found {}, which fits more than one alternative", kind_of(found)));
        }
        Kind::Not { .. } => {
            one(ErrorCode::NotAllowed, format!("found {}, which fits what `not` excludes", kind_of(found)));
        }
        _ => one(ErrorCode::NotAllowed, format!("found {}, where nothing is allowed", kind_of(found))),
    }
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
fn kind_of(value: &Value) -> String {
    match value {
        Value::String(_) => format!("a string of {} characters", size(value)),
        Value::Array(_) => format!("an array of {} items", size(value)),
        Value::Object(_) => format!("an object of {} properties", size(value)),
        scalar => type_of(scalar).to_owned(),
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
fn shown(value: &Value) -> String {
    const LONGEST: usize = 40;
    let text = value.to_string();
    if text.chars().count() > LONGEST {
        format!("the constant of the schema, {}", type_of(value))
    } else {
        format!("`{text}`")
    }
}

fn listed(options: &Value) -> String {
    const MOST: usize = 8;
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut words: Vec<String> = options.iter().take(MOST).map(shown).collect();
    if options.len() > MOST {
        words.push(format!("{} more", options.len() - MOST));
    }
    words.join(", ")
}
