//! Objects and arrays that are being made.

use peer_contract_core::plan::Key;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::raw::Fresh;
use crate::shape::{Class, Shape};
use crate::vocabulary::{EXTRA, Step};

/// An object that is being made.
#[derive(Default)]
pub(crate) enum Object<'a, 'py> {
    /// None yet.
    #[default]
    None,
    Dict {
        made: Bound<'py, PyDict>,
        members: Shape,
    },
    /// An instance whose slots are filled one by one. It is an object like any other from the beginning,
    /// with empty slots; so it can be dropped at any time.
    Slotted {
        made: Fresh<'a, 'py>,
        of: Of<'a>,
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
    /// Where the value of each word of the schema goes.
    pub(super) steps: &'a [Step],
    /// The field whose value comes next, or [`EXTRA`].
    pub(super) field: u32,
}

impl Of<'_> {
    /// Takes note of the key that came; the shape of its value.
    #[inline(always)]
    pub(super) fn next(&mut self, key: Key<'_>) -> Shape {
        let step = match key.word.and_then(|word| self.steps.get(word as usize)) {
            Some(step) => *step,
            None => self.step(key.text),
        };
        self.field = step.field;
        step.shape
    }

    #[inline(never)]
    fn step(&self, key: &[u8]) -> Step {
        Step::of(self.class, self.class.field(key))
    }

    /// Whether the class has no field for the value that comes next.
    #[inline(always)]
    pub(super) fn is_extra(&self) -> bool {
        self.field == EXTRA
    }
}

/// An array that is being made: where its items begin.
pub(crate) struct Array {
    pub(super) start: usize,
    pub(super) items: Shape,
}

/// Puts what stands for absence into the slots that are empty.
pub(super) fn fill_absent<'py>(made: &mut Fresh<'_, 'py>, py: Python<'py>, class: &Class) {
    for (slot, field) in class.fields().iter().enumerate() {
        if made.is_empty(slot) {
            made.put(slot, field.absent(py));
        }
    }
}
