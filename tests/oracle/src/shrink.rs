//! Makes a difference small enough to read: parts of the schema and of the text are left out for as
//! long as the two ways still differ.

use peer_contract_core::{Contract, Limits, Pointer, Value, json};
use serde_json::json;

use crate::campaign::{Failure, hold};
use crate::compare::Difference;
use crate::held::Held;

/// Contracts that are tried before the smallest so far will do.
const TRIES: usize = 3000;

/// The same difference, or one like it, with less around it.
pub(crate) fn smaller(failure: Failure, draws: u64) -> Failure {
    let mut shrink = Shrink { failure, draws, tries: TRIES };
    loop {
        let before = shrink.size();
        shrink.limits();
        shrink.text_as_value();
        shrink.text_as_bytes();
        shrink.types();
        if shrink.size() >= before || shrink.tries == 0 {
            return shrink.failure;
        }
    }
}

struct Shrink {
    failure: Failure,
    draws: u64,
    tries: usize,
}

impl Shrink {
    fn size(&self) -> usize {
        self.failure.types.to_string().len() + self.failure.text.len()
    }

    /// Keeps the candidate if the two ways still differ on it.
    fn attempt(&mut self, candidate: Failure) -> bool {
        let Some(left) = self.tries.checked_sub(1) else { return false };
        self.tries = left;
        match difference(&candidate, self.draws) {
            Some(difference) => {
                self.failure = Failure { difference, ..candidate };
                true
            }
            None => false,
        }
    }

    fn limits(&mut self) {
        let candidate = Failure { limits: Limits::default(), ..self.failure.clone() };
        self.attempt(candidate);
    }

    fn text_as_value(&mut self) {
        let Ok(value) = json::parse(&self.failure.text, &Limits::default()) else { return };
        let mut kept = value;
        let plain = |value: &Value| json::canonical(value).into_vec();
        let candidate = Failure { text: plain(&kept), ..self.failure.clone() };
        if !self.attempt(candidate) {
            return;
        }
        let mut index = 0;
        while let Some(less) = without(&kept, index) {
            let candidate = Failure { text: plain(&less), ..self.failure.clone() };
            if self.attempt(candidate) { kept = less } else { index += 1 }
        }
    }

    fn text_as_bytes(&mut self) {
        let mut run = (self.failure.text.len() / 2).max(1);
        loop {
            let mut at = 0;
            while at < self.failure.text.len() {
                let mut text = self.failure.text.clone();
                text.drain(at..(at + run).min(text.len()));
                if !self.attempt(Failure { text, ..self.failure.clone() }) {
                    at += run;
                }
            }
            if run == 1 || self.tries == 0 {
                return;
            }
            run /= 2;
        }
    }

    fn types(&mut self) {
        let mut index = 0;
        while let Some(types) = without(&self.failure.types, index) {
            if !self.attempt(Failure { types, ..self.failure.clone() }) {
                index += 1;
            }
        }
    }
}

fn difference(candidate: &Failure, draws: u64) -> Option<Difference> {
    let contract = Contract::from_value(json!({
        "peerContract": "1", "name": "smaller", "version": "1.0.0", "$defs": candidate.types,
        "agents": { "a": { "operations": { "op": { "input": true, "output": { "schema": true } } } } },
    }));
    let schema = contract.ok()?.schema(&Pointer::root().key("$defs").key(&candidate.name)).ok()?;
    hold(&Held::new(schema), &candidate.text, &candidate.limits, draws).err()
}

/// The value with its part number `index` left out or replaced by one of its own parts; `None` past the last.
fn without(value: &Value, index: usize) -> Option<Value> {
    let mut copy = value.clone();
    let mut left = index;
    if leave_out(&mut copy, &mut left) { Some(copy) } else { None }
}

fn leave_out(value: &mut Value, left: &mut usize) -> bool {
    let here = |left: &mut usize| {
        let found = *left == 0;
        *left = left.wrapping_sub(usize::from(!found));
        found
    };
    match value {
        Value::Object(members) => {
            for key in members.keys().cloned().collect::<Vec<_>>() {
                if here(left) {
                    members.remove(&key);
                    return true;
                }
                if here(left) {
                    *value = members[&key].clone();
                    return true;
                }
                if leave_out(&mut members[&key], left) {
                    return true;
                }
            }
            false
        }
        Value::Array(items) => {
            for index in 0..items.len() {
                if here(left) {
                    items.remove(index);
                    return true;
                }
                if leave_out(&mut items[index], left) {
                    return true;
                }
            }
            false
        }
        Value::String(text) if text.chars().count() > 3 => {
            let found = here(left);
            if found {
                *text = text.chars().take(text.chars().count() / 2).collect();
            }
            found
        }
        _ => false,
    }
}
