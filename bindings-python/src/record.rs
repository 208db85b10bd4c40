//! JSON values to the records of generated code, driven by shapes that the code brings along.
//!
//! A shape says only where records, integers and doubles are; what has none is plain Python. It never
//! decides whether a value is right: the schema has done that before.

use std::collections::BTreeMap;
use std::sync::Arc;

use peer_contract_core::schema::Schema;
use peer_contract_core::{Contract, Pointer, Value};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyEllipsis, PyFloat, PyInt, PyList, PyString, PyTuple, PyType};

use crate::convert::to_object;
use crate::error::to_exception;

/// Where the parts of a JSON value that have a Python type of their own are.
pub(crate) enum Shape {
    /// Plain Python objects.
    Plain,
    /// `int`, also when the wire says `1.0`.
    Integer,
    /// `float`, also when the wire says `1`.
    Number,
    /// A definition, by its index.
    Named(usize),
    /// A list of these.
    List(Box<Shape>),
    /// A dict of these.
    Map(Box<Shape>),
    /// A class with fields.
    Record(Py<Plan>),
    /// The value of a property says which.
    Tagged(String, BTreeMap<String, Shape>),
    /// The first whose schema holds.
    Untagged(Vec<(Arc<Schema>, Shape)>),
}

/// How one class of generated code is filled and read.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Plan {
    class: Py<PyType>,
    fields: Vec<Field>,
    by_wire: BTreeMap<String, usize>,
    extra: Option<Shape>,
}

/// One field of a class.
pub(crate) struct Field {
    attribute: Py<PyString>,
    wire: String,
    shape: Shape,
    absent: Option<Py<PyAny>>,
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

    /// Whether this value stands for a property that is not there.
    pub(crate) fn is_absent(&self, value: &Bound<'_, PyAny>) -> bool {
        self.absent.as_ref().is_some_and(|absent| value.is(absent))
    }
}

impl Plan {
    /// Its fields, in the order of the class.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Whether the class keeps properties that it does not name.
    pub(crate) fn has_extra(&self) -> bool {
        self.extra.is_some()
    }

    fn build<'py>(&self, py: Python<'py>, members: &serde_json::Map<String, Value>, shapes: &[Shape]) -> Built<'py> {
        let mut values = vec![None; self.fields.len()];
        let extra = PyDict::new(py);
        for (key, value) in members {
            match (self.by_wire.get(key), &self.extra) {
                (Some(&index), _) => values[index] = Some(self.fields[index].shape.build(py, value, shapes)?),
                (None, Some(shape)) => extra.set_item(key, shape.build(py, value, shapes)?)?,
                (None, None) => {}
            }
        }
        let class = self.class.bind(py);
        let record = class.call_method1(intern!(py, "__new__"), (class,))?;
        for (field, value) in self.fields.iter().zip(values) {
            let absent = || field.absent.as_ref().map_or_else(|| py.None(), |absent| absent.clone_ref(py));
            record.setattr(field.attribute(py), value.unwrap_or_else(|| absent().into_bound(py)))?;
        }
        if self.extra.is_some() {
            record.setattr(intern!(py, "extra"), extra)?;
        }
        Ok(record)
    }
}

type Built<'py> = PyResult<Bound<'py, PyAny>>;

impl Shape {
    /// A valid value as Python objects.
    pub(crate) fn build<'py>(&self, py: Python<'py>, value: &Value, shapes: &[Self]) -> Built<'py> {
        match (self, value) {
            (Self::Integer, Value::Number(number)) => match number.as_f64() {
                // The schema let it through as an integer, so the conversion is exact.
                Some(float) if number.is_f64() => (float as i64).into_bound_py_any(py),
                _ => to_object(py, value),
            },
            (Self::Number, Value::Number(number)) => number.as_f64().unwrap_or(f64::NAN).into_bound_py_any(py),
            (Self::Named(index), value) => shapes[*index].build(py, value, shapes),
            (Self::List(item), Value::Array(items)) => {
                let items = items.iter().map(|value| item.build(py, value, shapes)).collect::<PyResult<Vec<_>>>()?;
                PyList::new(py, items).map(Bound::into_any)
            }
            (Self::Map(item), Value::Object(members)) => {
                let dict = PyDict::new(py);
                for (key, value) in members {
                    dict.set_item(key, item.build(py, value, shapes)?)?;
                }
                Ok(dict.into_any())
            }
            (Self::Record(plan), Value::Object(members)) => plan.get().build(py, members, shapes),
            (Self::Tagged(tag, variants), Value::Object(members)) => {
                match members.get(tag).and_then(Value::as_str).and_then(|word| variants.get(word)) {
                    Some(shape) => shape.build(py, value, shapes),
                    None => to_object(py, value),
                }
            }
            (Self::Untagged(variants), value) => match variants.iter().find(|(schema, _)| schema.is_valid(value)) {
                Some((_, shape)) => shape.build(py, value, shapes),
                None => to_object(py, value),
            },
            (_, value) => to_object(py, value),
        }
    }
}

/// The plan of an object's class; none when it is no record.
pub(crate) fn plan_of(object: &Bound<'_, PyAny>) -> PyResult<Option<Py<Plan>>> {
    let py = object.py();
    let class = object.get_type();
    let Some(plan) = class.getattr_opt(intern!(py, "_plan"))? else { return Ok(None) };
    if !plan.is_none() {
        return Ok(plan.cast_into::<Plan>().ok().map(Bound::unbind));
    }
    let Some(types) = class.getattr_opt(intern!(py, "_types"))? else { return Ok(None) };
    types.getattr(intern!(py, "native"))?;
    Ok(class.getattr(intern!(py, "_plan"))?.cast_into::<Plan>().ok().map(Bound::unbind))
}

/// Reads the shapes that generated code writes down.
pub(crate) struct Reader<'a> {
    /// The contract, for the schemas of untagged unions.
    pub(crate) contract: &'a Contract,
    /// The definitions' names.
    pub(crate) names: &'a BTreeMap<String, usize>,
}

impl Reader<'_> {
    /// `None`, `int`, `float`, `"Name"`, `[shape]`, `{"": shape}`, `("record", class, fields, extra)`,
    /// `("tagged", property, {value: shape})`, `("untagged", [(pointer, shape)])`.
    pub(crate) fn shape(&self, given: &Bound<'_, PyAny>) -> PyResult<Shape> {
        let py = given.py();
        if given.is_none() {
            Ok(Shape::Plain)
        } else if given.is(py.get_type::<PyInt>()) {
            Ok(Shape::Integer)
        } else if given.is(py.get_type::<PyFloat>()) {
            Ok(Shape::Number)
        } else if let Ok(name) = given.cast::<PyString>() {
            let index = self.names.get(name.to_str()?);
            index.map(|index| Shape::Named(*index)).ok_or_else(|| unknown("a type", given))
        } else if let Ok(list) = given.cast::<PyList>() {
            Ok(Shape::List(Box::new(self.shape(&list.get_item(0)?)?)))
        } else if let Ok(dict) = given.cast::<PyDict>() {
            let item = dict.get_item("")?.ok_or_else(|| unknown("a map", given))?;
            Ok(Shape::Map(Box::new(self.shape(&item)?)))
        } else {
            self.composite(given.cast::<PyTuple>().map_err(|_| unknown("a shape", given))?)
        }
    }

    fn composite(&self, given: &Bound<'_, PyTuple>) -> PyResult<Shape> {
        match given.get_item(0)?.extract::<String>()?.as_str() {
            "record" => {
                let (_, class, fields, extra): (String, Bound<'_, PyType>, Vec<_>, _) = given.extract()?;
                self.record(class, fields, &extra)
            }
            "tagged" => {
                let (_, tag, variants): (String, String, BTreeMap<String, Bound<'_, PyAny>>) = given.extract()?;
                let variants = variants.iter().map(|(word, shape)| Ok((word.clone(), self.shape(shape)?)));
                Ok(Shape::Tagged(tag, variants.collect::<PyResult<_>>()?))
            }
            "untagged" => {
                let (_, variants): (String, Vec<(String, Bound<'_, PyAny>)>) = given.extract()?;
                let variants = variants
                    .iter()
                    .map(|(at, shape)| Ok((schema_at(given.py(), self.contract, at)?, self.shape(shape)?)));
                Ok(Shape::Untagged(variants.collect::<PyResult<_>>()?))
            }
            _ => Err(unknown("a shape", given)),
        }
    }

    fn record(
        &self,
        class: Bound<'_, PyType>,
        given: Vec<FieldGiven<'_>>,
        extra: &Bound<'_, PyAny>,
    ) -> PyResult<Shape> {
        let py = class.py();
        let mut fields = Vec::with_capacity(given.len());
        for (attribute, wire, shape, absent) in given {
            let absent = (!absent.is_instance_of::<PyEllipsis>()).then(|| absent.unbind());
            let attribute = PyString::intern(py, &attribute).unbind();
            fields.push(Field { attribute, wire, shape: self.shape(&shape)?, absent });
        }
        let by_wire = fields.iter().enumerate().map(|(index, field)| (field.wire.clone(), index)).collect();
        let extra = if extra.is_instance_of::<PyEllipsis>() { None } else { Some(self.shape(extra)?) };
        let plan = Py::new(py, Plan { class: class.clone().unbind(), fields, by_wire, extra })?;
        class.setattr(intern!(py, "_plan"), &plan)?;
        Ok(Shape::Record(plan))
    }
}

/// Name in Python, name in JSON, shape, and what stands for "not there" (`...` for nothing).
type FieldGiven<'py> = (String, String, Bound<'py, PyAny>, Bound<'py, PyAny>);

/// The compiled schema at a pointer of the contract.
pub(crate) fn schema_at(py: Python<'_>, contract: &Contract, at: &str) -> PyResult<Arc<Schema>> {
    let pointer: Pointer = at.parse().map_err(|_| PyValueError::new_err("not a JSON Pointer"))?;
    contract.schema(&pointer).map_err(|problem| to_exception(py, &problem))
}

fn unknown(what: &str, given: &Bound<'_, PyAny>) -> PyErr {
    match given.repr() {
        Ok(text) => PyTypeError::new_err(format!("not {what} of this contract: {text}")),
        Err(error) => error,
    }
}
