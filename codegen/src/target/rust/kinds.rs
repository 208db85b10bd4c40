//! Values of several kinds (`"type": ["string", "integer"]`): enums that are named after what they hold.
//!
//! Python and TypeScript write such types where they stand. Rust needs a name; one made of the contents stays what it is
//! wherever the type is used, and types that say the same are one.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::contract::fold;
use serde::Serialize;
use serde_json::Value;

use super::part;
use super::tuples::Form;
use super::types::{Context, Scope};
use crate::ir::{Extra, Graph, Shape, Tuple, Type, TypeId, apart};

/// The enums of a graph, by the names that their contents give them.
pub struct Kinds(BTreeMap<String, Named>);

struct Named {
    name: String,
    types: Vec<Type>,
}

impl Kinds {
    /// All of them, with names that differ from those of types and constants.
    pub fn of(graph: &Graph, mut taken: BTreeSet<String>) -> Self {
        let mut kinds = Self(BTreeMap::new());
        each_type(graph, &mut |ty| kinds.note(graph, ty, &mut taken));
        kinds
    }

    fn note(&mut self, graph: &Graph, ty: &Type, taken: &mut BTreeSet<String>) {
        inside(ty, &mut |ty| {
            let Some(types) = several(ty) else { return };
            let wish = name_of(graph, ty);
            if self.0.contains_key(&wish) {
                return;
            }
            let name = if taken.insert(fold(&wish)) { wish.clone() } else { apart(&wish, &wish, taken) };
            self.0.insert(wish, Named { name, types });
        });
    }

    /// The name of the enum of a type.
    pub fn name(&self, graph: &Graph, ty: &Type) -> String {
        let wish = name_of(graph, ty);
        self.0.get(&wish).map_or(wish, |named| named.name.clone())
    }

    /// Their text.
    pub fn render(&self, context: &Context<'_>) -> Vec<String> {
        self.0.values().map(|named| part("kinds", &View::of(named, context))).collect()
    }
}

/// The types of which a value has one, where Rust needs an enum for them, in an order of ours.
pub fn several(ty: &Type) -> Option<Vec<Type>> {
    let mut types = listed(ty)?;
    types.sort_by_key(|ty| ORDER.iter().position(|name| *name == kind(ty).1));
    Some(types)
}

/// What JSON has, as `pc::kinds!` calls it.
const ORDER: [&str; 5] = ["string", "number", "boolean", "array", "object"];

fn listed(ty: &Type) -> Option<Vec<Type>> {
    match ty {
        Type::Either(types) => Some(types.clone()),
        Type::Constants(values) if !values.iter().all(Value::is_number) => {
            let mut types = Vec::new();
            for value in values {
                let ty = kind_of(value, values);
                if !types.contains(&ty) {
                    types.push(ty);
                }
            }
            Some(types)
        }
        _ => None,
    }
}

fn kind_of(value: &Value, values: &[Value]) -> Type {
    match value {
        Value::Bool(_) => Type::Boolean,
        Value::Number(_) if values.iter().any(Value::is_f64) => Type::Number,
        Value::Number(_) => Type::Integer,
        _ => Type::String,
    }
}

/// A name that no other type has, but for types that people name so.
fn name_of(graph: &Graph, ty: &Type) -> String {
    let all = |types: &[Type], between| types.iter().map(|ty| name_of(graph, ty)).collect::<Vec<_>>().join(between);
    if let Some(types) = several(ty) {
        return all(&types, "Or");
    }
    match ty {
        Type::Named(TypeId(id)) => graph.types[*id].name.clone(),
        Type::Text(format) => format.type_name().to_owned(),
        Type::Integer | Type::Constants(_) => "Integer".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::Null => "Null".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::List(inner) => format!("{}List", name_of(graph, inner)),
        Type::Map(inner) => format!("{}Map", name_of(graph, inner)),
        Type::Nullable(inner) => format!("Optional{}", name_of(graph, inner)),
        Type::Constant(value) => name_of(graph, &kind_of(value, &[])),
        Type::Tuple(tuple) => name_of_tuple(graph, tuple),
        Type::String | Type::Either(_) => "String".to_owned(),
    }
}

fn name_of_tuple(graph: &Graph, tuple: &Tuple) -> String {
    let place = |(index, ty): (usize, &Type)| {
        let maybe = if index < tuple.required { "" } else { "Maybe" };
        format!("{maybe}{}", name_of(graph, ty))
    };
    let rest = tuple.rest.as_ref().map(|rest| format!("Any{}", name_of(graph, rest)));
    match Form::of(tuple) {
        Form::Values => "JsonList".to_owned(),
        Form::Fixed | Form::Row => {
            let places: Vec<String> = tuple.items.iter().enumerate().map(place).chain(rest).collect();
            format!("{}Tuple", places.join("And"))
        }
    }
}

fn each_type(graph: &Graph, see: &mut impl FnMut(&Type)) {
    for named in &graph.types {
        match &named.shape {
            Shape::Record(record) => {
                record.fields.iter().for_each(|field| see(&field.ty));
                if let Extra::Of(ty) = &record.extra {
                    see(ty);
                }
            }
            Shape::Union(union) => union.variants.iter().for_each(|variant| see(&variant.ty)),
            Shape::Alias(ty) => see(ty),
            Shape::Enum(_) => {}
        }
    }
    graph.state.iter().for_each(&mut *see);
    for agent in &graph.agents {
        agent.errors.iter().filter_map(|error| error.data.as_ref()).for_each(&mut *see);
        for operation in &agent.operations {
            std::iter::once(&operation.input).chain(&operation.output).for_each(&mut *see);
        }
    }
}

/// A type and all that it is made of.
fn inside(ty: &Type, see: &mut impl FnMut(&Type)) {
    see(ty);
    match ty {
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => inside(inner, see),
        Type::Either(types) => types.iter().for_each(|ty| inside(ty, see)),
        Type::Tuple(tuple) => tuple.items.iter().chain(tuple.rest.as_deref()).for_each(|ty| inside(ty, see)),
        _ => {}
    }
}

#[derive(Serialize)]
struct View {
    name: String,
    variants: Vec<VariantView>,
}

#[derive(Serialize)]
struct VariantView {
    name: &'static str,
    /// As `pc::kinds!` calls what JSON has.
    kind: &'static str,
    held: String,
}

impl View {
    fn of(named: &Named, context: &Context<'_>) -> Self {
        let variant = |ty: &Type| {
            let (name, kind) = kind(ty);
            VariantView { name, kind, held: context.ty(ty, Scope::Types) }
        };
        Self { name: named.name.clone(), variants: named.types.iter().map(variant).collect() }
    }
}

fn kind(ty: &Type) -> (&'static str, &'static str) {
    match ty {
        Type::Integer => ("Integer", "number"),
        Type::Number => ("Number", "number"),
        Type::Boolean => ("Boolean", "boolean"),
        Type::List(_) | Type::Tuple(_) => ("List", "array"),
        Type::Named(_) | Type::Map(_) => ("Object", "object"),
        _ => ("String", "string"),
    }
}
