//! The native half of the Python package: values across the border, no decisions.
//!
//! `convert` and `record` turn Python objects into JSON values and back, `contract` has contracts,
//! schemas and generated types, `host` runs the turns of an agent, `error` carries problems over.

use pyo3::prelude::*;

mod contract;
mod convert;
mod error;
mod record;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::contract::{Contract, Schema, Types, contract_hash};
    #[pymodule_export]
    use crate::record::Plan;
}
