//! Types in use: as annotations for type checkers, and as shapes for the native module.

use std::collections::BTreeSet;

use serde_json::Value;

use super::literal::{Display, scalar, string};
use super::names::type_name;
use crate::ir::{Graph, Shape, Tuple, Type, TypeId};

/// Where an annotation stands.
pub(super) struct Scope<'a> {
    pub(super) graph: &'a Graph,
    /// In front of built-in types: empty, or `builtins.` where one of them is hidden.
    pub(super) builtins: &'static str,
    /// In front of the contract's types.
    pub(super) types: &'static str,
    /// In front of `Json`, and of what is of `typing`.
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
            Type::Text(format) => {
                format!("{}Annotated[{builtins}str, {}]", self.typing, string(format.name()))
            }
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
            Type::Constants(values) => self.constants(values),
            Type::Tuple(tuple) if tuple.is_fixed() => format!("{builtins}tuple[{}]", self.items(tuple)),
            Type::Tuple(tuple) => {
                format!("{builtins}list[{}]", self.union(tuple.items.iter().chain(tuple.rest.as_deref())))
            }
            Type::Either(types) => self.union(types),
        }
    }

    fn items(&mut self, tuple: &Tuple) -> String {
        match tuple.items.is_empty() {
            true => "()".to_owned(),
            false => tuple.items.iter().map(|item| self.annotation(item)).collect::<Vec<_>>().join(", "),
        }
    }

    /// A number with a fraction cannot stand in `Literal`.
    fn constants(&self, values: &[Value]) -> String {
        let (doubles, others): (Vec<_>, Vec<_>) = values.iter().partition(|value| value.is_f64());
        let mut alternatives = Vec::new();
        if !others.is_empty() {
            let others: Vec<String> = others.into_iter().map(scalar).collect();
            alternatives.push(format!("{}Literal[{}]", self.typing, others.join(", ")));
        }
        if !doubles.is_empty() {
            alternatives.push(format!("{}float", self.builtins));
        }
        alternatives.join(" | ")
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
            Type::Either(types) => types.iter().any(|ty| of(graph, ty, seen)),
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
        Type::Constants(values) => number_of(values).map(|name| Display::Atom(format!("{builtins}{name}"))),
        Type::Tuple(tuple) => tuple_shape(graph, tuple, builtins),
        Type::Either(types) => either_shape(graph, types, builtins),
        Type::String | Type::Text(_) | Type::Boolean | Type::Null | Type::Json | Type::Constant(_) => None,
    }
}

/// What the numbers among constants are read as.
fn number_of(values: &[Value]) -> Option<&'static str> {
    if values.iter().any(Value::is_f64) {
        return Some("float");
    }
    values.iter().any(Value::is_number).then_some("int")
}

/// A list of fixed length is a tuple; another one is a list, whose places may still be told apart.
fn tuple_shape(graph: &Graph, tuple: &Tuple, builtins: &str) -> Option<Display> {
    let items: Vec<Display> = tuple.items.iter().map(|item| shape_or_none(graph, item, builtins)).collect();
    if tuple.is_fixed() {
        return Some(Display::Tuple(vec![Display::Atom("\"tuple\"".into()), Display::List(items)]));
    }
    let says_nothing = |ty: &Type| shape(graph, ty, builtins).is_none();
    if tuple.items.iter().chain(tuple.rest.as_deref()).all(says_nothing) {
        return None;
    }
    let rest =
        tuple.rest.as_deref().map_or_else(|| Display::Atom("None".into()), |rest| shape_or_none(graph, rest, builtins));
    Some(Display::Tuple(vec![Display::Atom("\"items\"".into()), Display::List(items), rest]))
}

/// By what JSON has: an object, an array, a number.
fn either_shape(graph: &Graph, types: &[Type], builtins: &str) -> Option<Display> {
    let of = |is: fn(&Type) -> bool| types.iter().find(|ty| is(ty)).and_then(|ty| shape(graph, ty, builtins));
    let object = of(|ty| matches!(ty, Type::Named(_) | Type::Map(_)));
    let list = of(|ty| matches!(ty, Type::List(_) | Type::Tuple(_)));
    let number = of(|ty| matches!(ty, Type::Integer | Type::Number));
    if object.is_none() && list.is_none() {
        return number;
    }
    let kinds = [object, list, number].map(|kind| kind.unwrap_or_else(|| Display::Atom("None".into())));
    Some(Display::Tuple(std::iter::once(Display::Atom("\"kinds\"".into())).chain(kinds).collect()))
}

/// The same, with `None` for plain JSON.
pub(super) fn shape_or_none(graph: &Graph, ty: &Type, builtins: &str) -> Display {
    shape(graph, ty, builtins).unwrap_or_else(|| Display::Atom("None".into()))
}
