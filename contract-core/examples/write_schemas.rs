//! Writes the files of `schemas/` that are made from this crate's types.
//!
//! `cargo run -p peer-contract-core --features schema --example write_schemas`, from the root of the repository.

#[expect(clippy::disallowed_methods, reason = "a program beside the core, which itself does no I/O")]
fn main() -> std::io::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    for (name, text) in peer_contract_core::schemas() {
        std::fs::write(folder.join(name), text)?;
        println!("schemas/{name}");
    }
    Ok(())
}
