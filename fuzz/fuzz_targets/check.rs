//! Texts against a set of contracts: the first byte chooses the type, the rest is the text.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use peer_contract_core::{Contract, Limits, Pointer};
use peer_contract_oracle::{author, campaign, held::Held, random::Random};

const EXAMPLE: &[u8] = include_bytes!("../../schemas/vectors/contracts/research-brief.json");

static TYPES: LazyLock<Vec<Held>> = LazyLock::new(|| {
    let generated = (0..40).filter_map(|seed| Contract::from_value(author::contract(&mut Random::new(seed), 6)).ok());
    let example = Contract::parse(EXAMPLE).expect("the example is a contract");
    let contracts = std::iter::once(example).chain(generated);
    contracts.flat_map(|contract| types(&contract)).collect()
});

fn types(contract: &Contract) -> Vec<Held> {
    let names = contract.document().defs.keys();
    names.filter_map(|name| contract.schema(&Pointer::root().key("$defs").key(name)).ok()).map(Held::new).collect()
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, text)) = bytes.split_first() else { return };
    let held = &TYPES[usize::from(*choice) % TYPES.len()];
    campaign::hold(held, text, &Limits::default(), text.len() as u64).unwrap_or_else(|difference| panic!("{difference}"));
});
