//! What each part of a contract is: the grammar that stripping, hashing and checking share.

use serde_json::Value;

use crate::Pointer;
use crate::gather::Gather;

/// What stands at a place of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The whole document.
    Contract,
    /// The agents by name.
    Agents,
    /// One participant.
    Agent,
    /// The operations of an agent by name.
    Operations,
    /// One entry point.
    Operation,
    /// A reply.
    Output,
    /// The errors of an operation by name.
    Errors,
    /// One error.
    Error,
    /// `phases`, `events`, `fansOut` or one of the `constraints`: an object of our own that holds no schema.
    Settings,
    /// A schema.
    Schema,
    /// Schemas by name.
    SchemaMap,
    /// Schemas in a row.
    SchemaList,
    /// A value that is data: `const`, `enum`, `default`, `initialState`, an annotation.
    Data,
}

impl Place {
    /// What stands in the member or item `key` of this place.
    pub fn member(self, key: &str) -> Self {
        match self {
            Self::Contract => match key {
                "agents" => Self::Agents,
                "$defs" => Self::SchemaMap,
                "state" => Self::Schema,
                "phases" | "constraints" => Self::Settings,
                _ => Self::Data,
            },
            Self::Agents => Self::Agent,
            Self::Agent => match key {
                "operations" => Self::Operations,
                "config" => Self::Schema,
                _ => Self::Data,
            },
            Self::Operations => Self::Operation,
            Self::Operation => match key {
                "input" => Self::Schema,
                "output" => Self::Output,
                "errors" => Self::Errors,
                "constraints" | "events" | "fansOut" => Self::Settings,
                _ => Self::Data,
            },
            Self::Settings if key == "s3" => Self::Settings,
            Self::Output if key == "schema" => Self::Schema,
            Self::Errors => Self::Error,
            Self::Error if key == "data" => Self::Schema,
            Self::SchemaMap | Self::SchemaList => Self::Schema,
            Self::Schema => of_keyword(key),
            Self::Output | Self::Error | Self::Settings | Self::Data => Self::Data,
        }
    }

    /// Whether the members here are ours to name, so that annotations can stand among them.
    pub(crate) fn is_annotated(self) -> bool {
        match self {
            Self::Contract | Self::Agent | Self::Operation | Self::Output | Self::Error => true,
            Self::Settings | Self::Schema => true,
            Self::Agents | Self::Operations | Self::Errors | Self::SchemaMap | Self::SchemaList | Self::Data => false,
        }
    }
}

fn of_keyword(keyword: &str) -> Place {
    match keyword {
        "items"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "not"
        | "if"
        | "then"
        | "else"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Place::Schema,
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" => Place::SchemaMap,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Place::SchemaList,
        _ => Place::Data,
    }
}

/// Members that say something to people and nothing to peers, beside those that begin with `x-`.
pub(super) const ANNOTATIONS: &[&str] = &["$comment", "$schema", "deprecated", "description", "examples", "title"];

/// Whether a member says something to people and nothing to peers.
pub(crate) fn is_annotation(member: &str) -> bool {
    ANNOTATIONS.contains(&member) || member.starts_with("x-")
}

/// The contract without its annotations.
pub(crate) fn strip(contract: &Value) -> Value {
    strip_at(contract, Place::Contract)
}

/// A schema without its annotations.
pub(crate) fn strip_schema(schema: &Value) -> Value {
    strip_at(schema, Place::Schema)
}

fn strip_at(value: &Value, place: Place) -> Value {
    match value {
        _ if place == Place::Data => value.clone(),
        Value::Object(members) => {
            let kept = members.iter().filter(|(key, _)| !(place.is_annotated() && is_annotation(key)));
            Value::Object(kept.map(|(key, member)| (key.clone(), strip_at(member, place.member(key)))).gather())
        }
        Value::Array(items) => items.iter().map(|item| strip_at(item, place.member(""))).collect(),
        scalar => scalar.clone(),
    }
}

/// The schema at `at`, if a schema is what stands there.
pub(crate) fn schema_at<'a>(contract: &'a Value, at: &Pointer) -> Option<&'a Value> {
    let mut place = Place::Contract;
    let mut value = contract;
    for token in at.steps() {
        place = place.member(&token);
        value = match value {
            Value::Object(members) => members.get(&*token)?,
            Value::Array(items) => items.get(index_of(&token)?)?,
            _ => return None,
        };
    }
    (place == Place::Schema).then_some(value)
}

/// The whole schema that the place `at` lies in: an input, a member of `$defs`, the state, …
pub(crate) fn outermost_schema(at: &Pointer) -> Pointer {
    let mut place = Place::Contract;
    let mut whole = Pointer::root();
    for token in at.tokens() {
        place = place.member(&token);
        whole = whole.key(&token);
        if place == Place::Schema {
            break;
        }
    }
    whole
}

/// An array index as RFC 6901 writes it: no sign, no leading zero.
fn index_of(token: &str) -> Option<usize> {
    let canonical = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    if canonical { token.parse().ok() } else { None }
}

/// Calls `visit` for each schema in `value`, which is what `place` says, in document order.
pub(crate) fn each_schema<'a>(
    value: &'a Value,
    place: Place,
    at: &Pointer,
    visit: &mut impl FnMut(&'a Value, &Pointer),
) {
    if place == Place::Data {
        return;
    }
    if place == Place::Schema {
        visit(value, at);
    }
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let inside = place.member(key);
                // Most members hold no schema, and need no place.
                if inside != Place::Data && !(place.is_annotated() && is_annotation(key)) {
                    each_schema(member, inside, &at.key(key), visit);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().filter(|_| place.member("") != Place::Data) {
                each_schema(item, place.member(""), &at.index(index), visit);
            }
        }
        _ => {}
    }
}
