//! Aliases that have no bottom, or a deep one.

use std::collections::BTreeSet;

use super::bottom::from_the_bottom;
use super::{NamedType, Shape, Tuple, Type, TypeId};

/// Aliases of aliases, beyond which a type says nothing more: compilers and type checkers follow each of them down, as
/// far as they can. JSON of contracts has 64 levels at most.
const MOST_ALIASES: usize = 32;

/// Cuts circles of aliases, and those that lead through too many others.
pub fn cut(types: &mut [NamedType]) {
    cut_circles(types);
    cut_depth(types);
}

/// An alias that reaches itself through aliases alone (`A` is a list of `A`) has no finite spelling
/// in Rust; the step that leads back says nothing then, and the check still does.
fn cut_circles(types: &mut [NamedType]) {
    let mut circles = Circles::of(types);
    for (id, named) in types.iter_mut().enumerate() {
        let back = circles.cut(id);
        if let (false, Shape::Alias(ty)) = (back.is_empty(), &named.shape) {
            named.shape = Shape::Alias(without(ty.clone(), &|next| back.contains(&next.0)));
        }
    }
}

/// Aliases that are part of a circle of aliases, or lead to one.
struct Circles {
    next: Vec<Vec<usize>>,
    is_open: Vec<bool>,
    /// In which search an alias was met last.
    met: Vec<usize>,
    searches: usize,
}

impl Circles {
    fn of(types: &[NamedType]) -> Self {
        let next = next_aliases(types);
        let mut is_open = vec![true; types.len()];
        from_the_bottom(&next).into_iter().for_each(|id| is_open[id] = false);
        Self {
            next: next.into_iter().map(Option::unwrap_or_default).collect(),
            is_open,
            met: vec![0; types.len()],
            searches: 0,
        }
    }

    /// Takes away the steps of an alias that lead back to it.
    fn cut(&mut self, id: usize) -> BTreeSet<usize> {
        let steps = if self.is_open[id] { std::mem::take(&mut self.next[id]) } else { Vec::new() };
        let (back, kept) = steps.into_iter().partition::<Vec<_>, _>(|next| self.reaches(*next, id));
        self.next[id] = kept;
        back.into_iter().collect()
    }

    /// Whether aliases alone lead from one type to another, which has no steps of its own for now.
    fn reaches(&mut self, from: usize, to: usize) -> bool {
        self.searches += 1;
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            if id == to {
                return true;
            }
            if std::mem::replace(&mut self.met[id], self.searches) != self.searches {
                open.extend(self.next[id].iter().filter(|next| self.is_open[**next]));
            }
        }
        false
    }
}

/// An alias that leads through too many others says nothing where it goes on.
fn cut_depth(types: &mut [NamedType]) {
    let mut heights = vec![0; types.len()];
    for id in from_the_bottom(&next_aliases(types)) {
        let Shape::Alias(ty) = &types[id].shape else { continue };
        let next: Vec<usize> = named_in(ty).into_iter().map(|next| heights[next.0]).collect();
        if next.contains(&MOST_ALIASES) {
            types[id].shape = Shape::Alias(without(ty.clone(), &|next| heights[next.0] == MOST_ALIASES));
        }
        heights[id] = 1 + next.into_iter().filter(|height| *height < MOST_ALIASES).max().unwrap_or(0);
    }
}

/// The types that each one is an alias of.
fn next_aliases(types: &[NamedType]) -> Vec<Option<Vec<usize>>> {
    let next = |ty: &NamedType| match &ty.shape {
        Shape::Alias(ty) => named_in(ty).into_iter().map(|next| next.0).collect(),
        Shape::Record(_) | Shape::Enum(_) | Shape::Union(_) => Vec::new(),
    };
    types.iter().map(|ty| Some(next(ty))).collect()
}

/// A type that says nothing where one of these names stands.
fn without(ty: Type, is_cut: &impl Fn(TypeId) -> bool) -> Type {
    let inside = |inner: Box<Type>| Box::new(without(*inner, is_cut));
    match ty {
        Type::List(inner) => Type::List(inside(inner)),
        Type::Map(inner) => Type::Map(inside(inner)),
        Type::Nullable(inner) => Type::Nullable(inside(inner)),
        Type::Tuple(Tuple { items, required, rest }) => {
            let items = items.into_iter().map(|item| without(item, is_cut)).collect();
            Type::Tuple(Tuple { items, required, rest: rest.map(inside) })
        }
        Type::Either(kinds) => Type::Either(kinds.into_iter().map(|kind| without(kind, is_cut)).collect()),
        Type::Named(id) if is_cut(id) => Type::Json,
        other => other,
    }
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
