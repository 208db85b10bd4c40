//! Contracts with keywords that are refused: what the rest would be without them.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::{Contract, Pointer, Problem, Problems, Value, contract};

use crate::source::Source;

/// How often keywords are taken out: without one, another may be found wrong.
const ROUNDS: usize = 4;

/// A contract, without the keywords that it is refused for.
pub struct Readable {
    /// What is left.
    pub contract: Contract,
    /// What was taken out, by the place of the keyword.
    pub refused: BTreeMap<Pointer, Vec<Problem>>,
}

impl Readable {
    /// Takes out what is refused until the rest keeps all rules.
    ///
    /// # Errors
    /// All problems of the source as it is, when other things than keywords of schemas are wrong.
    pub fn of(source: &Source) -> Result<Self, Problems> {
        let found = match source.contract() {
            Ok(contract) => return Ok(Self { contract, refused: BTreeMap::new() }),
            Err(problems) => problems,
        };
        let (mut left, mut refused) = (source.value().map_err(|problem| problem.clone())?.clone(), BTreeMap::new());
        let mut problems = found.clone();
        for _ in 0..ROUNDS {
            if !take_out(&mut left, &problems, &mut refused) {
                break;
            }
            match Contract::from_value(left.clone()) {
                Ok(contract) => return Ok(Self { contract, refused }),
                Err(others) => problems = others,
            }
        }
        Err(found)
    }
}

/// Whether each problem was one of a keyword.
fn take_out(left: &mut Value, problems: &Problems, refused: &mut BTreeMap<Pointer, Vec<Problem>>) -> bool {
    let schemas: BTreeSet<Pointer> = contract::schemas(left).into_iter().map(|(at, _)| at).collect();
    for problem in problems.as_slice() {
        let Some((schema, keyword)) = keyword_of(&problem.at, &schemas) else { return false };
        refused.entry(schema.key(&keyword)).or_default().push(problem.clone());
        if let Some(Value::Object(members)) = left.pointer_mut(schema.as_str()) {
            members.remove(&keyword);
        }
    }
    true
}

/// The innermost schema around a place, and which of its keywords the place is, or lies in.
fn keyword_of(at: &Pointer, schemas: &BTreeSet<Pointer>) -> Option<(Pointer, String)> {
    let mut place = at.clone();
    loop {
        let (parent, token) = place.parent()?;
        if schemas.contains(&parent) {
            return Some((parent, token));
        }
        place = parent;
    }
}
