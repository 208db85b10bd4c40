//! Canonical bytes in one pass against `serde_json_canonicalizer` over a tree; and they stay as they are.

#![no_main]

use libfuzzer_sys::fuzz_target;
use peer_contract_core::{Limits, json};
use peer_contract_oracle::compare;

fuzz_target!(|text: &[u8]| {
    let limits = Limits::default();
    compare::canonical_form(text, &limits).unwrap_or_else(|difference| panic!("{difference}"));
    if let Ok(canonical) = json::canonicalize(text, &limits) {
        let again = json::canonicalize(&canonical, &limits).expect("canonical bytes are strict JSON");
        assert!(matches!(again, std::borrow::Cow::Borrowed(_)), "canonical bytes are known as such");
        assert_eq!(again, canonical);
    }
});
