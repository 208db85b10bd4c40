//! What decides which keyword.

use serde_json::Value;

use super::Members;
use super::own::is_whole;
use crate::plan::Decider;

/// What decides a keyword that applies no other schema to the same value; none for one that does.
pub(super) fn decider(keyword: &str, members: &Members) -> Option<Decider> {
    let complex = |value: &Value| value.is_array() || value.is_object();
    Some(match keyword {
        "$ref"
        | "allOf"
        | "anyOf"
        | "oneOf"
        | "not"
        | "if"
        | "dependentSchemas"
        | "unevaluatedProperties"
        | "unevaluatedItems" => return None,
        "then" | "else" if members.contains_key("if") => Decider::Plan,
        "minContains" | "maxContains" if members.contains_key("contains") => Decider::Plan,
        "type"
        | "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependentRequired"
        | "prefixItems"
        | "items"
        | "minItems"
        | "maxItems"
        | "contains"
        | "minLength"
        | "maxLength"
        | "pattern"
        | "format"
        | "minimum"
        | "maximum"
        | "exclusiveMinimum"
        | "exclusiveMaximum" => Decider::Plan,
        "uniqueItems" if members[keyword] == Value::Bool(true) => Decider::Fallback,
        "multipleOf" if !members[keyword].as_f64().is_some_and(is_whole) => Decider::Fallback,
        "multipleOf" => Decider::Plan,
        "const" if complex(&members[keyword]) => Decider::Fallback,
        "enum" if members[keyword].as_array().is_some_and(|options| options.iter().any(complex)) => Decider::Fallback,
        "const" | "enum" => Decider::Plan,
        // The prepared schema's own note.
        crate::schema::PATTERN_AS_WRITTEN => return None,
        _ => Decider::Annotation,
    })
}
