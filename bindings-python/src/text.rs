//! JSON text as Python has it, and work on much of it.

use peer_contract_core::{ErrorCode, Pointer, Problem};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyString;

use crate::error::to_exception;

/// From this many bytes on, work without Python objects runs without the interpreter lock. Below it,
/// giving the lock away and getting it back costs more than the work.
const LARGE: usize = 16 << 10;

/// Runs work on `bytes` bytes, without the interpreter lock when they are many.
pub(crate) fn unlocked<T: Send>(py: Python<'_>, bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    if bytes < LARGE { work() } else { py.detach(work) }
}

/// JSON text, borrowed from an argument of a call.
pub(crate) enum Text<'a> {
    Bytes(&'a [u8]),
    /// A copy of a `bytearray`, which can change.
    Copied(PyBackedBytes),
    Str(&'a str),
}

impl Text<'_> {
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Copied(bytes) => bytes,
            Self::Str(text) => text.as_bytes(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.as_bytes().len()
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Text<'a> {
    type Error = PyErr;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.extract::<&[u8]>() {
            return Ok(Self::Bytes(bytes));
        }
        if object.is_instance_of::<PyString>() {
            return object.extract().map(Self::Str).map_err(|_| half_a_pair(object.py()));
        }
        let wrong = |_| PyTypeError::new_err("JSON text is `bytes` or `str`");
        object.extract().map(Self::Copied).map_err(wrong)
    }
}

#[cold]
fn half_a_pair(py: Python<'_>) -> PyErr {
    let half = Problem::new(ErrorCode::JsonSurrogate, Pointer::root(), "the text holds half of a surrogate pair");
    to_exception(py, &half)
}
