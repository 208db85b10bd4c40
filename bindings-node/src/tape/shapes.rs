//! The types of generated code, as the tape lays them out.

use napi::{Error, Result};
use serde_json::Value;

/// Index into [`Shapes`].
pub(super) type ShapeId = u32;

/// Nothing is known.
pub(super) const PLAIN: ShapeId = 0;

/// The shapes of one generated package.
pub struct Shapes(Vec<Shape>);

/// How the values of a type are laid out.
pub(super) enum Shape {
    Plain,
    Record(Record),
    List(ShapeId),
    Map(ShapeId),
    Union(Union),
    Either { object: ShapeId, list: ShapeId },
}

/// An object with named properties.
pub(super) struct Record {
    pub(super) properties: Vec<(String, ShapeId)>,
    /// Of members with other names.
    pub(super) rest: ShapeId,
}

/// Records that a constant member tells apart.
pub(super) struct Union {
    pub(super) tag: String,
    pub(super) of: Vec<(String, ShapeId)>,
}

impl Shapes {
    /// Reads the list of a generated package.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let list: Vec<Vec<Value>> = serde_json::from_str(text).map_err(|_| unreadable())?;
        let count = list.len() + 1;
        let shapes = list.iter().map(|parts| shape(parts, count).ok_or_else(unreadable));
        std::iter::once(Ok(Shape::Plain)).chain(shapes).collect::<Result<_>>().map(Self)
    }

    /// A shape; plain where there is none.
    #[inline]
    pub(super) fn get(&self, id: ShapeId) -> &Shape {
        self.0.get(id as usize).unwrap_or(&Shape::Plain)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.0.iter()
    }
}

fn unreadable() -> Error {
    Error::from_reason("generated code has shapes that this version of `peer-contract` cannot read; generate it again")
}

fn shape(parts: &[Value], count: usize) -> Option<Shape> {
    let id = |value: &Value| value.as_u64().filter(|id| (*id as usize) < count).map(|id| id as ShapeId);
    match (parts.first()?.as_str()?, &parts[1..]) {
        ("record", [rest, properties @ ..]) => {
            Some(Shape::Record(Record { properties: named(properties, id)?, rest: id(rest)? }))
        }
        ("list", [items]) => Some(Shape::List(id(items)?)),
        ("map", [values]) => Some(Shape::Map(id(values)?)),
        ("union", [tag, of @ ..]) => Some(Shape::Union(Union { tag: tag.as_str()?.to_owned(), of: named(of, id)? })),
        ("either", [object, list]) => Some(Shape::Either { object: id(object)?, list: id(list)? }),
        _ => None,
    }
}

/// Names, each with the shape behind it; plain where there is none.
fn named(parts: &[Value], id: impl Fn(&Value) -> Option<ShapeId>) -> Option<Vec<(String, ShapeId)>> {
    let mut named: Vec<(String, ShapeId)> = Vec::new();
    for part in parts {
        match part {
            Value::String(name) => named.push((name.clone(), PLAIN)),
            shape => named.last_mut()?.1 = id(shape)?,
        }
    }
    Some(named)
}

impl Shapes {
    /// Which shapes a value of the shape `root` can hold.
    pub(super) fn reached(&self, root: ShapeId) -> Vec<bool> {
        let mut reached = vec![false; self.0.len()];
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            match reached.get_mut(id as usize) {
                Some(is_reached) if !*is_reached => *is_reached = true,
                _ => continue,
            }
            match self.get(id) {
                Shape::Plain => {}
                Shape::Record(record) => {
                    open.push(record.rest);
                    open.extend(record.properties.iter().map(|(_, shape)| *shape));
                }
                Shape::List(inner) | Shape::Map(inner) => open.push(*inner),
                Shape::Union(union) => open.extend(union.of.iter().map(|(_, shape)| *shape)),
                Shape::Either { object, list } => open.extend([*object, *list]),
            }
        }
        reached
    }
}
