//! What each keyword holds, draft by draft.

use peer_contract_core::Pointer;
use serde_json::Value;

use super::draft::Draft;

/// What the value of a keyword is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One schema.
    Schema,
    /// Schemas in a list.
    List,
    /// Schemas by name.
    Map,
    /// `items` of the older drafts: one schema for all, or one for each place.
    SchemaOrList,
    /// `dependencies`: schemas, or lists of names, by name.
    Dependencies,
    /// Schemas by name that constrain nothing until something refers to them.
    Definitions,
    /// Something that is compared or counted.
    Data,
    /// Something for people, or for tools of their own.
    Annotation,
    /// What names the schema, its draft or a place in it.
    Identity,
    /// What leads to another schema.
    Reference,
}

/// The form of a keyword in a draft; `None` where the draft does not know it.
pub(super) fn form(draft: Draft, keyword: &str) -> Option<Form> {
    use Draft::{Draft4, Draft6, Draft7, Draft2019, Draft2020};
    let (form, first, last) = match keyword {
        "$ref" => (Form::Reference, Draft4, Draft2020),
        "$recursiveRef" => (Form::Reference, Draft2019, Draft2019),
        "$dynamicRef" => (Form::Reference, Draft2020, Draft2020),
        "id" => (Form::Identity, Draft4, Draft::OpenApi30),
        "$id" => (Form::Identity, Draft6, Draft2020),
        "$schema" => (Form::Identity, Draft4, Draft2020),
        "$recursiveAnchor" => (Form::Identity, Draft2019, Draft2019),
        "$anchor" | "$vocabulary" => (Form::Identity, Draft2019, Draft2020),
        "$dynamicAnchor" => (Form::Identity, Draft2020, Draft2020),
        // Each stands for the other in schemas that mix the drafts, and neither constrains anything.
        "definitions" | "$defs" => (Form::Definitions, Draft4, Draft2020),
        "additionalProperties" | "not" => (Form::Schema, Draft4, Draft2020),
        "additionalItems" => (Form::Schema, Draft4, Draft2019),
        "contains" | "propertyNames" => (Form::Schema, Draft6, Draft2020),
        "if" | "then" | "else" => (Form::Schema, Draft7, Draft2020),
        "unevaluatedItems" | "unevaluatedProperties" | "contentSchema" => (Form::Schema, Draft2019, Draft2020),
        "items" if draft < Draft2020 => (Form::SchemaOrList, Draft4, Draft2019),
        "items" => (Form::Schema, Draft2020, Draft2020),
        "allOf" | "anyOf" | "oneOf" => (Form::List, Draft4, Draft2020),
        "prefixItems" => (Form::List, Draft2020, Draft2020),
        "properties" | "patternProperties" => (Form::Map, Draft4, Draft2020),
        "dependentSchemas" => (Form::Map, Draft2019, Draft2020),
        // Replaced in 2019-09, and kept by its meta-schema and by validators: whoever writes it means it.
        "dependencies" => (Form::Dependencies, Draft4, Draft2020),
        "type" | "enum" | "required" | "pattern" | "format" | "minimum" | "maximum" | "exclusiveMinimum"
        | "exclusiveMaximum" | "multipleOf" | "minLength" | "maxLength" | "minItems" | "maxItems" | "uniqueItems"
        | "minProperties" | "maxProperties" => (Form::Data, Draft4, Draft2020),
        "const" => (Form::Data, Draft6, Draft2020),
        "dependentRequired" | "minContains" | "maxContains" => (Form::Data, Draft2019, Draft2020),
        "nullable" => (Form::Data, Draft::OpenApi30, Draft::OpenApi30),
        // These say nothing about a value, so they may come from any draft.
        "title" | "description" | "default" | "examples" | "$comment" | "deprecated" | "readOnly" | "writeOnly"
        | "contentEncoding" | "contentMediaType" => (Form::Annotation, Draft4, Draft2020),
        _ => return None,
    };
    (first <= draft && draft <= last).then_some(form)
}

/// The nearest draft that knows a keyword which this one does not, the next newer one first; `None` where no draft does.
pub(super) fn other_draft(draft: Draft, keyword: &str) -> Option<Draft> {
    let knows = |other: &Draft| form(*other, keyword).is_some();
    let newer = Draft::ALL.into_iter().filter(|other| *other > draft).find(knows);
    newer.or_else(|| Draft::ALL.into_iter().rev().find(knows))
}

/// Where the schemas of one keyword stand, from the schema that has it.
pub(super) fn places(form: Form, keyword: &str, value: &Value) -> Vec<Pointer> {
    let at = Pointer::root().key(keyword);
    match (form, value) {
        (Form::Schema, _) | (Form::SchemaOrList, Value::Object(_) | Value::Bool(_)) => vec![at],
        (Form::List | Form::SchemaOrList, Value::Array(items)) => (0..items.len()).map(|n| at.index(n)).collect(),
        (Form::Map | Form::Definitions, Value::Object(members)) => members.keys().map(|key| at.key(key)).collect(),
        (Form::Dependencies, Value::Object(members)) => {
            members.iter().filter(|(_, value)| !value.is_array()).map(|(key, _)| at.key(key)).collect()
        }
        _ => Vec::new(),
    }
}
