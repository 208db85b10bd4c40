//! The same as `direct`, by what every version of Python offers.

use peer_contract_core::plan::Text;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::{any_text, made};

/// A `str` of a string in JSON, or nothing and an exception.
#[inline]
pub(crate) fn text<'py>(py: Python<'py>, text: &Text<'_>) -> Option<Bound<'py, PyAny>> {
    any_text(py, &text.unescaped())
}

/// An empty `dict`, or nothing and an exception.
#[inline]
pub(crate) fn dict(py: Python<'_>, _members: usize) -> Option<Bound<'_, PyDict>> {
    // SAFETY: a new reference comes back, or null with an exception; what comes back is a `dict`.
    unsafe { Some(made(py, ffi::PyDict_New())?.cast_into_unchecked()) }
}

/// A `list` of these, or nothing and an exception.
#[inline]
pub(crate) fn list<'py>(
    py: Python<'py>,
    items: impl ExactSizeIterator<Item = Bound<'py, PyAny>>,
) -> Option<Bound<'py, PyAny>> {
    match PyList::new(py, items) {
        Ok(made) => Some(made.into_any()),
        Err(error) => {
            error.restore(py);
            None
        }
    }
}

/// Nothing is known of the characters of a `str`.
#[inline(always)]
pub(super) fn ascii_of<'t>(_: Borrowed<'t, '_, PyAny>) -> Option<&'t [u8]> {
    None
}

pub(super) use ffi::{PyFloat_AsDouble as float_value, PyList_GetItem as list_item, PyList_Size as list_size};
