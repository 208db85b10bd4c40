//! How types lie on the tape of `peer-contract`: numbers for `bindings-node/src/tape`, which says what they mean.

use std::collections::BTreeMap;

use super::literal;
use crate::ir::{Extra, Field, Graph, Record, Shape, Type, TypeId, Union};

/// Nothing is known of such values; they are read as `JSON.parse` reads them.
pub const PLAIN: usize = 0;

/// What one number is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Named(usize),
    List(usize),
    Map(usize),
    Either(usize, usize),
}

/// The shapes of a graph: records first, in the order of the types.
pub struct Shapes<'a> {
    graph: &'a Graph,
    numbers: BTreeMap<Key, usize>,
    /// What generated code says about each number from 1.
    lines: Vec<Vec<String>>,
}

impl<'a> Shapes<'a> {
    pub fn of(graph: &'a Graph) -> Self {
        let mut shapes = Self { graph, numbers: BTreeMap::new(), lines: Vec::new() };
        let records: Vec<(usize, &Record)> = records(graph).collect();
        for (id, _) in &records {
            shapes.reserve(Key::Named(*id));
        }
        for (number, (_, record)) in (1..).zip(records) {
            let line = shapes.record(record);
            shapes.lines[number - 1] = line;
        }
        shapes
    }

    /// The items of each shape, as literals.
    pub fn lines(&self) -> &[Vec<String>] {
        &self.lines
    }

    /// The number of a type.
    pub fn number(&mut self, ty: &Type) -> usize {
        match ty {
            Type::Named(id) => self.named(*id),
            Type::List(items) => match self.number(items) {
                PLAIN if !is_scalar(self.graph, items) => PLAIN,
                items => self.inner(Key::List(items), "'list'", items),
            },
            Type::Map(values) => match self.number(values) {
                PLAIN => PLAIN,
                values => self.inner(Key::Map(values), "'map'", values),
            },
            Type::Nullable(inner) => self.number(inner),
            Type::Either(types) => self.either(types),
            _ => PLAIN,
        }
    }

    fn either(&mut self, types: &[Type]) -> usize {
        match self.kinds(types) {
            (PLAIN, PLAIN) => PLAIN,
            (object, list) => {
                if let Some(number) = self.numbers.get(&Key::Either(object, list)) {
                    return *number;
                }
                let number = self.reserve(Key::Either(object, list));
                self.lines[number - 1] = either_line(object, list);
                number
            }
        }
    }

    fn named(&mut self, id: TypeId) -> usize {
        if let Some(number) = self.numbers.get(&Key::Named(id.0)) {
            return *number;
        }
        match &self.graph.types[id.0].shape {
            Shape::Record(Record { extra: Extra::Of(values), .. }) => self.number(&Type::Map(Box::new(values.clone()))),
            Shape::Record(_) | Shape::Enum(_) => PLAIN,
            Shape::Alias(ty) => self.number(ty),
            Shape::Union(union) => {
                let number = self.reserve(Key::Named(id.0));
                self.lines[number - 1] = self.union(union);
                number
            }
        }
    }

    fn reserve(&mut self, key: Key) -> usize {
        self.lines.push(Vec::new());
        self.numbers.insert(key, self.lines.len());
        self.lines.len()
    }

    fn inner(&mut self, key: Key, word: &str, inner: usize) -> usize {
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = self.reserve(key);
        self.lines[number - 1] = vec![word.to_owned(), inner.to_string()];
        number
    }

    fn record(&mut self, record: &Record) -> Vec<String> {
        let rest = match &record.extra {
            Extra::None => PLAIN,
            Extra::Of(ty) => self.number(ty),
        };
        let mut line = vec!["'record'".to_owned(), rest.to_string()];
        for field in slots(record) {
            line.push(literal::string(&field.wire_name));
            line.extend(Some(self.number(&field.ty)).filter(|shape| *shape != PLAIN).map(|shape| shape.to_string()));
        }
        line
    }

    fn union(&mut self, union: &Union) -> Vec<String> {
        let Some(tag) = &union.tag else {
            let (object, list) = self.kinds(union.variants.iter().map(|variant| &variant.ty));
            return either_line(object, list);
        };
        let mut line = vec!["'union'".to_owned(), literal::string(tag)];
        for variant in &union.variants {
            let constant = variant.tag.as_deref().unwrap_or_default();
            line.extend([literal::string(constant), self.number(&variant.ty).to_string()]);
        }
        line
    }

    /// What an object and what an array is among types without a tag; plain where there are several answers.
    fn kinds<'t>(&mut self, types: impl IntoIterator<Item = &'t Type>) -> (usize, usize) {
        let (mut objects, mut lists) = (Vec::new(), Vec::new());
        for ty in types {
            self.kinds_of(ty, &mut objects, &mut lists);
        }
        let only = |numbers: Vec<usize>| match numbers.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => *first,
            _ => PLAIN,
        };
        (only(objects), only(lists))
    }

    fn kinds_of(&mut self, ty: &Type, objects: &mut Vec<usize>, lists: &mut Vec<usize>) {
        let named = |id: &TypeId| &self.graph.types[id.0].shape;
        match ty {
            Type::Named(id) if matches!(named(id), Shape::Enum(_)) => {}
            Type::Named(id) if matches!(named(id), Shape::Record(_)) => objects.push(self.number(ty)),
            Type::Named(id) => match named(id) {
                Shape::Alias(ty) => self.kinds_of(ty, objects, lists),
                _ => {
                    objects.push(PLAIN);
                    lists.push(PLAIN);
                }
            },
            Type::Map(_) => objects.push(self.number(ty)),
            Type::List(_) | Type::Tuple(_) => lists.push(self.number(ty)),
            Type::Nullable(inner) => self.kinds_of(inner, objects, lists),
            Type::Either(types) => types.iter().for_each(|ty| self.kinds_of(ty, objects, lists)),
            Type::Json => {
                objects.push(PLAIN);
                lists.push(PLAIN);
            }
            Type::String | Type::Text(_) | Type::Integer | Type::Number | Type::Boolean | Type::Null => {}
            Type::Constant(_) | Type::Constants(_) => {}
        }
    }
}

/// The types that are records with known properties, by index.
pub fn records(graph: &Graph) -> impl Iterator<Item = (usize, &Record)> {
    graph.types.iter().enumerate().filter_map(|(id, ty)| match &ty.shape {
        Shape::Record(record) if !record.fields.is_empty() => Some((id, record)),
        _ => None,
    })
}

/// The properties in the order of canonical JSON, so that what is read is written canonically.
pub fn slots(record: &Record) -> Vec<&Field> {
    let mut fields: Vec<&Field> = record.fields.iter().collect();
    fields.sort_by(|one, other| one.wire_name.encode_utf16().cmp(other.wire_name.encode_utf16()));
    fields
}

fn either_line(object: usize, list: usize) -> Vec<String> {
    vec!["'either'".to_owned(), object.to_string(), list.to_string()]
}

/// Whether a value is never an object or an array.
fn is_scalar(graph: &Graph, ty: &Type) -> bool {
    match ty {
        Type::String | Type::Text(_) | Type::Integer | Type::Number | Type::Boolean | Type::Null => true,
        Type::Constant(_) | Type::Constants(_) => true,
        Type::Nullable(inner) => is_scalar(graph, inner),
        Type::Either(types) => types.iter().all(|ty| is_scalar(graph, ty)),
        Type::Named(id) => match &graph.types[id.0].shape {
            Shape::Enum(_) => true,
            Shape::Alias(ty) => is_scalar(graph, ty),
            Shape::Record(_) | Shape::Union(_) => false,
        },
        Type::List(_) | Type::Map(_) | Type::Tuple(_) | Type::Json => false,
    }
}
