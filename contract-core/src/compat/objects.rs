//! Keywords of objects.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cases::{Case, cases};
use super::keywords::stated;
use super::node::{Node, Side};
use super::prove::Proof;
use crate::gather::Gather;

/// What is known of a property.
enum Known<'a> {
    /// No object of the case has it.
    Never,
    /// It fits all of these.
    Fits(Vec<Node<'a>>),
}

pub(super) fn implied<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>, keyword: &str) -> bool {
    let number = read.number(keyword).unwrap_or_default();
    match keyword {
        "required" => read.texts("required").iter().all(|name| case.requires(name)),
        "properties" => proof.every(read.map("properties"), |proof, (name, schema)| has(proof, case, name, &schema)),
        "additionalProperties" => others(proof, case, read),
        "patternProperties" => proof.every(read.map("patternProperties"), |proof, (pattern, schema)| {
            let given: Vec<_> =
                case.facts.iter().filter_map(|fact| member(fact, "patternProperties", pattern)).collect();
            !given.is_empty() && proof.fits(&given, &schema)
        }),
        "minProperties" => {
            let required = case.facts.iter().map(|fact| fact.texts("required").len() as f64);
            case.numbers("minProperties").chain(required).any(|least| least >= number)
        }
        "maxProperties" => case.numbers("maxProperties").any(|most| most <= number) || most_declared(case) <= number,
        _ => stated(case, read, keyword) || names(proof, case, read),
    }
}

/// `propertyNames`: all names fit, those that are declared and those that are not.
fn names<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some(wanted) = read.schema("propertyNames") else { return true };
    let given: Vec<_> = case.facts.iter().filter_map(|fact| fact.schema("propertyNames")).collect();
    let text = Case::of_type("string").facts;
    if !given.is_empty() && proof.fits(&[given, text].concat(), &wanted) {
        return true;
    }
    let schema = proof.reads.contract.schema(&wanted.at);
    let fits = |name: &str| schema.as_ref().is_ok_and(|schema| schema.is_valid(&Value::from(name)));
    matches!(unnamed(case), Known::Never) && declared(case).all(fits)
}

/// The names that the facts declare or require.
fn declared<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a str> {
    let named = case.facts.iter().flat_map(|fact| fact.map("properties")).map(|(name, _)| name);
    named.chain(case.facts.iter().flat_map(|fact| fact.texts("required")))
}

/// Properties that an object of the case has at most.
fn most_declared(case: &Case<'_>) -> f64 {
    let names: BTreeSet<&str> = declared(case).gather();
    if matches!(unnamed(case), Known::Never) { names.len() as f64 } else { f64::INFINITY }
}

/// `properties`: wherever the property is there, it fits.
fn has<'a>(proof: &mut Proof<'a>, case: &Case<'a>, name: &str, schema: &Node<'a>) -> bool {
    match known(case, name) {
        Known::Never => true,
        Known::Fits(given) => proof.fits(&given, schema),
    }
}

/// `additionalProperties`: whatever the schema that reads does not name.
fn others<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some(rest) = read.schema("additionalProperties") else { return true };
    if read.get("patternProperties").is_some() {
        return beside_patterns(proof, case, read, &rest);
    }
    let named: Vec<_> = read.map("properties").into_iter().map(|(name, _)| name).collect();
    let declared = case.facts.iter().flat_map(|fact| fact.map("properties")).map(|(name, _)| name);
    let surplus: Vec<_> = declared.filter(|name| !named.contains(name)).collect();
    let unnamed = match unnamed(case) {
        Known::Never => true,
        Known::Fits(given) => proof.fits(&given, &rest),
    };
    unnamed && surplus.into_iter().all(|name| has(proof, case, name, &rest))
}

/// The same where patterns take some names: a fact with these same patterns leaves the same names.
fn beside_patterns<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>, rest: &Node<'a>) -> bool {
    let patterns =
        |node: &Node<'a>| node.map("patternProperties").into_iter().map(|(pattern, _)| pattern).collect::<Vec<_>>();
    let named: Vec<_> = read.map("properties").into_iter().map(|(name, _)| name).collect();
    let alike = case.facts.iter().filter(|fact| patterns(fact) == patterns(read));
    let alike = alike.filter(|fact| fact.map("properties").iter().all(|(name, _)| named.contains(name)));
    let given: Vec<_> = alike.filter_map(|fact| fact.schema("additionalProperties")).collect();
    !given.is_empty() && proof.fits(&given, rest)
}

fn known<'a>(case: &Case<'a>, name: &str) -> Known<'a> {
    let mut given = Vec::new();
    let mut undeclared = true;
    for fact in &case.facts {
        if let Some(schema) = member(fact, "properties", name) {
            given.push(schema);
            undeclared = false;
        } else if fact.get("patternProperties").is_none() {
            if let Some(schema) = fact.schema("additionalProperties") {
                given.push(schema);
                undeclared = false;
            }
        } else {
            undeclared = false;
        }
    }
    let never = given.iter().any(|schema| schema.value == &Value::Bool(false));
    let unsent = undeclared && !case.requires(name) && declares(case);
    if never || unsent { Known::Never } else { Known::Fits(given) }
}

/// What is known of properties that no fact names.
fn unnamed<'a>(case: &Case<'a>) -> Known<'a> {
    let given: Vec<_> = case.facts.iter().filter_map(|fact| fact.schema("additionalProperties")).collect();
    let patterns = case.all("patternProperties").next().is_some();
    let closed = given.iter().any(|schema| schema.value == &Value::Bool(false)) && !patterns;
    let unsent = given.is_empty() && !patterns && declares(case);
    match closed || unsent {
        true => Known::Never,
        // Names that match a pattern escape `additionalProperties`, so it says nothing about all of them.
        false if patterns => Known::Fits(Vec::new()),
        false => Known::Fits(given),
    }
}

/// Whether the objects are of a declared shape, to which the assumption about undeclared properties applies.
fn declares(case: &Case<'_>) -> bool {
    case.all("properties").next().is_some()
}

/// Whether a property tells the two apart: one side has it always and the other never, or their listed values differ.
pub(super) fn told_apart<'a>(proof: &Proof<'a>, case: &Case<'a>, other: &Case<'a>) -> bool {
    let mut names = case.facts.iter().chain(&other.facts).flat_map(|fact| fact.texts("required"));
    case.types().iter().all(|kind| *kind == "object") && names.any(|name| apart_by(proof, case, other, name))
}

fn apart_by<'a>(proof: &Proof<'a>, case: &Case<'a>, other: &Case<'a>, name: &str) -> bool {
    let Known::Fits(ours) = known(case, name) else { return other.requires(name) };
    let theirs: Vec<_> = other.facts.iter().filter_map(|fact| member(fact, "properties", name)).collect();
    let tags = tags(proof.gives, &ours).zip(tags(proof.reads, &theirs));
    let differ = tags.is_some_and(|(ours, theirs)| ours.iter().all(|value| !theirs.contains(value)));
    differ || case.requires(name) && closed_to(other, name)
}

/// The values that schemas which hold together leave, when they can be listed.
fn tags<'a>(side: &'a Side<'_>, schemas: &[Node<'a>]) -> Option<Vec<Value>> {
    let values: Option<Vec<_>> = cases(side, schemas)?.iter().map(Case::values).collect();
    values.map(|values| values.concat())
}

/// Whether a closed object has no room for the property.
fn closed_to(case: &Case<'_>, name: &str) -> bool {
    case.facts.iter().any(|fact| {
        let named = fact.get("patternProperties").is_some() || member(fact, "properties", name).is_some();
        !named && fact.get("additionalProperties") == Some(&Value::Bool(false))
    })
}

fn member<'a>(fact: &Node<'a>, keyword: &str, name: &str) -> Option<Node<'a>> {
    let value = fact.get(keyword)?.get(name)?;
    Some(Node { value, at: fact.at.key(keyword).key(name) })
}
