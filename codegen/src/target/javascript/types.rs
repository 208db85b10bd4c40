//! Types of the graph as types of TypeScript.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::literal;
use super::names::{self, Scope};
use crate::ir::{Extra, Field, Graph, NamedType, Record, Shape, Tuple, Type};

/// Writes types for one module.
pub struct Types<'a> {
    graph: &'a Graph,
    /// What stands before the name of a named type: `t.`, or nothing in the module that has them.
    prefix: String,
    /// What the types of `peer-contract` are called here.
    scope: Scope,
    borrowed: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Types<'a> {
    /// For a module that has named types under `prefix`, and declares what the scope says.
    pub fn new(graph: &'a Graph, prefix: String, scope: &Scope) -> Self {
        Self { graph, prefix, scope: scope.clone(), borrowed: RefCell::default() }
    }

    /// The types of `peer-contract` that something written so far needs.
    pub fn borrowed(&self) -> BTreeSet<&'static str> {
        self.borrowed.borrow().clone()
    }

    /// A type where it is used.
    pub fn write(&self, ty: &Type) -> String {
        match ty {
            Type::Named(id) => format!("{}{}", self.prefix, self.graph.types[id.0].name),
            Type::String => "string".to_owned(),
            Type::Text(format) => self.borrow(format.type_name()),
            Type::Integer | Type::Number => "number".to_owned(),
            Type::Boolean => "boolean".to_owned(),
            Type::Null => "null".to_owned(),
            Type::Json => self.borrow("Json"),
            Type::List(item) => format!("{}[]", self.operand(item)),
            Type::Map(value) => self.map(value),
            Type::Nullable(inner) => format!("{} | null", self.write(inner)),
            Type::Constant(constant) => literal::value(constant),
            Type::Constants(constants) => constants.iter().map(literal::value).collect::<Vec<_>>().join(" | "),
            Type::Tuple(tuple) => self.tuple(tuple),
            Type::Either(types) => types.iter().map(|ty| self.write(ty)).collect::<Vec<_>>().join(" | "),
        }
    }

    /// A type in front of `[]` or `?`.
    fn operand(&self, ty: &Type) -> String {
        match ty {
            Type::Nullable(_) | Type::Either(_) | Type::Constants(_) => format!("({})", self.write(ty)),
            ty => self.write(ty),
        }
    }

    fn tuple(&self, tuple: &Tuple) -> String {
        let item = |(index, ty): (usize, &Type)| match index < tuple.required {
            true => self.write(ty),
            false => format!("{}?", self.operand(ty)),
        };
        let rest = tuple.rest.iter().map(|ty| format!("...{}[]", self.operand(ty)));
        let items: Vec<String> = tuple.items.iter().enumerate().map(item).chain(rest).collect();
        format!("[{}]", items.join(", "))
    }

    /// The alternatives of a type that is no interface.
    pub fn alternatives(&self, shape: &Shape) -> Vec<String> {
        match shape {
            Shape::Record(record) => vec![self.bare(record)],
            Shape::Enum(members) => members.iter().map(|member| literal::string(&member.value)).collect(),
            Shape::Union(union) => union.variants.iter().map(|variant| self.write(&variant.ty)).collect(),
            Shape::Alias(ty) => vec![self.write(ty)],
        }
    }

    /// A property of an interface, as `name: type;`.
    pub fn property(&self, field: &Field) -> String {
        let optional = if field.required { "" } else { "?" };
        let ty = field.constant.as_ref().map_or_else(|| self.write(&field.ty), literal::value);
        let null = if field.nullable { " | null" } else { "" };
        format!("{}{optional}: {ty}{null};", names::property(&field.wire_name))
    }

    /// An object of which no property is known.
    fn bare(&self, record: &Record) -> String {
        match &record.extra {
            Extra::None => "{ [key: string]: never }".to_owned(),
            Extra::Of(value) => self.map(value),
        }
    }

    fn map(&self, value: &Type) -> String {
        format!("{{ [key: string]: {} }}", self.write(value))
    }

    fn borrow(&self, name: &'static str) -> String {
        self.borrowed.borrow_mut().insert(name);
        self.scope.borrow(name)
    }
}

/// The properties of a type that is an interface.
pub fn properties(ty: &NamedType) -> &[Field] {
    match &ty.shape {
        Shape::Record(record) => &record.fields,
        _ => &[],
    }
}
