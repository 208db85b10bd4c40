//! JSON text to Python objects, checked and built in one pass.

use peer_contract_core::Limits;
use peer_contract_core::json;
use peer_contract_core::plan::{Built, Halt, Key};
use peer_contract_core::schema::{Schema, Unbuilt};
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::ending::Inside;
use crate::error::all_to_exception;
use crate::keys::Keys;
use crate::raw::{self, Fresh, Paused};
use crate::shape::{Class, Node, Places, Shape, Shapes, node};
use crate::text::unlocked;
use crate::vocabulary::{EXTRA, Vocabulary};

mod object;
mod sink;

use object::{Object, Of};

/// Reads strict JSON, checks it, and builds what the shape says.
///
/// # Errors
/// `ContractError` with all that is wrong; what Python raises when memory is out, or what a class with
/// code of its own raises.
pub(crate) fn build<'py>(
    py: Python<'py>,
    vocabulary: &Vocabulary,
    (shape, nodes): (Shape, &[Node]),
    text: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let (schema, limits) = (vocabulary.schema(), Limits::default());
    let mut builder = Builder::new(py, vocabulary.shapes().map(AsRef::as_ref), nodes, Some(vocabulary));
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
    let nodes = shapes.map(Shapes::nodes).unwrap_or_default();
    let mut builder = Builder::new(py, shapes, &nodes, None);
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
    /// What stands behind the shapes.
    nodes: &'a [Node],
    /// The items of the arrays that are open, the innermost last.
    items: Vec<Bound<'py, PyAny>>,
    keys: Keys<'py>,
    raised: Option<PyErr>,
    paused: Option<Paused<'py>>,
    /// Since code of classes runs.
    inside: Option<Inside>,
    /// Objects until other threads get a turn.
    turn: u32,
}

/// So many objects are built before other threads get a turn: some milliseconds, as Python itself has it.
const OBJECTS_A_TURN: u32 = 1 << 14;

impl<'a, 'py> Builder<'a, 'py> {
    fn new(py: Python<'py>, shapes: Option<&'a Shapes>, nodes: &'a [Node], vocabulary: Option<&'a Vocabulary>) -> Self {
        Self {
            py,
            vocabulary,
            shapes,
            nodes,
            items: Vec::new(),
            keys: Keys::default(),
            raised: None,
            paused: Some(Paused::begin(py)),
            inside: None,
            turn: OBJECTS_A_TURN,
        }
    }

    /// Why it halted.
    fn why(mut self) -> PyErr {
        self.raised.take().unwrap_or_else(|| PyRuntimeError::new_err("a class is not among the types at hand"))
    }

    /// The places of a list that has shapes of their own for them.
    #[inline(always)]
    fn places(&self, shape: Shape) -> Option<&'a Places> {
        if !shape.has_places() {
            return None;
        }
        match node(self.nodes, shape) {
            Some(Node::Places(places)) => Some(places),
            _ => None,
        }
    }

    /// What was made; where nothing was, the exception that says why is kept.
    #[inline(always)]
    fn or_halt<T>(&mut self, made: Option<T>) -> Built<T> {
        made.ok_or_else(|| self.halt())
    }

    #[cold]
    #[inline(never)]
    fn halt(&mut self) -> Halt {
        self.raised = Some(PyErr::fetch(self.py));
        Halt
    }

    #[cold]
    fn halt_with(&mut self, error: PyErr) -> Halt {
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

    /// Puts a member into a dict.
    #[inline(always)]
    fn put_member(&mut self, dict: &Bound<'py, PyDict>, key: Key<'_>, value: &Bound<'py, PyAny>) -> Built<()> {
        match key.word.and_then(|word| self.vocabulary?.word(self.py, word)) {
            Some(word) => self.or_halt(raw::put(dict, word, value)),
            None => self.put_unknown(dict, key.text, value),
        }
    }

    /// The same for a key that the schema does not spell out.
    #[inline(never)]
    fn put_unknown(&mut self, dict: &Bound<'py, PyDict>, key: &[u8], value: &Bound<'py, PyAny>) -> Built<()> {
        let put = self.keys.get(self.py, key).and_then(|name| raw::put(dict, &name, value));
        self.or_halt(put)
    }

    #[inline(always)]
    fn open_record(&mut self, object: &mut Object<'a, 'py>, index: usize) -> Built<()> {
        let Some(class) = self.shapes.and_then(|shapes| shapes.classes().get(index)) else { return Err(Halt) };
        let steps = self.vocabulary.map_or(&[][..], |known| known.steps_of(index));
        let of = Of { class, steps, field: EXTRA };
        let Some(layout) = class.layout(self.py) else { return self.open_loose(object, of) };
        let made = layout.make(self.py);
        *object = Object::Slotted { made: self.or_halt(made)?, of, filled: 0 };
        Ok(())
    }

    #[inline(never)]
    fn open_loose(&mut self, object: &mut Object<'a, 'py>, of: Of<'a>) -> Built<()> {
        // Code of the class runs from here on, for which the collector must be as it expects it.
        self.paused = None;
        self.inside.get_or_insert_with(|| Inside::enter(self.py));
        match self.loose(of.class) {
            Ok(made) => {
                *object = Object::Loose { made, of, extra: PyDict::new(self.py) };
                Ok(())
            }
            Err(error) => Err(self.halt_with(error)),
        }
    }

    fn close_loose(
        &mut self,
        made: Bound<'py, PyAny>,
        class: &Class,
        extra: Bound<'py, PyDict>,
    ) -> Built<Bound<'py, PyAny>> {
        let put = class.extra().map_or(Ok(()), |_| made.setattr(intern!(self.py, "extra"), extra));
        put.map(|()| made).map_err(|error| self.halt_with(error))
    }

    /// Puts a value where neither a dict nor a slot waits for it.
    #[inline(never)]
    fn put_aside(&mut self, object: &mut Object<'a, 'py>, key: Key<'_>, value: Bound<'py, PyAny>) -> Built<()> {
        match object {
            Object::None => Err(Halt),
            Object::Slotted { made, of, .. } => self.put_extra((made, of.class), key, &value),
            Object::Dict { made: extra, .. } => self.put_member(extra, key, &value),
            Object::Loose { of, extra, .. } if of.is_extra() => self.put_member(extra, key, &value),
            Object::Loose { made, of, .. } => {
                let attribute = of.class.fields()[of.field as usize].attribute(self.py);
                made.setattr(attribute, value).map_err(|error| self.halt_with(error))
            }
        }
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
        (made, class): (&mut Fresh<'a, 'py>, &Class),
        key: Key<'_>,
        value: &Bound<'py, PyAny>,
    ) -> Built<()> {
        if class.extra().is_none() {
            return Ok(());
        }
        let slot = class.fields().len();
        let extra = match made.get(slot).and_then(|extra| extra.cast_into::<PyDict>().ok()) {
            Some(extra) => extra,
            None => {
                let extra = PyDict::new(self.py);
                made.put(slot, extra.clone().into_any());
                extra
            }
        };
        self.put_member(&extra, key, value)
    }
}
