//! Types that contain themselves: where Rust needs a box.

use std::collections::BTreeSet;

use super::{NamedType, Shape, Type, TypeId};

/// Marks the fields and variants that close a cycle of values. Aliases have ends by now.
pub fn resolve(types: &mut [NamedType]) {
    let boxed = Search::of(types).boxed;
    for (id, place) in boxed {
        match &mut types[id].shape {
            Shape::Record(record) => record.fields[place].boxed = true,
            Shape::Union(union) => union.variants[place].boxed = true,
            Shape::Enum(_) | Shape::Alias(_) => {}
        }
    }
}

/// Depth first over what is held by value. Any edge of a cycle would do; the one that leads back
/// into the path, in the order of types and fields, keeps the output stable.
struct Search<'a> {
    types: &'a [NamedType],
    met: Vec<bool>,
    is_on_path: Vec<bool>,
    /// From the first type to the one that is looked at, each with what it holds that was not looked at.
    path: Vec<(usize, std::vec::IntoIter<Held>)>,
    boxed: BTreeSet<Held>,
}

/// A field or variant, and a type that it holds by value.
type Held = (usize, usize);

impl<'a> Search<'a> {
    fn of(types: &'a [NamedType]) -> Self {
        let nothing = vec![false; types.len()];
        let mut search =
            Self { types, met: nothing.clone(), is_on_path: nothing, path: Vec::new(), boxed: BTreeSet::new() };
        for id in 0..types.len() {
            search.enter(id);
            search.walk();
        }
        search
    }

    fn enter(&mut self, id: usize) {
        if !std::mem::replace(&mut self.met[id], true) {
            self.is_on_path[id] = true;
            let held = held(&self.types[id].shape).into_iter().enumerate();
            let held = held.flat_map(|(place, ty)| by_value(self.types, ty).into_iter().map(move |next| (place, next)));
            self.path.push((id, held.collect::<Vec<_>>().into_iter()));
        }
    }

    fn walk(&mut self) {
        while let Some((id, held)) = self.path.last_mut() {
            let id = *id;
            match held.next() {
                Some((place, next)) if self.is_on_path[next] => drop(self.boxed.insert((id, place))),
                Some((_, next)) => self.enter(next),
                None => {
                    self.is_on_path[id] = false;
                    self.path.pop();
                }
            }
        }
    }
}

fn held(shape: &Shape) -> Vec<&Type> {
    match shape {
        Shape::Record(record) => record.fields.iter().map(|field| &field.ty).collect(),
        Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        Shape::Enum(_) | Shape::Alias(_) => Vec::new(),
    }
}

/// The records and unions that lie inside a value of this type without a list or map between, each once.
fn by_value(types: &[NamedType], ty: &Type) -> Vec<usize> {
    fn gather(types: &[NamedType], ty: &Type, met: &mut BTreeSet<usize>, found: &mut Vec<usize>) {
        match ty {
            Type::Nullable(inner) => gather(types, inner, met, found),
            Type::Tuple(tuple) => tuple.items.iter().for_each(|item| gather(types, item, met, found)),
            Type::Either(kinds) => kinds.iter().for_each(|kind| gather(types, kind, met, found)),
            Type::Named(TypeId(id)) if met.insert(*id) => match &types[*id].shape {
                Shape::Alias(target) => gather(types, target, met, found),
                Shape::Record(_) | Shape::Union(_) => found.push(*id),
                Shape::Enum(_) => {}
            },
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(types, ty, &mut BTreeSet::new(), &mut found);
    found
}
