//! The grammar of the one pass against the strict reader: verdict, code, place, and the value that is built.

#![no_main]

use libfuzzer_sys::fuzz_target;
use peer_contract_core::Limits;
use peer_contract_oracle::{compare, random::Random};

fuzz_target!(|text: &[u8]| {
    let seed = text.len() as u64;
    compare::grammar(text, &Limits::default(), &mut Random::new(seed)).unwrap_or_else(|difference| panic!("{difference}"));
});
