//! Properties that can have one value: unit types, so that nobody can set another.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::{literal, names, part};
use crate::ir::{Graph, Right, Shape, Type, Wish, camel, distinct};

/// The unit type of a constant property, by the place of its record and field.
#[derive(Debug)]
pub struct Constant {
    /// Index of the record in the graph.
    pub record: usize,
    /// Index of the field.
    pub field: usize,
    /// Name of the type.
    pub name: String,
    value: Value,
}

/// All constants of a graph by place, with names that no type has.
pub fn of(graph: &Graph) -> Vec<Constant> {
    let taken: BTreeSet<String> = graph.types.iter().map(|ty| names::ty(&ty.name)).collect();
    let mut wishes = Vec::new();
    let mut constants = Vec::new();
    for (record, ty) in graph.types.iter().enumerate() {
        let Shape::Record(shape) = &ty.shape else { continue };
        for (field, node) in shape.fields.iter().enumerate() {
            let Type::Constant(value) = &node.ty else { continue };
            let name = names::ty(&format!("{}{}", ty.name, camel(&node.name)));
            let identity = format!("{} {}", ty.name, node.wire_name);
            wishes.push(Wish { name, right: Right::Made, identity });
            constants.push(Constant { record, field, name: String::new(), value: value.clone() });
        }
    }
    for (constant, name) in constants.iter_mut().zip(distinct(&wishes, &taken, "")) {
        constant.name = name;
    }
    constants
}

#[derive(Serialize)]
struct View {
    name: String,
    docs: Vec<String>,
    value: String,
}

impl Constant {
    /// The type and how it is written and read.
    pub fn render(&self) -> String {
        let (about, value) = match &self.value {
            Value::String(text) => ("Always the same text.", literal::string(text)),
            Value::Bool(truth) => ("Always the same truth value.", truth.to_string()),
            number => ("Always the same number.", number.to_string()),
        };
        part("constant", &View { name: self.name.clone(), docs: vec![format!("/// {about}")], value })
    }
}
