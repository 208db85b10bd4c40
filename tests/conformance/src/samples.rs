//! Values for schemas that come without any.

use peer_contract_core::sample::Sampler;
use peer_contract_core::{Contract, Pointer};
use serde_json::{Value, json};

use crate::contract::CASE;

/// Up to `count` values that the type takes, and as many that it refuses: `{"value", "valid"}`.
pub fn of(contract: &Contract, count: usize) -> Value {
    let at = Pointer::root().key("$defs").key(CASE);
    let sampler = Sampler::new(contract, 0);
    let valid = sampler.valid(&at, count).into_iter().map(|value| json!({ "value": value, "valid": true }));
    let nearly =
        sampler.nearly_valid(&at, count).into_iter().map(|miss| json!({ "value": miss.value, "valid": false }));
    valid.chain(nearly).collect()
}
