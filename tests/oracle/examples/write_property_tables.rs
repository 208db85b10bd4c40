//! Writes the Unicode tables of the core's patterns.
//!
//! `cargo run -p peer-contract-oracle --example write_property_tables`, after an update of the `icu` crates.

fn main() -> std::io::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = folder.join("../../contract-core/src/schema/pattern/properties/tables.rs");
    std::fs::write(file, peer_contract_oracle::properties::tables())
}
