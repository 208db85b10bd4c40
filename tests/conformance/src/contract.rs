//! A schema as a contract of one agent with one operation.

use std::path::Path;

use peer_contract_core::Contract;
use peerc::import::files::read_text;
use peerc::import::{Formats, Loader, Options, Refused, import};
use peerc::source::{Notation, Source};
use serde_json::{Value, json};

/// The type that the schema becomes.
pub const CASE: &str = "Case";

/// The contract of `{"schema", "formats"}`, or of `{"contract"}`.
///
/// # Errors
/// What `import` refuses.
///
/// # Panics
/// When the value has another shape, or when the contract breaks a rule.
pub fn contract(mut asked: Value, remotes: &Path) -> Result<Contract, Refused> {
    if let Some(document) = asked.get_mut("contract") {
        return Ok(kept(document.take()));
    }
    let formats = if asked["formats"] == "check" { Formats::Check } else { Formats::Note };
    let options = Options { formats, name: Some(CASE.to_owned()), ..Options::default() };
    let schema = asked["schema"].to_string();
    let named = vec![("file:///case.json".to_owned(), source("case.json", schema.as_bytes()))];
    let imported = import(named, &mut Remotes(remotes), &options)?;
    let case = json!({ "$ref": format!("#/$defs/{CASE}") });
    Ok(kept(json!({
        "peerContract": "1", "name": "conformance", "version": "1.0.0", "$defs": imported.types,
        "agents": { "agent": { "operations": { "pass": { "input": case, "output": { "schema": case } } } } },
    })))
}

fn kept(document: Value) -> Contract {
    Contract::from_value(document).expect("the contract keeps the rules")
}

fn source(name: &str, text: &[u8]) -> Source {
    read_text(name.to_owned(), text, Some(Notation::Json))
}

/// The server that the suite asks for, as a folder.
struct Remotes<'a>(&'a Path);

impl Loader for Remotes<'_> {
    fn load(&mut self, address: &str) -> Result<Source, String> {
        let path = address.strip_prefix("http://localhost:1234/").ok_or("not of the suite")?;
        let text = std::fs::read(self.0.join(path)).map_err(|error| error.kind().to_string())?;
        Ok(source(path, &text))
    }
}
