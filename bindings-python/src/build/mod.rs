//! JSON text to Python objects, checked and built in one pass.

use std::sync::Arc;

use peer_contract_core::Limits;
use peer_contract_core::json;
use peer_contract_core::plan::{Built, Halt, Key, Text};
use peer_contract_core::schema::{Schema, Unbuilt};
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::all_to_exception;
use crate::keys::Keys;
use crate::raw::{self, Layout, Paused};
use crate::shape::{Class, Node, Shape, Shapes};
use crate::text::unlocked;
use crate::vocabulary::Vocabulary;

mod object;
mod sink;

use object::{EXTRA, Object, Of};

/// Reads strict JSON, checks it, and builds what the shape says.
///
/// # Errors
/// `ContractError` with all that is wrong; what Python raises when memory is out, or what a class with
/// code of its own raises.
pub(crate) fn build<'py>(
    py: Python<'py>,
    vocabulary: &Vocabulary,
    shape: Shape,
    text: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let (schema, limits) = (vocabulary.schema(), Limits::default());
    let mut builder = Builder::new(py, vocabulary.shapes().map(AsRef::as_ref), Some(vocabulary));
    match schema.attempt(text, &limits, &mut builder, shape) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => {
            drop(builder);
            Err(refused(py, schema, text, &limits))
        }
        Err(Halt) => Err(builder.why()),
    }
}

/// Why a text was refused, found out without the interpreter lock when there is much of it.
#[cold]
fn refused(py: Python<'_>, schema: &Schema, text: &[u8], limits: &Limits) -> PyErr {
    match unlocked(py, text.len(), || schema.check(text, limits)) {
        Err(problems) => all_to_exception(py, &problems),
        Ok(_) => PyRuntimeError::new_err("a text was refused and then found to be right"),
    }
}

/// Reads strict JSON and builds what the shape says, without a schema.
///
/// # Errors
/// As [`build`].
pub(crate) fn build_json<'py>(
    py: Python<'py>,
    shapes: Option<&Shapes>,
    shape: Shape,
    text: &[u8],
    limits: &Limits,
) -> PyResult<Bound<'py, PyAny>> {
    let mut builder = Builder::new(py, shapes, None);
    json::build(text, limits, &mut builder, shape).map_err(|unbuilt| match unbuilt {
        Unbuilt::Problems(problems) => all_to_exception(py, &problems),
        Unbuilt::Halted => builder.why(),
    })
}

/// Makes Python objects. Where something fails, the exception waits in `raised`.
pub(crate) struct Builder<'a, 'py> {
    py: Python<'py>,
    vocabulary: Option<&'a Vocabulary>,
    shapes: Option<&'a Shapes>,
    nodes: Arc<Vec<Node>>,
    /// The items of the arrays that are open, the innermost last.
    items: Vec<Bound<'py, PyAny>>,
    keys: Keys<'py>,
    raised: Option<PyErr>,
    paused: Option<Paused<'py>>,
    /// Objects until other threads get a turn.
    turn: u32,
}

/// So many objects are built before other threads get a turn: some milliseconds, as Python itself has it.
const OBJECTS_A_TURN: u32 = 1 << 14;

impl<'a, 'py> Builder<'a, 'py> {
    fn new(py: Python<'py>, shapes: Option<&'a Shapes>, vocabulary: Option<&'a Vocabulary>) -> Self {
        Self {
            py,
            vocabulary,
            shapes,
            nodes: shapes.map(Shapes::nodes).unwrap_or_default(),
            items: Vec::new(),
            keys: Keys::default(),
            raised: None,
            paused: Some(Paused::begin(py)),
            turn: OBJECTS_A_TURN,
        }
    }

    /// Why it halted.
    fn why(mut self) -> PyErr {
        self.raised.take().unwrap_or_else(|| PyRuntimeError::new_err("a class is not among the types at hand"))
    }

    #[inline(always)]
    fn or_halt<T>(&mut self, made: PyResult<T>) -> Built<T> {
        made.map_err(|error| self.halt(error))
    }

    #[cold]
    fn halt(&mut self, error: PyErr) -> Halt {
        self.raised = Some(error);
        Halt
    }

    /// Lets other threads of Python run for a moment. What is being built is whole at all times, and
    /// everything that is not part of it yet is owned here.
    #[cold]
    fn give_way(&mut self) {
        self.turn = OBJECTS_A_TURN;
        let was_paused = self.paused.take().is_some();
        self.py.detach(|| ());
        self.paused = was_paused.then(|| Paused::begin(self.py));
    }

    fn string(&mut self, text: Text<'_>) -> Built<Bound<'py, PyAny>> {
        let made = match text.escaped {
            false => raw::text(self.py, text.raw),
            true => raw::text(self.py, &text.unescaped()),
        };
        self.or_halt(made)
    }

    fn name(&mut self, key: Key<'_>) -> Built<Bound<'py, PyAny>> {
        let word = key.word.and_then(|word| self.vocabulary?.word(self.py, word));
        if let Some(word) = word {
            return Ok(word.clone().into_any());
        }
        let made = self.keys.get(self.py, key.text);
        self.or_halt(made)
    }

    fn open_record(&mut self, index: usize) -> Built<Object<'a, 'py>> {
        let Some(class) = self.shapes.and_then(|shapes| shapes.classes().get(index)) else { return Err(Halt) };
        let of = Of { class, fields: self.vocabulary.map_or(&[], |known| known.fields_of(index)), field: EXTRA };
        if let Some(layout) = class.layout(self.py) {
            let made = layout.make(self.py);
            return Ok(Object::Slotted { made: self.or_halt(made)?, of, layout, filled: 0 });
        }
        // Code of the class runs from here on, for which the collector must be as it expects it.
        self.paused = None;
        let made = self.loose(class);
        Ok(Object::Loose { made: self.or_halt(made)?, of, extra: PyDict::new(self.py) })
    }

    /// An instance of a class that is asked for all it does, with nothing but what stands for absent fields.
    fn loose(&self, class: &Class) -> PyResult<Bound<'py, PyAny>> {
        let of = class.class(self.py);
        let made = of.call_method1(intern!(self.py, "__new__"), (of,))?;
        for field in class.fields() {
            made.setattr(field.attribute(self.py), field.absent(self.py))?;
        }
        Ok(made)
    }

    /// Puts a property that the class does not name where the class keeps such, if it does.
    fn put_extra(
        &mut self,
        (made, class, layout): (&Bound<'py, PyAny>, &Class, &Layout),
        key: Key<'_>,
        value: Bound<'py, PyAny>,
    ) -> Built<()> {
        if class.extra().is_none() {
            return Ok(());
        }
        let name = self.name(key)?;
        let slot = class.fields().len();
        let extra = match layout.get(made, slot).and_then(|extra| extra.cast_into::<PyDict>().ok()) {
            Some(extra) => extra,
            None => {
                let extra = PyDict::new(self.py);
                layout.set(made, slot, extra.clone().into_any());
                extra
            }
        };
        let put = extra.set_item(name, value);
        self.or_halt(put)
    }
}
