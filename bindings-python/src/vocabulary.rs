//! A schema together with the words it spells out, as Python objects that all messages share.

use std::sync::{Arc, OnceLock};

use peer_contract_core::plan::Word;
use peer_contract_core::schema::Schema;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::shape::{Class, Shapes};

/// A schema, and what reading and writing with it needs again each time.
pub(crate) struct Vocabulary {
    schema: Arc<Schema>,
    words: Vec<Py<PyString>>,
    /// The types of a package, if it is used with some, and how the schema's words meet each of its classes.
    shapes: Option<Arc<Shapes>>,
    tables: Vec<OnceLock<Table>>,
}

/// How the words of a schema meet the fields of a class.
struct Table {
    /// The field of each word, or [`NO_FIELD`].
    fields: Box<[u16]>,
    /// The word of each field.
    words: Box<[Option<Word>]>,
}

/// Stands for no field.
pub(crate) const NO_FIELD: u16 = u16::MAX;

impl Vocabulary {
    pub(crate) fn new(py: Python<'_>, schema: Arc<Schema>, shapes: Option<Arc<Shapes>>) -> Self {
        let words = schema.words().iter().map(|word| PyString::intern(py, word).unbind()).collect();
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
    pub(crate) fn word<'py>(&self, py: Python<'py>, word: Word) -> Option<&Bound<'py, PyString>> {
        Some(self.words.get(word as usize)?.bind(py))
    }

    /// The field that each word names in a class; [`NO_FIELD`] where it names none.
    #[inline]
    pub(crate) fn fields_of(&self, class: usize) -> &[u16] {
        self.table(class).map_or(&[], |table| &table.fields)
    }

    /// The word that names each field of a class.
    #[inline]
    pub(crate) fn words_of(&self, class: usize) -> &[Option<Word>] {
        self.table(class).map_or(&[], |table| &table.words)
    }

    #[inline]
    fn table(&self, class: usize) -> Option<&Table> {
        let table = self.tables.get(class)?;
        Some(
            table.get_or_init(|| Table::new(&self.schema, self.shapes.as_ref().map(|shapes| &shapes.classes()[class]))),
        )
    }
}

impl Table {
    fn new(schema: &Schema, class: Option<&Class>) -> Self {
        let mut words = vec![None; class.map_or(0, |class| class.fields().len())];
        let field_of = |(word, text): (usize, &String)| {
            let Some(field) =
                class.and_then(|class| class.field(text.as_bytes())).filter(|field| *field < usize::from(NO_FIELD))
            else {
                return NO_FIELD;
            };
            words[field] = Word::try_from(word).ok();
            u16::try_from(field).unwrap_or(NO_FIELD)
        };
        let fields = schema.words().iter().enumerate().map(field_of).collect();
        Self { fields, words: words.into() }
    }
}
