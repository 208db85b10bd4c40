//! The native half of the Python package: values across the border, no decisions.
//!
//! ```text
//! bytes   ─build→ objects     one pass: the schema's plan checks, a sink builds
//! objects ─walk→  bytes       one walk: a source reads, the schema's plan checks and writes
//! ```
//!
//! `build` and `walk` are these two, over the `shape`s that generated code brings along, the `vocabulary`
//! of a schema and `raw` access to objects. `contract` and `types` have contracts, schemas and generated
//! types, `host` runs the turns of an agent, `call` its calls to peers, `local` and `gathering` have peers and children within one
//! process, `wait` takes futures to their end, `error` carries problems over, `ending` keeps the interpreter until nobody is in the way.

use pyo3::prelude::*;

mod build;
mod call;
mod contract;
mod draw;
mod ending;
mod error;
mod gathering;
mod host;
mod keys;
mod local;
mod raw;
mod rehearse;
mod shape;
mod text;
mod types;
mod vocabulary;
mod wait;
mod walk;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::call::{Called, Pending};
    #[pymodule_export]
    use crate::contract::{Contract, contract_hash};
    #[pymodule_export]
    use crate::draw::{drawn_fraction, drawn_uuid};
    #[pymodule_export]
    use crate::gathering::Gathering;
    #[pymodule_export]
    use crate::host::{Answer, Batch, Host, Turn};
    #[pymodule_export]
    use crate::rehearse::{fits, read_json, rehearse, rehearse_event, rehearse_requests};
    #[pymodule_export]
    use crate::types::{Codec, Reader, Schema, Types};

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        peer_contract::peers::look_beside_for_tls();
        crate::ending::watch(module)
    }
}
