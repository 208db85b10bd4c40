//! The checks of formats that the core has, by name.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use peer_contract_core::schema::Schema;
use peer_contract_core::{Contract, Limits, Pointer, Value};
use serde_json::{Map, json};

/// All formats that contracts may have.
pub const NAMES: &[&str] = &[
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "int64",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Whether the core takes a text for one of a format.
///
/// # Panics
/// The name is none of [`NAMES`].
pub fn is(format: &str, text: &str) -> bool {
    static SCHEMAS: LazyLock<BTreeMap<&str, Arc<Schema>>> = LazyLock::new(schemas);
    SCHEMAS[format].fits(Value::from(text).to_string().as_bytes(), &Limits::default())
}

fn schemas() -> BTreeMap<&'static str, Arc<Schema>> {
    let definition = |(index, name)| (format!("T{index}"), json!({ "type": "string", "format": name }));
    let definitions: Map<String, Value> = NAMES.iter().enumerate().map(definition).collect();
    let document = json!({
        "peerContract": "1", "name": "formats", "version": "1.0.0", "$defs": definitions,
        "agents": { "a": { "operations": { "op": { "input": true, "output": { "schema": true } } } } },
    });
    let contract = Contract::from_value(document).expect("the contract is right");
    let schema = |index: usize| contract.schema(&Pointer::root().key("$defs").key(&format!("T{index}")));
    NAMES.iter().enumerate().map(|(index, name)| (*name, schema(index).expect("the type is there"))).collect()
}
