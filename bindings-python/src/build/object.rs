//! Objects and arrays that are being made.

use peer_contract_core::plan::Key;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::raw::Layout;
use crate::shape::{Class, Shape};
use crate::vocabulary::NO_FIELD;

/// An object that is being made.
pub(crate) enum Object<'a, 'py> {
    Dict {
        made: Bound<'py, PyDict>,
        members: Shape,
    },
    /// An instance whose slots are filled one by one. It is an object like any other from the beginning,
    /// with empty slots; so it can be dropped at any time.
    Slotted {
        made: Bound<'py, PyAny>,
        of: Of<'a>,
        layout: &'a Layout,
        filled: usize,
    },
    /// An instance of a class with a say in how it is made.
    Loose {
        made: Bound<'py, PyAny>,
        of: Of<'a>,
        extra: Bound<'py, PyDict>,
    },
}

/// What an object that is being made is an instance of.
pub(crate) struct Of<'a> {
    pub(super) class: &'a Class,
    /// The field of each word of the schema.
    pub(super) fields: &'a [u16],
    /// The field whose value comes next.
    pub(super) field: usize,
}

impl Of<'_> {
    /// Takes note of the key that came; the shape of its value.
    #[inline]
    pub(super) fn next(&mut self, key: Key<'_>) -> Shape {
        let field = match key.word.and_then(|word| self.fields.get(word as usize)) {
            Some(&NO_FIELD) => None,
            Some(&field) => Some(usize::from(field)),
            None => self.class.field(key.text),
        };
        self.field = field.unwrap_or(EXTRA);
        match self.class.fields().get(self.field) {
            Some(field) => field.shape(),
            None => self.class.extra().unwrap_or(Shape::PLAIN),
        }
    }
}

/// An array that is being made: where its items begin.
pub(crate) struct Array {
    pub(super) start: usize,
    pub(super) items: Shape,
}

/// What stands for a field in an object that has none of the name.
pub(super) const EXTRA: usize = usize::MAX;

/// Puts what stands for absence into the slots that are empty.
pub(super) fn fill_absent(made: &Bound<'_, PyAny>, class: &Class, layout: &Layout) {
    for (slot, field) in class.fields().iter().enumerate() {
        if layout.is_empty(made, slot) {
            layout.set(made, slot, field.absent(made.py()));
        }
    }
}
