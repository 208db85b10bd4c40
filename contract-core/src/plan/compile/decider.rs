//! What decides which keyword.

use serde_json::Value;

use super::Members;
use super::unevaluated::Rest;
use crate::plan::Decider;

/// What decides a keyword that applies no other schema to the same value; none for one that does.
/// The rests are those of members and of items.
pub(super) fn decider(keyword: &str, members: &Members, rests: &[Rest; 2]) -> Option<Decider> {
    let by_rest = |rest: &Rest| if matches!(rest, Rest::Unknown) { Decider::Fallback } else { Decider::Plan };
    Some(match keyword {
        "$ref" | "allOf" | "anyOf" | "oneOf" | "not" | "if" | "dependentSchemas" => return None,
        "unevaluatedProperties" => by_rest(&rests[0]),
        "unevaluatedItems" => by_rest(&rests[1]),
        "uniqueItems" if members[keyword] == Value::Bool(true) => Decider::Plan,
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
        | "multipleOf"
        | "const"
        | "enum"
        | "minimum"
        | "maximum"
        | "exclusiveMinimum"
        | "exclusiveMaximum" => Decider::Plan,
        // The prepared schema's own note.
        crate::schema::PATTERN_AS_WRITTEN => return None,
        _ => Decider::Annotation,
    })
}
