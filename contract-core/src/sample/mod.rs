//! Values of a schema, and values that miss it by one change: seeded, and each one asked about before it is given.
//!
//! ```text
//! schema ─Facts→ what must hold together ─Maker→ Value ─check→ valid one ─changes→ Values ─check→ nearly valid ones
//! ```
//!
//! A maker may be wrong: `not`, say, is left to chance. So nothing leaves this room that the schema itself has not
//! accepted, or refused, over the text and over the tree.

mod changes;
mod facts;
mod maker;
mod objects;
mod random;
mod scalars;
mod texts;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::compat::{self, Side};
use crate::schema::Schema;
use crate::{Contract, Limits, Pointer, Problems};
use maker::Maker;

pub use random::Random;

/// Tries for each value that is asked for.
const TRIES: usize = 40;
/// Valid values that are changed to find nearly valid ones.
const BASES: usize = 12;
/// Values that are asked about for one list of nearly valid ones.
const MOST_ASKED: usize = 4_000;

/// Makes samples of the schemas of one contract.
pub struct Sampler<'a> {
    contract: &'a Contract,
    side: Side<'a>,
    seed: u64,
}

/// A value that the schema refuses, and that one change makes valid.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Miss {
    /// The value.
    pub value: Value,
    /// Where it was changed.
    pub at: Pointer,
    /// What was changed, in words.
    pub change: String,
    /// What the schema says against it.
    pub problems: Problems,
}

impl<'a> Sampler<'a> {
    /// The same seed gives the same samples, on every machine.
    pub fn new(contract: &'a Contract, seed: u64) -> Self {
        Self { contract, side: Side::of(contract), seed }
    }

    /// Up to `count` different values that the schema at `at` accepts. The first has as much in it as is readable,
    /// the others are left to chance. None means that none was found, not that there is none.
    pub fn valid(&self, at: &Pointer, count: usize) -> Vec<Value> {
        let Ok(schema) = self.contract.schema(at) else { return Vec::new() };
        let Some(node) = self.side.node(at) else { return Vec::new() };
        let mut known = BTreeSet::new();
        let mut found = Vec::new();
        let mut take = |value: Value| {
            if found.len() < count && accepts(&schema, &value) && known.insert(value.to_string()) {
                found.push(value);
            }
            found.len() >= count
        };
        let mut random = Random::new(self.seed ^ fold(at.as_str()));
        let mut made = (0..count.saturating_mul(TRIES)).filter_map(|index| {
            let mut maker = Maker::new(&self.side, &mut random);
            if index == 0 { maker.whole(&node) } else { maker.some(&node) }
        });
        if !made.any(&mut take) && count > 0 {
            compat::examples(&self.side, at).into_iter().any(take);
        }
        found
    }

    /// Up to `count` values that the schema at `at` refuses, each made of a valid one by one change. Those that break
    /// different rules come first. None means that none was found: a schema that accepts everything has none.
    pub fn nearly_valid(&self, at: &Pointer, count: usize) -> Vec<Miss> {
        let Ok(schema) = self.contract.schema(at) else { return Vec::new() };
        let mut random = Random::new(!self.seed ^ fold(at.as_str()));
        let hints = changes::Hints::of(&self.side, at);
        let mut misses = Vec::new();
        let mut asked = 0;
        for base in self.valid(at, BASES) {
            let mut changed = changes::of(&base, &hints);
            random.shuffle(&mut changed);
            for change in changed.into_iter().take(MOST_ASKED / BASES) {
                asked += 1;
                misses.extend(missed(&schema, &base, change));
            }
            if asked >= MOST_ASKED {
                break;
            }
        }
        varied(misses, count)
    }
}

/// Whether the schema accepts a value: as text, in one pass, and as a tree.
fn accepts(schema: &Schema, value: &Value) -> bool {
    schema.fits(value.to_string().as_bytes(), &Limits::default()) && schema.is_valid(value)
}

/// The change, if both ways of checking refuse what came of it.
fn missed(schema: &Schema, base: &Value, change: changes::Change) -> Option<Miss> {
    let value = change.applied(base);
    if schema.fits(value.to_string().as_bytes(), &Limits::default()) {
        return None;
    }
    let problems = schema.validate(&value).err()?;
    Some(Miss { value, at: change.at, change: change.change, problems })
}

/// The misses, one of each rule and place first, plain breaks before those that break several rules.
fn varied(mut misses: Vec<Miss>, count: usize) -> Vec<Miss> {
    misses.sort_by_key(|miss| miss.problems.as_slice().len());
    let mut values = BTreeSet::new();
    misses.retain(|miss| values.insert(miss.value.to_string()));
    let mut rules = BTreeSet::new();
    let (mut first, rest): (Vec<_>, Vec<_>) = misses.into_iter().partition(|miss| {
        let problem = miss.problems.first();
        rules.insert((problem.code, without_indices(&problem.at)))
    });
    first.extend(rest);
    first.truncate(count);
    first
}

/// A place whose items are all one: the tenth item breaks no other rule than the first.
fn without_indices(at: &Pointer) -> String {
    let is_index = |token: &String| token.bytes().all(|byte| byte.is_ascii_digit());
    at.tokens().map(|token| if is_index(&token) { "/0".to_owned() } else { format!("/{token}") }).collect()
}

/// FNV-1a: places differ, so their draws do.
fn fold(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
