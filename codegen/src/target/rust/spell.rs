//! How a type is written, for people who ask what a schema became.

use std::collections::BTreeMap;

use peer_contract_core::Pointer;

use super::types::{Context, Scope};
use crate::ir::{Graph, Shape, Type};
use crate::target::declared;

/// What says how generated code writes the type of the schema at a place.
pub fn speller(graph: &Graph) -> impl Fn(&Pointer, &Type) -> String + '_ {
    let context = Context::of(graph);
    let constants = constants(graph, &context);
    move |at, ty| {
        let name = constants.get(at.as_str()).cloned().unwrap_or_else(|| context.ty(ty, Scope::Types));
        match declared(graph, at, ty).map(|named| &named.shape) {
            None if constants.contains_key(at.as_str()) => format!("struct {name}"),
            None => name,
            Some(Shape::Record(_)) => format!("struct {name}"),
            Some(Shape::Enum(_) | Shape::Union(_)) => format!("enum {name}"),
            Some(Shape::Alias(target)) => format!("type {name} = {}", context.ty(target, Scope::Types)),
        }
    }
}

/// The unit types of properties that can have one value, by the places of these.
fn constants(graph: &Graph, context: &Context<'_>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (index, ty) in graph.types.iter().enumerate() {
        let (Shape::Record(record), Ok(at)) = (&ty.shape, ty.pointer.parse::<Pointer>()) else { continue };
        for (place, field) in record.fields.iter().enumerate() {
            if let Some(constant) = context.constant(index, place) {
                names.insert(at.key("properties").key(&field.wire_name).as_str().to_owned(), constant.name.clone());
            }
        }
    }
    names
}
