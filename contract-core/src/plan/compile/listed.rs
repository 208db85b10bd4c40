//! `const` and `enum`.

use serde_json::Value;

use super::Members;
use crate::Pointer;
use crate::plan::node::{Fallback, Kind, Test};

/// The values of `const` and `enum`: those that both list, where both are there.
pub(super) struct Listed<'a> {
    pub(super) values: Vec<&'a Value>,
    keywords: Value,
}

impl<'a> Listed<'a> {
    pub(super) fn of(members: &'a Members) -> Option<Self> {
        let constant = members.get("const");
        let options = members.get("enum").and_then(Value::as_array);
        let values = match (constant, options) {
            (None, None) => return None,
            (Some(constant), None) => vec![constant],
            (None, Some(options)) => options.iter().collect(),
            (Some(constant), Some(options)) => options.iter().filter(|option| equal(option, constant)).collect(),
        };
        let own = members.iter().filter(|(keyword, _)| matches!(keyword.as_str(), "const" | "enum"));
        let keywords = own.map(|(keyword, value)| (keyword.clone(), value.clone())).collect();
        Some(Self { values, keywords: Value::Object(keywords) })
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.values.iter().any(|value| kind_of(value) == kind)
    }

    /// Arrays and objects are compared by the fallback.
    pub(super) fn test(&self, at: &Pointer) -> Test {
        Test::Fallback(Fallback::keywords(at, self.keywords.clone()))
    }
}

/// `1` and `1.0` are one number. Arrays and objects, which the fallback compares, pass for equal.
fn equal(a: &Value, b: &Value) -> bool {
    let complex = |value: &Value| value.is_array() || value.is_object();
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ if complex(a) && complex(b) => true,
        _ => a == b,
    }
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Bool,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}
