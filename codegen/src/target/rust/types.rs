//! The types of a contract.

use peer_contract_core::contract::fold;
use serde::Serialize;

use super::constants::{self, Constant};
use super::kinds::Kinds;
use super::{defaults, literal, names, part, record, unions};
use crate::ir::{EnumMember, Graph, NamedType, Shape, Type, TypeId};
use crate::render::header;

/// From where a type is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Inside `types.rs`.
    Types,
    /// Inside the file of an agent, where the types are behind `t`.
    Agent,
}

/// The graph, and what is looked up in it more than once.
pub struct Context<'a> {
    pub(super) graph: &'a Graph,
    constants: Vec<Constant>,
    kinds: Kinds,
    defaults: Vec<bool>,
}

/// What `types.hbs` prints.
#[derive(Serialize)]
pub struct View {
    header: Vec<String>,
    title: String,
    contract: String,
    hash: String,
    items: Vec<String>,
}

/// The whole file.
pub fn view(graph: &Graph) -> View {
    let context = Context::of(graph);
    let mut items: Vec<String> = graph.types.iter().enumerate().map(|(index, ty)| context.item(index, ty)).collect();
    items.extend(context.constants.iter().map(Constant::render));
    items.extend(context.kinds.render(&context));
    View {
        header: header(&graph.contract),
        title: format!("The types of the contract `{}`, and the contract itself.", graph.contract.name),
        contract: literal::raw_json(&graph.contract.canonical),
        hash: literal::string(&graph.contract.hash),
        items,
    }
}

impl<'a> Context<'a> {
    /// Looks up what is asked for more than once.
    pub fn of(graph: &'a Graph) -> Self {
        let constants = constants::of(graph);
        let names = graph.types.iter().map(|ty| &ty.name).chain(constants.iter().map(|constant| &constant.name));
        let kinds = Kinds::of(graph, names.map(|name| fold(name)).collect());
        Self { graph, constants, kinds, defaults: defaults::of(graph) }
    }

    /// The unit type of a field, if it has one.
    pub fn constant(&self, record: usize, field: usize) -> Option<&Constant> {
        let found = self.constants.binary_search_by_key(&(record, field), |constant| (constant.record, constant.field));
        found.ok().map(|index| &self.constants[index])
    }

    /// A type in use.
    pub fn ty(&self, ty: &Type, scope: Scope) -> String {
        match ty {
            Type::Named(TypeId(id)) => {
                let name = names::ty(&self.graph.types[*id].name);
                if scope == Scope::Agent { format!("t::{name}") } else { name }
            }
            Type::String => "String".to_owned(),
            Type::Text(format) => format!("pc::{}", format.type_name()),
            Type::Integer => "i64".to_owned(),
            Type::Number => "f64".to_owned(),
            Type::Boolean => "bool".to_owned(),
            Type::Null => "()".to_owned(),
            Type::Json => "pc::Value".to_owned(),
            Type::List(inner) => format!("Vec<{}>", self.ty(inner, scope)),
            Type::Map(inner) => format!("std::collections::BTreeMap<String, {}>", self.ty(inner, scope)),
            Type::Nullable(inner) => format!("Option<{}>", self.ty(inner, scope)),
            Type::Constant(value) if value.is_string() => "String".to_owned(),
            Type::Constant(value) if value.is_boolean() => "bool".to_owned(),
            Type::Constant(_) => "i64".to_owned(),
            Type::Constants(values) if values.iter().all(serde_json::Value::is_i64) => "i64".to_owned(),
            Type::Constants(values) if values.iter().all(serde_json::Value::is_number) => "f64".to_owned(),
            Type::Tuple(tuple) => self.tuple(tuple, scope),
            Type::Constants(_) | Type::Either(_) => {
                let name = self.kinds.name(self.graph, ty);
                if scope == Scope::Agent { format!("t::{name}") } else { name }
            }
        }
    }

    /// Documentation of a type, with its attributes.
    pub fn docs(&self, ty: &NamedType) -> Vec<String> {
        let mut lines = literal::docs("///", &ty.docs);
        if lines.is_empty() {
            lines.push(literal::place(ty.alternative.as_ref().unwrap_or(&ty.pointer)));
        }
        lines.extend(ty.deprecated.then(|| "#[deprecated]".to_owned()));
        lines
    }

    /// Whether a type can be made from nothing: all that is required of it can.
    pub fn has_default(&self, index: usize) -> bool {
        self.defaults[index]
    }

    fn item(&self, index: usize, ty: &NamedType) -> String {
        match &ty.shape {
            Shape::Record(shape) => part("record", &record::view(self, index, ty, shape)),
            Shape::Enum(members) => part("enum", &self.enumeration(ty, members)),
            Shape::Union(union) => part("union", &unions::view(self, ty, union)),
            Shape::Alias(target) => part("alias", &self.alias(ty, target)),
        }
    }

    fn alias(&self, ty: &NamedType, target: &Type) -> AliasView {
        let mut docs = self.docs(ty);
        let note =
            format!("/// Read with `peer_contract::codec::from_json(&CONTRACT, {}, …)`.", literal::string(&ty.pointer));
        let before_attributes = docs.iter().position(|line| line.starts_with("#[")).unwrap_or(docs.len());
        docs.splice(before_attributes..before_attributes, ["///".to_owned(), note]);
        AliasView { docs, name: names::ty(&ty.name), target: self.ty(target, Scope::Types) }
    }

    fn enumeration(&self, ty: &NamedType, members: &[EnumMember]) -> EnumView {
        let name = names::ty(&ty.name);
        let member = |member: &EnumMember| MemberView {
            name: names::variant(&member.name),
            value: literal::string(&member.value),
        };
        EnumView {
            docs: self.docs(ty),
            members: members.iter().map(member).collect(),
            pointer: literal::string(&ty.pointer),
            name,
        }
    }
}

#[derive(Serialize)]
struct AliasView {
    docs: Vec<String>,
    name: String,
    target: String,
}

#[derive(Serialize)]
struct EnumView {
    docs: Vec<String>,
    name: String,
    members: Vec<MemberView>,
    pointer: String,
}

#[derive(Serialize)]
struct MemberView {
    name: String,
    value: String,
}
