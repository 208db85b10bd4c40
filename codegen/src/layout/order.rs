//! The order in which members are written: that of the manual. Names that people give keep the order they have.

use peer_contract_core::contract::place::Place;

use super::tree::{Part, Style, Tree, Value};

const CONTRACT: &[&str] = &[
    "$schema",
    "$comment",
    "peerContract",
    "name",
    "version",
    "title",
    "description",
    "state",
    "initialState",
    "phases",
    "constraints",
    "agents",
    "$defs",
];
const AGENT: &[&str] = &["title", "description", "$comment", "deprecated", "config", "operations"];
const OPERATION: &[&str] = &[
    "title",
    "description",
    "$comment",
    "deprecated",
    "input",
    "from",
    "calls",
    "handsTo",
    "fansOut",
    "output",
    "errors",
    "constraints",
    "idempotencyKey",
    "events",
];
const OUTPUT: &[&str] = &["schema", "to"];
const ERROR: &[&str] = &["data", "retryable", "to", "description"];
const SETTINGS: &[&str] = &[
    "start",
    "end",
    "deadline",
    "maxHops",
    "maxStateBytes",
    "timeout",
    "memoryMb",
    "attempts",
    "keyLifetime",
    "s3",
    "on",
    "input",
    "each",
    "join",
    "to",
    "complete",
    "concurrency",
];

/// What a schema says to people: first where it has lines of its own, last where it stands on one line.
const ABOUT: &[&str] = &["title", "description", "$comment", "deprecated", "readOnly", "writeOnly"];
const SCHEMA: &[&str] = &[
    "$ref",
    "type",
    "const",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "required",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "dependentRequired",
    "dependentSchemas",
    "minItems",
    "maxItems",
    "uniqueItems",
    "prefixItems",
    "items",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "default",
    "examples",
    "$defs",
];

/// Where a keyword stands among those of a schema that has lines of its own; what is not known here comes last.
pub(crate) fn keyword_rank(name: &str) -> usize {
    rank(ABOUT, SCHEMA, name)
}

/// Where a member stands among those of a contract.
pub(crate) fn contract_rank(name: &str) -> usize {
    rank(CONTRACT, &[], name)
}

fn rank(first: &[&str], last: &[&str], name: &str) -> usize {
    first.iter().chain(last).position(|known| *known == name).unwrap_or(usize::MAX)
}

/// Puts all members in order.
pub(super) fn arrange(tree: &mut Tree) {
    part(&mut tree.root, Place::Contract);
}

fn part(whole: &mut Part, place: Place) {
    match &mut whole.value {
        Value::Mapping(parts, style) => {
            if let Some(rank) = ranks(place, *style) {
                parts.sort_by_key(|part| part.key.as_ref().map_or(usize::MAX, |(_, name)| rank(name)));
            }
            for member in parts {
                let below = member.key.as_ref().map_or(Place::Data, |(_, name)| place.member(name));
                part(member, below);
            }
        }
        Value::Sequence(parts, _) => parts.iter_mut().for_each(|item| part(item, place.member(""))),
        _ => {}
    }
}

/// Where a member of this place stands among the others; nothing where names are people's own.
fn ranks(place: Place, style: Style) -> Option<impl Fn(&str) -> usize> {
    let (first, last): (&[&str], &[&str]) = match (place, style) {
        (Place::Contract, _) => (CONTRACT, &[]),
        (Place::Agent, _) => (AGENT, &[]),
        (Place::Operation, _) => (OPERATION, &[]),
        (Place::Output, _) => (OUTPUT, &[]),
        (Place::Error, _) => (ERROR, &[]),
        (Place::Settings, _) => (SETTINGS, &[]),
        (Place::Schema, Style::Block) => (ABOUT, SCHEMA),
        (Place::Schema, Style::OneLine) => (SCHEMA, ABOUT),
        _ => return None,
    };
    // Members that are not known here come last, as they were.
    Some(move |name: &str| rank(first, last, name))
}
