//! The Unicode tables of the core are those of the `icu` crates.

use peer_contract_oracle::idna;

#[test]
fn the_tables_of_the_core_are_those_of_unicode() {
    let written = include_str!("../../../contract-core/src/formats/hostname/tables.rs");
    let old = "write the tables with `cargo run -p peer-contract-oracle --example write_idna_tables`";
    assert!(written == idna::tables(), "{old}");
}
