//! Python's C API where the safe one has no fast way: the `unsafe` code of this crate, but for the one
//! promise that `walk` makes.
//!
//! Everything here takes part in one rule: the interpreter lock is held wherever a `Python<'py>` or a
//! `Bound<'py, _>` is at hand, and what is not owned by a `Bound` is lent by a [`Hold`].

use std::ffi::c_char;
use std::marker::PhantomData;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

#[cfg(not(Py_LIMITED_API))]
mod direct;
mod hold;
mod layout;
#[cfg(Py_LIMITED_API)]
mod stable;
#[cfg(not(Py_LIMITED_API))]
mod wide;

#[cfg(not(Py_LIMITED_API))]
use direct as inside;
#[cfg(Py_LIMITED_API)]
use stable as inside;

pub(crate) use hold::{Builtin, Hold, Kept, builtin, exact_builtin, is_exact_str, type_address};
pub(crate) use inside::{dict, list, text};
pub(crate) use layout::{Fresh, Layout};

#[cfg(any(Py_GIL_DISABLED, PyPy, GraalPy))]
compile_error!("objects are looked into under the lock of CPython, which this Python does not have");

/// What a function of Python gave: a new reference, or null and an exception.
///
/// # Safety
/// The pointer is one of the two.
#[inline(always)]
unsafe fn made<'py>(py: Python<'py>, pointer: *mut ffi::PyObject) -> Option<Bound<'py, PyAny>> {
    // SAFETY: as the caller says.
    unsafe { Bound::from_owned_ptr_or_opt(py, pointer) }
}

/// A `str` of UTF-8, or nothing and an exception.
pub(crate) fn any_text<'py>(py: Python<'py>, utf8: &[u8]) -> Option<Bound<'py, PyAny>> {
    // SAFETY: pointer and length are those of a slice, of which no more than `isize::MAX` bytes can be
    // there; Python copies them.
    unsafe {
        let text = ffi::PyUnicode_FromStringAndSize(utf8.as_ptr().cast::<c_char>(), utf8.len() as ffi::Py_ssize_t);
        made(py, text)
    }
}

/// An `int`, or nothing and an exception.
#[inline]
pub(crate) fn integer(py: Python<'_>, value: i64) -> Option<Bound<'_, PyAny>> {
    // SAFETY: a new reference comes back, or null with an exception.
    unsafe { made(py, ffi::PyLong_FromLongLong(value)) }
}

/// An `int` of a finite number that is whole, or nothing and an exception.
pub(crate) fn whole(py: Python<'_>, value: f64) -> Option<Bound<'_, PyAny>> {
    // SAFETY: a new reference comes back, or null with an exception.
    unsafe { made(py, ffi::PyLong_FromDouble(value)) }
}

/// A `float`, or nothing and an exception.
#[inline]
pub(crate) fn float(py: Python<'_>, value: f64) -> Option<Bound<'_, PyAny>> {
    // SAFETY: a new reference comes back, or null with an exception.
    unsafe { made(py, ffi::PyFloat_FromDouble(value)) }
}

/// Puts a member into a `dict`; nothing comes back where an exception was raised.
#[inline]
pub(crate) fn put<'py>(dict: &Bound<'py, PyDict>, key: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> Option<()> {
    // SAFETY: all three are living objects; the function takes references of its own.
    let failed = unsafe { ffi::PyDict_SetItem(dict.as_ptr(), key.as_ptr(), value.as_ptr()) };
    (failed == 0).then_some(())
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
