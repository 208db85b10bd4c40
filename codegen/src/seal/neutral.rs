//! A graph with plain words in place of all that a contract may say freely.
//!
//! Names stay as they are: they come from an allow list. Different texts stay different.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ir::{AgentNode, EnumMember, Extra, Field, Graph, NamedType, Shape, Type, Union};

/// The same graph, to generate the same code from.
pub fn of(graph: &Graph) -> Graph {
    let mut graph = graph.clone();
    let mut words = Words::default();
    words.docs(&mut graph.contract.docs);
    graph.contract.canonical = "{}".to_owned();
    graph.types.iter_mut().for_each(|ty| words.named(ty));
    graph.state.iter_mut().for_each(|ty| words.ty(ty));
    graph.agents.iter_mut().for_each(|agent| words.agent(agent));
    graph
}

/// The words that stand for texts.
#[derive(Default)]
struct Words(BTreeMap<String, String>);

impl Words {
    fn docs(&mut self, lines: &mut [String]) {
        lines.iter_mut().for_each(|line| *line = "word".to_owned());
    }

    fn text(&mut self, text: &mut String) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '/' | '~' | '-' | '.');
        if text.chars().all(is_plain) {
            return;
        }
        // A place in `$defs` is another kind of place, and no word is an identifier unless the text is.
        let kind = if text.starts_with("/$defs/") && text.matches('/').count() == 2 { "/$defs/" } else { "" };
        let number = self.0.len();
        *text = self.0.entry(text.clone()).or_insert_with(|| format!("{kind}word {number}")).clone();
    }

    fn named(&mut self, ty: &mut NamedType) {
        self.text(&mut ty.pointer);
        ty.alternative.iter_mut().for_each(|pointer| self.text(pointer));
        self.docs(&mut ty.docs);
        match &mut ty.shape {
            Shape::Record(record) => {
                record.fields.iter_mut().for_each(|field| self.field(field));
                if let Extra::Of(ty) = &mut record.extra {
                    self.ty(ty);
                }
            }
            Shape::Enum(members) => members.iter_mut().for_each(|EnumMember { value, .. }| self.text(value)),
            Shape::Union(union) => self.union(union),
            Shape::Alias(ty) => self.ty(ty),
        }
    }

    fn field(&mut self, field: &mut Field) {
        self.text(&mut field.wire_name);
        self.docs(&mut field.docs);
        self.ty(&mut field.ty);
        field.constant.iter_mut().for_each(|value| self.value(value));
    }

    fn union(&mut self, union: &mut Union) {
        union.tag.iter_mut().for_each(|tag| self.text(tag));
        for variant in &mut union.variants {
            self.ty(&mut variant.ty);
            self.text(&mut variant.pointer);
            variant.tag.iter_mut().for_each(|tag| self.text(tag));
        }
    }

    fn ty(&mut self, ty: &mut Type) {
        match ty {
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => self.ty(inner),
            Type::Constant(value) => self.value(value),
            Type::Constants(values) => values.iter_mut().for_each(|value| self.value(value)),
            Type::Tuple(tuple) => {
                tuple.items.iter_mut().chain(tuple.rest.as_deref_mut()).for_each(|item| self.ty(item));
            }
            Type::Either(types) => types.iter_mut().for_each(|ty| self.ty(ty)),
            Type::Named(_) | Type::String | Type::Text(_) | Type::Integer | Type::Number => {}
            Type::Boolean | Type::Null | Type::Json => {}
        }
    }

    fn value(&mut self, value: &mut Value) {
        if let Value::String(text) = value {
            self.text(text);
        }
    }

    fn agent(&mut self, agent: &mut AgentNode) {
        self.docs(&mut agent.docs);
        agent.config.iter_mut().for_each(|ty| self.ty(ty));
        for error in &mut agent.errors {
            self.docs(&mut error.docs);
            error.data.iter_mut().for_each(|ty| self.ty(ty));
        }
        for operation in &mut agent.operations {
            self.docs(&mut operation.docs);
            self.ty(&mut operation.input);
            operation.output.iter_mut().for_each(|ty| self.ty(ty));
        }
    }
}
