//! Keywords of objects.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::cases::{Case, cases, listed};
use super::evaluated::{self, Evaluated};
use super::keywords::stated;
use super::node::{Node, Side};
use super::prove::Proof;
use crate::gather::Gather;
use crate::schema::equal;

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
                case.facts.iter().filter_map(|fact| fact.member("patternProperties", pattern)).collect();
            !given.is_empty() && proof.fits(&given, &schema)
        }),
        "minProperties" => {
            let required = case.facts.iter().map(|fact| fact.texts("required").len() as f64);
            case.numbers("minProperties").chain(required).any(|least| least >= number)
        }
        "maxProperties" => {
            case.numbers("maxProperties").any(|most| most <= number) || most_declared(proof.gives, case) <= number
        }
        "dependentRequired" => stated(case, read, keyword) || brings(proof, case, read),
        "dependentSchemas" => {
            stated(case, read, keyword)
                || proof.every(read.map("dependentSchemas"), |proof, (name, schema)| {
                    matches!(known(proof.gives, case, name), Known::Never) || proof.case(case, &schema)
                })
        }
        "unevaluatedProperties" => unevaluated(proof, case, read),
        _ => stated(case, read, keyword) || names(proof, case, read),
    }
}

/// `dependentRequired`: who has one property has the others, because nobody has the one or all have the others.
fn brings<'a>(proof: &Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let pairs = read.get("dependentRequired").and_then(Value::as_object).into_iter().flatten();
    pairs.into_iter().all(|(name, others)| {
        let mut others = others.as_array().into_iter().flatten().filter_map(Value::as_str);
        matches!(known(proof.gives, case, name), Known::Never) || others.all(|other| case.requires(other))
    })
}

/// `unevaluatedProperties`: whatever no part of the schema that surely holds has named.
fn unevaluated<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some(rest) = read.schema("unevaluatedProperties") else { return true };
    let seen = Evaluated::surely(proof, case, read);
    seen.all_names || leftover(proof, case, &seen.names, &rest)
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
    matches!(unnamed(proof.gives, case), Known::Never) && declared(proof.gives, case).all(fits)
}

/// Keywords that speak of properties which are not declared.
const OTHERS: [&str; 3] = ["additionalProperties", "patternProperties", "unevaluatedProperties"];

/// The names that the facts declare or require, and those that they do under a condition.
fn declared<'a>(side: &'a Side<'_>, case: &Case<'a>) -> impl Iterator<Item = &'a str> {
    let named = case.facts.iter().flat_map(|fact| fact.map("properties")).map(|(name, _)| name);
    let required = case.facts.iter().flat_map(|fact| fact.texts("required"));
    let conditions = case.facts.iter().flat_map(|fact| Evaluated::conditionally(side, fact).names);
    named.chain(required).chain(conditions)
}

/// Properties that an object of the case has at most.
fn most_declared<'a>(side: &'a Side<'_>, case: &Case<'a>) -> f64 {
    let names: BTreeSet<&str> = declared(side, case).gather();
    if matches!(unnamed(side, case), Known::Never) { names.len() as f64 } else { f64::INFINITY }
}

/// `properties`: wherever the property is there, it fits.
fn has<'a>(proof: &mut Proof<'a>, case: &Case<'a>, name: &str, schema: &Node<'a>) -> bool {
    match known(proof.gives, case, name) {
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
    let named = read.map("properties").into_iter().map(|(name, _)| name).gather();
    leftover(proof, case, &named, &rest)
}

/// Whether the properties of the case that have other names than these fit `rest`.
fn leftover<'a>(proof: &mut Proof<'a>, case: &Case<'a>, named: &BTreeSet<&str>, rest: &Node<'a>) -> bool {
    let surplus: BTreeSet<_> = declared(proof.gives, case).filter(|name| !named.contains(name)).gather();
    let unnamed = match unnamed(proof.gives, case) {
        Known::Never => true,
        Known::Fits(given) => proof.fits(&given, rest),
    };
    unnamed && surplus.into_iter().all(|name| has(proof, case, name, rest))
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

fn known<'a>(side: &'a Side<'_>, case: &Case<'a>, name: &str) -> Known<'a> {
    let mut given = Vec::new();
    let mut said = false;
    for fact in &case.facts {
        if let Some(schema) = fact.member("properties", name) {
            given.push(schema);
        } else if fact.get("patternProperties").is_none() {
            given.extend(fact.schema("additionalProperties"));
        }
        let rest = evaluated::unnamed(side, case, fact).filter(|(_, names)| !names.contains(name));
        given.extend(rest.map(|(schema, _)| schema));
        said |= OTHERS.iter().any(|keyword| fact.get(keyword).is_some());
        said |= Evaluated::conditionally(side, fact).has(name);
    }
    let never = given.iter().any(evaluated::is_nothing);
    let unsent = !said && given.is_empty() && !case.requires(name) && declares(case);
    if never || unsent { Known::Never } else { Known::Fits(given) }
}

/// What is known of properties that no fact names.
fn unnamed<'a>(side: &'a Side<'_>, case: &Case<'a>) -> Known<'a> {
    let patterns = case.all("patternProperties").next().is_some();
    // Names that match a pattern escape `additionalProperties`, so it says nothing about all of them.
    let others = case.facts.iter().filter(|_| !patterns).filter_map(|fact| fact.schema("additionalProperties"));
    let mut given: Vec<_> = others.collect();
    let known: BTreeSet<&str> = declared(side, case).gather();
    let rests = case.facts.iter().filter_map(|fact| evaluated::unnamed(side, case, fact));
    given.extend(rests.filter(|(_, names)| names.is_subset(&known)).map(|(rest, _)| rest));
    let said = |fact: &Node<'a>| {
        OTHERS.iter().any(|keyword| fact.get(keyword).is_some()) || Evaluated::conditionally(side, fact).all_names
    };
    let closed = given.iter().any(evaluated::is_nothing);
    let unsent = declares(case) && !case.facts.iter().any(said);
    if closed || unsent { Known::Never } else { Known::Fits(given) }
}

/// Whether the objects are of a declared shape, to which the assumption about undeclared properties applies.
fn declares(case: &Case<'_>) -> bool {
    case.all("properties").next().is_some()
}

/// Whether a property tells the two apart: one side has it always and the other never, or their listed values differ.
pub(super) fn told_apart<'a>(proof: &mut Proof<'a>, case: &Case<'a>, other: &Case<'a>) -> bool {
    let names: BTreeSet<&str> = case.facts.iter().chain(&other.facts).flat_map(|fact| fact.texts("required")).gather();
    names.into_iter().any(|name| apart_by(proof, case, other, name))
}

fn apart_by<'a>(proof: &mut Proof<'a>, case: &Case<'a>, other: &Case<'a>, name: &str) -> bool {
    let Known::Fits(ours) = known(proof.gives, case, name) else { return other.requires(name) };
    let theirs: Vec<_> = other.facts.iter().filter_map(|fact| fact.member("properties", name)).collect();
    let tags = tags(proof.gives, &ours).zip(tags(proof.reads, &theirs));
    let differ =
        tags.is_some_and(|(ours, theirs)| ours.iter().all(|value| !theirs.iter().any(|one| equal(one, value))));
    differ || case.requires(name) && closed_to(other, name) || proof.nested(|proof| proof.apart(&ours, &theirs))
}

/// Values of one property that a case is split by, at most.
const MOST_TAGS: usize = 16;

/// The objects of a case by the value of a property that they all have, which one of the alternatives lists values of.
pub(super) fn by_tag<'a>(proof: &Proof<'a>, case: &Case<'a>, branches: &[Node<'a>]) -> Option<Vec<Case<'a>>> {
    if !declares(case) || !case.types().iter().all(|kind| *kind == "object") {
        return None;
    }
    let asked: BTreeSet<&str> = branches
        .iter()
        .filter_map(|branch| cases(proof.reads, std::slice::from_ref(branch)))
        .flatten()
        .flat_map(|other| other.facts)
        .flat_map(|fact| fact.map("properties"))
        .filter(|(_, property)| listed(property).is_some())
        .map(|(name, _)| name)
        .gather();
    let mut named = asked.into_iter().filter(|name| case.requires(name)).filter_map(|name| {
        let Known::Fits(given) = known(proof.gives, case, name) else { return None };
        Some((name, tags(proof.gives, &given)?))
    });
    let (name, values) = named.find(|(_, values)| (2..=MOST_TAGS).contains(&values.len()))?;
    let assumed = |value| proof.gives.keep(json!({ "properties": { name: { "const": value } } }));
    values.into_iter().map(|value| Some(case.with(assumed(value)?))).collect()
}

/// The values that schemas which hold together leave, when they can be listed.
fn tags<'a>(side: &'a Side<'_>, schemas: &[Node<'a>]) -> Option<Vec<Value>> {
    let values: Option<Vec<_>> = cases(side, schemas)?.iter().map(Case::values).collect();
    values.map(|values| values.concat())
}

/// Whether a closed object has no room for the property.
fn closed_to(case: &Case<'_>, name: &str) -> bool {
    case.facts.iter().any(|fact| {
        let named = fact.get("patternProperties").is_some() || fact.member("properties", name).is_some();
        !named && fact.get("additionalProperties") == Some(&Value::Bool(false))
    })
}
