//! How far the compiler must look to see that a type may go from thread to thread: through all that it holds, one within
//! the other, also behind boxes and in lists. It gives up at 128 steps unless the crate says otherwise.

use std::collections::BTreeSet;

use crate::ir::{Extra, Field, Graph, Shape, Type, TypeId};

/// Steps that the compiler takes by itself, less some for what a user's own types add.
const BY_ITSELF: usize = 96;

/// Steps from the last type of ours to the bottom of what it is made of.
const LAST: usize = 8;

/// Steps that are counted in all, which is enough for thousands of types.
const MOST_COUNTED: usize = 20_000_000;

/// Steps through a list of the standard library, through a map, and through a box.
const LIST: usize = 3;
const MAP: usize = 5;
const BOX: usize = 2;

/// What `#![recursion_limit = …]` should say; none where the compiler needs no word.
pub fn recursion_limit(graph: &Graph) -> Option<usize> {
    let steps = deepest(graph) + LAST;
    (steps > BY_ITSELF).then(|| (2 * steps).next_power_of_two())
}

/// The most steps on a way down from any type; no type is entered twice on the ways from one.
fn deepest(graph: &Graph) -> usize {
    let held: Vec<Vec<(usize, usize)>> = graph.types.iter().map(|ty| held(graph, &ty.shape)).collect();
    let mut met_from = vec![None; held.len()];
    let (mut deepest, mut counted) = (0, 0);
    for first in 0..held.len() {
        met_from[first] = Some(first);
        let mut path = vec![(0, held[first].iter())];
        while let Some((depth, next)) = path.last_mut() {
            let depth = *depth;
            let Some((id, steps)) = next.next() else {
                path.pop();
                continue;
            };
            (deepest, counted) = (deepest.max(depth + steps), counted + 1);
            if met_from[*id].replace(first) != Some(first) {
                path.push((depth + steps, held[*id].iter()));
            }
        }
        if counted > MOST_COUNTED {
            break;
        }
    }
    deepest
}

/// The types that one holds, each with the steps to it.
fn held(graph: &Graph, shape: &Shape) -> Vec<(usize, usize)> {
    let mut within = Within { graph, aliases: BTreeSet::new(), found: Vec::new() };
    match shape {
        Shape::Record(record) => {
            for Field { ty, required, nullable, boxed, .. } in &record.fields {
                within.add(ty, usize::from(!required) + usize::from(*nullable) + BOX * usize::from(*boxed));
            }
            if let Extra::Of(ty) = &record.extra {
                within.add(ty, MAP);
            }
        }
        Shape::Union(union) => {
            union.variants.iter().for_each(|variant| within.add(&variant.ty, BOX * usize::from(variant.boxed)));
        }
        // An alias is what it is an alias of.
        Shape::Alias(_) | Shape::Enum(_) => {}
    }
    within.found
}

/// The named types in one, each with the steps to it.
struct Within<'a> {
    graph: &'a Graph,
    aliases: BTreeSet<usize>,
    found: Vec<(usize, usize)>,
}

impl Within<'_> {
    fn add(&mut self, ty: &Type, steps: usize) {
        match ty {
            Type::Named(TypeId(id)) => match &self.graph.types[*id].shape {
                Shape::Alias(target) if self.aliases.insert(*id) => self.add(target, steps),
                Shape::Alias(_) => {}
                Shape::Record(_) | Shape::Union(_) | Shape::Enum(_) => self.found.push((*id, steps + 1)),
            },
            Type::List(inner) => self.add(inner, steps + LIST),
            Type::Map(inner) => self.add(inner, steps + MAP),
            Type::Nullable(inner) => self.add(inner, steps + 1),
            Type::Tuple(tuple) => {
                tuple.items.iter().for_each(|item| self.add(item, steps + 1));
                tuple.rest.iter().for_each(|rest| self.add(rest, steps + 1 + LIST));
            }
            Type::Either(types) => types.iter().for_each(|ty| self.add(ty, steps + 1)),
            _ => {}
        }
    }
}
