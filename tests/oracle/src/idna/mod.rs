//! Writes the tables of `contract-core/src/formats/hostname/tables.rs` from the Unicode data of ICU.
//!
//! The core ships what IDNA2008 asks of a code point and no more: a few kilobytes, in place of the crates that
//! hold all of Unicode. These are used here only, to make the tables and to hold the core to them.

mod derived;
mod traits;
mod write;

pub use write::tables;
