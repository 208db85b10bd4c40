//! The rules of contracts, applied to what became of a schema, and told where the schema was written.

use std::collections::BTreeMap;

use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};
use serde_json::{Map, Value, json};

use super::Located;
use super::library::Place;
use super::notes::{Note, Rule};
use super::{Options, Refusable};

/// Times that the rules are asked: once for schemas, once for the values in them, and once more to be sure.
const ROUNDS: usize = 4;

/// Types with the places that their schemas came from.
pub(super) struct Types {
    pub(super) schemas: BTreeMap<String, Value>,
    pub(super) places: BTreeMap<String, BTreeMap<Pointer, Place>>,
}

/// Holds the types to the rules of contracts. What only people read gives way; all else is refused.
///
/// # Errors
/// What the rules refuse, at its place in the schema.
pub(super) fn settle(types: &mut Types, options: &Options, notes: &mut Vec<Note>) -> Result<(), Vec<Located>> {
    for _ in 0..ROUNDS {
        let Err(problems) = Contract::from_value(bare_contract(&types.schemas)) else { return Ok(()) };
        let (yielding, refused): (Vec<_>, Vec<_>) =
            problems.into_vec().into_iter().partition(|problem| gives_way(problem, options));
        if !refused.is_empty() || yielding.is_empty() {
            return Err(refused.iter().map(|problem| types.located(problem)).collect());
        }
        for problem in &yielding {
            notes.extend(types.give_way(problem));
        }
    }
    let message = "the schema does not come to rest under the rules of contracts";
    Err(vec![Located { document: 0, problem: Problem::new(ErrorCode::SchemaInvalid, Pointer::root(), message) }])
}

/// The smallest contract that has these types.
fn bare_contract(types: &BTreeMap<String, Value>) -> Value {
    json!({
        "peerContract": "1", "name": "import", "version": "0.0.0", "$defs": types,
        "agents": { "one": { "operations": { "check": { "input": true, "output": { "schema": true } } } } },
    })
}

fn gives_way(problem: &Problem, options: &Options) -> bool {
    match problem.code {
        ErrorCode::DefaultInvalid | ErrorCode::ExampleInvalid => true,
        ErrorCode::PatternInvalid | ErrorCode::PatternNotLinear => options.leave_out.contains(&Refusable::Pattern),
        _ => false,
    }
}

impl Types {
    /// The name of the type, the schema in it that a problem is about, and the rest of the way.
    fn schema_around(&self, at: &Pointer) -> Option<(&str, &Pointer, &Place, Vec<String>)> {
        let mut steps = at.tokens();
        steps.next().filter(|first| first == "$defs")?;
        let (name, places) = self.places.get_key_value(&steps.next()?)?;
        let mut here = steps.fold(Pointer::root(), |at, step| at.key(&step));
        let mut rest = Vec::new();
        loop {
            if let Some((schema, place)) = places.get_key_value(&here) {
                rest.reverse();
                return Some((name, schema, place, rest));
            }
            let (parent, step) = here.parent()?;
            rest.push(step);
            here = parent;
        }
    }

    /// A problem of the contract as one of the schema it came from.
    fn located(&self, problem: &Problem) -> Located {
        let Some((_, _, place, rest)) = self.schema_around(&problem.at) else {
            return Located { document: 0, problem: Problem { at: Pointer::root(), ..problem.clone() } };
        };
        // As far down as the words of the two are the same; a place that is not there is shown around it.
        let at = rest.iter().fold(place.at.clone(), |at, step| at.key(step));
        let mut problem = Problem { at, ..problem.clone() };
        if let Some(help) = help(&problem, &rest) {
            problem.help = help.to_owned();
        }
        Located { document: place.document, problem }
    }

    /// Puts what gives way aside, and says so.
    fn give_way(&mut self, problem: &Problem) -> Option<Note> {
        let (name, schema, place, rest) = self.schema_around(&problem.at)?;
        let (name, schema, place) = (name.to_owned(), schema.clone(), place.clone());
        let keyword = rest.first()?.clone();
        let members = self.schemas.get_mut(&name)?.pointer_mut(schema.as_str())?.as_object_mut()?;
        match keyword.as_str() {
            "default" | "examples" => {
                put_aside(members, &keyword);
                let message = format!("`{keyword}` does not fit its own schema; kept as `x-{keyword}`");
                Some(Note::new(Rule::UnfitValue, place.key(&keyword), message))
            }
            "pattern" => {
                put_aside(members, &keyword);
                let message = format!("{}; left out: the type takes more than the schema did", problem.message);
                Some(Note::new(Rule::LeftOut, place.key(&keyword), message))
            }
            _ => None,
        }
    }
}

fn put_aside(members: &mut Map<String, Value>, keyword: &str) {
    if let Some(value) = members.remove(keyword) {
        members.entry(format!("x-{keyword}")).or_insert(value);
    }
}

/// What can be done in the schema, where that differs from what can be done in a contract.
fn help(problem: &Problem, rest: &[String]) -> Option<&'static str> {
    let keyword = rest.first().map(String::as_str)?;
    match (problem.code, keyword) {
        (ErrorCode::SchemaInvalid, "items") => {
            Some("a list of schemas is `prefixItems` in draft 2020-12; say `--draft 7` for an older one")
        }
        (ErrorCode::SchemaInvalid, "exclusiveMinimum" | "exclusiveMaximum") => {
            Some("a flag is how draft 4 says it; say `--draft 4` where that is meant")
        }
        (ErrorCode::SchemaInvalid, "required") => Some("list the names in `required` of the object around it"),
        (ErrorCode::PatternNotLinear | ErrorCode::PatternInvalid, "pattern") => {
            Some("`--leave-out pattern` takes the schema without it, and says so")
        }
        _ => None,
    }
}
