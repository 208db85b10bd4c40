//! The tables of patterns are those of Unicode, and of the `regex` crate where both know the same version of it.

use peer_contract_oracle::properties;

#[test]
fn the_tables_of_the_core_are_those_of_unicode() {
    let written = include_str!("../../../contract-core/src/schema/pattern/properties/tables.rs");
    let old = "write the tables with `cargo run -p peer-contract-oracle --example write_property_tables`";
    assert!(written == properties::tables(), "{old}");
}
