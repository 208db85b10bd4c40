//! Python's C API where the safe one has no fast way: the `unsafe` code of this crate, but for the one
//! promise that `walk` makes.
//!
//! Everything here takes part in one rule: the interpreter lock is held wherever a `Python<'py>` or a
//! `Bound<'py, _>` is at hand, and what is not owned by a `Bound` is lent by a [`Hold`].

use std::ffi::c_char;
use std::marker::PhantomData;

use pyo3::ffi;
use pyo3::prelude::*;

mod hold;
mod layout;

pub(crate) use hold::{Builtin, Hold, Kept, Pair, builtin, exact_builtin, is_exact_str, type_address};
pub(crate) use layout::Layout;

/// A `str` of UTF-8.
///
/// # Errors
/// `UnicodeDecodeError`, `MemoryError`.
#[inline]
pub(crate) fn text<'py>(py: Python<'py>, utf8: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: pointer and length are those of a slice, of which no more than `isize::MAX` bytes can be
    // there; Python copies them. A new reference comes back, or null with an exception.
    unsafe {
        let made = ffi::PyUnicode_FromStringAndSize(utf8.as_ptr().cast::<c_char>(), utf8.len() as ffi::Py_ssize_t);
        Bound::from_owned_ptr_or_err(py, made)
    }
}

/// An `int`.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub(crate) fn integer(py: Python<'_>, value: i64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: a new reference comes back, or null with an exception.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromLongLong(value)) }
}

/// An `int` of a finite number that is whole.
///
/// # Errors
/// `MemoryError`.
pub(crate) fn whole(py: Python<'_>, value: f64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: a new reference comes back, or null with an exception.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromDouble(value)) }
}

/// A `float`.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub(crate) fn float(py: Python<'_>, value: f64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: a new reference comes back, or null with an exception.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyFloat_FromDouble(value)) }
}

/// While it lives, the cyclic collector does not run by itself. What was set before is set again at the end.
pub(crate) struct Paused<'py> {
    was_on: bool,
    /// Python's lock is held for as long as the pause.
    lock: PhantomData<Python<'py>>,
}

impl Paused<'_> {
    /// Begins a pause.
    pub(crate) fn begin<'py>(_: Python<'py>) -> Paused<'py> {
        // SAFETY: the lock is held; the function only swaps a flag of the interpreter.
        Paused { was_on: unsafe { ffi::PyGC_Disable() } == 1, lock: PhantomData }
    }
}

impl Drop for Paused<'_> {
    fn drop(&mut self) {
        if self.was_on {
            // SAFETY: as in `begin`; the lock is still held, because `'py` has not ended.
            unsafe { ffi::PyGC_Enable() };
        }
    }
}
