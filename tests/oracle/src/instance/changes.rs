//! One change to a value, such as turns a valid one into one that nearly is.

use serde_json::Value;

use crate::author::vocabulary::{self, NAMES};
use crate::random::Random;

/// Changes one value somewhere inside of `value`.
pub fn change(value: &mut Value, random: &mut Random) {
    let mut places = 0;
    count(value, &mut places);
    let mut at = random.below(places);
    visit(value, &mut at, random);
}

fn count(value: &Value, places: &mut usize) {
    *places += 1;
    match value {
        Value::Array(items) => items.iter().for_each(|item| count(item, places)),
        Value::Object(members) => members.values().for_each(|member| count(member, places)),
        _ => {}
    }
}

fn visit(value: &mut Value, at: &mut usize, random: &mut Random) -> bool {
    if *at == 0 {
        here(value, random);
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| visit(item, at, random)),
        Value::Object(members) => members.values_mut().any(|member| visit(member, at, random)),
        _ => false,
    }
}

fn here(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(members) if !random.once_in(5) => match random.below(3) {
            0 if !members.is_empty() => {
                let name = members.keys().nth(random.below(members.len())).cloned().expect("one of its members");
                let taken = members.remove(&name).expect("one of its members");
                // Gone, or under another name.
                if random.once_in(2) {
                    members.insert((*random.pick(NAMES)).to_owned(), taken);
                }
            }
            1 => drop(members.insert((*random.pick(NAMES)).to_owned(), vocabulary::value(random, 1))),
            _ => drop(members.insert(format!("{}~", random.pick(NAMES)), vocabulary::value(random, 1))),
        },
        Value::Array(items) if !random.once_in(5) => match random.below(4) {
            0 => drop(items.pop()),
            1 if !items.is_empty() => items.push(items[random.below(items.len())].clone()),
            2 if items.len() > 1 => random.shuffle(items),
            _ => items.push(vocabulary::value(random, 1)),
        },
        Value::String(text) if !random.once_in(4) => match random.below(3) {
            0 => drop(text.pop()),
            1 => text.push(*random.pick(&['a', '0', '\n', '😀', '"', ' '])),
            _ => *text = text.chars().rev().collect(),
        },
        Value::Number(_) if !random.once_in(4) => *value = vocabulary::number(random),
        _ => *value = vocabulary::value(random, 2),
    }
}
