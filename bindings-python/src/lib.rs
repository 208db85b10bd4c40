//! The native half of the Python package: values across the border, no decisions.
//!
//! `convert` and `record` turn Python objects into JSON values and back, `contract` has contracts,
//! schemas and generated types, `host` runs the turns of an agent, `call` its calls to peers, `local`
//! has peers within one process, `wait` takes futures to their end, `error` carries problems over.

use pyo3::prelude::*;

mod call;
mod contract;
mod convert;
mod error;
mod host;
mod local;
mod record;
mod rehearse;
mod wait;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::call::{Called, Pending};
    #[pymodule_export]
    use crate::contract::{Contract, Schema, Types, contract_hash};
    #[pymodule_export]
    use crate::host::{Answer, Host, Turn};
    #[pymodule_export]
    use crate::record::Plan;
    #[pymodule_export]
    use crate::rehearse::{fits, read_json, rehearse};
}
