//! Writes the Unicode tables of the core's host names.
//!
//! `cargo run -p peer-contract-oracle --example write_idna_tables`, after an update of the `icu` crates.

fn main() -> std::io::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = folder.join("../../contract-core/src/formats/hostname/tables.rs");
    std::fs::write(file, peer_contract_oracle::idna::tables())
}
