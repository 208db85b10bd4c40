//! Reads the shapes that generated code writes down.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use peer_contract_core::{Contract, Pointer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyEllipsis, PyFloat, PyInt, PyList, PyString, PyTuple, PyType};

use super::class::{Class, Field, by_type, ordered, register};
use super::{Definition, Kinds, NO_PANIC, Node, Places, Shape, Shapes, Tagged, Variant};

/// Name in Python, name in JSON, shape, and what stands for "not there" (`...` for nothing).
type FieldGiven<'py> = (String, String, Bound<'py, PyAny>, Bound<'py, PyAny>);

impl Shapes {
    /// `definitions`: name to `(pointer, shape)`.
    ///
    /// # Errors
    /// `TypeError` and `ValueError` for what is no shape or no pointer.
    pub(crate) fn of_package(contract: &Contract, definitions: &Bound<'_, PyDict>) -> PyResult<Arc<Self>> {
        let given = definitions.iter().map(|(name, definition)| Ok((name.extract()?, definition.extract()?)));
        let given = given.collect::<PyResult<Vec<(String, (String, Bound<'_, PyAny>))>>>()?;
        let names: BTreeMap<_, _> =
            given.iter().enumerate().map(|(index, (name, _))| (name.clone(), Shape::named(index))).collect();
        let mut reader =
            Reader { names: |name: &str| names.get(name).copied(), nodes: Vec::new(), classes: Vec::new() };
        let roots = given.iter().map(|(_, (_, shape))| reader.shape(shape)).collect::<PyResult<Vec<_>>>()?;
        let (mut nodes, mut classes) = (reader.nodes, reader.classes);
        each_shape(&mut nodes, &mut classes, |shape| *shape = shape.resolved(&roots));
        let mut named = BTreeMap::new();
        for ((name, (at, _)), root) in given.iter().zip(&roots) {
            named.insert(name.clone(), Definition { at: pointer(at)?, shape: root.resolved(&roots) });
        }
        let (nodes, by_type) = (RwLock::new(Arc::new(nodes)), by_type(&classes));
        let shapes = Arc::new(Self { contract: contract.clone(), names: named, nodes, classes, by_type });
        register(&shapes);
        Ok(shapes)
    }

    /// A shape over the names of this package: a name, or lists and dicts of such.
    ///
    /// # Errors
    /// `TypeError` for anything else.
    pub(crate) fn shape(&self, given: &Bound<'_, PyAny>) -> PyResult<Shape> {
        loop {
            let before = self.nodes();
            let names = |name: &str| self.names.get(name).map(|definition| definition.shape);
            let mut reader = Reader { names, nodes: Vec::clone(&before), classes: Vec::new() };
            let shape = reader.shape(given)?;
            if !reader.classes.is_empty() {
                return Err(unknown("a shape without classes of its own", given));
            }
            if reader.nodes.len() == before.len() {
                return Ok(shape);
            }
            let mut nodes = self.nodes.write().expect(NO_PANIC);
            // Another thread may have added a shape meanwhile; its number is taken then.
            if nodes.len() == before.len() {
                *nodes = Arc::new(reader.nodes);
                return Ok(shape);
            }
        }
    }
}

impl Shape {
    /// Stands for a definition until all of them are read.
    const NAMED: u32 = 1 << 30;

    fn named(index: usize) -> Self {
        Self(Self::NAMED | u32::try_from(index).expect("fewer definitions than bytes of memory"))
    }

    /// What a name stands for at last; a circle of names stands for plain objects.
    fn resolved(mut self, roots: &[Self]) -> Self {
        for _ in 0..=roots.len() {
            if self.is_union() || self.0 & Self::NAMED == 0 {
                return self;
            }
            self = roots.get((self.0 & !Self::NAMED) as usize).copied().unwrap_or(Self::PLAIN);
        }
        Self::PLAIN
    }
}

fn each_shape(nodes: &mut [Node], classes: &mut [Class], mut each: impl FnMut(&mut Shape)) {
    for node in nodes {
        match node {
            Node::List(shape) | Node::Map(shape) => each(shape),
            Node::Kinds(kinds) => {
                [&mut kinds.object, &mut kinds.array, &mut kinds.number].into_iter().for_each(&mut each)
            }
            Node::Places(places) => {
                let places = Arc::get_mut(places).into_iter();
                places.flat_map(|places| places.items.iter_mut().chain([&mut places.rest])).for_each(&mut each);
            }
            Node::Record(_) => {}
            Node::Tagged(tagged) => {
                Arc::get_mut(tagged)
                    .into_iter()
                    .flat_map(|tagged| &mut tagged.variants)
                    .for_each(|(.., shape)| each(shape));
            }
            Node::Untagged(variants) => {
                Arc::get_mut(variants).into_iter().flatten().for_each(|variant| each(&mut variant.shape));
            }
        }
    }
    for class in classes {
        class.fields.iter_mut().for_each(|field| each(&mut field.shape));
        class.extra.iter_mut().for_each(&mut each);
    }
}

struct Reader<N> {
    /// The shape that a name stands for.
    names: N,
    nodes: Vec<Node>,
    classes: Vec<Class>,
}

impl<N: Fn(&str) -> Option<Shape>> Reader<N> {
    /// `None`, `int`, `float`, `"Name"`, `[shape]`, `{"": shape}`, `("record", class, fields, extra)`,
    /// `("tagged", property, {value: shape})`, `("untagged", [(pointer, shape)])`, `("kinds", object, array, number)`,
    /// `("tuple", [shape])`, `("items", [shape], rest)`.
    fn shape(&mut self, given: &Bound<'_, PyAny>) -> PyResult<Shape> {
        let py = given.py();
        if given.is_none() {
            Ok(Shape::PLAIN)
        } else if given.is(py.get_type::<PyInt>()) {
            Ok(Shape::INTEGER)
        } else if given.is(py.get_type::<PyFloat>()) {
            Ok(Shape::NUMBER)
        } else if let Ok(name) = given.cast::<PyString>() {
            (self.names)(name.to_str()?).ok_or_else(|| unknown("a type", given))
        } else if let Ok(list) = given.cast::<PyList>() {
            let item = self.shape(&list.get_item(0)?)?;
            Ok(self.container(Node::List(item), |node| matches!(node, Node::List(other) if *other == item)))
        } else if let Ok(dict) = given.cast::<PyDict>() {
            let item = dict.get_item("")?.ok_or_else(|| unknown("a map", given))?;
            let item = self.shape(&item)?;
            Ok(self.container(Node::Map(item), |node| matches!(node, Node::Map(other) if *other == item)))
        } else {
            self.composite(given.cast::<PyTuple>().map_err(|_| unknown("a shape", given))?)
        }
    }

    /// A list or dict, which there need not be twice.
    fn container(&mut self, node: Node, is_same: impl Fn(&Node) -> bool) -> Shape {
        match self.nodes.iter().position(is_same) {
            Some(index) => Shape::of_node(index, &node),
            None => self.add(node),
        }
    }

    fn add(&mut self, node: Node) -> Shape {
        let shape = Shape::of_node(self.nodes.len(), &node);
        self.nodes.push(node);
        shape
    }

    fn composite(&mut self, given: &Bound<'_, PyTuple>) -> PyResult<Shape> {
        match given.get_item(0)?.extract::<String>()?.as_str() {
            "record" => {
                let (_, class, fields, extra): (String, Bound<'_, PyType>, Vec<_>, _) = given.extract()?;
                self.record(class, fields, &extra)
            }
            "tagged" => {
                let (_, tag, variants): (String, String, BTreeMap<String, Bound<'_, PyAny>>) = given.extract()?;
                let variants = variants.iter().map(|(word, shape)| Ok((word.clone(), self.shape(shape)?)));
                let variants = variants.collect::<PyResult<_>>()?;
                Ok(self.add(Node::Tagged(Arc::new(Tagged::new(tag, variants)))))
            }
            "untagged" => {
                let (_, variants): (String, Vec<(String, Bound<'_, PyAny>)>) = given.extract()?;
                let variants = variants.iter().map(|(at, shape)| {
                    Ok(Variant { at: pointer(at)?, shape: self.shape(shape)?, schema: OnceLock::new() })
                });
                let variants = variants.collect::<PyResult<_>>()?;
                Ok(self.add(Node::Untagged(variants)))
            }
            "kinds" => {
                let (_, object, array, number): (String, Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>) =
                    given.extract()?;
                let kinds =
                    Kinds { object: self.shape(&object)?, array: self.shape(&array)?, number: self.shape(&number)? };
                Ok(self.add(Node::Kinds(kinds)))
            }
            "tuple" => {
                let (_, items): (String, Vec<Bound<'_, PyAny>>) = given.extract()?;
                self.places(&items, Shape::PLAIN, true)
            }
            "items" => {
                let (_, items, rest): (String, Vec<Bound<'_, PyAny>>, Bound<'_, PyAny>) = given.extract()?;
                let rest = self.shape(&rest)?;
                self.places(&items, rest, false)
            }
            _ => Err(unknown("a shape", given)),
        }
    }

    fn places(&mut self, items: &[Bound<'_, PyAny>], rest: Shape, is_tuple: bool) -> PyResult<Shape> {
        let items = items.iter().map(|item| self.shape(item)).collect::<PyResult<Vec<_>>>()?;
        Ok(self.add(Node::Places(Arc::new(Places { items, rest, is_tuple }))))
    }

    fn record(
        &mut self,
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
        let extra = if extra.is_instance_of::<PyEllipsis>() { None } else { Some(self.shape(extra)?) };
        let (fields, by_wire) = ordered(fields);
        self.classes.push(Class { class: class.unbind(), fields, by_wire, extra, layout: OnceLock::new() });
        Ok(self.add(Node::Record(self.classes.len() - 1)))
    }
}

/// A place in a contract.
///
/// # Errors
/// `ValueError`.
pub(crate) fn pointer(at: &str) -> PyResult<Pointer> {
    at.parse().map_err(|_| PyValueError::new_err("not a JSON Pointer"))
}

fn unknown(what: &str, given: &Bound<'_, PyAny>) -> PyErr {
    match given.repr() {
        Ok(text) => PyTypeError::new_err(format!("not {what} of this contract: {text}")),
        Err(error) => error,
    }
}
