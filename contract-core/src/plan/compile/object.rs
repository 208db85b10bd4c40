//! The keywords that look at objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::listed::Listed;
use super::own::Asked;
use super::unevaluated::{Part, Rest};
use super::{Compiler, Members, count};
use crate::Pointer;
use crate::gather::Gather;
use crate::plan::literal::Literal;
use crate::plan::node::{ANY, Id, Kind, Node, ObjectRules, Property, Test};
use crate::schema::Matcher;

impl Compiler<'_> {
    pub(super) fn object_rules(
        &mut self,
        at: &Pointer,
        members: &Members,
        rest: &Rest,
        listed: Option<&Listed<'_>>,
    ) -> Asked {
        let mut rules = self.properties(at, members, rest);
        rules.names = if members.contains_key("propertyNames") { self.node_at(&at.key("propertyNames")) } else { ANY };
        rules.min = count(members, "minProperties").unwrap_or(0);
        rules.max = count(members, "maxProperties").unwrap_or(usize::MAX);
        rules.require(&names(members.get("required")));
        rules.dependent = dependents(members)
            .map(|(one, others)| (rules.number(one), others.into_iter().map(|other| rules.number(other)).collect()))
            .collect();
        let tests: Vec<Test> = listed.map(|listed| listed.test(Kind::Object)).into_iter().collect();
        if rules.is_free() && tests.is_empty() {
            return Asked::Nothing;
        }
        let node = self.asked(Node::Object(Box::new(rules)));
        self.with_tests(node, tests)
    }

    /// Every property that any keyword names, and what must hold of the others.
    fn properties(&mut self, at: &Pointer, members: &Members, rest: &Rest) -> ObjectRules {
        let others = self.others(at, members, rest);
        let object = |keyword: &str| members.get(keyword).and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let defined: BTreeSet<&str> = object("properties").map(String::as_str).gather();
        let asked_for = names(members.get("required")).into_iter();
        let dependent = dependents(members).flat_map(|(one, others)| others.into_iter().chain([one]));
        let mut all: BTreeSet<&str> = defined.iter().copied().chain(asked_for).chain(dependent).gather();
        let looked = match rest {
            Rest::Beside(looked) => Some(looked),
            _ => None,
        };
        all.extend(looked.into_iter().flat_map(|looked| &looked.names).map(String::as_str));
        let properties = all.into_iter().map(|key| {
            let own = match defined.contains(key) {
                true => Some(self.node_at(&at.key("properties").key(key))),
                // Schemas beside this one look at it.
                false => looked.filter(|looked| looked.names.contains(key)).map(|_| ANY),
            };
            self.property(key, own, &others)
        });
        let mut rules = ObjectRules::new(properties.collect());
        (rules.patterns, rules.additional) = (others.patterns, others.additional);
        rules
    }

    /// What must hold of members that no property names.
    fn others(&mut self, at: &Pointer, members: &Members, rest: &Rest) -> ObjectRules {
        let patterns = members.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let mut matchers: Vec<(Matcher, Id)> = patterns
            .map(|pattern| (Matcher::of_written(pattern), self.node_at(&at.key("patternProperties").key(pattern))))
            .collect();
        let mut others = ObjectRules::new(Vec::new());
        if let Rest::Beside(looked) = rest {
            let own = members.get("patternProperties");
            let foreign = looked.patterns.iter().filter(|pattern| own.is_none_or(|own| own.get(pattern).is_none()));
            matchers.extend(foreign.map(|pattern| (Matcher::of_written(pattern), ANY)));
            others.additional = self.node_at(&at.key(Part::Members.keyword()));
        } else if members.contains_key("additionalProperties") {
            others.additional = self.node_at(&at.key("additionalProperties"));
        }
        others.patterns = matchers.into();
        others
    }

    pub(super) fn property(&mut self, key: &str, own: Option<Id>, others: &ObjectRules) -> Property {
        let mut nodes: Vec<Id> = own.into_iter().chain(others.matching(key.as_bytes())).collect();
        let is_named = !nodes.is_empty();
        nodes.retain(|node| *node != ANY);
        let node = match nodes.len() {
            0 if is_named => ANY,
            0 => others.additional,
            1 => nodes[0],
            _ => {
                let main = nodes.remove(0);
                self.push(Node::Also { main, more: nodes.into_iter().map(Test::Is).collect() })
            }
        };
        let literal = format!("{}:", Value::from(key)).into_bytes();
        Property { key: key.as_bytes().into(), literal: Literal::new(&literal), word: self.word(key), node }
    }
}

impl ObjectRules {
    fn require(&mut self, names: &[&str]) {
        self.required = names.iter().map(|name| self.number(name)).collect();
        let bit = |index: &u32| 1u64.checked_shl(*index).unwrap_or(0);
        self.required_bits = self.required.iter().map(bit).fold(0, |bits, bit| bits | bit);
    }

    fn number(&self, name: &str) -> u32 {
        let index = self.position(name.as_bytes()).expect("every name that a keyword mentions became a property");
        u32::try_from(index).expect("a contract of a MiB has fewer names")
    }
}

fn names(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn dependents(members: &Members) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let dependents = members.get("dependentRequired").and_then(Value::as_object).into_iter().flatten();
    dependents.map(|(one, others)| (one.as_str(), names(Some(others))))
}
