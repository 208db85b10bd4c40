//! How the alternatives of a union are told apart: by kind, then by tag; the rest is tried.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::kinds;
use crate::gather::Gather;
use crate::plan::Word;
use crate::plan::escape::unescape;
use crate::plan::node::{ANY, Id, Kind, Kinds, NEVER, Node, ObjectRules, Property, Tagged, Test};

/// Replaces the unions among the nodes by what decides them.
pub(super) fn resolve(nodes: &mut Vec<Node>) {
    for id in 0..nodes.len() {
        if let Node::Union { exactly_one, alternatives } = &nodes[id] {
            let (exactly_one, alternatives) = (*exactly_one, alternatives.clone());
            let node = decide(nodes, exactly_one, &alternatives);
            nodes[id] = node;
        }
    }
}

fn decide(nodes: &mut Vec<Node>, exactly_one: bool, alternatives: &[Id]) -> Node {
    let taken: Vec<u8> = alternatives.iter().map(|id| kinds(nodes, *id)).collect();
    let mut decided: BTreeMap<Vec<Id>, Id> = BTreeMap::new();
    let mut table = [NEVER; 6];
    for kind in Kind::ALL {
        let taking = alternatives.iter().zip(&taken).filter(|(_, kinds)| **kinds & kind.bit() != 0);
        let taking: Vec<Id> = taking.map(|(id, _)| *id).collect();
        table[kind as usize] = match taking.as_slice() {
            [] => NEVER,
            [only] => *only,
            several => match tagged(nodes, several).filter(|_| kind == Kind::Object) {
                Some(tagged) => push(nodes, Node::Tagged(Box::new(tagged))),
                None => *decided.entry(taking.clone()).or_insert_with(|| {
                    let ids = several.into();
                    let test = if exactly_one { Test::OneOf(ids) } else { Test::AnyOf(ids) };
                    push(nodes, Node::Also { main: ANY, more: Box::new([test]) })
                }),
            },
        };
    }
    Node::Kinds(Box::new(Kinds(table)))
}

fn push(nodes: &mut Vec<Node>, node: Node) -> Id {
    nodes.push(node);
    Id::try_from(nodes.len() - 1).expect("a contract of a MiB has fewer schemas")
}

/// The alternatives as objects that one property tells apart, if there is such a property.
fn tagged(nodes: &[Node], alternatives: &[Id]) -> Option<Tagged> {
    let objects: Vec<&ObjectRules> = alternatives.iter().map(|id| object(nodes, *id)).collect::<Option<_>>()?;
    let first = objects.first()?;
    first.properties.iter().find_map(|property| {
        let tags: Option<Vec<_>> = objects.iter().map(|object| tag(nodes, object, &property.key)).collect();
        let tags = tags.filter(|tags| tags.iter().gather::<BTreeSet<_>>().len() == tags.len())?;
        let named: BTreeSet<_> = tags
            .into_iter()
            .zip(alternatives)
            .zip(0..)
            .map(|(((text, word), id), index)| (text, word, *id, index))
            .gather();
        let places: BTreeMap<u32, u32> = named.iter().zip(0..).map(|((.., index), place)| (*index, place)).gather();
        let hints = hints(&objects).into_iter().map(|(key, index)| (key, places[&index])).collect();
        let alternatives = named.into_iter().map(|(text, word, id, _)| (text.into(), word, id)).collect();
        Some(Tagged::new(property.key.clone(), alternatives, hints))
    })
}

/// The object rules that every object must keep that fits a node.
fn object(nodes: &[Node], id: Id) -> Option<&ObjectRules> {
    match &nodes[id as usize] {
        Node::Object(rules) => Some(rules),
        Node::Also { main, .. } => object(nodes, *main),
        Node::Kinds(kinds) => object(nodes, kinds.of(Kind::Object)),
        _ => None,
    }
}

/// The one string that a required property may be.
fn tag(nodes: &[Node], object: &ObjectRules, key: &[u8]) -> Option<(Vec<u8>, Word)> {
    let index = object.position(key)?;
    if !object.required.iter().any(|required| *required as usize == index) {
        return None;
    }
    match &nodes[object.properties[index].node as usize] {
        Node::Text(rules) => match rules.words.as_deref() {
            Some([(literal, word)]) => Some((unescape(literal.inner()), *word)),
            _ => None,
        },
        _ => None,
    }
}

/// Keys that only one of the objects names, as they stand between their quotes.
fn hints(objects: &[&ObjectRules]) -> Vec<(Box<[u8]>, u32)> {
    let mut owners: BTreeMap<&[u8], Option<u32>> = BTreeMap::new();
    for (object, index) in objects.iter().zip(0..) {
        for Property { literal, .. } in &object.properties {
            let raw = &literal.as_bytes()[1..literal.len() - 2];
            owners.entry(raw).and_modify(|known| *known = None).or_insert(Some(index));
        }
    }
    owners.into_iter().filter_map(|(raw, owner)| Some((raw.into(), owner?))).collect()
}
