//! JSON text as Python has it, and work on much of it.

use peer_contract_core::{ErrorCode, Pointer, Problem};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::PyString;

use crate::error::to_exception;

/// From this many bytes on, work without Python objects runs without the interpreter lock. Below it,
/// giving the lock away and getting it back costs more than the work.
const LARGE: usize = 16 << 10;

/// Runs work on `bytes` bytes, without the interpreter lock when they are many.
pub(crate) fn unlocked<T: Send>(py: Python<'_>, bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    if bytes < LARGE { work() } else { py.detach(work) }
}

/// JSON text, borrowed from `bytes` or `str`.
pub(crate) enum Text {
    Bytes(PyBackedBytes),
    Str(PyBackedStr),
}

impl Text {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Str(text) => text.as_bytes(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.as_bytes().len()
    }
}

impl<'py> FromPyObject<'_, 'py> for Text {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(text) = object.cast::<PyString>() {
            let half =
                |_| Problem::new(ErrorCode::JsonSurrogate, Pointer::root(), "the text holds half of a surrogate pair");
            return text.to_owned().try_into().map(Self::Str).map_err(|error: PyErr| to_exception(py, &half(error)));
        }
        let wrong = |_| PyTypeError::new_err("JSON text is `bytes` or `str`");
        object.extract::<PyBackedBytes>().map(Self::Bytes).map_err(wrong)
    }
}
