//! Python objects to JSON text, checked and written in one walk.
//!
//! The walk runs no Python code for plain objects and for instances of generated classes; so it
//! borrows all it sees. Where code must run (a class derived by hand, a property), it begins again and
//! keeps a reference to everything it comes across: that code may change what is being walked over.

use std::cell::Cell;
use std::sync::Arc;

use peer_contract_core::json::{self, Draft};
use peer_contract_core::limits::MAX_SAFE_INTEGER;
use peer_contract_core::plan::{Kind, Member, Number, Source};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem, Problems};
use pyo3::intern;
use pyo3::prelude::*;

use crate::ending::Inside;
use crate::error::all_to_exception;
use crate::raw::{self, Builtin, Hold, Kept};
use crate::shape::{Class, Shapes, class_of};
use crate::vocabulary::Vocabulary;

/// Why nothing was written.
pub(crate) enum Unwritten {
    /// Rules are broken.
    Problems(Problems),
    /// Python itself raised: an interrupt, or the object's own code.
    Raised(PyErr),
}

impl Unwritten {
    /// As the exception to raise.
    pub(crate) fn into_exception(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Problems(problems) => all_to_exception(py, &problems),
            Self::Raised(error) => error,
        }
    }
}

/// Checks an object and writes it as canonical JSON, which remembers that it was checked: `None`, `bool`, `int`, `float`, `str`, lists,
/// tuples, dicts with `str` keys, and the records of generated code.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn write(vocabulary: &Vocabulary, object: &Bound<'_, PyAny>) -> Result<Draft, Unwritten> {
    walk(Some(vocabulary), object, |walk, root| walk.checked(root))
}

/// The same to a text alone, which `take` is given.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn write_text<T>(
    vocabulary: &Vocabulary,
    object: &Bound<'_, PyAny>,
    take: impl FnOnce(&[u8]) -> T,
) -> Result<T, Unwritten> {
    // Code of Python may run on the way, and write something else.
    let mut buffer = BUFFER.try_with(Cell::take).unwrap_or_default();
    let length = walk(Some(vocabulary), object, |walk, root| {
        let schema = vocabulary.schema();
        schema.write_over(walk, root, &Limits::default(), &mut buffer).map(<[u8]>::len)
    });
    let taken = length.map(|length| take(&buffer[..length]));
    if buffer.len() <= KEPT {
        // A thread that ends keeps nothing.
        let _ = BUFFER.try_with(|kept| kept.set(buffer));
    }
    taken
}

thread_local! {
    /// Where the last text was written: making room costs more than writing a short one.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A buffer of up to so many bytes is kept for the next text.
const KEPT: usize = 2 << 20;

/// The same without a schema: whatever has a JSON form.
///
/// # Errors
/// What has none.
pub(crate) fn write_json(object: &Bound<'_, PyAny>) -> Result<Draft, Unwritten> {
    walk(None, object, |walk, root| walk.checked(root))
}

fn walk<T>(
    vocabulary: Option<&Vocabulary>,
    object: &Bound<'_, PyAny>,
    mut run: impl for<'t, 'py> FnMut(&mut Walk<'t, 'py>, Borrowed<'t, 'py, PyAny>) -> Result<T, Problems>,
) -> Result<T, Unwritten> {
    let mut walk = Walk::new(still(object.py()), vocabulary);
    let written = run(&mut walk, object.as_borrowed());
    if walk.stopped.is_none() {
        return written.map_err(Unwritten::Problems);
    }
    drop(walk);
    let _inside = Inside::enter(object.py());
    let kept = Kept::default();
    let mut walk = Walk::new(Hold::Kept(&kept), vocabulary);
    let written = run(&mut walk, object.as_borrowed());
    match walk.stopped {
        Some(Stopped::Raised(error)) => Err(Unwritten::Raised(error)),
        _ => written.map_err(Unwritten::Problems),
    }
}

fn still<'t, 'py>(py: Python<'py>) -> Hold<'t, 'py> {
    // SAFETY: the walk below keeps the promise: under `Hold::Still` it only calls `raw`, and looks into
    // tables of its own. The caller's reference to the root outlives the walk. What checks and writes is
    // Rust and never touches an object but through the walk.
    unsafe { Hold::still(py) }
}

/// Why a walk ended before its end.
enum Stopped {
    /// Code of Python must run for the next step.
    NeedsCode,
    /// That code raised.
    Raised(PyErr),
}

/// One walk over one tree of objects.
struct Walk<'t, 'py> {
    hold: Hold<'t, 'py>,
    vocabulary: Option<&'t Vocabulary>,
    stopped: Option<Stopped>,
}

/// The class of a record and the package it belongs to.
enum Found<'t> {
    /// An exact instance, of the package at hand.
    Own(&'t Shapes, usize),
    /// Of another package, or of a derived class.
    Other(Arc<Shapes>, usize),
}

impl Found<'_> {
    fn class(&self) -> &Class {
        match self {
            Self::Own(shapes, class) => &shapes.classes()[*class],
            Self::Other(shapes, class) => &shapes.classes()[*class],
        }
    }
}

impl<'t, 'py> Walk<'t, 'py> {
    fn new(hold: Hold<'t, 'py>, vocabulary: Option<&'t Vocabulary>) -> Self {
        Self { hold, vocabulary, stopped: None }
    }

    fn checked(&mut self, root: Borrowed<'t, 'py, PyAny>) -> Result<Draft, Problems> {
        match self.vocabulary {
            Some(vocabulary) => vocabulary.schema().write_json(self, root, &Limits::default()).map(Draft::from),
            None => Ok(json::write(self, root, &Limits::default())?.into()),
        }
    }

    /// The kept references, where code of Python may run. Without them the walk stops.
    fn kept(&mut self) -> Result<&'t Kept<'py>, Box<Problem>> {
        match &self.hold {
            Hold::Kept(kept) => Ok(kept),
            Hold::Still { .. } => Err(self.stop(Stopped::NeedsCode)),
        }
    }

    /// The walk ends with a problem that nobody sees: why it ended stands in `stopped`.
    #[cold]
    fn stop(&mut self, why: Stopped) -> Box<Problem> {
        self.stopped.get_or_insert(why);
        problem(ErrorCode::TypeMismatch, "the walk was stopped")
    }

    /// The class of an exact instance of the package at hand.
    #[inline]
    fn own(&self, object: Borrowed<'t, 'py, PyAny>) -> Option<(&'t Shapes, usize)> {
        let shapes = self.vocabulary?.shapes()?;
        Some((shapes, shapes.class_at(raw::type_address(object))?))
    }

    fn record(&mut self, object: Borrowed<'t, 'py, PyAny>) -> Result<Option<Found<'t>>, Box<Problem>> {
        if let Some((shapes, class)) = self.own(object) {
            return Ok(Some(Found::Own(shapes, class)));
        }
        self.kept()?;
        let found = class_of(object).map_err(|error| self.stop(Stopped::Raised(error)))?;
        Ok(found.map(|(shapes, class)| Found::Other(shapes, class)))
    }

    /// A field, from its slot or by asking.
    #[inline]
    fn field(
        &mut self,
        class: &Class,
        object: Borrowed<'t, 'py, PyAny>,
        slot: usize,
    ) -> Result<Borrowed<'t, 'py, PyAny>, Box<Problem>> {
        if let Some(layout) = class.seen_layout()
            && let Some(value) = self.hold.slot(layout, object, slot)
        {
            return Ok(value);
        }
        let py = object.py();
        let kept = self.kept()?;
        // Looking for the slots sets attributes, which is code of Python; the next walk has them.
        class.layout(py);
        let name = class.fields().get(slot).map_or_else(|| intern!(py, "extra"), |field| field.attribute(py));
        match object.getattr(name) {
            Ok(value) => Ok(kept.keep(value)),
            Err(error) => Err(self.stop(Stopped::Raised(error))),
        }
    }

    fn extra(
        &mut self,
        class: &Class,
        object: Borrowed<'t, 'py, PyAny>,
        into: &mut Vec<Member<'t, Borrowed<'t, 'py, PyAny>>>,
        first: usize,
    ) -> Result<(), Box<Problem>> {
        let slot = class.fields().len();
        if class.seen_layout().is_some_and(|layout| layout.is_of(object) && layout.is_empty(object, slot)) {
            return Ok(());
        }
        let extra = self.field(class, object, slot)?;
        if raw::builtin(extra) != Builtin::Dict {
            let message = format!("`extra` is a `dict`, found `{}`", self.type_name(extra)?);
            return Err(problem(ErrorCode::TypeMismatch, &message));
        }
        let fields = into.len();
        self.dict(extra, into)?;
        let (fields, added) = into[first..].split_at(fields - first);
        let is_there = |key: &str| class.field(key.as_bytes()).is_some() && fields.iter().any(|field| field.key == key);
        match added.iter().any(|member| is_there(member.key)) {
            true => Err(problem(ErrorCode::JsonDuplicateKey, "`extra` has a key that is a field of the record")),
            false => Ok(()),
        }
    }

    /// The fields of an instance of another package's class, or of a class derived by hand.
    fn fields_of_other(
        &mut self,
        class: &Class,
        object: Borrowed<'t, 'py, PyAny>,
        into: &mut Vec<Member<'t, Borrowed<'t, 'py, PyAny>>>,
    ) -> Result<(), Box<Problem>> {
        for (slot, field) in class.fields().iter().enumerate() {
            let value = self.field(class, object, slot)?;
            if field.is_absent(value) {
                continue;
            }
            let kept = self.kept()?;
            let key = raw::any_text(object.py(), field.wire().as_bytes());
            let key = kept.keep(key.ok_or_else(|| self.stop(Stopped::Raised(PyErr::fetch(object.py()))))?);
            into.push(Member { key: self.hold.text(key).ok_or_else(half_a_pair)?, word: None, value });
        }
        Ok(())
    }

    /// What a value is in JSON that is of no known type itself.
    #[inline(never)]
    fn other_kind(&mut self, value: Borrowed<'t, 'py, PyAny>) -> Result<Kind, Box<Problem>> {
        if self.own(value).is_some() {
            return Ok(Kind::Object);
        }
        if let Some(kind) = kind_of(raw::builtin(value)) {
            return Ok(kind);
        }
        match self.record(value)? {
            Some(_) => Ok(Kind::Object),
            None => {
                let message = format!("a `{}` has no JSON form", self.type_name(value)?);
                Err(problem(ErrorCode::TypeMismatch, &message))
            }
        }
    }

    /// What people call the type of an object. A type may have code of its own for that.
    fn type_name(&mut self, object: Borrowed<'t, 'py, PyAny>) -> Result<String, Box<Problem>> {
        self.kept()?;
        Ok(object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string()))
    }

    #[inline]
    fn dict(
        &mut self,
        dict: Borrowed<'t, 'py, PyAny>,
        into: &mut Vec<Member<'t, Borrowed<'t, 'py, PyAny>>>,
    ) -> Result<(), Box<Problem>> {
        let first = into.len();
        let (hold, mut all_exact, mut wrong) = (&self.hold, true, None);
        hold.dict(dict, |key, value| {
            let is_exact = raw::is_exact_str(key);
            all_exact &= is_exact;
            let is_str = is_exact || raw::builtin(key) == Builtin::Str;
            match is_str.then(|| hold.text(key)).flatten() {
                Some(key) => into.push(Member { key, word: None, value }),
                None => wrong = Some((key, is_str)),
            }
            wrong.is_none()
        });
        match wrong {
            None => {}
            Some((_, true)) => return Err(half_a_pair()),
            Some((key, false)) => {
                let message = format!("a key of a JSON object is a `str`, found `{}`", self.type_name(key)?);
                return Err(problem(ErrorCode::TypeMismatch, &message));
            }
        }
        // Two keys of one text can only be of a class that says so itself.
        if !all_exact && !are_unique(&into[first..]) {
            return Err(problem(ErrorCode::JsonDuplicateKey, "two keys of a `dict` have the same text"));
        }
        Ok(())
    }
}

/// What a value of a known type is in JSON.
#[inline(always)]
fn kind_of(known: Builtin) -> Option<Kind> {
    Some(match known {
        Builtin::None => Kind::Null,
        Builtin::Bool(flag) => Kind::Boolean(flag),
        Builtin::Int | Builtin::Float => Kind::Number,
        Builtin::Str => Kind::Text,
        Builtin::List | Builtin::Tuple => Kind::Array,
        Builtin::Dict => Kind::Object,
        Builtin::Other => return None,
    })
}

impl<'t, 'py> Source<'t> for Walk<'t, 'py> {
    type Value = Borrowed<'t, 'py, PyAny>;

    #[inline(always)]
    fn kind(&mut self, value: Self::Value) -> Result<Kind, Box<Problem>> {
        kind_of(raw::exact_builtin(value)).map_or_else(|| self.other_kind(value), Ok)
    }

    #[inline]
    fn number(&mut self, value: Self::Value) -> Result<Number, Box<Problem>> {
        if raw::builtin(value) == Builtin::Int {
            let integer = self.hold.integer(value).filter(|integer| integer.unsigned_abs() <= MAX_SAFE_INTEGER);
            let beyond = || problem(ErrorCode::JsonNumber, "an `int` beyond 2^53-1 is not exact in JSON");
            return integer.map(Number::Integer).ok_or_else(beyond);
        }
        let number = self.hold.float(value);
        let endless = || problem(ErrorCode::JsonNumber, "a `float` that is not finite has no JSON form");
        if number.is_finite() { Ok(Number::Double(number)) } else { Err(endless()) }
    }

    #[inline]
    fn text(&mut self, value: Self::Value) -> Result<&'t str, Box<Problem>> {
        self.hold.text(value).ok_or_else(half_a_pair)
    }

    #[inline]
    fn items(&mut self, value: Self::Value, into: &mut Vec<Self::Value>) -> Result<(), Box<Problem>> {
        match raw::builtin(value) {
            Builtin::Tuple => self.hold.tuple(value, into),
            _ => self.hold.list(value, into),
        }
        Ok(())
    }

    #[inline]
    fn members(&mut self, value: Self::Value, into: &mut Vec<Member<'t, Self::Value>>) -> Result<(), Box<Problem>> {
        let known = raw::exact_builtin(value);
        if known == Builtin::Dict || known == Builtin::Other && self.own(value).is_none() && is_dict(value) {
            return self.dict(value, into);
        }
        let found = self.record(value)?;
        let Some(found) = found else { return Err(problem(ErrorCode::TypeMismatch, "no object")) };
        let first = into.len();
        match &found {
            Found::Own(shapes, class) => {
                let words = self.vocabulary.map_or(&[][..], |vocabulary| vocabulary.words_of(*class));
                let class = &shapes.classes()[*class];
                for (slot, field) in class.fields().iter().enumerate() {
                    let value = self.field(class, value, slot)?;
                    if !field.is_absent(value) {
                        into.push(Member { key: field.wire(), word: words.get(slot).copied().flatten(), value });
                    }
                }
            }
            Found::Other(..) => self.fields_of_other(found.class(), value, into)?,
        }
        match found.class().extra() {
            Some(_) => self.extra(found.class(), value, into, first),
            None => Ok(()),
        }
    }
}

fn is_dict(object: Borrowed<'_, '_, PyAny>) -> bool {
    raw::builtin(object) == Builtin::Dict
}

fn are_unique(members: &[Member<'_, Borrowed<'_, '_, PyAny>>]) -> bool {
    let mut keys: Vec<&str> = members.iter().map(|member| member.key).collect();
    keys.sort_unstable();
    keys.windows(2).all(|two| two[0] != two[1])
}

fn half_a_pair() -> Box<Problem> {
    problem(ErrorCode::JsonSurrogate, "a `str` holds half of a surrogate pair")
}

fn problem(code: ErrorCode, message: &str) -> Box<Problem> {
    Box::new(Problem::new(code, Pointer::root(), message))
}
