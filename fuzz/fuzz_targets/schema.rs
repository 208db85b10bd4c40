//! Schemas nobody would write: the types of a contract, a zero byte, and a text for the type `T`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use peer_contract_core::{Contract, Limits, Pointer, json};
use peer_contract_oracle::{campaign, held::Held};

fuzz_target!(|bytes: &[u8]| {
    let Some(zero) = bytes.iter().position(|byte| *byte == 0) else { return };
    let (types, text) = (&bytes[..zero], &bytes[zero + 1..]);
    let Ok(types) = json::parse(types, &Limits::default()) else { return };
    let contract = Contract::from_value(serde_json::json!({
        "peerContract": "1", "name": "fuzzed", "version": "1.0.0", "$defs": types,
        "agents": { "a": { "operations": { "op": { "input": true, "output": { "schema": true } } } } },
    }));
    let Ok(contract) = contract else { return };
    let Ok(schema) = contract.schema(&Pointer::root().key("$defs").key("T")) else { return };
    campaign::hold(&Held::new(schema), text, &Limits::default(), text.len() as u64).unwrap_or_else(|difference| panic!("{difference}"));
});
