//! Draws of a handler.

use peer_contract_core::envelope::draw;
use pyo3::prelude::*;

/// The draw of this number under a message's key, as a UUIDv8.
#[pyfunction]
pub(crate) fn drawn_uuid(key: &str, number: u64) -> String {
    draw::uuid(key, number)
}

/// The draw of this number under a message's key, from 0 to below 1.
#[pyfunction]
pub(crate) fn drawn_fraction(key: &str, number: u64) -> f64 {
    draw::fraction(key, number)
}
