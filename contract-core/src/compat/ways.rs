//! The way from a schema to one within it: what samples follow to come to a place that was not proven.

use std::collections::BTreeSet;

use super::node::{Node, Side};
use crate::Pointer;
use crate::gather::Gather;

/// Schemas that are looked at for one way.
const MOST_SCHEMAS: usize = 4096;

/// From a schema to one within it, other than by a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// To the property of this name.
    Member(String),
    /// To those whose names match this pattern.
    Pattern(String),
    /// To those that nothing else speaks of.
    Others,
    /// To the item at this index.
    Item(usize),
    /// To the items behind those with schemas of their own.
    Items,
    /// To a part of a combinator or of a condition, for the same value.
    Part(&'static str, usize),
}

/// Where samples are to differ: anywhere, or where some steps lead to.
#[derive(Default)]
pub(super) struct Way(Option<Vec<Step>>);

/// Where samples are made.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    /// Steps from schema to schema.
    pub(super) depth: usize,
    /// How many steps of the way are behind; none beside it, or where there is none.
    pub(super) along: Option<usize>,
}

impl Spot {
    /// What a reference leads to: the same value.
    pub(super) fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Way {
    /// The shortest way from a schema to the one that stands at `to`, or that has a keyword there, and where that is.
    pub(super) fn between(side: &Side<'_>, from: &Pointer, to: &Pointer) -> Option<(Self, Pointer)> {
        let around = std::iter::successors(Some(to.clone()), |at| at.parent().map(|(parent, _)| parent));
        let targets: Vec<Pointer> = around.take(3).gather();
        let mut met = BTreeSet::from([from.clone()]);
        let mut found = vec![Met { schema: side.node(from)?, before: None }];
        let mut index = 0;
        while index < found.len() && found.len() < MOST_SCHEMAS {
            for (step, schema) in within(side, &found[index].schema) {
                if met.insert(schema.at.clone()) {
                    found.push(Met { schema, before: Some((index, step)) });
                }
            }
            index += 1;
        }
        let target = targets.iter().find_map(|to| found.iter().position(|met| met.schema.at == *to))?;
        Some((Self(Some(steps(&found, target))), found[target].schema.at.clone()))
    }

    /// Where it begins.
    pub(super) fn start(&self) -> Spot {
        Spot { depth: 0, along: self.0.as_ref().map(|_| 0) }
    }

    fn next(&self, spot: Spot) -> Option<&Step> {
        self.0.as_ref()?.get(spot.along?)
    }

    /// One step on: along the way if that is its next one. Who has arrived stays there.
    pub(super) fn by(&self, spot: Spot, step: &Step) -> Spot {
        let along = match self.next(spot) {
            None => spot.along,
            Some(next) => spot.along.filter(|_| next == step).map(|along| along + 1),
        };
        Spot { along, ..spot.deeper() }
    }

    /// To a part for the same value: along the way, or as far on it as before where it goes on within the value.
    pub(super) fn part(&self, spot: Spot, keyword: &'static str, index: usize) -> Spot {
        match self.next(spot) {
            Some(Step::Part(..)) | None => self.by(spot, &Step::Part(keyword, index)),
            Some(_) => spot.deeper(),
        }
    }

    /// Whether it leads elsewhere.
    pub(super) fn misses(&self, spot: Spot) -> bool {
        self.0.is_some() && spot.along.is_none()
    }

    /// Whether it leads through here.
    pub(super) fn meets(&self, spot: Spot) -> bool {
        spot.along.is_some()
    }
}

struct Met<'a> {
    schema: Node<'a>,
    /// From which of those that were met before, and by which step.
    before: Option<(usize, Option<Step>)>,
}

fn steps(found: &[Met<'_>], target: usize) -> Vec<Step> {
    let back = std::iter::successors(Some(&found[target]), |met| met.before.as_ref().map(|(index, _)| &found[*index]));
    let mut steps: Vec<Step> = back.filter_map(|met| met.before.as_ref()?.1.clone()).gather();
    steps.reverse();
    steps
}

/// The schemas within one, each with the step to it; none for a reference, which is no step.
fn within<'a>(side: &'a Side<'_>, schema: &Node<'a>) -> Vec<(Option<Step>, Node<'a>)> {
    let mut found = Vec::new();
    found.extend(schema.get("$ref").and_then(|target| side.follow(target)).map(|target| (None, target)));
    let mut add = |step: Step, schema: Node<'a>| found.push((Some(step), schema));
    for (name, property) in schema.map("properties") {
        add(Step::Member(name.to_owned()), property);
    }
    for (pattern, property) in schema.map("patternProperties") {
        add(Step::Pattern(pattern.to_owned()), property);
    }
    for (index, item) in schema.list("prefixItems").into_iter().enumerate() {
        add(Step::Item(index), item);
    }
    schema.schema("additionalProperties").into_iter().for_each(|others| add(Step::Others, others));
    schema.schema("items").into_iter().for_each(|items| add(Step::Items, items));
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for (index, part) in schema.list(keyword).into_iter().enumerate() {
            add(Step::Part(keyword, index), part);
        }
    }
    for keyword in ["if", "then", "else"] {
        schema.schema(keyword).into_iter().for_each(|part| add(Step::Part(keyword, 0), part));
    }
    for (index, (_, part)) in schema.map("dependentSchemas").into_iter().enumerate() {
        add(Step::Part("dependentSchemas", index), part);
    }
    found
}
