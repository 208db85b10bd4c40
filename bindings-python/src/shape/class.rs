//! The classes of generated code: their fields, and where these lie.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, LazyLock, OnceLock, RwLock, Weak};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::{NO_PANIC, Shape, Shapes};
use crate::ending::Inside;
use crate::raw::Layout;

/// How one class of generated code is filled and read.
pub(crate) struct Class {
    pub(super) class: Py<PyType>,
    /// In the order of their names in JSON, as RFC 8785 sorts them: what is read so needs no sorting.
    pub(super) fields: Vec<Field>,
    pub(super) by_wire: HashMap<Vec<u8>, usize>,
    /// The shape of properties that it does not name, where it keeps them.
    pub(super) extra: Option<Shape>,
    pub(super) layout: OnceLock<Option<Layout>>,
}

/// One field of a class.
pub(crate) struct Field {
    pub(super) attribute: Py<PyString>,
    pub(super) wire: String,
    pub(super) shape: Shape,
    pub(super) absent: Option<Py<PyAny>>,
}

impl Field {
    /// Its name in Python.
    pub(crate) fn attribute<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.attribute.bind(py)
    }

    /// Its name in JSON.
    pub(crate) fn wire(&self) -> &str {
        &self.wire
    }

    /// What its value looks like.
    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether this value stands for a property that is not there.
    #[inline]
    pub(crate) fn is_absent(&self, value: Borrowed<'_, '_, PyAny>) -> bool {
        self.absent.as_ref().is_some_and(|absent| absent.as_ptr() == value.as_ptr())
    }

    /// What stands for a property that is not there.
    pub(crate) fn absent<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.absent.as_ref().map_or_else(|| py.None().into_bound(py), |absent| absent.bind(py).clone())
    }
}

impl Class {
    pub(crate) fn class<'py>(&self, py: Python<'py>) -> &Bound<'py, PyType> {
        self.class.bind(py)
    }

    /// Its fields, in the order of their names in JSON.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of a name in JSON, in UTF-8.
    pub(crate) fn field(&self, wire: &[u8]) -> Option<usize> {
        self.by_wire.get(wire).copied()
    }

    /// The shape of the properties that it does not name; nothing where it does not keep them.
    pub(crate) fn extra(&self) -> Option<Shape> {
        self.extra
    }

    /// Where instances keep the fields, in their order, and `extra` behind them. Nothing when the class
    /// is not plain: then it is asked, and may run code of its own.
    #[inline]
    pub(crate) fn layout(&self, py: Python<'_>) -> Option<&Layout> {
        match self.layout.get() {
            Some(seen) => seen.as_ref(),
            None => self.look(py),
        }
    }

    #[cold]
    fn look(&self, py: Python<'_>) -> Option<&Layout> {
        let _inside = Inside::enter(py);
        let extra = self.extra.map(|_| intern!(py, "extra"));
        let names: Vec<_> = self.fields.iter().map(|field| field.attribute(py)).chain(extra).collect();
        // Looking may let other threads run. It is done before the cell is entered, where one of them would wait for it with
        // the interpreter lock in its hands; two that look at once see the same.
        let layout = Layout::observe(self.class(py), &names);
        self.layout.get_or_init(|| layout).as_ref()
    }

    /// The same, where somebody has looked already. Runs no code of Python.
    #[inline]
    pub(crate) fn seen_layout(&self) -> Option<&Layout> {
        self.layout.get()?.as_ref()
    }
}

/// The packages that classes belong to, by the address of the type. A package that is known here keeps its
/// types alive, so no address is used twice while its entry leads anywhere.
static PACKAGES: LazyLock<RwLock<Packages>> = LazyLock::new(RwLock::default);

/// A package, and the index of one of its classes.
type Packages = HashMap<usize, (Weak<Shapes>, usize)>;

/// Makes the classes of a package known.
pub(super) fn register(shapes: &Arc<Shapes>) {
    let mut packages = PACKAGES.write().expect(NO_PANIC);
    packages.retain(|_, (package, _)| package.strong_count() > 0);
    packages.extend(shapes.by_type.iter().map(|(address, index)| (*address, (Arc::downgrade(shapes), *index))));
}

/// The class of an object of any package, or the one that its type was derived from. May run code of
/// Python: the types of a package are compiled when they are first needed.
///
/// # Errors
/// What that code raises.
pub(crate) fn class_of(object: Borrowed<'_, '_, PyAny>) -> PyResult<Option<(Arc<Shapes>, usize)>> {
    let known = || {
        let packages = PACKAGES.read().expect(NO_PANIC);
        let mro = object.get_type().mro();
        mro.iter().find_map(|base| {
            let (package, index) = packages.get(&(base.as_ptr() as usize))?;
            Some((package.upgrade()?, *index))
        })
    };
    if let Some(class) = known() {
        return Ok(Some(class));
    }
    let Some(types) = object.get_type().getattr_opt(intern!(object.py(), "_types"))? else { return Ok(None) };
    if types.getattr_opt(intern!(object.py(), "native"))?.is_none() {
        return Ok(None);
    }
    Ok(known())
}

/// Fields in the order of RFC 8785, and where each is.
pub(super) fn ordered(mut fields: Vec<Field>) -> (Vec<Field>, HashMap<Vec<u8>, usize>) {
    fields.sort_by(|a, b| a.wire.encode_utf16().cmp(b.wire.encode_utf16()));
    let by_wire = fields.iter().enumerate().map(|(index, field)| (field.wire.clone().into_bytes(), index)).collect();
    (fields, by_wire)
}

/// The index of each class by the address of its type.
pub(super) fn by_type(classes: &[Class]) -> ByAddress {
    classes.iter().enumerate().map(|(index, class)| (class.class.as_ptr() as usize, index)).collect()
}

/// The index of each class by the address of its type.
pub(super) type ByAddress = HashMap<usize, usize, BuildHasherDefault<AddressHasher>>;

/// Addresses differ in the middle; nobody from outside chooses them.
#[derive(Default)]
pub(super) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_usize(usize::from(*byte)));
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = (self.0 ^ address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }
}
