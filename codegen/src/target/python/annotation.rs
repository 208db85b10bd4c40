//! Types in use: as annotations for type checkers, and as shapes for the native module.

use std::collections::BTreeSet;

use super::literal::{Display, scalar, string};
use super::names::type_name;
use crate::ir::{Graph, Shape, Type, TypeId};

/// Where an annotation stands.
pub(super) struct Scope<'a> {
    pub(super) graph: &'a Graph,
    /// In front of built-in types: empty, or `builtins.` where one of them is hidden.
    pub(super) builtins: &'static str,
    /// In front of the contract's types.
    pub(super) types: &'static str,
    /// In front of `Json`, and of `Literal`.
    pub(super) json: &'static str,
    pub(super) typing: &'static str,
    /// The named types that were used.
    pub(super) used: BTreeSet<TypeId>,
}

impl Scope<'_> {
    /// The annotation of a type.
    pub(super) fn annotation(&mut self, ty: &Type) -> String {
        let builtins = self.builtins;
        match ty {
            Type::Named(id) => {
                self.used.insert(*id);
                format!("{}{}", self.types, type_name(&self.graph.types[id.0].name))
            }
            Type::String => format!("{builtins}str"),
            Type::Integer => format!("{builtins}int"),
            Type::Number => format!("{builtins}float"),
            Type::Boolean => format!("{builtins}bool"),
            Type::Null => "None".into(),
            Type::Json => format!("{}Json", self.json),
            Type::List(item) => format!("{builtins}list[{}]", self.annotation(item)),
            Type::Map(item) => format!("{builtins}dict[{builtins}str, {}]", self.annotation(item)),
            Type::Nullable(inner) if admits_null(self.graph, inner) => self.annotation(inner),
            Type::Nullable(inner) => format!("{} | None", self.annotation(inner)),
            Type::Constant(value) => format!("{}Literal[{}]", self.typing, scalar(value)),
        }
    }

    /// The annotations of alternatives, each once.
    pub(super) fn union<'t>(&mut self, types: impl IntoIterator<Item = &'t Type>) -> String {
        let mut alternatives: Vec<String> = Vec::new();
        for ty in types {
            let alternative = self.annotation(ty);
            if !alternatives.contains(&alternative) {
                alternatives.push(alternative);
            }
        }
        alternatives.join(" | ")
    }
}

/// Whether `null` is a value of the type itself, and so cannot stand for "absent".
pub(super) fn admits_null(graph: &Graph, ty: &Type) -> bool {
    fn of(graph: &Graph, ty: &Type, seen: &mut Vec<TypeId>) -> bool {
        match ty {
            Type::Json | Type::Null | Type::Nullable(_) => true,
            Type::Constant(value) => value.is_null(),
            Type::Named(id) if !seen.contains(id) => {
                seen.push(*id);
                match &graph.types[id.0].shape {
                    Shape::Alias(ty) => of(graph, ty, seen),
                    Shape::Union(union) => union.variants.iter().any(|variant| of(graph, &variant.ty, seen)),
                    Shape::Record(_) | Shape::Enum(_) => false,
                }
            }
            _ => false,
        }
    }
    of(graph, ty, &mut Vec::new())
}

/// Where the native module finds classes, integers and doubles; none for plain JSON.
pub(super) fn shape(graph: &Graph, ty: &Type, builtins: &str) -> Option<Display> {
    match ty {
        Type::Named(id) => {
            let named = &graph.types[id.0];
            let name = || Display::Atom(string(&type_name(&named.name)));
            (!matches!(named.shape, Shape::Enum(_))).then(name)
        }
        Type::Integer => Some(Display::Atom(format!("{builtins}int"))),
        Type::Number => Some(Display::Atom(format!("{builtins}float"))),
        Type::List(item) => shape(graph, item, builtins).map(|item| Display::List(vec![item])),
        Type::Map(item) => shape(graph, item, builtins).map(|item| Display::Dict(vec![("\"\"".into(), item)])),
        Type::Nullable(inner) => shape(graph, inner, builtins),
        Type::Constant(value) if value.is_i64() => Some(Display::Atom(format!("{builtins}int"))),
        Type::String | Type::Boolean | Type::Null | Type::Json | Type::Constant(_) => None,
    }
}

/// The same, with `None` for plain JSON.
pub(super) fn shape_or_none(graph: &Graph, ty: &Type, builtins: &str) -> Display {
    shape(graph, ty, builtins).unwrap_or_else(|| Display::Atom("None".into()))
}
