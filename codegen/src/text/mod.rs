//! Values as text for people: members in an order that reads well, in JSON and YAML.
//!
//! What a person has written already is the business of [`crate::layout`], which keeps comments and words as they are.

mod json;
mod yaml;

use serde_json::Value;

pub use json::json;
pub use yaml::yaml;

/// A value whose members have an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A number, a string, a boolean or null.
    Scalar(Value),
    /// Items.
    List(Vec<Node>),
    /// Members by name.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A value as it is, its members by name.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Object(members) => {
                Self::Map(members.iter().map(|(key, member)| (key.clone(), Self::of(member))).collect())
            }
            scalar => Self::Scalar(scalar.clone()),
        }
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Scalar(Value::String(text.into()))
    }

    /// A number.
    pub fn number(number: u64) -> Self {
        Self::Scalar(number.into())
    }

    /// `true` or `false`.
    pub fn flag(flag: bool) -> Self {
        Self::Scalar(flag.into())
    }

    /// Members in this order.
    pub fn map<const N: usize>(members: [(&str, Node); N]) -> Self {
        Self::Map(members.into_iter().map(|(name, node)| (name.to_owned(), node)).collect())
    }

    /// Whether nothing in it has a line of its own.
    fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(members) => members.is_empty(),
        }
    }
}
