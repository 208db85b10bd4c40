//! Schemas that come back to themselves without a step down into the value, and such that branch
//! without end: a validator would never be done with either.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::place::{self, Place};
use crate::contract::reference;
use crate::{ErrorCode, Pointer, Problem};

/// Schemas that may apply to one and the same value, all branches counted.
const MOST_AT_ONCE: u64 = 10_000;
/// Schemas within each other that apply to one and the same value.
const DEEPEST: usize = 32;

/// Looks for a cycle, and for too much at once, from every schema of the contract.
pub(super) fn check(contract: &Value, problems: &mut Vec<Problem>) {
    let mut places = Vec::new();
    place::each_schema(contract, Place::Contract, &Pointer::root(), &mut |schema, at| {
        // A schema that leads nowhere is in no cycle, and weighs one.
        if leads_on(schema) {
            places.push(at.clone());
        }
    });
    let mut walk = Walk { contract, seen: BTreeMap::new(), problems };
    for at in places {
        walk.weigh(&at, 0);
    }
}

fn leads_on(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| members.keys().any(|keyword| STEPS.contains(&keyword.as_str())))
}

/// Keywords with schemas that apply to the same value.
const STEPS: &[&str] = &["$ref", "allOf", "anyOf", "dependentSchemas", "else", "if", "not", "oneOf", "then"];

#[derive(Clone, Copy)]
enum Seen {
    /// We are inside of it.
    Open,
    /// This many schemas apply where it does.
    Weighs(u64),
}

struct Walk<'a> {
    contract: &'a Value,
    seen: BTreeMap<Pointer, Seen>,
    problems: &'a mut Vec<Problem>,
}

impl Walk<'_> {
    fn weigh(&mut self, at: &Pointer, depth: usize) -> u64 {
        match self.seen.get(at) {
            Some(Seen::Weighs(weight)) => return *weight,
            // The step that led here has said so.
            Some(Seen::Open) => return 0,
            None => {}
        }
        if depth > DEEPEST {
            let message = format!("more than {DEEPEST} schemas within each other apply to one value");
            self.problems.push(Problem::new(ErrorCode::SchemaInvalid, at.clone(), message));
            return self.close(at, 0);
        }
        let Some(schema) = place::schema_at(self.contract, at) else { return 0 };
        if !leads_on(schema) {
            return 1;
        }
        self.seen.insert(at.clone(), Seen::Open);
        let mut weight = 1_u64;
        for (step, target) in steps(schema, at) {
            if matches!(self.seen.get(&target), Some(Seen::Open)) {
                let message = "following this leads back here without a step down into the value";
                self.problems.push(Problem::new(ErrorCode::RefCycle, step, message));
                continue;
            }
            weight = weight.saturating_add(self.weigh(&target, depth + 1));
        }
        if weight > MOST_AT_ONCE {
            let message = format!("more than {MOST_AT_ONCE} schemas apply to one value, all branches counted");
            self.problems.push(Problem::new(ErrorCode::SchemaInvalid, at.clone(), message));
            weight = 1;
        }
        self.close(at, weight)
    }

    fn close(&mut self, at: &Pointer, weight: u64) -> u64 {
        self.seen.insert(at.clone(), Seen::Weighs(weight));
        weight
    }
}

/// The schemas that apply to the same value as this one: where each is named, and where it stands.
fn steps(schema: &Value, at: &Pointer) -> Vec<(Pointer, Pointer)> {
    let Value::Object(members) = schema else { return Vec::new() };
    let mut steps = Vec::new();
    for (keyword, value) in members.iter().filter(|(keyword, _)| STEPS.contains(&keyword.as_str())) {
        let at = at.key(keyword);
        match (keyword.as_str(), value) {
            ("$ref", Value::String(reference)) => steps.extend(reference::target_of(reference).map(|to| (at, to))),
            ("not" | "if" | "then" | "else", _) => steps.push((at.clone(), at)),
            ("allOf" | "anyOf" | "oneOf", Value::Array(items)) => {
                steps.extend((0..items.len()).map(|index| (at.index(index), at.index(index))));
            }
            ("dependentSchemas", Value::Object(schemas)) => {
                steps.extend(schemas.keys().map(|key| (at.key(key), at.key(key))));
            }
            _ => {}
        }
    }
    steps
}
