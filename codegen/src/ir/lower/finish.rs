//! Once all types are found: their order, their names, and what only the whole list can tell.

use std::collections::BTreeSet;

use peer_contract_core::Pointer;

use super::types::{Found, Part, Types, is_definition, is_deprecated};
use crate::ir::names::{Right, Wish, camel, distinct, in_order};
use crate::ir::{Extra, NamedType, Shape, Tuple, Type, TypeId, Union, Variant, aliases, cycles, docs, place};

/// From ids in the order of finding to ids in the order of places.
pub struct Renumbering(Vec<usize>);

impl Renumbering {
    /// The same type with final ids.
    pub fn apply(&self, ty: Type) -> Type {
        let inside = |inner: Box<Type>| Box::new(self.apply(*inner));
        match ty {
            Type::Named(TypeId(id)) => Type::Named(TypeId(self.0[id])),
            Type::List(inner) => Type::List(inside(inner)),
            Type::Map(inner) => Type::Map(inside(inner)),
            Type::Nullable(inner) => Type::Nullable(inside(inner)),
            Type::Tuple(Tuple { items, required, rest }) => {
                Type::Tuple(Tuple { items: self.apply_to_all(items), required, rest: rest.map(inside) })
            }
            Type::Either(types) => Type::Either(self.apply_to_all(types)),
            other => other,
        }
    }

    fn apply_to_all(&self, types: Vec<Type>) -> Vec<Type> {
        types.into_iter().map(|ty| self.apply(ty)).collect()
    }

    fn apply_to_shape(&self, shape: &mut Shape) {
        let renew = |ty: &mut Type| *ty = self.apply(std::mem::replace(ty, Type::Json));
        match shape {
            Shape::Record(record) => {
                record.fields.iter_mut().for_each(|field| renew(&mut field.ty));
                if let Extra::Of(ty) = &mut record.extra {
                    renew(ty);
                }
            }
            Shape::Union(union) => union.variants.iter_mut().for_each(|variant| renew(&mut variant.ty)),
            Shape::Alias(ty) => renew(ty),
            Shape::Enum(_) => {}
        }
    }
}

/// Sorts, names and completes.
pub fn finish(types: &Types<'_>, reserved: &BTreeSet<String>) -> (Vec<NamedType>, Renumbering) {
    let root = types.sight.root;
    let mut order: Vec<usize> = (0..types.found.len()).collect();
    order.sort_by(|a, b| types.found[*a].key().cmp(&types.found[*b].key()));
    let mut renumbering = Renumbering(vec![0; order.len()]);
    for (new, old) in order.iter().enumerate() {
        renumbering.0[*old] = new;
    }
    let names = names(types, &order, reserved);
    let mut named: Vec<NamedType> = Vec::with_capacity(order.len());
    for (old, name) in order.iter().zip(names) {
        let Found { at, part, shape } = &types.found[*old];
        let schema = root.pointer(at.as_str()).unwrap_or(&serde_json::Value::Null);
        let mut shape = shape.clone().expect("every reserved type was lowered");
        let (whole, alternative) = match part {
            Part::Beside(whole) => (whole, Some(at.as_str().to_owned())),
            _ => (at, None),
        };
        renumbering.apply_to_shape(&mut shape);
        named.push(NamedType {
            name,
            pointer: whole.as_str().to_owned(),
            alternative,
            docs: docs::of(schema),
            deprecated: is_deprecated(schema),
            shape,
        });
    }
    let is_whole = |old: &usize| types.found[*old].part == Part::Whole && is_definition(&types.found[*old].at);
    name_variants(&mut named, &order.iter().map(is_whole).collect::<Vec<bool>>());
    aliases::cut(&mut named);
    cycles::resolve(&mut named);
    see_through_nullable(&mut named);
    (named, renumbering)
}

/// What the contract names has more right to a name than what is named by its place.
fn names(types: &Types<'_>, order: &[usize], reserved: &BTreeSet<String>) -> Vec<String> {
    let wish = |old: &usize| {
        let Found { at, part, .. } = &types.found[*old];
        let name = match part {
            Part::Whole => place::name(types.sight.root, at),
            Part::Value => place::name(types.sight.root, at) + "Value",
            Part::Object => place::name(types.sight.root, at) + "Object",
            Part::Beside(whole) => place::alternative(types.sight.root, whole, at),
        };
        let is_named = is_definition(at) && !matches!(part, Part::Beside(_));
        let right = match is_named {
            true if *part == Part::Whole && at.tokens().last().as_ref() == Some(&name) => Right::Written,
            true => Right::Named,
            false => Right::Made,
        };
        Wish { identity: identity(at, part), right, name }
    };
    distinct(&order.iter().map(wish).collect::<Vec<_>>(), reserved, "")
}

/// The place of a type, and which one of that place it is.
fn identity(at: &Pointer, part: &Part) -> String {
    match part {
        Part::Whole => at.as_str().to_owned(),
        Part::Value => format!("{at} value"),
        Part::Object => format!("{at} object"),
        Part::Beside(whole) => format!("{at} beside {whole}"),
    }
}

/// `is_defined` says which types the contract itself names, in `$defs`.
fn name_variants(types: &mut [NamedType], is_defined: &[bool]) {
    let names: Vec<(String, bool)> = types.iter().map(|ty| ty.name.clone()).zip(is_defined.iter().copied()).collect();
    for ty in types {
        let parent = ty.name.clone();
        if let Shape::Union(union) = &mut ty.shape {
            name_variants_of(union, &parent, &names);
        }
    }
}

fn name_variants_of(union: &mut Union, parent: &str, names: &[(String, bool)]) {
    let wish = |variant: &Variant| without_parent(variant_name(&variant.ty, names), parent, &variant.ty, names);
    let given = in_order(union.variants.iter().map(wish));
    for (variant, name) in union.variants.iter_mut().zip(given) {
        variant.name = name;
    }
}

/// An alternative that has its name from the union does not repeat it.
fn without_parent(name: String, parent: &str, ty: &Type, names: &[(String, bool)]) -> String {
    let is_inline = matches!(ty, Type::Named(TypeId(id)) if !names[*id].1);
    let rest = name
        .strip_prefix(parent.strip_suffix("Value").unwrap_or(parent))
        .filter(|rest| is_inline && rest.starts_with(|c: char| c.is_ascii_uppercase()));
    rest.map_or_else(|| name.clone(), str::to_owned)
}

fn variant_name(ty: &Type, names: &[(String, bool)]) -> String {
    match ty {
        Type::Named(TypeId(id)) => names[*id].0.clone(),
        Type::String => "String".to_owned(),
        Type::Text(format) => format.type_name().to_owned(),
        Type::Integer => "Integer".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::Null => "Null".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::List(inner) => format!("{}List", variant_name(inner, names)),
        Type::Map(inner) => format!("{}Map", variant_name(inner, names)),
        Type::Nullable(inner) => variant_name(inner, names),
        Type::Constant(value) => constant_name(value),
        Type::Constants(_) => "Constant".to_owned(),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Either(types) => types.iter().map(|ty| variant_name(ty, names)).collect::<Vec<_>>().join("Or"),
    }
}

fn constant_name(value: &serde_json::Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match camel(&text) {
        name if name.is_empty() => "Constant".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("Constant{name}"),
        name => name,
    }
}

/// A field whose alias may be `null` may be `null` itself: absent and `null` stay two things.
fn see_through_nullable(types: &mut [NamedType]) {
    let aliases: Vec<Option<Type>> = types
        .iter()
        .map(|ty| match &ty.shape {
            Shape::Alias(target) => Some(target.clone()),
            _ => None,
        })
        .collect();
    for ty in types {
        let Shape::Record(record) = &mut ty.shape else { continue };
        for field in &mut record.fields {
            if let Some(inner) = without_null(&field.ty, &aliases) {
                field.ty = inner;
                field.nullable = true;
            }
        }
    }
}

fn without_null(ty: &Type, aliases: &[Option<Type>]) -> Option<Type> {
    let mut ty = ty;
    for _ in 0..=aliases.len() {
        match ty {
            Type::Nullable(inner) => return Some(without_null(inner, aliases).unwrap_or_else(|| (**inner).clone())),
            Type::Named(TypeId(id)) => ty = aliases[*id].as_ref()?,
            _ => return None,
        }
    }
    None
}
