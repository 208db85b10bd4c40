//! What is written differently in two versions, in words, but for what is told as a break.

use std::collections::BTreeSet;

use serde_json::Value;

use super::node::Side;
use super::words;
use crate::Pointer;
use crate::contract::place::Place;
use crate::gather::Gather;

/// Changes that are listed.
const MOST: usize = 1000;

/// A change that breaks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// Place in the old contract, if it has one there.
    pub old: Option<Pointer>,
    /// Place in the new contract, if it has one there.
    pub new: Option<Pointer>,
    /// What changed.
    pub message: String,
}

impl Edit {
    /// The place in the new contract, or where it was in the old one.
    pub fn at(&self) -> &Pointer {
        self.new.as_ref().or(self.old.as_ref()).expect("a change has a place in one of the two")
    }

    /// Whether it changes how agents run, and nothing of what they say to each other.
    pub fn is_operational(&self) -> bool {
        match self.at().as_str().split('/').skip(1).collect::<Vec<_>>().as_slice() {
            ["constraints" | "initialState", ..] => true,
            ["agents", _, "operations", _, "fansOut", member] => *member == "concurrency",
            ["agents", _, "operations", _, member, ..] => {
                matches!(*member, "constraints" | "idempotencyKey" | "events")
            }
            _ => false,
        }
    }
}

/// The changes between two canonical forms, in the order of their places, without those at or around a broken place.
pub(super) fn between(old: &Side<'_>, new: &Side<'_>, broken: &[Pointer]) -> Vec<Edit> {
    let broken: BTreeSet<&Pointer> = broken.iter().gather();
    let mut walk = Walk { broken: &broken, edits: Vec::new() };
    walk.both(old.whole(), new.whole(), Place::Contract, &Pointer::root());
    walk.edits
}

struct Walk<'a> {
    broken: &'a BTreeSet<&'a Pointer>,
    edits: Vec<Edit>,
}

/// What stands at a place in the old version, and in the new one.
type Pair<'v> = (Option<&'v Value>, Option<&'v Value>);

impl Walk<'_> {
    fn both(&mut self, old: &Value, new: &Value, place: Place, at: &Pointer) {
        match (old, new) {
            (Value::Object(before), Value::Object(after)) if place != Place::Data => {
                let names: BTreeSet<&String> = before.keys().chain(after.keys()).gather();
                for name in names {
                    self.member(place, &at.key(name), name, (before.get(name), after.get(name)));
                }
            }
            (Value::Array(before), Value::Array(after))
                if place == Place::SchemaList && before.len() == after.len() =>
            {
                for (index, pair) in before.iter().zip(after).enumerate() {
                    self.member(place, &at.index(index), "", (Some(pair.0), Some(pair.1)));
                }
            }
            _ => self.add(at, words::change(&last(at), Some(old), Some(new)), (Some(old), Some(new))),
        }
    }

    fn member(&mut self, parent: Place, at: &Pointer, name: &str, pair: Pair<'_>) {
        let told = parent == Place::Contract && (name == "version" || name == "name");
        if told || pair.0 == pair.1 || self.is_broken(at) {
            return;
        }
        match (pair, parent.member(name)) {
            ((Some(old), Some(new)), place) => self.both(old, new, place, at),
            (pair, _) => self.add(at, lone(parent, at, name, pair), pair),
        }
    }

    /// Whether this is told as a break. Where the type is another one, all beside it is.
    fn is_broken(&self, at: &Pointer) -> bool {
        let beside = || at.parent().is_some_and(|(schema, _)| self.broken.contains(&schema.key("type")));
        self.broken.contains(at) || beside()
    }

    fn add(&mut self, at: &Pointer, message: String, (old, new): Pair<'_>) {
        if self.edits.len() < MOST {
            let place = |value: Option<&Value>| value.map(|_| at.clone());
            self.edits.push(Edit { old: place(old), new: place(new), message });
        }
    }
}

/// What is in one of the two versions only.
fn lone(parent: Place, at: &Pointer, name: &str, pair: Pair<'_>) -> String {
    let within = at.parent().map(|(parent, _)| last(&parent)).unwrap_or_default();
    let noun = match (parent, within.as_str()) {
        (Place::Agents, _) => "agent",
        (Place::Operations, _) => "operation",
        (Place::Errors, _) => "error",
        (Place::SchemaMap, "$defs") => "type",
        (Place::SchemaMap, "properties") => "property",
        (Place::SchemaMap, _) => "schema of",
        _ => return words::change(name, pair.0, pair.1),
    };
    let fate = if pair.0.is_none() { "new" } else { "gone" };
    format!("the {noun} `{name}` is {fate}")
}

fn last(at: &Pointer) -> String {
    at.parent().map(|(_, token)| token).unwrap_or_default()
}
