//! What the keywords of a schema have looked at before `unevaluatedProperties` and `unevaluatedItems` come.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cases::Case;
use super::node::{Node, Side};
use super::prove::Proof;
use crate::Pointer;

/// Schemas that are looked into for one value.
const MOST_MET: usize = 64;

/// Keywords whose schemas hold for the same value, when they hold at all.
const ALTERNATIVES: [&str; 2] = ["anyOf", "oneOf"];
const CONDITIONS: [&str; 3] = ["if", "then", "else"];

/// Properties and items that were looked at.
#[derive(Default)]
pub(super) struct Evaluated<'a> {
    /// Properties by name.
    pub(super) names: BTreeSet<&'a str>,
    /// Every property, or some of which nobody knows the names.
    pub(super) all_names: bool,
    /// So many items at the front.
    pub(super) prefix: usize,
    /// Every item, or some of which nobody knows the place.
    pub(super) all_items: bool,
}

/// Which schemas of those that may hold for a value do hold.
trait Choice<'a> {
    /// Whether all that may have looked at something counts, rather than what did so for sure.
    const POSSIBLY: bool;

    /// Of the alternatives and conditions of a schema, those that count.
    fn choose(&mut self, schema: &Node<'a>) -> Vec<Node<'a>>;
}

/// Those that a proof has for a case.
struct Proven<'p, 'a>(&'p mut Proof<'a>, &'p Case<'a>);

impl<'a> Choice<'a> for Proven<'_, 'a> {
    const POSSIBLY: bool = false;

    fn choose(&mut self, schema: &Node<'a>) -> Vec<Node<'a>> {
        let branches = ALTERNATIVES.iter().flat_map(|keyword| schema.list(keyword));
        branches.filter(|branch| self.0.tried(self.1, branch)).collect()
    }
}

/// All that may hold for values of a case.
struct Possible<'p, 'a>(&'p [Node<'a>]);

impl<'a> Choice<'a> for Possible<'_, 'a> {
    const POSSIBLY: bool = true;

    fn choose(&mut self, schema: &Node<'a>) -> Vec<Node<'a>> {
        // Of `oneOf` no other than the alternative of the case holds.
        let one = schema.list("oneOf");
        let is_chosen = |branch: &Node<'a>| self.0.iter().any(|fact| fact.at == branch.at);
        let known = one.iter().any(is_chosen);
        let one = one.into_iter().filter(|branch| !known || is_chosen(branch));
        one.chain(schema.list("anyOf")).chain(conditional(schema)).collect()
    }
}

impl<'a> Evaluated<'a> {
    /// What every value of a case has evaluated if it fits the schema, `unevaluated…` of the schema itself aside.
    pub(super) fn surely(proof: &mut Proof<'a>, case: &Case<'a>, schema: &Node<'a>) -> Self {
        let side = proof.reads;
        Self::of(side, schema, &mut Proven(proof, case))
    }

    /// What some value of a case may have evaluated.
    fn possibly(side: &'a Side<'_>, case: &Case<'a>, schema: &Node<'a>) -> Self {
        Self::of(side, schema, &mut Possible(&case.facts))
    }

    /// What some value may have evaluated because of a condition that it meets.
    pub(super) fn conditionally(side: &'a Side<'_>, schema: &Node<'a>) -> Self {
        let mut evaluated = Self::default();
        evaluated.among(side, conditional(schema), &mut Possible(&[]), &mut Vec::new());
        evaluated
    }

    /// Whether it has looked at a property, or may have done so.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all_names || self.names.contains(name)
    }

    fn of<C: Choice<'a>>(side: &'a Side<'_>, schema: &Node<'a>, choice: &mut C) -> Self {
        let mut evaluated = Self::default();
        evaluated.own(schema, C::POSSIBLY);
        evaluated.parts(side, schema, choice, &mut vec![schema.at.clone()]);
        evaluated
    }

    fn own(&mut self, schema: &Node<'a>, possibly: bool) {
        self.names.extend(schema.map("properties").into_iter().map(|(name, _)| name));
        self.all_names |= schema.get("additionalProperties").is_some();
        self.prefix = self.prefix.max(schema.list("prefixItems").len());
        self.all_items |= schema.get("items").is_some();
        if possibly {
            // Which names or items these take is not looked into.
            self.all_names |= schema.get("patternProperties").is_some();
            self.all_items |= schema.get("contains").is_some();
        }
    }

    /// What the schemas that hold for the same value have evaluated.
    fn parts<C: Choice<'a>>(&mut self, side: &'a Side<'_>, schema: &Node<'a>, choice: &mut C, met: &mut Vec<Pointer>) {
        let target = schema.get("$ref").and_then(|target| side.follow(target));
        let inner = target.into_iter().chain(schema.list("allOf")).chain(choice.choose(schema)).collect();
        self.among(side, inner, choice, met);
    }

    fn among<C: Choice<'a>>(
        &mut self,
        side: &'a Side<'_>,
        inner: Vec<Node<'a>>,
        choice: &mut C,
        met: &mut Vec<Pointer>,
    ) {
        for part in inner {
            if met.contains(&part.at) {
                continue;
            }
            if met.len() > MOST_MET || !side.look() {
                (self.all_names, self.all_items) = (self.all_names || C::POSSIBLY, self.all_items || C::POSSIBLY);
                return;
            }
            met.push(part.at.clone());
            self.own(&part, C::POSSIBLY);
            self.all_names |= part.get("unevaluatedProperties").is_some();
            self.all_items |= part.get("unevaluatedItems").is_some();
            self.parts(side, &part, choice, met);
        }
    }
}

/// The schemas that hold for a value which meets a condition.
fn conditional<'a>(schema: &Node<'a>) -> Vec<Node<'a>> {
    let branches = CONDITIONS.iter().filter_map(|keyword| schema.schema(keyword));
    branches.chain(schema.map("dependentSchemas").into_iter().map(|(_, node)| node)).collect()
}

/// What `unevaluatedProperties` of a fact says of properties, but for those that something in it may name.
pub(super) fn unnamed<'a>(
    side: &'a Side<'_>,
    case: &Case<'a>,
    fact: &Node<'a>,
) -> Option<(Node<'a>, BTreeSet<&'a str>)> {
    let rest = fact.schema("unevaluatedProperties")?;
    let seen = Evaluated::possibly(side, case, fact);
    (!seen.all_names).then_some((rest, seen.names))
}

/// What `unevaluatedItems` of a fact says of items, and the index from which on it does.
pub(super) fn items<'a>(side: &'a Side<'_>, case: &Case<'a>, fact: &Node<'a>) -> Option<(Node<'a>, usize)> {
    let rest = fact.schema("unevaluatedItems")?;
    let seen = Evaluated::possibly(side, case, fact);
    (!seen.all_items).then_some((rest, seen.prefix))
}

/// Whether a schema lets nothing through.
pub(super) fn is_nothing(schema: &Node<'_>) -> bool {
    schema.value == &Value::Bool(false)
}
