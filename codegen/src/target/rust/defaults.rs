//! Which types can be made from nothing.

use super::kinds::several;
use super::tuples::Form;
use crate::ir::{Graph, Shape, Type, TypeId};

/// Whether each type of a graph can: all that is required of it can. What needs itself cannot.
pub fn of(graph: &Graph) -> Vec<bool> {
    let mut needed_by = vec![Vec::new(); graph.types.len()];
    let mut open: Vec<Option<usize>> = Vec::with_capacity(graph.types.len());
    for (id, ty) in graph.types.iter().enumerate() {
        let needs = needs(&ty.shape);
        needs.iter().flatten().for_each(|needed| needed_by[*needed].push(id));
        open.push(needs.map(|needs| needs.len()));
    }
    let mut can: Vec<usize> = (0..open.len()).filter(|id| open[*id] == Some(0)).collect();
    while let Some(id) = can.pop() {
        for user in &needed_by[id] {
            if let Some(left) = &mut open[*user] {
                *left -= 1;
                can.extend((*left == 0).then_some(*user));
            }
        }
    }
    open.into_iter().map(|left| left == Some(0)).collect()
}

/// The types without which one cannot be made from nothing; none where it cannot in any case.
fn needs(shape: &Shape) -> Option<Vec<usize>> {
    let mut needed = Vec::new();
    let holds = match shape {
        Shape::Record(record) => {
            let required = record.fields.iter().filter(|field| field.required && !field.nullable);
            required.into_iter().all(|field| gather(&field.ty, &mut needed))
        }
        Shape::Alias(ty) => gather(ty, &mut needed),
        Shape::Enum(_) | Shape::Union(_) => false,
    };
    holds.then_some(needed)
}

fn gather(ty: &Type, needed: &mut Vec<usize>) -> bool {
    match ty {
        Type::Named(TypeId(id)) => {
            needed.push(*id);
            true
        }
        // Nothing is no date.
        Type::Text(_) => false,
        ty if several(ty).is_some() => false,
        Type::Tuple(tuple) if Form::of(tuple) != Form::Values => {
            tuple.items[..tuple.required].iter().all(|item| gather(item, needed))
        }
        _ => true,
    }
}
