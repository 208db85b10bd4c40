//! A schema together with the words it spells out, as Python objects that all messages share.

use std::sync::{Arc, OnceLock};

use peer_contract_core::plan::Word;
use peer_contract_core::schema::Schema;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::shape::{Class, Shape, Shapes};

/// A schema, and what reading and writing with it needs again each time.
pub(crate) struct Vocabulary {
    schema: Arc<Schema>,
    words: Vec<Py<PyAny>>,
    /// The types of a package, if it is used with some, and how the schema's words meet each of its classes.
    shapes: Option<Arc<Shapes>>,
    tables: Vec<OnceLock<Table>>,
}

/// How the words of a schema meet the fields of a class.
struct Table {
    /// Where the value of each word goes.
    steps: Box<[Step]>,
    /// The word of each field.
    words: Box<[Option<Word>]>,
}

/// Where the value of a key goes in a class, and what is made of it.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The field, or [`EXTRA`].
    pub(crate) field: u32,
    pub(crate) shape: Shape,
}

/// Stands for a field in a class that has none of the name.
pub(crate) const EXTRA: u32 = u32::MAX;

impl Step {
    /// The step for a key that has this field in a class, if it has one.
    pub(crate) fn of(class: &Class, field: Option<usize>) -> Self {
        let known = field.and_then(|field| Some((u32::try_from(field).ok()?, class.fields().get(field)?)));
        match known {
            Some((index, field)) => Self { field: index, shape: field.shape() },
            None => Self { field: EXTRA, shape: class.extra().unwrap_or(Shape::PLAIN) },
        }
    }
}

impl Vocabulary {
    pub(crate) fn new(py: Python<'_>, schema: Arc<Schema>, shapes: Option<Arc<Shapes>>) -> Self {
        let words = schema.words().iter().map(|word| PyString::intern(py, word).unbind().into_any()).collect();
        let classes = shapes.as_ref().map_or(0, |shapes| shapes.classes().len());
        Self { schema, words, shapes, tables: (0..classes).map(|_| OnceLock::new()).collect() }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(crate) fn shapes(&self) -> Option<&Arc<Shapes>> {
        self.shapes.as_ref()
    }

    /// A word as Python has it.
    #[inline]
    pub(crate) fn word<'py>(&self, py: Python<'py>, word: Word) -> Option<&Bound<'py, PyAny>> {
        Some(self.words.get(word as usize)?.bind(py))
    }

    /// Where the value of each word goes in a class.
    #[inline]
    pub(crate) fn steps_of(&self, class: usize) -> &[Step] {
        self.table(class).map_or(&[], |table| &table.steps)
    }

    /// The word that names each field of a class.
    #[inline]
    pub(crate) fn words_of(&self, class: usize) -> &[Option<Word>] {
        self.table(class).map_or(&[], |table| &table.words)
    }

    #[inline]
    fn table(&self, class: usize) -> Option<&Table> {
        let table = self.tables.get(class)?;
        match table.get() {
            None => {
                let class = self.shapes.as_ref()?.classes().get(class)?;
                Some(table.get_or_init(|| Table::new(&self.schema, class)))
            }
            made => made,
        }
    }
}

impl Table {
    #[cold]
    fn new(schema: &Schema, class: &Class) -> Self {
        let mut words = vec![None; class.fields().len()];
        let step_of = |(word, text): (usize, &String)| {
            let field = class.field(text.as_bytes());
            if let Some(field) = field {
                words[field] = Word::try_from(word).ok();
            }
            Step::of(class, field)
        };
        let steps = schema.words().iter().enumerate().map(step_of).collect();
        Self { steps, words: words.into() }
    }
}
