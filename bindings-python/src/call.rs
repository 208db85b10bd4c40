//! Calls to peers, waited for or not.

use std::future::Future;

use peer_contract::host::CallFailure;
use peer_contract_core::inbox::Raised;
use peer_contract_core::json::Json;
use pyo3::prelude::*;
use tokio::task::AbortHandle;

use crate::ending::Inside;
use crate::error::to_exception;
use crate::types::Types;
use crate::wait::spawn;

/// What came of a call.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Called {
    target: String,
    result: Result<Json, CallFailure>,
}

impl Called {
    pub(crate) fn new(target: String, result: Result<Json, CallFailure>) -> Self {
        Self { target, result }
    }
}

#[pymethods]
impl Called {
    /// Name and sentence of an error of the contract, when the call ended in one.
    #[getter]
    fn declared(&self) -> Option<(&str, &str)> {
        match &self.result {
            Err(CallFailure::Declared(raised)) => Some((&raised.code, &raised.message)),
            _ => None,
        }
    }

    /// What an error of the contract carries.
    fn data<'py>(&self, types: &Bound<'py, Types>, shape: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let operation = types.get().contract().operation(&self.target);
        match &self.result {
            Err(CallFailure::Declared(Raised { code, data, .. })) => {
                let declared = operation.and_then(|operation| operation.errors.get(code));
                types.get().build(shape, declared.and_then(|error| error.data.as_ref()), data.as_ref())
            }
            _ => Ok(types.py().None().into_bound(types.py())),
        }
    }

    /// The output; raises when there is none.
    fn output<'py>(&self, types: &Bound<'py, Types>, shape: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match &self.result {
            Ok(output) => {
                let declared = types.get().contract().operation(&self.target);
                let at = declared.and_then(|operation| operation.output.as_ref()).map(|output| &output.schema);
                types.get().build(shape, at, Some(output))
            }
            Err(CallFailure::Problem(problem)) => Err(to_exception(types.py(), problem)),
            Err(CallFailure::Declared(_)) => Ok(types.py().None().into_bound(types.py())),
        }
    }
}

/// A call that nobody waits for here.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Pending(AbortHandle);

impl Pending {
    /// Starts the call; `done` is called with its end, from a thread of the runtime.
    pub(crate) fn start(
        target: String,
        call: impl Future<Output = Result<Json, CallFailure>> + Send + 'static,
        done: Py<PyAny>,
    ) -> PyResult<Self> {
        let task = spawn(async move {
            let called = Called::new(target, call.await);
            // An interpreter that is going down takes nothing any more, and nobody waits.
            let Some(_inside) = Inside::try_enter() else { return };
            Python::try_attach(|py| done.call1(py, (called,)).map_err(|error| error.write_unraisable(py, None)));
        })?;
        Ok(Self(task))
    }
}

#[pymethods]
impl Pending {
    /// Stops the call unless it is over.
    fn cancel(&self) {
        self.0.abort();
    }
}
