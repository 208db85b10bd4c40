//! What each part of the text becomes.

use peer_contract_core::plan::{Built, Key, Sink, Text, Word};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList};

use super::Builder;
use super::object::{Array, EXTRA, Object, Of, fill_absent};
use crate::raw;
use crate::shape::{Node, Shape, node};

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
        Ok(PyBool::new(self.py, value).to_owned().into_any())
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
