//! Contracts.

use peer_contract::run::{Order, first_message};
use peer_contract_core::contract::Kind;
use peer_contract_core::envelope::{Room, Travel};
use peer_contract_core::inbox::{self, Start};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{all_to_exception, to_exception};
use crate::text::{Text, unlocked};
use crate::types::Schema;
use crate::walk::write_json;

/// A checked contract.
#[pyclass(frozen, module = "peer_contract._native")]
#[derive(Clone)]
pub(crate) struct Contract(pub(crate) peer_contract_core::Contract);

#[pymethods]
impl Contract {
    /// Reads, checks and hashes a contract in strict JSON.
    #[staticmethod]
    fn parse(text: Text<'_>) -> PyResult<Self> {
        Python::attach(|py| {
            let parsed = unlocked(py, text.len(), || peer_contract_core::Contract::parse(text.as_bytes()));
            parsed.map(Self).map_err(|problems| all_to_exception(py, &problems))
        })
    }

    /// The contract that generated code carries. Text that has the hash is not checked again.
    #[staticmethod]
    fn embedded(text: Text<'_>, hash: &str) -> PyResult<Self> {
        let hash = hash.parse().map_err(|_| PyValueError::new_err("not the hash of a contract"))?;
        Python::attach(|py| {
            let read = unlocked(py, text.len(), || peer_contract_core::Contract::embedded(text.as_bytes(), hash));
            read.map(Self).map_err(|problems| all_to_exception(py, &problems))
        })
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn version(&self) -> &str {
        self.0.version()
    }

    #[getter]
    fn hash(&self) -> String {
        self.0.hash().to_string()
    }

    #[getter]
    fn canonical<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.canonical())
    }

    #[getter]
    fn agents(&self) -> Vec<String> {
        self.0.agents().keys().cloned().collect()
    }

    /// `agent.operation` of all operations.
    #[getter]
    fn operations(&self) -> Vec<String> {
        self.0.operations().map(|operation| operation.target.clone()).collect()
    }

    /// `agent.operation` of the operations that work may start at.
    #[getter]
    fn entries(&self) -> Vec<String> {
        let entries = self.0.operations().filter(|operation| operation.kind == Kind::Entry);
        entries.map(|operation| operation.target.clone()).collect()
    }

    /// Id and first message of a new work; `random` is ten bytes.
    fn start<'py>(
        &self,
        entry: &str,
        input: &Bound<'py, PyAny>,
        now_ms: u64,
        random: [u8; 10],
    ) -> PyResult<(String, Bound<'py, PyBytes>)> {
        let py = input.py();
        let input = write_json(input).map_err(|unwritten| unwritten.into_exception(py))?;
        let start = Start { entry, input, now_ms, random, travel: Travel::Return, trace: None, reply_to: None };
        let first = inbox::start(&self.0, start).map_err(|problems| all_to_exception(py, &problems))?;
        let packed = first.pack(Room::sync(false)).map_err(|problem| to_exception(py, &problem))?;
        Ok((first.header.work, PyBytes::new(py, &packed.bytes)))
    }

    /// Id and first message of a new work that others deliver: by a queue, a topic, or an invocation.
    #[pyo3(signature = (entry, input, *, delivery="return", reply_to=None))]
    fn first_message<'py>(
        &self,
        entry: &str,
        input: &Bound<'py, PyAny>,
        delivery: &str,
        reply_to: Option<String>,
    ) -> PyResult<(String, Bound<'py, PyBytes>)> {
        let py = input.py();
        let input = write_json(input).map_err(|unwritten| unwritten.into_exception(py))?;
        let mut order = Order::new(entry, input).travelling(travel_of(delivery)?);
        order.reply_to = reply_to;
        let first = first_message(&self.0, order).map_err(|problem| to_exception(py, &problem))?;
        Ok((first.work, PyBytes::new(py, &first.message)))
    }

    fn operation_hash(&self, target: &str) -> PyResult<String> {
        let operation = self.0.operation(target).ok_or_else(|| PyKeyError::new_err(target.to_owned()))?;
        Ok(operation.hash().to_string())
    }

    /// The compiled schema at a pointer.
    fn schema(&self, py: Python<'_>, at: &str) -> PyResult<Schema> {
        Schema::new(py, self, at)
    }

    fn __repr__(&self) -> String {
        format!("<Contract {} {} {}>", self.0.name(), self.0.version(), self.0.hash())
    }
}

fn travel_of(delivery: &str) -> PyResult<Travel> {
    match delivery {
        "return" => Ok(Travel::Return),
        "event" => Ok(Travel::Event),
        _ => Err(PyValueError::new_err("`delivery` is \"return\" or \"event\"")),
    }
}

/// The hash of a contract's text.
#[pyfunction]
pub(crate) fn contract_hash(text: Text<'_>) -> PyResult<String> {
    Contract::parse(text).map(|contract| contract.hash())
}
