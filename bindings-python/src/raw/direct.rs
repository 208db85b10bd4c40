//! What the version of Python at hand lets itself be looked into for: strings, lists and dicts without a detour.
//!
//! The layouts are those of pyo3-ffi for the version that this is built for; `stable` does the same for any version.

use std::mem::MaybeUninit;
use std::slice;

use peer_contract_core::plan::Text;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::made;

/// A `str` of a string in JSON, or nothing and an exception.
#[inline]
pub(crate) fn text<'py>(py: Python<'py>, text: &Text<'_>) -> Option<Bound<'py, PyAny>> {
    // The empty string and single characters are shared objects, which `wide` leaves to Python.
    let is_simple = !text.escaped && text.raw.len() > 1 && text.raw.is_ascii();
    if is_simple { ascii(py, text.raw) } else { super::wide::text(py, text) }
}

#[inline]
fn ascii<'py>(py: Python<'py>, text: &[u8]) -> Option<Bound<'py, PyAny>> {
    // SAFETY: the room is as long as the text, which fills it, and no byte of it is beyond 0x7f.
    unsafe {
        new_text::<u8>(py, text.len(), 0x7f, |room| {
            room.write_copy_of_slice(text);
        })
    }
}

/// A `str` of so many characters, none beyond `most`, or nothing and an exception.
///
/// # Safety
/// Python holds characters up to `most` in the width of `C`, and `fill` writes all of the room.
#[inline(always)]
pub(super) unsafe fn new_text<'py, C>(
    py: Python<'py>,
    length: usize,
    most: u32,
    fill: impl FnOnce(&mut [MaybeUninit<C>]),
) -> Option<Bound<'py, PyAny>> {
    // SAFETY: the length is that of something in memory, so it fits. The new object is nobody else's yet, and its
    // characters lie behind its head: the short head where all are ASCII, the long one otherwise. Both end where
    // any width may begin.
    unsafe {
        let made = made(py, ffi::PyUnicode_New(length as ffi::Py_ssize_t, most))?;
        let head = if most < 0x80 { size_of::<ffi::PyASCIIObject>() } else { size_of::<ffi::PyCompactUnicodeObject>() };
        fill(slice::from_raw_parts_mut(made.as_ptr().cast::<u8>().add(head).cast(), length));
        Some(made)
    }
}

/// An empty `dict` with room for so many members, or nothing and an exception.
#[inline]
pub(crate) fn dict(py: Python<'_>, members: usize) -> Option<Bound<'_, PyDict>> {
    // SAFETY: a new reference comes back, or null with an exception; what comes back is a `dict`.
    unsafe {
        let made = made(py, new_dict(members))?;
        Some(made.cast_into_unchecked())
    }
}

#[cfg(not(Py_3_14))]
unsafe fn new_dict(members: usize) -> *mut ffi::PyObject {
    /// Python grows a `dict` of more members than these.
    const SMALL: usize = 5;
    /// Room for more is not made ahead: a schema may name many properties of which a message has none.
    const MOST: usize = 21;
    unsafe extern "C" {
        // In `cpython/dictobject.h` of 3.10 to 3.13.
        fn _PyDict_NewPresized(members: ffi::Py_ssize_t) -> *mut ffi::PyObject;
    }
    // SAFETY: the lock is held, as the caller says; the number is small.
    unsafe {
        if members > SMALL { _PyDict_NewPresized(members.min(MOST) as ffi::Py_ssize_t) } else { ffi::PyDict_New() }
    }
}

#[cfg(Py_3_14)]
unsafe fn new_dict(_: usize) -> *mut ffi::PyObject {
    // SAFETY: the lock is held, as the caller says.
    unsafe { ffi::PyDict_New() }
}

/// A `list` of these, or nothing and an exception.
#[inline]
pub(crate) fn list<'py>(
    py: Python<'py>,
    items: impl ExactSizeIterator<Item = Bound<'py, PyAny>>,
) -> Option<Bound<'py, PyAny>> {
    // SAFETY: the new list is nobody else's, and has as many empty places as items were told. `zip` ends with the
    // places if there are more items after all; places left empty are null, which a list may be dropped with.
    unsafe {
        let size = items.len() as ffi::Py_ssize_t;
        let made = made(py, ffi::PyList_New(size))?;
        for (place, item) in (0..size).zip(items) {
            ffi::PyList_SET_ITEM(made.as_ptr(), place, item.into_ptr());
        }
        Some(made)
    }
}

/// The characters of a `str` that are all ASCII; nothing for other ones.
#[inline(always)]
pub(super) fn ascii_of<'t>(text: Borrowed<'t, '_, PyAny>) -> Option<&'t [u8]> {
    // SAFETY: callers come here with a `str`, or a type derived from it. Where it is compact and ASCII its characters
    // lie behind the short head; they stay as they are for as long as the object lives, which is lent for `'t`.
    unsafe {
        let head = text.as_ptr().cast::<ffi::PyASCIIObject>();
        is_compact_ascii(text.as_ptr()).then(|| slice::from_raw_parts(head.add(1).cast(), (*head).length as usize))
    }
}

#[cfg(not(Py_3_14))]
#[inline(always)]
unsafe fn is_compact_ascii(text: *mut ffi::PyObject) -> bool {
    // SAFETY: the object is a `str`, as the caller says.
    unsafe { ffi::PyUnicode_IS_COMPACT_ASCII(text) != 0 }
}

/// The bits are no longer told to anybody; the long way is always right.
#[cfg(Py_3_14)]
unsafe fn is_compact_ascii(_: *mut ffi::PyObject) -> bool {
    false
}

/// How many items a list has.
///
/// # Safety
/// The object is a `list`, or of a type derived from it.
#[inline(always)]
pub(super) unsafe fn list_size(list: *mut ffi::PyObject) -> ffi::Py_ssize_t {
    // SAFETY: as the caller says.
    unsafe { ffi::PyList_GET_SIZE(list) }
}

/// An item of a list, which the list owns.
///
/// # Safety
/// The object is a `list`, or of a type derived from it, and has more items than `index`.
#[inline(always)]
pub(super) unsafe fn list_item(list: *mut ffi::PyObject, index: ffi::Py_ssize_t) -> *mut ffi::PyObject {
    // SAFETY: as the caller says.
    unsafe { ffi::PyList_GET_ITEM(list, index) }
}

/// The value of a `float`.
///
/// # Safety
/// The object is a `float`, or of a type derived from it.
#[inline(always)]
pub(super) unsafe fn float_value(float: *mut ffi::PyObject) -> f64 {
    // SAFETY: as the caller says.
    unsafe { ffi::PyFloat_AS_DOUBLE(float) }
}
