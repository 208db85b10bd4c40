//! What each part of the text becomes.

use peer_contract_core::plan::{Built, Halt, Key, Sink, Text, Word};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};

use super::Builder;
use super::object::{Array, Object, fill_absent};
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

    #[inline(always)]
    fn text(&mut self, _: Shape, text: Text<'_>) -> Built<Self::Value> {
        // By its parts: so it stays in registers on the way here.
        let Text { raw, escaped, .. } = text;
        let made = raw::text(self.py, &Text { raw, escaped, offset: 0 });
        self.or_halt(made)
    }

    #[inline(always)]
    fn word(&mut self, shape: Shape, word: Word, text: Text<'_>) -> Built<Self::Value> {
        match self.vocabulary.and_then(|vocabulary| vocabulary.word(self.py, word)) {
            Some(word) => Ok(word.clone()),
            None => self.text(shape, text),
        }
    }

    #[inline(always)]
    fn open_object(&mut self, object: &mut Object<'a, 'py>, shape: Shape, known: usize) -> Built<()> {
        self.turn -= 1;
        if self.turn == 0 {
            self.give_way();
        }
        let members = match node(self.nodes, shape) {
            Some(&Node::Record(class)) => return self.open_record(object, class),
            Some(&Node::Map(members)) => members,
            _ => Shape::PLAIN,
        };
        let made = raw::dict(self.py, known);
        *object = Object::Dict { made: self.or_halt(made)?, members };
        Ok(())
    }

    #[inline(always)]
    fn key(&mut self, object: &mut Object<'a, 'py>, key: Key<'_>) -> Built<Shape> {
        match object {
            Object::Dict { members, .. } => Ok(*members),
            Object::None => Err(Halt),
            Object::Slotted { of, .. } | Object::Loose { of, .. } => Ok(of.next(key)),
        }
    }

    #[inline(always)]
    fn put(&mut self, object: &mut Object<'a, 'py>, key: Key<'_>, value: Self::Value) -> Built<()> {
        match object {
            Object::Slotted { made, of, filled } if !of.is_extra() => {
                made.put(of.field as usize, value);
                *filled += 1;
                Ok(())
            }
            Object::Dict { made, .. } => self.put_member(made, key, &value),
            other => self.put_aside(other, key, value),
        }
    }

    #[inline(always)]
    fn close_object(&mut self, object: Object<'a, 'py>) -> Built<Self::Value> {
        match object {
            Object::Dict { made, .. } => Ok(made.into_any()),
            Object::None => Err(Halt),
            Object::Slotted { mut made, of, filled } => {
                // No key comes twice, so as many values as there are fields leave none without.
                if filled < of.class.fields().len() {
                    fill_absent(&mut made, self.py, of.class);
                }
                Ok(made.into_made())
            }
            Object::Loose { made, of, extra } => self.close_loose(made, of.class, extra),
        }
    }

    #[inline]
    fn open_array(&mut self, shape: Shape) -> Built<Array> {
        let items = match node(self.nodes, shape) {
            Some(&Node::List(items)) => items,
            Some(Node::Places(_)) => shape,
            _ => Shape::PLAIN,
        };
        Ok(Array { start: self.items.len(), items })
    }

    #[inline(always)]
    fn item(&mut self, array: &mut Array, index: usize) -> Built<Shape> {
        match self.places(array.items) {
            Some(places) => Ok(places.at(index)),
            None => Ok(array.items),
        }
    }

    #[inline(always)]
    fn push(&mut self, _: &mut Array, value: Self::Value) -> Built<()> {
        self.items.push(value);
        Ok(())
    }

    #[inline]
    fn close_array(&mut self, array: Array) -> Built<Self::Value> {
        if self.places(array.items).is_some_and(|places| places.is_tuple) {
            let made = PyTuple::new(self.py, self.items.drain(array.start..));
            return made.map(Bound::into_any).map_err(|error| self.halt_with(error));
        }
        let made = raw::list(self.py, self.items.drain(array.start..));
        self.or_halt(made)
    }

    #[inline(always)]
    fn is_union(&self, shape: Shape) -> bool {
        shape.is_union()
    }

    fn settle(&mut self, shape: Shape, _: Option<Word>, rest: &[u8]) -> Built<Shape> {
        // The tag that the schema's plan went by need not be the one that the types go by.
        Ok(self.shapes.map_or(Shape::PLAIN, |shapes| shapes.settle(self.nodes, shape, rest)))
    }

    fn mark(&self) -> usize {
        self.items.len()
    }

    fn rollback(&mut self, mark: usize) {
        self.items.truncate(mark);
    }
}
