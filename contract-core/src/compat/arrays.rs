//! Keywords of arrays.

use super::cases::Case;
use super::node::Node;
use super::prove::Proof;

pub(super) fn implied<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>, keyword: &str) -> bool {
    let number = read.number(keyword).unwrap_or_default();
    match keyword {
        "minItems" => number <= 0.0 || case.numbers("minItems").any(|least| least >= number),
        "maxItems" => longest(case).is_some_and(|most| most as f64 <= number),
        "uniqueItems" => {
            let unique = case.all("uniqueItems").any(|value| value.as_bool() == Some(true));
            unique
                || longest(case).is_some_and(|most| most < 2)
                || read.get("uniqueItems").and_then(serde_json::Value::as_bool) != Some(true)
        }
        "prefixItems" => {
            let items = read.list("prefixItems").into_iter().enumerate();
            proof.every(items, |proof, (index, item)| at(proof, case, index, &item))
        }
        _ => rest(proof, case, read),
    }
}

/// `contains` without a limit above: as many items as are asked for fit what is asked for.
pub(super) fn contains<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some(wanted) = read.schema("contains").filter(|_| read.get("maxContains").is_none()) else { return false };
    let least = |node: &Node<'_>| node.number("minContains").unwrap_or(1.0);
    let enough = case.facts.iter().filter(|fact| least(fact) >= least(read));
    let given: Vec<_> = enough.filter_map(|fact| fact.schema("contains")).collect();
    given.into_iter().any(|given| proof.fits(&[given], &wanted))
}

/// `items`: each place after the prefix of the schema that reads, up to where no prefix of a fact reaches.
fn rest<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some(items) = read.schema("items") else { return true };
    let first = read.list("prefixItems").len();
    let last = case.facts.iter().map(|fact| fact.list("prefixItems").len()).max().unwrap_or(0).max(first);
    (first..=last).all(|index| at(proof, case, index, &items))
}

fn at<'a>(proof: &mut Proof<'a>, case: &Case<'a>, index: usize, read: &Node<'a>) -> bool {
    if longest(case).is_some_and(|most| index >= most) {
        return true;
    }
    let given: Vec<_> = case.facts.iter().filter_map(|fact| item(fact, index)).collect();
    proof.fits(&given, read)
}

/// The schema of the item at an index, if the fact has one.
fn item<'a>(fact: &Node<'a>, index: usize) -> Option<Node<'a>> {
    fact.list("prefixItems").into_iter().nth(index).or_else(|| fact.schema("items"))
}

/// Items that an array of the case has at most.
fn longest(case: &Case<'_>) -> Option<usize> {
    let closed = case.facts.iter().filter(|fact| fact.get("items") == Some(&serde_json::Value::Bool(false)));
    let prefixes = closed.map(|fact| fact.list("prefixItems").len());
    case.numbers("maxItems").map(|most| most as usize).chain(prefixes).min()
}
