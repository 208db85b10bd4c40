//! `const` and `enum`.

use serde_json::Value;

use super::Members;
use crate::json::canonical;
use crate::plan::node::{Kind, Test};
use crate::schema::equal;

/// The values of `const` and `enum`: those that both list, where both are there.
pub(super) struct Listed<'a> {
    pub(super) values: Vec<&'a Value>,
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
        Some(Self { values })
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.values.iter().any(|value| kind_of(value) == kind)
    }

    /// What must hold of an array or object, by the canonical forms of those that are listed.
    pub(super) fn test(&self, kind: Kind) -> Test {
        let listed = self.values.iter().filter(|value| kind_of(value) == kind);
        Test::Listed(listed.map(|value| canonical(value).into_vec().into()).collect())
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
