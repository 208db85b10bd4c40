//! Keywords of arrays.

use super::alike::references;
use super::cases::Case;
use super::evaluated::{self, Evaluated};
use super::node::{Node, Side};
use super::prove::Proof;

pub(super) fn implied<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>, keyword: &str) -> bool {
    let number = read.number(keyword).unwrap_or_default();
    match keyword {
        "minItems" => number <= 0.0 || case.numbers("minItems").any(|least| least >= number),
        "maxItems" => longest(proof.gives, case).is_some_and(|most| most as f64 <= number),
        "uniqueItems" => {
            let unique = case.all("uniqueItems").any(|value| value.as_bool() == Some(true));
            unique
                || longest(proof.gives, case).is_some_and(|most| most < 2)
                || read.get("uniqueItems").and_then(serde_json::Value::as_bool) != Some(true)
        }
        "prefixItems" => {
            let items = read.list("prefixItems").into_iter().enumerate();
            proof.every(items, |proof, (index, item)| at(proof, case, index, &item))
        }
        "unevaluatedItems" => {
            let Some(rest) = read.schema("unevaluatedItems") else { return true };
            let seen = Evaluated::surely(proof, case, read);
            seen.all_items || beyond(proof, case, seen.prefix, &rest)
        }
        _ => read.schema("items").is_none_or(|items| beyond(proof, case, read.list("prefixItems").len(), &items)),
    }
}

/// `contains` with `minContains`: as many items as are asked for fit what is asked for.
pub(super) fn contains<'a>(proof: &mut Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some(wanted) = read.schema("contains") else { return true };
    let least = |node: &Node<'_>| node.number("minContains").unwrap_or(1.0);
    let enough = case.facts.iter().filter(|fact| least(fact) >= least(read));
    let given: Vec<_> = enough.filter_map(|fact| fact.schema("contains")).collect();
    least(read) <= 0.0 || given.into_iter().any(|given| proof.fits(&[given], &wanted))
}

/// `maxContains`: no more items fit what is asked for, because there are no more, or because a fact says so.
pub(super) fn max_contains<'a>(proof: &Proof<'a>, case: &Case<'a>, read: &Node<'a>) -> bool {
    let Some((wanted, most)) = read.get("contains").zip(read.number("maxContains")) else { return true };
    let fewer = |fact: &Node<'a>| {
        fact.number("maxContains").is_some_and(|given| given <= most)
            && fact.get("contains") == Some(wanted)
            && references(wanted).is_empty()
    };
    longest(proof.gives, case).is_some_and(|longest| longest as f64 <= most) || case.facts.iter().any(fewer)
}

/// Each item from `first` on, up to where no prefix of a fact reaches.
fn beyond<'a>(proof: &mut Proof<'a>, case: &Case<'a>, first: usize, items: &Node<'a>) -> bool {
    let last = case.facts.iter().map(|fact| reach(proof.gives, case, fact)).max().unwrap_or(0).max(first);
    (first..=last).all(|index| at(proof, case, index, items))
}

/// The index from which on a fact says the same of all items.
fn reach<'a>(side: &'a Side<'_>, case: &Case<'a>, fact: &Node<'a>) -> usize {
    evaluated::items(side, case, fact).map_or(0, |(_, from)| from).max(fact.list("prefixItems").len())
}

fn at<'a>(proof: &mut Proof<'a>, case: &Case<'a>, index: usize, read: &Node<'a>) -> bool {
    if longest(proof.gives, case).is_some_and(|most| index >= most) {
        return true;
    }
    let unevaluated = |fact: &Node<'a>| evaluated::items(proof.gives, case, fact).filter(|(_, from)| index >= *from);
    let known = case.facts.iter().filter_map(|fact| item(fact, index));
    let given: Vec<_> = known.chain(case.facts.iter().filter_map(unevaluated).map(|(schema, _)| schema)).collect();
    proof.fits(&given, read)
}

/// The schema of the item at an index, if the fact has one.
fn item<'a>(fact: &Node<'a>, index: usize) -> Option<Node<'a>> {
    fact.list("prefixItems").into_iter().nth(index).or_else(|| fact.schema("items"))
}

/// Items that an array of the case has at most.
fn longest<'a>(side: &'a Side<'_>, case: &Case<'a>) -> Option<usize> {
    let closed = case.facts.iter().filter(|fact| fact.get("items") == Some(&serde_json::Value::Bool(false)));
    let prefixes = closed.map(|fact| fact.list("prefixItems").len());
    let rests = case.facts.iter().filter_map(|fact| evaluated::items(side, case, fact));
    let ends = rests.filter(|(rest, _)| evaluated::is_nothing(rest)).map(|(_, from)| from);
    case.numbers("maxItems").map(|most| most as usize).chain(prefixes).chain(ends).min()
}
