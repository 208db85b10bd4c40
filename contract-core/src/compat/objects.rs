//! Keywords of objects.

use super::cases::{Case, cases};
use super::keywords::stated;
use super::node::Node;
use super::prove::Proof;
use serde_json::Value;

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
        "properties" => read.map("properties").iter().all(|(name, schema)| has(proof, case, name, schema)),
        "additionalProperties" => others(proof, case, read),
        "patternProperties" => read.map("patternProperties").iter().all(|(pattern, schema)| {
            let given: Vec<_> = case.facts.iter().filter_map(|fact| member(fact, "patternProperties", pattern)).collect();
            !given.is_empty() && proof.fits(&given, schema)
        }),
        "minProperties" => {
            let required = case.facts.iter().map(|fact| fact.texts("required").len() as f64);
            case.numbers("minProperties").chain(required).any(|least| least >= number)
        }
        "maxProperties" => case.numbers("maxProperties").any(|most| most <= number),
        _ => stated(case, read, keyword),
    }
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
        return false;
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

/// Whether a property tells the two apart: its listed values differ, or one side has it always and the other never.
pub(super) fn told_apart<'a>(proof: &Proof<'a>, case: &Case<'a>, other: &Case<'a>) -> bool {
    let names = case.facts.iter().chain(&other.facts).flat_map(|fact| fact.texts("required"));
    names.into_iter().any(|name| {
        let (Some(ours), Some(theirs)) = (always(case, name), always(other, name)) else { return false };
        let listed = |side, nodes: &[Node<'a>]| {
            let cases = cases(side, nodes)?;
            cases.iter().map(Case::values).collect::<Option<Vec<_>>>().map(|values| values.concat())
        };
        let apart = |ours: &[Value], theirs: &[Value]| ours.iter().all(|value| !theirs.contains(value));
        let both = listed(proof.gives, &ours).zip(listed(proof.reads, &theirs));
        // An empty list is a property that cannot be there, while one side asks for it.
        both.is_some_and(|(ours, theirs)| only_objects(case) && apart(&ours, &theirs))
            && (case.requires(name) || other.requires(name) && !open(case, name))
    })
}

/// The schemas of a property as they would be if it were there; closed objects say `false`.
fn always<'a>(case: &Case<'a>, name: &str) -> Option<Vec<Node<'a>>> {
    match known(case, name) {
        Known::Never => closing(case, name),
        Known::Fits(given) => Some(given),
    }
}

/// The `false` that closes an object to a property, when it is not only assumed to be absent.
fn closing<'a>(case: &Case<'a>, name: &str) -> Option<Vec<Node<'a>>> {
    let fact = case.facts.iter().find(|fact| {
        let open = fact.get("patternProperties").is_some() || member(fact, "properties", name).is_some();
        !open && fact.get("additionalProperties") == Some(&Value::Bool(false))
    });
    fact.and_then(|fact| fact.schema("additionalProperties")).map(|schema| vec![schema])
}

/// Whether the property may be there with any value at all.
fn open(case: &Case<'_>, name: &str) -> bool {
    closing(case, name).is_none()
}

fn only_objects(case: &Case<'_>) -> bool {
    case.types().iter().all(|kind| *kind == "object")
}

fn member<'a>(fact: &Node<'a>, keyword: &str, name: &str) -> Option<Node<'a>> {
    let value = fact.get(keyword)?.get(name)?;
    Some(Node { value, at: fact.at.key(keyword).key(name) })
}
