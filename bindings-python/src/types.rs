//! Schemas and generated types: what reads, checks and writes.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use peer_contract_core::json::Json;
use peer_contract_core::{Limits, Pointer};
use pyo3::exceptions::PyKeyError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyType};

use crate::build::{build, build_json};
use crate::contract::Contract;
use crate::ending::Inside;
use crate::error::to_exception;
use crate::shape::{Definition, Node, Shape, Shapes, pointer};
use crate::text::Text;
use crate::vocabulary::Vocabulary;
use crate::walk::{write_json, write_text};

/// A compiled schema.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Schema(Vocabulary);

impl Schema {
    pub(crate) fn new(py: Python<'_>, contract: &Contract, at: &str) -> PyResult<Self> {
        let schema = contract.0.schema(&pointer(at)?).map_err(|problem| to_exception(py, &problem))?;
        Ok(Self(Vocabulary::new(py, schema, None)))
    }
}

#[pymethods]
impl Schema {
    /// Reads strict JSON and validates it.
    fn read<'py>(&self, py: Python<'py>, text: Text<'_>) -> PyResult<Bound<'py, PyAny>> {
        build(py, &self.0, (Shape::PLAIN, &[]), text.as_bytes())
    }

    /// Raises with every way in which the object does not fit.
    fn validate(&self, object: &Bound<'_, PyAny>) -> PyResult<()> {
        write_text(&self.0, object, |_| ()).map_err(|unwritten| unwritten.into_exception(object.py()))
    }

    /// Validates the object and writes it as canonical JSON.
    fn write<'py>(&self, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        written(&self.0, object)
    }
}

fn written<'py>(vocabulary: &Vocabulary, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let py = object.py();
    write_text(vocabulary, object, |text| PyBytes::new(py, text)).map_err(|unwritten| unwritten.into_exception(py))
}

/// The types of one generated package.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Types(Arc<Package>);

/// The types of a package, and the schemas that were used with them.
struct Package {
    shapes: Arc<Shapes>,
    vocabularies: RwLock<BTreeMap<Pointer, Arc<Vocabulary>>>,
}

impl Package {
    /// The schema at a place of the contract.
    fn vocabulary(&self, py: Python<'_>, at: &Pointer) -> PyResult<Arc<Vocabulary>> {
        const NO_PANIC: &str = "no code panics while it holds this lock";
        if let Some(known) = self.vocabularies.read().expect(NO_PANIC).get(at) {
            return Ok(Arc::clone(known));
        }
        let schema = self.shapes.contract().schema(at).map_err(|problem| to_exception(py, &problem))?;
        let made = Arc::new(Vocabulary::new(py, schema, Some(Arc::clone(&self.shapes))));
        self.vocabularies.write().expect(NO_PANIC).insert(at.clone(), Arc::clone(&made));
        Ok(made)
    }
}

#[pymethods]
impl Types {
    /// `definitions`: name to `(pointer, shape)`.
    #[new]
    fn new(contract: &Contract, definitions: &Bound<'_, PyDict>) -> PyResult<Self> {
        let shapes = Shapes::of_package(&contract.0, definitions)?;
        Ok(Self(Arc::new(Package { shapes, vocabularies: RwLock::default() })))
    }

    /// What reads and writes a named type.
    fn codec(&self, name: &str) -> PyResult<Codec> {
        let definition = self.0.shapes.definition(name).cloned();
        let definition = definition.ok_or_else(|| PyKeyError::new_err(name.to_owned()))?;
        let nodes = self.0.shapes.nodes();
        Ok(Codec { package: Arc::clone(&self.0), definition, nodes, vocabulary: OnceLock::new() })
    }

    /// A value that is valid already, with the classes of a shape in it.
    #[pyo3(name = "build")]
    fn build_object<'py>(&self, shape: &Bound<'py, PyAny>, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = object.py();
        let text = write_json(object).map_err(|unwritten| unwritten.into_exception(py))?;
        build_json(py, Some(&self.0.shapes), self.0.shapes.shape(shape)?, text.as_bytes(), &Limits::default())
    }
}

impl Types {
    /// A part of a message, which is valid by the schema at `at`, as Python objects of a shape.
    pub(crate) fn build<'py>(
        &self,
        shape: &Bound<'py, PyAny>,
        at: Option<&Pointer>,
        part: Option<&Json>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = shape.py();
        let (Some(at), Some(part)) = (at, part) else { return Ok(py.None().into_bound(py)) };
        // A shape may be new here, and its nodes with it.
        let shape = self.0.shapes.shape(shape)?;
        build(py, &*self.0.vocabulary(py, at)?, (shape, &self.0.shapes.nodes()), part.as_bytes())
    }

    /// The schema at a place of the contract, with these types.
    pub(crate) fn vocabulary(&self, py: Python<'_>, at: &Pointer) -> PyResult<Arc<Vocabulary>> {
        self.0.vocabulary(py, at)
    }

    /// The contract the types were generated from.
    pub(crate) fn contract(&self) -> &peer_contract_core::Contract {
        self.0.shapes.contract()
    }
}

/// Reads and writes one named type.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Codec {
    package: Arc<Package>,
    definition: Definition,
    /// What stands behind the shape of the definition.
    nodes: Arc<Vec<Node>>,
    vocabulary: OnceLock<Arc<Vocabulary>>,
}

#[pymethods]
impl Codec {
    /// Reads strict JSON, validates it and builds the type.
    fn read<'py>(&self, py: Python<'py>, text: Text<'_>) -> PyResult<Bound<'py, PyAny>> {
        build(py, self.vocabulary(py)?, (self.definition.shape, &self.nodes), text.as_bytes())
    }

    /// Validates a value of the type and writes it as canonical JSON.
    fn write<'py>(&self, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        written(self.vocabulary(object.py())?, object)
    }
}

impl Codec {
    fn vocabulary(&self, py: Python<'_>) -> PyResult<&Vocabulary> {
        if self.vocabulary.get().is_none() {
            let made = self.package.vocabulary(py, &self.definition.at)?;
            self.vocabulary.get_or_init(|| made);
        }
        Ok(self.vocabulary.get().expect("it was set just now"))
    }
}

/// `from_json` of a generated class: the reader of its codec itself, without code of Python in between. A class that
/// was derived from it by hand gets what `Record` has for all.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Reader {
    class: Py<PyType>,
    read: Py<PyAny>,
    of_record: Py<PyAny>,
}

#[pymethods]
impl Reader {
    #[new]
    fn new(class: Py<PyType>, read: Py<PyAny>, of_record: Py<PyAny>) -> Self {
        Self { class, read, of_record }
    }

    fn __get__<'py>(&self, instance: &Bound<'py, PyAny>, owner: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = owner.py();
        if owner.is(&self.class) {
            return Ok(self.read.bind(py).clone());
        }
        let _inside = Inside::enter(py);
        self.of_record.bind(py).call_method1(intern!(py, "__get__"), (instance, owner))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.class)?;
        visit.call(&self.read)?;
        visit.call(&self.of_record)
    }
}
