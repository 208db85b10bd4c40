//! Types that contain themselves: where Rust needs a box, and aliases that have no bottom.

use std::collections::BTreeSet;

use super::{NamedType, Shape, Tuple, Type, TypeId};

/// Marks the fields and variants that close a cycle of values, and cuts cycles of aliases.
pub fn resolve(types: &mut [NamedType]) {
    cut_aliases(types);
    let mut search = Search { done: BTreeSet::new(), path: Vec::new(), boxed: BTreeSet::new() };
    for id in 0..types.len() {
        search.visit(types, id);
    }
    for (id, place) in search.boxed {
        match &mut types[id].shape {
            Shape::Record(record) => record.fields[place].boxed = true,
            Shape::Union(union) => union.variants[place].boxed = true,
            Shape::Enum(_) | Shape::Alias(_) => {}
        }
    }
}

/// Depth first over what is held by value. Any edge of a cycle would do; the one that leads back
/// into the path, in the order of types and fields, keeps the output stable.
struct Search {
    done: BTreeSet<usize>,
    path: Vec<usize>,
    boxed: BTreeSet<(usize, usize)>,
}

impl Search {
    fn visit(&mut self, types: &[NamedType], id: usize) {
        if !self.done.insert(id) {
            return;
        }
        self.path.push(id);
        for (place, ty) in held(&types[id].shape).into_iter().enumerate() {
            for next in by_value(types, ty) {
                if self.path.contains(&next) {
                    self.boxed.insert((id, place));
                } else {
                    self.visit(types, next);
                }
            }
        }
        self.path.pop();
    }
}

fn held(shape: &Shape) -> Vec<&Type> {
    match shape {
        Shape::Record(record) => record.fields.iter().map(|field| &field.ty).collect(),
        Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        Shape::Enum(_) | Shape::Alias(_) => Vec::new(),
    }
}

/// The records and unions that lie inside a value of this type without a list or map between.
fn by_value(types: &[NamedType], ty: &Type) -> Vec<usize> {
    match ty {
        Type::Nullable(inner) => by_value(types, inner),
        Type::Tuple(tuple) => tuple.items.iter().flat_map(|item| by_value(types, item)).collect(),
        Type::Either(kinds) => kinds.iter().flat_map(|kind| by_value(types, kind)).collect(),
        Type::Named(TypeId(id)) => match &types[*id].shape {
            Shape::Alias(target) => by_value(types, target),
            Shape::Record(_) | Shape::Union(_) => vec![*id],
            Shape::Enum(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// An alias that reaches itself through aliases alone (`A` is a list of `A`) has no finite spelling
/// in Rust; the step that leads back says nothing then, and the check still does.
fn cut_aliases(types: &mut [NamedType]) {
    for (id, circles) in circling(types).into_iter().enumerate() {
        if let (true, Shape::Alias(ty)) = (circles, types[id].shape.clone()) {
            types[id].shape = Shape::Alias(without(types, ty, TypeId(id)));
        }
    }
}

/// Which aliases are part of a circle of aliases, or lead to one: those that are left when each that leads only to ends
/// has become one.
fn circling(types: &[NamedType]) -> Vec<bool> {
    let next = types.iter().map(|ty| if let Shape::Alias(ty) = &ty.shape { named_in(ty) } else { Vec::new() });
    let mut before = vec![Vec::new(); types.len()];
    let mut open = Vec::with_capacity(types.len());
    for (id, next) in next.enumerate() {
        next.iter().for_each(|to| before[to.0].push(id));
        open.push(next.len());
    }
    let mut ends: Vec<usize> = (0..types.len()).filter(|id| open[*id] == 0).collect();
    while let Some(end) = ends.pop() {
        for id in &before[end] {
            open[*id] -= 1;
            if open[*id] == 0 {
                ends.push(*id);
            }
        }
    }
    open.into_iter().map(|open| open > 0).collect()
}

fn without(types: &[NamedType], ty: Type, start: TypeId) -> Type {
    let inside = |inner: Box<Type>| Box::new(without(types, *inner, start));
    match ty {
        Type::List(inner) => Type::List(inside(inner)),
        Type::Map(inner) => Type::Map(inside(inner)),
        Type::Nullable(inner) => Type::Nullable(inside(inner)),
        Type::Tuple(Tuple { items, required, rest }) => {
            let items = items.into_iter().map(|item| without(types, item, start)).collect();
            Type::Tuple(Tuple { items, required, rest: rest.map(inside) })
        }
        Type::Either(kinds) => Type::Either(kinds.into_iter().map(|kind| without(types, kind, start)).collect()),
        Type::Named(id) if reaches(types, id, start) => Type::Json,
        other => other,
    }
}

/// Whether aliases alone lead from one type to another.
fn reaches(types: &[NamedType], from: TypeId, to: TypeId) -> bool {
    let mut met = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if id == to {
            return true;
        }
        if let Shape::Alias(ty) = &types[id.0].shape {
            open.extend(named_in(ty).into_iter().filter(|next| met.insert(*next)));
        }
    }
    false
}

fn named_in(ty: &Type) -> Vec<TypeId> {
    match ty {
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => named_in(inner),
        Type::Tuple(tuple) => tuple.items.iter().chain(tuple.rest.as_deref()).flat_map(named_in).collect(),
        Type::Either(kinds) => kinds.iter().flat_map(named_in).collect(),
        Type::Named(id) => vec![*id],
        _ => Vec::new(),
    }
}
