//! Types in a contract: one that begins with them, or one that is there.

use std::collections::BTreeSet;

use peer_contract_core::contract::{fold, is_contract_name};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};
use serde_json::{Map, Value, json};

use super::Imported;
use super::text::{self, Origins};
use crate::layout::lay_out;
use crate::source::{Notation, Source};
use crate::text::{Node, json, yaml};

/// The name of the agent in a contract that begins with types.
const AGENT: &str = "worker";

/// What becomes of a type in a contract that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was not there.
    New,
    /// It was there, and is the same.
    Same,
    /// Another one of this name was there.
    Replaced,
}

impl Fate {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Replaced => "replaced",
        }
    }
}

/// A text with the types in it, and what it must read as.
#[derive(Debug)]
pub struct Written {
    /// The text.
    pub text: String,
    /// The value of the text.
    pub value: Value,
    /// What became of each type, by name.
    pub fates: Vec<(String, Fate)>,
}

/// The name that a contract gets from that of a file; `imported` where nothing of it can be one.
pub fn name_of(file: &str) -> String {
    let file = if file == "<stdin>" { "" } else { file };
    let name = file.rsplit(['/', '\\']).next().unwrap_or_default().split('.').next().unwrap_or_default();
    let name: String =
        name.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name: String = name.trim_matches('-').chars().skip_while(|c| !c.is_ascii_lowercase()).take(64).collect();
    if is_contract_name(&name) { name } else { "imported".to_owned() }
}

/// A contract that begins with the types: one agent, with an operation for each document, to be put right by a person.
pub fn begin(name: &str, imported: &Imported, notation: Notation) -> Written {
    let value = json!({
        "peerContract": "1",
        "name": name,
        "version": "0.1.0",
        "agents": { AGENT: { "description": "Replace this agent by yours.", "operations": operations(imported) } },
        "$defs": imported.types,
    });
    let node = text::contract(&value, nodes(imported, |_| true));
    let text = match notation {
        Notation::Json => format!("{}\n", json(&node, "", "  ")),
        Notation::Yaml => yaml(&node, 0, 2),
    };
    let source = Source::of(name, text.as_bytes(), notation, &Limits::default());
    let text = lay_out(&source, notation).unwrap_or(text);
    let fates = imported.types.keys().map(|name| (name.clone(), Fate::New)).collect();
    Written { text, value, fates }
}

fn operations(imported: &Imported) -> Map<String, Value> {
    let roots: BTreeSet<&String> = imported.roots.iter().flatten().collect();
    let first = imported.types.keys().next();
    let taken: Vec<&String> = if roots.is_empty() { first.into_iter().collect() } else { roots.into_iter().collect() };
    let mut operations = Map::new();
    let mut folded = BTreeSet::new();
    for name in taken {
        // A name of a type has up to 64 letters, and so has that of an operation.
        let operation: String = format!("take{name}").chars().take(64).collect();
        if folded.insert(fold(&operation)) {
            let reference = json!({ "$ref": format!("#/$defs/{name}") });
            let about = format!("Takes one {name} and answers with one.");
            let one = json!({ "description": about, "input": reference, "output": { "schema": reference } });
            operations.insert(operation, one);
        }
    }
    operations
}

/// The types in the order of their names, those that are wanted.
fn nodes(imported: &Imported, wanted: impl Fn(&str) -> bool) -> Vec<(String, Node)> {
    let types = imported.types.iter().filter(|(name, _)| wanted(name));
    types.map(|(name, schema)| (name.clone(), text::schema(schema, Origins::of(imported, name)))).collect()
}

/// Puts the types into a contract, whose text stays as it is around them.
///
/// # Errors
/// `name_collides` for each type that is there and is another one, unless these are to be replaced;
/// `configuration_invalid` where the text is laid out in a way that cannot be kept.
pub fn join(into: &Source, notation: Notation, imported: &Imported, replace: bool) -> Result<Written, Vec<Problem>> {
    let mut value = into.value().map_err(|problem| vec![problem.clone()])?.clone();
    let defs = value.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let fate = |(name, schema): (&String, &Value)| {
        let fate = match defs.get(name) {
            None => Fate::New,
            Some(known) if known == schema => Fate::Same,
            Some(_) => Fate::Replaced,
        };
        (name.clone(), fate)
    };
    let fates: Vec<(String, Fate)> = imported.types.iter().map(fate).collect();
    let others = fates.iter().filter(|(_, fate)| *fate == Fate::Replaced && !replace);
    let others: Vec<Problem> = others.map(|(name, _)| collides(name)).collect();
    if !others.is_empty() {
        return Err(others);
    }
    let changing: BTreeSet<&str> =
        fates.iter().filter(|(_, fate)| *fate != Fate::Same).map(|(name, _)| name.as_str()).collect();
    if changing.is_empty() {
        return Ok(Written { text: into.text.clone(), value, fates });
    }
    for name in &changing {
        value["$defs"][*name] = imported.types[*name].clone();
    }
    let text = text::insert(into, notation, &nodes(imported, |name| changing.contains(name)))
        .filter(|text| reads_as(text, notation, &value))
        .ok_or_else(|| vec![unfollowed()])?;
    Ok(Written { text, value, fates })
}

fn reads_as(text: &str, notation: Notation, value: &Value) -> bool {
    let limits = Limits::default();
    // What is too large is another matter, and told by the rules of contracts.
    text.len() > limits.contract_bytes || Source::of("", text.as_bytes(), notation, &limits).value() == Ok(value)
}

fn collides(name: &str) -> Problem {
    let at = Pointer::root().key("$defs").key(name);
    let message = format!("the contract has another type `{name}`");
    Problem::new(ErrorCode::NameCollides, at, message)
        .with_help("`--replace` puts the new one in its place; `--prefix TEXT` begins all new names with a text")
}

fn unfollowed() -> Problem {
    let message = "`$defs` is laid out in a way that types cannot be put into without changing other text";
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root().key("$defs"), message)
        .with_help("put each type of `$defs` on lines of its own, indented by spaces")
}
