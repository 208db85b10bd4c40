//! Holds the one pass over bytes to the slow and plain way.
//!
//! ```text
//! seed ─author→ contract ─compile→ Schema ──────────────┐
//!        └instance→ value ─spell→ text ─disturb→ bytes ─┴compare→ Verdict | Difference ─shrink→ Failure
//! ```
//!
//! The fuzz targets, the tests and the nightly run share what stands here.

pub mod author;
pub mod bytes;
pub mod campaign;
pub mod compare;
pub mod formats;
pub mod held;
pub mod idna;
pub mod instance;
pub mod properties;
mod shrink;
pub mod sink;
pub mod source;
pub mod spelling;

/// Chance that can be repeated.
pub mod random {
    pub use peer_contract_core::sample::Random;
}
