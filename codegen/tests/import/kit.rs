//! What the tests of this folder have in common.

use peer_contract_core::{Contract, ErrorCode, Limits, Pointer};
use peerc::import::{Imported, Options, Refused, import_one};
use peerc::source::{Notation, Source};
use serde_json::{Value, json};

/// A schema as a file.
pub fn source(schema: &Value) -> Source {
    Source::of("thing.json", schema.to_string().as_bytes(), Notation::Json, &Limits::default())
}

/// Imports one schema.
pub fn imported(schema: &Value, options: &Options) -> Result<Imported, Refused> {
    import_one(source(schema), options)
}

/// The types of one schema, which is to be taken.
pub fn types(schema: &Value) -> Value {
    let imported = imported(schema, &Options::default()).unwrap_or_else(|refused| panic!("{:?}", refused.problems));
    json!(imported.types)
}

/// Code and place of each problem of a schema that is to be refused.
pub fn refusals(schema: &Value, options: &Options) -> Vec<(ErrorCode, String)> {
    let refused = imported(schema, options).expect_err("it is refused");
    refused.problems.iter().map(|one| (one.problem.code, one.problem.at.to_string())).collect()
}

/// A contract with these types.
pub fn contract(types: &Value) -> Contract {
    let document = json!({
        "peerContract": "1", "name": "kit", "version": "1.0.0", "$defs": types,
        "agents": { "a": { "operations": { "op": { "input": true, "output": { "schema": true } } } } },
    });
    Contract::from_value(document).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Whether a type of the contract takes a value.
pub fn takes(contract: &Contract, name: &str, value: &Value) -> bool {
    let schema = contract.schema(&Pointer::root().key("$defs").key(name)).expect("the type is there");
    schema.check(value.to_string().as_bytes(), &Limits::default()).is_ok()
}
