//! The core's problems as Python exceptions: same code, same place, same sentence.

use peer_contract_core::{Problem, Problems};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::ending::Inside;

/// One problem as `peer_contract.ContractError`.
pub(crate) fn to_exception(py: Python<'_>, problem: &Problem) -> PyErr {
    raise(py, std::slice::from_ref(problem))
}

/// All problems as one `peer_contract.ContractError`: the first stands for them, `problems` has all.
pub(crate) fn all_to_exception(py: Python<'_>, problems: &Problems) -> PyErr {
    raise(py, problems.as_slice())
}

fn raise(py: Python<'_>, problems: &[Problem]) -> PyErr {
    let parts = |problem: &Problem| {
        (problem.code.as_str(), problem.at.to_string(), problem.message.clone(), problem.help.clone())
    };
    let _inside = Inside::enter(py);
    let made = exception_class(py)
        .and_then(|class| class.call_method1("of", (problems.iter().map(parts).collect::<Vec<_>>(),)))
        .map(PyErr::from_value);
    made.unwrap_or_else(|error| error)
}

fn exception_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "peer_contract._errors", "ContractError")
}
