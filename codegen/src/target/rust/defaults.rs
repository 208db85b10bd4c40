//! Which types can be made from nothing.

use super::kinds::several;
use super::tuples::Form;
use crate::ir::{Graph, Shape, Type, TypeId, from_the_bottom};

/// Whether each type of a graph can: all that is required of it can. What needs itself cannot.
pub fn of(graph: &Graph) -> Vec<bool> {
    let needs: Vec<_> = graph.types.iter().map(|ty| needs(&ty.shape)).collect();
    let mut can = vec![false; needs.len()];
    from_the_bottom(&needs).into_iter().for_each(|id| can[id] = true);
    can
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
