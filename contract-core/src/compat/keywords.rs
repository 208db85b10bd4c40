//! Whether the facts of a case imply one keyword of the schema that reads.

use serde_json::Value;

use super::alike::references;
use super::cases::{Case, admits, declared_types, listed};
use super::node::Node;
use super::prove::Proof;
use super::{arrays, formats, objects, scalars, texts};
use crate::schema::{Inclusion, inclusion};

/// What a walk through two patterns counts for, in steps of a proof.
const PATTERN_STEPS: usize = 1_000;

/// Keywords that say nothing about values.
const SILENT: [&str; 11] = [
    "$comment",
    "$defs",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "writeOnly",
];

pub(super) fn implied<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>, keyword: &str) -> bool {
    if SILENT.contains(&keyword) || !speaks_of(case, keyword) {
        return true;
    }
    match keyword {
        "$ref" => {
            read.get("$ref").and_then(|target| proof.reads.follow(target)).is_some_and(|to| proof.case(case, &to))
        }
        "allOf" => proof.every(read.list("allOf"), |proof, part| proof.case(case, &part)),
        "anyOf" => proof.any_of(case, &read.list("anyOf")),
        "oneOf" => proof.one_of(case, &read.list("oneOf")),
        "type" => {
            let types = declared_types(read);
            case.types().iter().all(|kind| admits(&types, kind))
        }
        "const" | "enum" => {
            let accepted = listed(read).unwrap_or_default();
            case.values().is_some_and(|values| values.iter().all(|value| accepted.contains(&value)))
        }
        "required"
        | "properties"
        | "additionalProperties"
        | "patternProperties"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedProperties" => objects::implied(proof, case, read, keyword),
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "unevaluatedItems" => {
            arrays::implied(proof, case, read, keyword)
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "minLength" | "maxLength" => {
            scalars::implied(case, read, keyword)
        }
        "format" => within_format(case, read),
        "pattern" => within_pattern(proof, case, read),
        "not" => excluded(proof, case, read),
        "if" => stated(case, read, keyword) || conditional(proof, case, read),
        // Without `if` they say nothing, and with it they are part of it.
        "then" | "else" => true,
        "contains" => stated(case, read, keyword) || arrays::contains(proof, case, read),
        // Without `contains` it says nothing, and with it, it is part of it.
        "minContains" => true,
        "maxContains" => stated(case, read, keyword) || arrays::max_contains(proof, case, read),
        _ => stated(case, read, keyword),
    }
}

fn within_pattern(proof: &mut Proof<'_>, case: &Case<'_>, read: &Node<'_>) -> bool {
    let wanted = read.get("pattern").and_then(Value::as_str).unwrap_or_default();
    let given: Vec<_> = case.all("pattern").filter_map(Value::as_str).collect();
    let mut within = |given: &str| proof.spend(PATTERN_STEPS) && inclusion(given, wanted) == Inclusion::Within;
    given.contains(&wanted)
        || given.into_iter().any(&mut within)
        || texts::patterns(case).iter().any(|given| within(given))
}

/// `not`: the same or a wider schema is excluded already, or nothing that is excluded is given.
fn excluded<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    if stated(case, read, "not") || proof.none_fits(case, read) {
        return true;
    }
    let Some(excluded) = read.schema("not") else { return true };
    proof.disjoint(case, &excluded) || case.facts.iter().any(|fact| proof.excludes(fact, &excluded))
}

/// `if` with `then` and `else`: both hold, or the one that the condition leads to.
fn conditional<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some(condition) = read.schema("if") else { return true };
    let holds =
        |proof: &mut Proof<'a>, keyword: &str| read.schema(keyword).is_none_or(|branch| proof.tried(case, &branch));
    match (holds(proof, "then"), holds(proof, "else")) {
        (true, true) => true,
        (true, false) => proof.tried(case, &condition),
        (false, true) => proof.disjoint(case, &condition),
        (false, false) => false,
    }
}

fn within_format(case: &Case<'_>, read: &Node<'_>) -> bool {
    let wanted = read.get("format").and_then(Value::as_str).unwrap_or_default();
    case.all("format").filter_map(Value::as_str).any(|given| formats::is_within(given, wanted))
}

/// Whether a fact has the very same keyword, and its meaning depends on nothing around it.
pub(super) fn stated<'a>(case: &Case<'a>, read: &Node<'a>, keyword: &str) -> bool {
    let alone = ["not", "dependentRequired", "dependentSchemas", "propertyNames"].contains(&keyword);
    let group: &[&str] = match keyword {
        "contains" | "minContains" | "maxContains" => &["contains", "minContains", "maxContains"],
        "if" | "then" | "else" => &["if", "then", "else"],
        _ => &[],
    };
    let words = if alone { vec![keyword] } else { group.to_vec() };
    let free = words.iter().filter_map(|word| read.get(word)).all(|value| references(value).is_empty());
    let equal = |fact: &Node<'a>| words.iter().all(|word| fact.get(word) == read.get(word));
    !words.is_empty() && free && case.facts.iter().any(equal)
}

/// Whether a keyword says anything about values of the types the case may have.
fn speaks_of(case: &Case<'_>, keyword: &str) -> bool {
    let kinds: &[&str] = match keyword {
        "required"
        | "properties"
        | "additionalProperties"
        | "patternProperties"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedProperties" => &["object"],
        "unevaluatedItems" | "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "contains"
        | "minContains" | "maxContains" => &["array"],
        "pattern" | "format" | "minLength" | "maxLength" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => &["number", "integer"],
        _ => return true,
    };
    case.types().iter().any(|kind| kinds.contains(kind))
}
