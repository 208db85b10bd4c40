//! Contracts, schemas and generated types.

use std::collections::BTreeMap;
use std::sync::Arc;

use peer_contract_core::contract::Kind;
use peer_contract_core::envelope::{Room, Travel};
use peer_contract_core::inbox::{self, Start};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem, Value};
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyDict, PyString};

use crate::convert::{to_json, to_object, to_value};
use crate::error::{all_to_exception, to_exception};
use crate::record::{Reader, Shape, schema_at};

/// From this many bytes on, work without Python objects runs without the interpreter lock. Below it,
/// giving the lock away and getting it back costs more than the work.
const LARGE: usize = 16 << 10;

/// A checked contract.
#[pyclass(frozen, module = "peer_contract._native")]
#[derive(Clone)]
pub(crate) struct Contract(pub(crate) peer_contract_core::Contract);

#[pymethods]
impl Contract {
    /// Reads, checks and hashes a contract in strict JSON.
    #[staticmethod]
    fn parse(text: Text) -> PyResult<Self> {
        Python::attach(|py| {
            let parsed = unlocked(py, text.len(), || peer_contract_core::Contract::parse(text.as_bytes()));
            parsed.map(Self).map_err(|problems| all_to_exception(py, &problems))
        })
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn version(&self) -> &str {
        self.0.version()
    }

    #[getter]
    fn hash(&self) -> String {
        self.0.hash().to_string()
    }

    #[getter]
    fn canonical<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.canonical())
    }

    #[getter]
    fn agents(&self) -> Vec<String> {
        self.0.agents().keys().cloned().collect()
    }

    /// `agent.operation` of all operations.
    #[getter]
    fn operations(&self) -> Vec<String> {
        self.0.operations().map(|operation| operation.target.clone()).collect()
    }

    /// `agent.operation` of the operations that work may start at.
    #[getter]
    fn entries(&self) -> Vec<String> {
        let entries = self.0.operations().filter(|operation| operation.kind == Kind::Entry);
        entries.map(|operation| operation.target.clone()).collect()
    }

    /// Id and first message of a new work; `random` is ten bytes.
    fn start<'py>(
        &self,
        entry: &str,
        input: &Bound<'py, PyAny>,
        now_ms: u64,
        random: [u8; 10],
    ) -> PyResult<(String, Bound<'py, PyBytes>)> {
        let py = input.py();
        let input = to_json(input, &Limits::default()).map_err(|stop| stop.into_exception(py))?;
        let start = Start { entry, input, now_ms, random, travel: Travel::Return, traceparent: None };
        let first = inbox::start(&self.0, start).map_err(|problems| all_to_exception(py, &problems))?;
        let packed = first.pack(Room::sync(false)).map_err(|problem| to_exception(py, &problem))?;
        Ok((first.header.work, PyBytes::new(py, &packed.bytes)))
    }

    fn operation_hash(&self, target: &str) -> PyResult<String> {
        let operation = self.0.operation(target).ok_or_else(|| PyKeyError::new_err(target.to_owned()))?;
        Ok(operation.hash().to_string())
    }

    /// The compiled schema at a pointer.
    fn schema(&self, py: Python<'_>, at: &str) -> PyResult<Schema> {
        schema_at(py, &self.0, at).map(Schema)
    }

    fn __repr__(&self) -> String {
        format!("<Contract {} {} {}>", self.0.name(), self.0.version(), self.0.hash())
    }
}

/// The hash of a contract's text.
#[pyfunction]
pub(crate) fn contract_hash(text: Text) -> PyResult<String> {
    Contract::parse(text).map(|contract| contract.hash())
}

/// A compiled schema.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Schema(Arc<peer_contract_core::schema::Schema>);

#[pymethods]
impl Schema {
    /// Reads strict JSON and validates it.
    fn read<'py>(&self, py: Python<'py>, text: Text) -> PyResult<Bound<'py, PyAny>> {
        to_object(py, &read(py, &self.0, &text)?)
    }

    /// Raises with every way in which the object does not fit.
    fn validate(&self, object: &Bound<'_, PyAny>) -> PyResult<()> {
        validated(&self.0, object).map(drop)
    }

    /// Validates the object and writes it as JSON.
    fn write<'py>(&self, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        write(&self.0, object)
    }
}

/// The types of one generated package.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Types {
    contract: peer_contract_core::Contract,
    names: BTreeMap<String, usize>,
    pointers: Vec<Pointer>,
    shapes: Vec<Shape>,
}

#[pymethods]
impl Types {
    /// `definitions`: name to `(pointer, shape)`.
    #[new]
    fn new(contract: &Contract, definitions: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut types = Self { contract: contract.0.clone(), names: BTreeMap::new(), pointers: vec![], shapes: vec![] };
        let given = definitions.iter().map(|(name, definition)| Ok((name.extract()?, definition.extract()?)));
        let given = given.collect::<PyResult<Vec<(String, (String, Bound<'_, PyAny>))>>>()?;
        types.names = given.iter().enumerate().map(|(index, (name, _))| (name.clone(), index)).collect();
        for (_, (pointer, shape)) in &given {
            types.pointers.push(pointer.parse().map_err(|_| PyTypeError::new_err("not a JSON Pointer"))?);
            types.shapes.push(types.shape(shape)?);
        }
        Ok(types)
    }

    /// Reads strict JSON, validates it and builds the named type.
    fn read<'py>(&self, py: Python<'py>, name: &str, text: Text) -> PyResult<Bound<'py, PyAny>> {
        let index = self.index(name)?;
        let value = read(py, &*self.schema(py, index)?, &text)?;
        self.shapes[index].build(py, &value, &self.shapes)
    }

    /// A value that is valid already, with the classes of a shape in it.
    #[pyo3(name = "build")]
    fn build_object<'py>(&self, shape: &Bound<'py, PyAny>, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = object.py();
        let value = to_value(object, &Limits::default()).map_err(|stop| stop.into_exception(py))?;
        self.build(py, shape, &value)
    }

    /// Validates a value of the named type and writes it as JSON.
    fn write<'py>(&self, name: &str, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        write(&*self.schema(object.py(), self.index(name)?)?, object)
    }
}

impl Types {
    /// A valid value as Python objects of a shape, which is over the names of this package.
    pub(crate) fn build<'py>(
        &self,
        py: Python<'py>,
        shape: &Bound<'py, PyAny>,
        value: &Value,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.shape(shape)?.build(py, value, &self.shapes)
    }

    fn shape(&self, given: &Bound<'_, PyAny>) -> PyResult<Shape> {
        Reader { contract: &self.contract, names: &self.names }.shape(given)
    }

    fn index(&self, name: &str) -> PyResult<usize> {
        self.names.get(name).copied().ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn schema(&self, py: Python<'_>, index: usize) -> PyResult<Arc<peer_contract_core::schema::Schema>> {
        self.contract.schema(&self.pointers[index]).map_err(|problem| to_exception(py, &problem))
    }
}

fn read(py: Python<'_>, schema: &peer_contract_core::schema::Schema, text: &Text) -> PyResult<Value> {
    let value = unlocked(py, text.len(), || schema.read(text.as_bytes(), &Limits::default()));
    value.map_err(|problems| all_to_exception(py, &problems))
}

fn validated(schema: &peer_contract_core::schema::Schema, object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let py = object.py();
    let value = to_value(object, &Limits::default()).map_err(|stop| stop.into_exception(py))?;
    py.detach(|| schema.validate(&value)).map_err(|problems| all_to_exception(py, &problems))?;
    Ok(value)
}

fn write<'py>(
    schema: &peer_contract_core::schema::Schema,
    object: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyBytes>> {
    let py = object.py();
    let value = validated(schema, object)?;
    let text = py.detach(|| serde_json::to_vec(&value)).expect("a `Value` has string keys only");
    Ok(PyBytes::new(py, &text))
}

/// Runs work on `bytes` bytes, without the interpreter lock when they are many.
pub(crate) fn unlocked<T: Send>(py: Python<'_>, bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    if bytes < LARGE { work() } else { py.detach(work) }
}

/// JSON text as Python has it.
pub(crate) enum Text {
    Bytes(PyBackedBytes),
    Str(PyBackedStr),
}

impl Text {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Str(text) => text.as_bytes(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.as_bytes().len()
    }
}

impl<'py> FromPyObject<'_, 'py> for Text {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(text) = object.cast::<PyString>() {
            let half =
                |_| Problem::new(ErrorCode::JsonSurrogate, Pointer::root(), "the text holds half of a surrogate pair");
            return text.to_owned().try_into().map(Self::Str).map_err(|error: PyErr| to_exception(py, &half(error)));
        }
        let wrong = |_| PyTypeError::new_err("JSON text is `bytes` or `str`");
        object.extract::<PyBackedBytes>().map(Self::Bytes).map_err(wrong)
    }
}
