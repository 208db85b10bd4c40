//! Enums of alternatives, and what can be converted to them.

use serde::Serialize;

use super::types::{Context, Scope};
use super::{literal, names};
use crate::ir::{NamedType, Shape, Tuple, Type, TypeId, Union, Variant};

/// Steps to take for the plain spelling of a type. Aliases of tuples of aliases could be written out without end.
const MOST_STEPS: usize = 64;

/// What `union.hbs` prints.
#[derive(Serialize)]
pub struct UnionView {
    docs: Vec<String>,
    name: String,
    variants: Vec<VariantView>,
    pointer: String,
    by: String,
    rows: Vec<String>,
}

#[derive(Serialize)]
struct VariantView {
    name: String,
    held: String,
    from: String,
    value: String,
    converts: bool,
}

/// An enum of alternatives.
pub fn view(context: &Context<'_>, ty: &NamedType, union: &Union) -> UnionView {
    let name = names::ty(&ty.name);
    let plain: Vec<Option<String>> = union.variants.iter().map(|variant| plain(context, &variant.ty)).collect();
    let one = |(index, variant): (usize, &Variant)| {
        let held = context.ty(&variant.ty, Scope::Types);
        let is_only = plain.iter().filter(|other| **other == plain[index]).count() == 1;
        VariantView {
            name: names::variant(&variant.name),
            held: if variant.boxed { format!("Box<{held}>") } else { held.clone() },
            converts: is_only && plain[index].as_ref().is_some_and(|plain| *plain != name),
            value: if variant.boxed { "Box::new(value)" } else { "value" }.to_owned(),
            from: held,
        }
    };
    UnionView {
        docs: context.docs(ty),
        variants: union.variants.iter().enumerate().map(one).collect(),
        pointer: literal::string(&ty.pointer),
        by: union.tag.as_deref().map(|tag| format!(" by {}", literal::string(tag))).unwrap_or_default(),
        rows: rows(union),
        name,
    }
}

/// A type as the compiler knows it, without the names that are only other names: two of one spelling are one to `From`.
/// None where that is too long to tell.
fn plain(context: &Context<'_>, ty: &Type) -> Option<String> {
    let mut steps = 0;
    let plain = context.ty(&without_aliases(context, ty, &mut steps), Scope::Types);
    (steps <= MOST_STEPS).then_some(plain)
}

fn without_aliases(context: &Context<'_>, ty: &Type, steps: &mut usize) -> Type {
    *steps += 1;
    if *steps > MOST_STEPS {
        return Type::Json;
    }
    let mut inside = |ty: &Type| without_aliases(context, ty, steps);
    match ty {
        Type::Named(TypeId(id)) => match &context.graph.types[*id].shape {
            Shape::Alias(target) => inside(target),
            Shape::Record(_) | Shape::Enum(_) | Shape::Union(_) => ty.clone(),
        },
        Type::List(inner) => Type::List(Box::new(inside(inner))),
        Type::Map(inner) => Type::Map(Box::new(inside(inner))),
        Type::Nullable(inner) => Type::Nullable(Box::new(inside(inner))),
        Type::Tuple(tuple) => {
            let items = tuple.items.iter().map(&mut inside).collect();
            let rest = tuple.rest.as_ref().map(|rest| Box::new(inside(rest)));
            Type::Tuple(Tuple { items, required: tuple.required, rest })
        }
        other => other.clone(),
    }
}

/// How a value finds its variant: by its tag, or as the first one whose schema it fits.
fn rows(union: &Union) -> Vec<String> {
    let key = |variant: &Variant| match (&union.tag, &variant.tag) {
        (Some(_), Some(tag)) => literal::string(tag),
        _ => literal::string(&variant.pointer),
    };
    let row = |variant: &Variant| format!("{} => {},", key(variant), names::variant(&variant.name));
    union.variants.iter().map(row).collect()
}
