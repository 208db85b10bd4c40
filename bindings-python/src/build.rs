//! JSON text to Python objects, checked and built in one pass.

use std::sync::Arc;

use peer_contract_core::Limits;
use peer_contract_core::json;
use peer_contract_core::plan::{Built, Halt, Key, Sink, Text, Word};
use peer_contract_core::schema::{Schema, Unbuilt};
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::error::all_to_exception;
use crate::keys::Keys;
use crate::raw::{self, Layout, Paused};
use crate::shape::{Class, Node, Shape, Shapes, node};
use crate::text::unlocked;
use crate::vocabulary::{NO_FIELD, Vocabulary};

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
    class: &'a Class,
    /// The field of each word of the schema.
    fields: &'a [u16],
    /// The field whose value comes next.
    field: usize,
}

impl Of<'_> {
    /// Takes note of the key that came; the shape of its value.
    #[inline]
    fn next(&mut self, key: Key<'_>) -> Shape {
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
    start: usize,
    items: Shape,
}

/// What stands for a field in an object that has none of the name.
const EXTRA: usize = usize::MAX;

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

/// Puts what stands for absence into the slots that are empty.
fn fill_absent(made: &Bound<'_, PyAny>, class: &Class, layout: &Layout) {
    for (slot, field) in class.fields().iter().enumerate() {
        if layout.is_empty(made, slot) {
            layout.set(made, slot, field.absent(made.py()));
        }
    }
}

impl<'a, 'py> Sink for Builder<'a, 'py> {
    type Value = Bound<'py, PyAny>;
    type Shape = Shape;
    type Object = Object<'a, 'py>;
    type Array = Array;
    type Mark = usize;

    #[inline]
    fn null(&mut self, _: Shape) -> Built<Self::Value> {
        Ok(self.py.None().into_bound(self.py))
    }

    #[inline]
    fn boolean(&mut self, _: Shape, value: bool) -> Built<Self::Value> {
        Ok(pyo3::types::PyBool::new(self.py, value).to_owned().into_any())
    }

    #[inline]
    fn integer(&mut self, shape: Shape, value: i64) -> Built<Self::Value> {
        let made = match shape {
            Shape::NUMBER => raw::float(self.py, value as f64),
            _ => raw::integer(self.py, value),
        };
        self.or_halt(made)
    }

    #[inline]
    fn double(&mut self, shape: Shape, value: f64) -> Built<Self::Value> {
        let made = match shape {
            Shape::INTEGER => raw::whole(self.py, value),
            _ => raw::float(self.py, value),
        };
        self.or_halt(made)
    }

    #[inline]
    fn text(&mut self, _: Shape, text: Text<'_>) -> Built<Self::Value> {
        self.string(text)
    }

    #[inline]
    fn word(&mut self, _: Shape, word: Word, text: Text<'_>) -> Built<Self::Value> {
        match self.vocabulary.and_then(|vocabulary| vocabulary.word(self.py, word)) {
            Some(word) => Ok(word.clone().into_any()),
            None => self.string(text),
        }
    }

    #[inline]
    fn open_object(&mut self, shape: Shape, _: usize) -> Built<Object<'a, 'py>> {
        self.turn -= 1;
        if self.turn == 0 {
            self.give_way();
        }
        let members = match node(&self.nodes, shape) {
            Some(&Node::Record(class)) => return self.open_record(class),
            Some(&Node::Map(members)) => members,
            _ => Shape::PLAIN,
        };
        Ok(Object::Dict { made: PyDict::new(self.py), members })
    }

    #[inline]
    fn key(&mut self, object: &mut Object<'a, 'py>, key: Key<'_>) -> Built<Shape> {
        match object {
            Object::Dict { members, .. } => Ok(*members),
            Object::Slotted { of, .. } | Object::Loose { of, .. } => Ok(of.next(key)),
        }
    }

    #[inline]
    fn put(&mut self, object: &mut Object<'a, 'py>, key: Key<'_>, value: Self::Value) -> Built<()> {
        match object {
            Object::Dict { made, .. } => {
                let name = self.name(key)?;
                let put = made.set_item(name, value);
                self.or_halt(put)
            }
            Object::Slotted { made, of: Of { class, field: EXTRA, .. }, layout, .. } => {
                self.put_extra((made, class, layout), key, value)
            }
            Object::Slotted { made, of, layout, filled } => {
                layout.set(made, of.field, value);
                *filled += 1;
                Ok(())
            }
            Object::Loose { of: Of { field: EXTRA, .. }, extra, .. } => {
                let name = self.name(key)?;
                let put = extra.set_item(name, value);
                self.or_halt(put)
            }
            Object::Loose { made, of, .. } => {
                let put = made.setattr(of.class.fields()[of.field].attribute(self.py), value);
                self.or_halt(put)
            }
        }
    }

    #[inline]
    fn close_object(&mut self, object: Object<'a, 'py>) -> Built<Self::Value> {
        match object {
            Object::Dict { made, .. } => Ok(made.into_any()),
            Object::Slotted { made, of: Of { class, .. }, layout, filled } => {
                // No key comes twice, so as many values as there are fields leave none without.
                if filled < class.fields().len() {
                    fill_absent(&made, class, layout);
                }
                Ok(made)
            }
            Object::Loose { made, of: Of { class, .. }, extra } => {
                let put = class.extra().map_or(Ok(()), |_| made.setattr(intern!(self.py, "extra"), extra));
                self.or_halt(put).map(|()| made)
            }
        }
    }

    #[inline]
    fn open_array(&mut self, shape: Shape) -> Built<Array> {
        let items = match node(&self.nodes, shape) {
            Some(&Node::List(items)) => items,
            _ => Shape::PLAIN,
        };
        Ok(Array { start: self.items.len(), items })
    }

    #[inline]
    fn item(&mut self, array: &mut Array, _: usize) -> Built<Shape> {
        Ok(array.items)
    }

    #[inline]
    fn push(&mut self, _: &mut Array, value: Self::Value) -> Built<()> {
        self.items.push(value);
        Ok(())
    }

    #[inline]
    fn close_array(&mut self, array: Array) -> Built<Self::Value> {
        let made = PyList::new(self.py, self.items.drain(array.start..));
        self.or_halt(made.map(Bound::into_any))
    }

    #[inline(always)]
    fn is_union(&self, shape: Shape) -> bool {
        shape.is_union()
    }

    fn settle(&mut self, shape: Shape, _: Option<Word>, rest: &[u8]) -> Built<Shape> {
        // The tag that the schema's plan went by need not be the one that the types go by.
        Ok(self.shapes.map_or(Shape::PLAIN, |shapes| shapes.settle(&self.nodes, shape, rest)))
    }

    fn mark(&self) -> usize {
        self.items.len()
    }

    fn rollback(&mut self, mark: usize) {
        self.items.truncate(mark);
    }
}
