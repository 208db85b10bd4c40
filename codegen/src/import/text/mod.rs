//! Types and contracts as text for people: members in an order that reads well, in the notation of the file.

mod insert;
mod json;
mod order;
mod yaml;

use serde_json::Value;

pub use insert::insert;
pub use json::json;
pub use order::{Origins, contract, schema};
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

    /// Whether nothing in it has a line of its own.
    fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(members) => members.is_empty(),
        }
    }
}
