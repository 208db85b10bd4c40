//! Where the slots of a class lie, found out by looking, and access to them without a detour.

use std::ffi::c_void;

use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::made;

/// Where instances of one class keep their slots.
///
/// Only exact instances of the class are touched; each access looks at the type first, which makes
/// the functions safe to call with any object.
pub(crate) struct Layout {
    class: Py<PyType>,
    /// Bytes from the beginning of an instance to the pointer in each slot.
    offsets: Vec<usize>,
}

impl Layout {
    /// Looks for the slots `names` of a class: sets each in an instance, and looks where the pointer
    /// turns up. Nothing when the class is not plain: when it makes its instances itself, has a say in
    /// how attributes are set and read, or when anything lies elsewhere than it should.
    pub(crate) fn observe(class: &Bound<'_, PyType>, names: &[&Bound<'_, PyString>]) -> Option<Self> {
        let words = plain_words(class).ok().flatten()?;
        let instance = class.call_method1(intern!(class.py(), "__new__"), (class,)).ok()?;
        let seen = || -> Vec<*mut ffi::PyObject> { (FIRST..words).map(|word| word_of(&instance, word)).collect() };
        if instance.get_type_ptr() != class.as_type_ptr() || seen().iter().any(|word| !word.is_null()) {
            return None;
        }
        let mut offsets = Vec::with_capacity(names.len());
        for name in names {
            let mark = pyo3::types::PyList::empty(class.py());
            let before = seen();
            instance.setattr(*name, &mark).ok()?;
            let after = seen();
            let mut changed = (0..after.len()).filter(|&index| before[index] != after[index]);
            let place = changed.next()?;
            if after[place] != mark.as_ptr() || !before[place].is_null() || changed.next().is_some() {
                return None;
            }
            offsets.push((FIRST + place) * WORD);
        }
        Some(Self { class: class.clone().unbind(), offsets })
    }

    /// An instance with empty slots, or nothing and an exception. `__init__` does not run.
    #[inline]
    pub(crate) fn make<'a, 'py>(&'a self, py: Python<'py>) -> Option<Fresh<'a, 'py>> {
        // SAFETY: `observe` has seen that this function is how the class makes its instances, and that
        // `__new__` adds nothing. All of an instance is zero then, which its type takes for empty
        // slots. A new reference comes back, or null with an exception.
        let made = unsafe { made(py, ffi::PyType_GenericAlloc(self.class.as_ptr().cast::<ffi::PyTypeObject>(), 0))? };
        Some(Fresh { made, offsets: &self.offsets })
    }

    /// Whether the object is an instance of exactly this class.
    #[inline(always)]
    pub(crate) fn is_of(&self, object: Borrowed<'_, '_, PyAny>) -> bool {
        object.get_type_ptr() == self.class.as_ptr().cast::<ffi::PyTypeObject>()
    }

    /// Whether nothing is in a slot of an instance.
    #[inline(always)]
    pub(crate) fn is_empty(&self, instance: Borrowed<'_, '_, PyAny>, slot: usize) -> bool {
        self.peek(instance, slot).is_null()
    }

    /// The pointer in a slot; null for an empty slot or an object of another class.
    #[inline(always)]
    pub(super) fn peek(&self, instance: Borrowed<'_, '_, PyAny>, slot: usize) -> *mut ffi::PyObject {
        // SAFETY: the place is within a living instance and holds null or a pointer.
        self.place(instance, slot).map_or(std::ptr::null_mut(), |place| unsafe { place.read() })
    }

    #[inline(always)]
    fn place(&self, instance: Borrowed<'_, '_, PyAny>, slot: usize) -> Option<*mut *mut ffi::PyObject> {
        let offset = *self.offsets.get(slot)?;
        // SAFETY: `observe` has found the offset within instances of the class, aligned as a pointer is.
        self.is_of(instance).then(|| unsafe { instance.as_ptr().cast::<u8>().add(offset).cast::<*mut ffi::PyObject>() })
    }
}

/// An instance that is being filled: of exactly the class of a layout, and nobody else's yet.
pub(crate) struct Fresh<'a, 'py> {
    made: Bound<'py, PyAny>,
    offsets: &'a [usize],
}

impl<'py> Fresh<'_, 'py> {
    /// Puts a value into a slot. There is no other way in, and what was there before goes.
    #[inline(always)]
    pub(crate) fn put(&mut self, slot: usize, value: Bound<'py, PyAny>) {
        let Some(place) = self.place(slot) else { return };
        // SAFETY: the instance owns what is in the slot: one reference goes in and the one before comes
        // out. The slot is never seen in between, because the lock is held; the old value goes only
        // after the new one is in.
        let old = unsafe { made(value.py(), place.replace(value.into_ptr())) };
        drop(old);
    }

    /// Whether nothing is in a slot.
    pub(crate) fn is_empty(&self, slot: usize) -> bool {
        // SAFETY: the slot is within the instance and holds null or a pointer.
        self.place(slot).is_some_and(|place| unsafe { place.read() }.is_null())
    }

    /// What is in a slot; nothing for an empty one.
    pub(crate) fn get(&self, slot: usize) -> Option<Bound<'py, PyAny>> {
        let place = self.place(slot)?;
        // SAFETY: the slot holds null or an object that the instance owns; a reference is taken before
        // anything could change the slot.
        unsafe { Bound::from_borrowed_ptr_or_opt(self.made.py(), place.read()) }
    }

    /// The instance, for all to see.
    #[inline(always)]
    pub(crate) fn into_made(self) -> Bound<'py, PyAny> {
        self.made
    }

    #[inline(always)]
    fn place(&self, slot: usize) -> Option<*mut *mut ffi::PyObject> {
        let offset = *self.offsets.get(slot)?;
        // SAFETY: `Layout::observe` has found the offset within instances of the class, aligned as a pointer is.
        Some(unsafe { self.made.as_ptr().cast::<u8>().add(offset).cast() })
    }
}

/// Bytes of a pointer; an instance is seen as a row of these.
const WORD: usize = size_of::<*mut ffi::PyObject>();
/// The first word after what every object begins with.
const FIRST: usize = size_of::<ffi::PyObject>() / WORD;

/// How many words an instance has, if the class leaves making instances and setting attributes to `object`.
fn plain_words(class: &Bound<'_, PyType>) -> PyResult<Option<usize>> {
    let py = class.py();
    let object = py.get_type::<PyAny>();
    for name in ["__new__", "__setattr__", "__getattribute__"] {
        if !class.getattr(name)?.is(&object.getattr(name)?) {
            return Ok(None);
        }
    }
    let generic: *const c_void = ffi::PyType_GenericAlloc as *const c_void;
    // SAFETY: the class is a living type; since Python 3.10 the function takes any type.
    let alloc = unsafe { ffi::PyType_GetSlot(class.as_type_ptr(), ffi::Py_tp_alloc) };
    let number = |name: &str| class.getattr(name)?.extract::<isize>();
    let plain = std::ptr::eq(alloc, generic)
        && !class.hasattr("__getattr__")?
        && number("__itemsize__")? == 0
        && number("__dictoffset__")? == 0
        && number("__weakrefoffset__")? == 0;
    let bytes = usize::try_from(number("__basicsize__")?).unwrap_or(0);
    Ok((plain && bytes.is_multiple_of(WORD) && bytes / WORD >= FIRST).then_some(bytes / WORD))
}

fn word_of(instance: &Bound<'_, PyAny>, word: usize) -> *mut ffi::PyObject {
    // SAFETY: `plain_words` has taken the count from the size that the type gives its instances, and
    // every word of it was written when the instance was made.
    unsafe { instance.as_ptr().cast::<*mut ffi::PyObject>().add(word).read() }
}
