//! Objects and arrays.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::facts::Facts;
use super::maker::{Fill, Maker};
use crate::compat::Node;
use crate::schema::{Matcher, equal};

/// Members and items beyond what is needed.
const MOST_MORE: usize = 3;
/// Members and items that are made, however many a schema asks for.
const MOST: usize = 300;

impl<'a> Maker<'a, '_> {
    pub(super) fn object(&mut self, facts: &Facts<'a>, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        for name in self.names(facts, depth)? {
            let value = self.member(facts, &name, depth)?;
            members.insert(name, value);
        }
        self.more_members(facts, &mut members, depth);
        Some(Value::Object(members))
    }

    /// The declared properties this object has: the required ones, what these ask for, and some of the others; none
    /// where too many are required.
    fn names(&mut self, facts: &Facts<'a>, depth: usize) -> Option<Vec<String>> {
        let mut names: Vec<String> = Vec::new();
        let mut open: Vec<&str> = facts.each().flat_map(|fact| fact.texts("required")).collect();
        let required: BTreeSet<&str> = open.iter().copied().collect();
        if required.len() > MOST {
            return None;
        }
        let declared: Vec<_> = facts.each().flat_map(|fact| fact.map("properties")).collect();
        for (name, schema) in declared {
            let is_possible = schema.value != &Value::Bool(false);
            let is_wanted = match self.fill {
                Fill::Whole => !self.is_deep(depth),
                Fill::Some => !self.is_deep(depth) && self.random.once_in(2),
            };
            if is_possible && is_wanted {
                open.push(name);
            }
        }
        if open.len() > MOST {
            // Those that are required come first, so that the others take no room from them.
            open.reverse();
        }
        while let Some(name) = open.pop() {
            if names.iter().any(|known| known == name) || names.len() >= MOST {
                continue;
            }
            names.push(name.to_owned());
            let asked = facts.each().filter_map(|fact| fact.get("dependentRequired")?.get(name)?.as_array());
            open.extend(asked.flatten().filter_map(Value::as_str));
        }
        Some(names)
    }

    /// The value of a member, by all that is said of its name.
    fn member(&mut self, facts: &Facts<'a>, name: &str, depth: usize) -> Option<Value> {
        let mut schemas = Vec::new();
        for fact in facts.each() {
            let matching = fact.map("patternProperties").into_iter().filter(|(pattern, _)| matches(pattern, name));
            let matching = matching.map(|(_, schema)| schema);
            let known: Vec<Node<'a>> = fact.member("properties", name).into_iter().chain(matching).collect();
            match known.is_empty() {
                true => schemas.extend(fact.schema("additionalProperties")),
                false => schemas.extend(known),
            }
        }
        self.value(schemas, depth + 1)
    }

    /// Members with names of their own: as many as are needed, or some where the object is made for them.
    fn more_members(&mut self, facts: &Facts<'a>, members: &mut Map<String, Value>, depth: usize) {
        let least = facts.greatest("minProperties").unwrap_or(0.0) as usize;
        let most = facts.least("maxProperties").map_or(MOST, |most| most as usize);
        let is_map = facts.all("properties").next().is_none()
            && ["additionalProperties", "patternProperties", "propertyNames"]
                .iter()
                .any(|word| facts.all(word).any(|value| value != &Value::Bool(false)));
        let wanted = if is_map && !self.is_deep(depth) { members.len() + 1 + self.random.below(2) } else { 0 };
        let wanted = wanted.max(least).min(most).min(MOST);
        // Names may come twice, and values may not be found.
        for index in 0..wanted.saturating_mul(3) {
            if members.len() >= wanted {
                return;
            }
            let Some(name) = self.name(facts, index, depth) else { return };
            if !members.contains_key(&name)
                && let Some(value) = self.member(facts, &name, depth)
            {
                members.insert(name, value);
            }
        }
    }

    /// A name that nobody declares.
    fn name(&mut self, facts: &Facts<'a>, index: usize, depth: usize) -> Option<String> {
        let patterns: Vec<&str> =
            facts.each().flat_map(|fact| fact.map("patternProperties")).map(|(pattern, _)| pattern).collect();
        if !patterns.is_empty() {
            let pattern = *self.random.pick(&patterns);
            return self.matching(pattern);
        }
        let names = facts.schemas("propertyNames");
        if names.is_empty() {
            return Some(format!("key{}", index + 1));
        }
        match self.value(names, depth + 1)? {
            Value::String(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn array(&mut self, facts: &Facts<'a>, depth: usize) -> Option<Value> {
        let prefix = facts.each().map(|fact| fact.list("prefixItems").len()).max().unwrap_or(0);
        let least = facts.greatest("minItems").unwrap_or(0.0) as usize;
        let most = facts.least("maxItems").map_or(MOST, |most| most as usize).min(MOST);
        let more = match (self.is_deep(depth), self.fill) {
            (true, _) => 0,
            (false, Fill::Whole) => 2,
            (false, Fill::Some) => self.random.below(MOST_MORE + 1),
        };
        let wanted = least.max(prefix.max(more)).min(most);
        if least > MOST {
            return None;
        }
        let are_unique = facts.all("uniqueItems").any(|value| value == &Value::Bool(true));
        let mut items: Vec<Value> = Vec::new();
        for schema in facts.schemas("contains") {
            let at = items.len();
            items.extend(self.item(facts, at, Some(schema), depth));
        }
        for _ in 0..wanted.saturating_mul(2) {
            if items.len() >= wanted {
                break;
            }
            match self.item(facts, items.len(), None, depth) {
                Some(item) if are_unique && items.iter().any(|known| equal(known, &item)) => {}
                Some(item) => items.push(item),
                None if items.len() >= least => break,
                None => return None,
            }
        }
        Some(Value::Array(items))
    }

    fn item(&mut self, facts: &Facts<'a>, index: usize, also: Option<Node<'a>>, depth: usize) -> Option<Value> {
        let mut schemas: Vec<Node<'a>> = also.into_iter().collect();
        for fact in facts.each() {
            match fact.list("prefixItems").into_iter().nth(index) {
                Some(schema) => schemas.push(schema),
                None => schemas.extend(fact.schema("items")),
            }
        }
        self.value(schemas, depth + 1)
    }
}

/// Whether a name matches a pattern of `patternProperties`.
fn matches(pattern: &str, name: &str) -> bool {
    Matcher::of_written(pattern).matches(name.as_bytes())
}
