//! Objects lent for the time of a walk.

use std::cell::RefCell;
use std::slice;

use pyo3::ffi;
use pyo3::prelude::*;

use super::{Layout, Paused, inside};

/// Why what a walk has come across stays there until the walk ends, at `'t`.
pub(crate) enum Hold<'t, 'py> {
    /// No code of Python runs in between: the lock is not given away, the collector is paused, and only
    /// types whose inside is known are looked into. So nothing that hangs on the root is let go.
    Still { _paused: Paused<'py> },
    /// A reference to each object is kept.
    Kept(&'t Kept<'py>),
}

/// References kept for a walk on which code of Python runs.
#[derive(Default)]
pub(crate) struct Kept<'py>(RefCell<Vec<Bound<'py, PyAny>>>);

impl<'py> Kept<'py> {
    /// Keeps an object for as long as `self` is there.
    pub(crate) fn keep<'t>(&'t self, object: Bound<'py, PyAny>) -> Borrowed<'t, 'py, PyAny> {
        let (py, pointer) = (object.py(), object.as_ptr());
        self.0.borrow_mut().push(object);
        // SAFETY: nothing is ever taken out of `self`, so the reference lives as long as the loan.
        unsafe { Borrowed::from_ptr(py, pointer) }
    }
}

/// A type of Python whose inside is known. Types derived from these count as well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Builtin {
    None,
    Bool(bool),
    Int,
    Float,
    Str,
    List,
    Tuple,
    Dict,
    /// None of these.
    Other,
}

/// Which known type an object is of. Runs no code of Python.
#[inline]
pub(crate) fn builtin(object: Borrowed<'_, '_, PyAny>) -> Builtin {
    match exact_builtin(object) {
        Builtin::Other => derived(object.get_type_ptr()),
        known => known,
    }
}

/// The same without types derived from these.
#[inline]
pub(crate) fn exact_builtin(object: Borrowed<'_, '_, PyAny>) -> Builtin {
    let class = object.get_type_ptr();
    // SAFETY: only the addresses of the interpreter's own types and constants are taken.
    unsafe {
        if class == &raw mut ffi::PyUnicode_Type {
            Builtin::Str
        } else if class == &raw mut ffi::PyLong_Type {
            Builtin::Int
        } else if class == &raw mut ffi::PyFloat_Type {
            Builtin::Float
        } else if class == &raw mut ffi::PyDict_Type {
            Builtin::Dict
        } else if class == &raw mut ffi::PyList_Type {
            Builtin::List
        } else if class == &raw mut ffi::PyBool_Type {
            Builtin::Bool(object.as_ptr() == ffi::Py_True())
        } else if object.as_ptr() == ffi::Py_None() {
            Builtin::None
        } else if class == &raw mut ffi::PyTuple_Type {
            Builtin::Tuple
        } else {
            Builtin::Other
        }
    }
}

fn derived(class: *mut ffi::PyTypeObject) -> Builtin {
    // SAFETY: the type of a living object is a living type; the function only reads its flags.
    let flags = unsafe { ffi::PyType_GetFlags(class) };
    let is = |flag| flags & flag != 0;
    if is(ffi::Py_TPFLAGS_UNICODE_SUBCLASS) {
        Builtin::Str
    } else if is(ffi::Py_TPFLAGS_LONG_SUBCLASS) {
        Builtin::Int
    } else if is(ffi::Py_TPFLAGS_DICT_SUBCLASS) {
        Builtin::Dict
    } else if is(ffi::Py_TPFLAGS_LIST_SUBCLASS) {
        Builtin::List
    } else if is(ffi::Py_TPFLAGS_TUPLE_SUBCLASS) {
        Builtin::Tuple
    } else {
        // SAFETY: both are living types; the list of bases is walked, no code of Python runs.
        match unsafe { ffi::PyType_IsSubtype(class, &raw mut ffi::PyFloat_Type) } {
            0 => Builtin::Other,
            _ => Builtin::Float,
        }
    }
}

/// Whether an object is a `str`, and of no class derived from it.
#[inline(always)]
pub(crate) fn is_exact_str(object: Borrowed<'_, '_, PyAny>) -> bool {
    object.get_type_ptr() == &raw mut ffi::PyUnicode_Type
}

/// The type of an object, as a number to look it up by.
#[inline(always)]
pub(crate) fn type_address(object: Borrowed<'_, '_, PyAny>) -> usize {
    object.get_type_ptr() as usize
}

impl<'t, 'py> Hold<'t, 'py> {
    /// Holds objects by nothing but the promise that no code of Python runs until `'t` ends.
    ///
    /// # Safety
    /// The caller keeps that promise, and the root of the walk alive.
    pub(crate) unsafe fn still(py: Python<'py>) -> Self {
        Self::Still { _paused: Paused::begin(py) }
    }

    /// What a container that is lent itself holds at `pointer`.
    ///
    /// # Safety
    /// The pointer is that of a living object.
    #[inline(always)]
    unsafe fn lend(&self, py: Python<'py>, pointer: *mut ffi::PyObject) -> Borrowed<'t, 'py, PyAny> {
        // SAFETY: the object is there now, as the caller has seen to, and `self` says why it stays until `'t` ends.
        unsafe {
            match self {
                Self::Still { .. } => Borrowed::from_ptr(py, pointer),
                Self::Kept(kept) => kept.keep(Bound::from_borrowed_ptr(py, pointer)),
            }
        }
    }

    /// Appends the items of a list.
    #[inline]
    pub(crate) fn list(&self, list: Borrowed<'t, 'py, PyAny>, into: &mut Vec<Borrowed<'t, 'py, PyAny>>) {
        // SAFETY: callers come here with a `list`. An index below the size has an item, and nothing
        // changes the list in between: no code of Python runs here.
        unsafe {
            let size = inside::list_size(list.as_ptr());
            into.extend((0..size).map(|index| self.lend(list.py(), inside::list_item(list.as_ptr(), index))));
        }
    }

    /// Appends the items of a tuple.
    pub(crate) fn tuple(&self, tuple: Borrowed<'t, 'py, PyAny>, into: &mut Vec<Borrowed<'t, 'py, PyAny>>) {
        // SAFETY: the functions refuse what is no tuple with -1 and null. An index below the size has an
        // item, and a tuple does not change.
        unsafe {
            for index in 0..ffi::PyTuple_Size(tuple.as_ptr()) {
                into.push(self.lend(tuple.py(), ffi::PyTuple_GetItem(tuple.as_ptr(), index)));
            }
        }
    }

    /// Gives the keys and values of a dict to `take`, until it says `false`.
    #[inline(always)]
    pub(crate) fn dict(
        &self,
        dict: Borrowed<'t, 'py, PyAny>,
        mut take: impl FnMut(Borrowed<'t, 'py, PyAny>, Borrowed<'t, 'py, PyAny>) -> bool,
    ) {
        let (mut at, mut key, mut value) = (0, std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: the function refuses what is no dict. It looks anew at each step, whatever the dict holds by
        // then, and each step gives two living objects.
        unsafe {
            while ffi::PyDict_Next(dict.as_ptr(), &raw mut at, &raw mut key, &raw mut value) != 0
                && take(self.lend(dict.py(), key), self.lend(dict.py(), value))
            {}
        }
    }

    /// What is in a slot; nothing when it is empty.
    #[inline(always)]
    pub(crate) fn slot(
        &self,
        layout: &Layout,
        instance: Borrowed<'t, 'py, PyAny>,
        slot: usize,
    ) -> Option<Borrowed<'t, 'py, PyAny>> {
        let pointer = layout.peek(instance, slot);
        // SAFETY: a slot that is not empty holds an object that the instance owns.
        (!pointer.is_null()).then(|| unsafe { self.lend(instance.py(), pointer) })
    }

    /// The text of a `str` in UTF-8; nothing when it holds half of a surrogate pair.
    #[inline]
    pub(crate) fn text(&self, text: Borrowed<'t, 'py, PyAny>) -> Option<&'t str> {
        if let Some(ascii) = inside::ascii_of(text) {
            // SAFETY: ASCII is UTF-8.
            return Some(unsafe { std::str::from_utf8_unchecked(ascii) });
        }
        let mut size = 0;
        // SAFETY: what is no `str` is refused with null. Otherwise the bytes belong to the object, which
        // keeps them unchanged for as long as it lives, and it is lent until `'t` ends. They are UTF-8:
        // Python refuses to encode half of a pair.
        unsafe {
            let bytes = ffi::PyUnicode_AsUTF8AndSize(text.as_ptr(), &raw mut size);
            if bytes.is_null() {
                drop(PyErr::take(text.py()));
                return None;
            }
            Some(std::str::from_utf8_unchecked(slice::from_raw_parts(bytes.cast::<u8>(), size as usize)))
        }
    }

    /// An `int` that 64 bits can hold.
    #[inline]
    pub(crate) fn integer(&self, integer: Borrowed<'t, 'py, PyAny>) -> Option<i64> {
        let mut overflow = 0;
        // SAFETY: callers come here with an `int`, of which the digits are read; no code of Python runs.
        let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(integer.as_ptr(), &raw mut overflow) };
        (overflow == 0).then_some(value)
    }

    /// The value of a `float`.
    #[inline]
    pub(crate) fn float(&self, float: Borrowed<'t, 'py, PyAny>) -> f64 {
        // SAFETY: callers come here with a `float`, of which the value is read; no code of Python runs.
        unsafe { inside::float_value(float.as_ptr()) }
    }
}
