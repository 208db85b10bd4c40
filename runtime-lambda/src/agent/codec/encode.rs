//! What can be written as text: the types that generated code is made of.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Writer;

/// A type that is written as JSON text in one pass.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, writer: &mut Writer);
}

/// The properties that a type does not list, for the [`Writer`].
pub trait RestOf {
    /// Keys and values, sorted by key.
    fn sorted(&self) -> Vec<(&str, &dyn Encode)>;
}

impl RestOf for Map<String, Value> {
    fn sorted(&self) -> Vec<(&str, &dyn Encode)> {
        self.iter().map(|(key, value)| (key.as_str(), value as &dyn Encode)).collect()
    }
}

impl<T: Encode> RestOf for BTreeMap<String, T> {
    fn sorted(&self) -> Vec<(&str, &dyn Encode)> {
        self.iter().map(|(key, value)| (key.as_str(), value as &dyn Encode)).collect()
    }
}

impl Encode for String {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Encode for i64 {
    fn encode(&self, writer: &mut Writer) {
        writer.integer(*self);
    }
}

impl Encode for f64 {
    fn encode(&self, writer: &mut Writer) {
        writer.double(*self);
    }
}

impl Encode for bool {
    fn encode(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }
}

impl Encode for () {
    fn encode(&self, writer: &mut Writer) {
        writer.null();
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.encode(writer),
            None => writer.null(),
        }
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode(&self, writer: &mut Writer) {
        (**self).encode(writer);
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, writer: &mut Writer) {
        writer.array(self);
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, writer: &mut Writer) {
        writer.object(self.sorted()).end();
    }
}

impl Encode for Map<String, Value> {
    fn encode(&self, writer: &mut Writer) {
        writer.object(self.sorted()).end();
    }
}

impl Encode for Value {
    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Null => writer.null(),
            Self::Bool(value) => writer.boolean(*value),
            Self::Number(number) => match number.as_i64() {
                Some(integer) => writer.integer(integer),
                None => writer.double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Self::String(text) => writer.string(text),
            Self::Array(items) => writer.array(items),
            Self::Object(members) => members.encode(writer),
        }
    }
}
