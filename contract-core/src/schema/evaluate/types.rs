//! The types of values that `type` names.

use serde_json::Value;

/// A set of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Types(u8);

/// In the order in which people read them.
const NAMES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

impl Types {
    /// The types that `type` lists, or the only one that it names.
    pub(super) fn listed(value: &Value) -> Self {
        match value {
            Value::String(one) => Self::named(one),
            Value::Array(several) => {
                let all = several.iter().filter_map(Value::as_str).map(Self::named);
                all.fold(Self(0), |all, one| Self(all.0 | one.0))
            }
            _ => Self(0),
        }
    }

    /// The type of a name; none where there is no such type.
    pub(crate) fn named(name: &str) -> Self {
        Self(NAMES.iter().position(|known| *known == name).map_or(0, |index| 1 << index))
    }

    /// Both sets together.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn takes(self, value: &Value) -> bool {
        let name = type_of(value);
        let wider = if name == "integer" { Self::named("number") } else { Self(0) };
        self.0 & Self::named(name).or(wider).0 != 0
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().enumerate().filter(move |(index, _)| self.0 >> index & 1 == 1).map(|(_, name)| name)
    }
}

/// The type of a value, as schemas name it.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|double| double.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
