//! A JSON value as its text: how parts of a message travel.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use super::parse;
use crate::{Limits, Problem};

/// What is read back was read before, within limits of its own.
const AGAIN: Limits = Limits {
    json_bytes: usize::MAX,
    json_values: usize::MAX,
    json_keys: usize::MAX,
    json_depth: 256,
    ..Limits::DEFAULT
};

/// One value as JSON text that keeps the strict rules. Clones share the bytes.
///
/// Two are equal when their bytes are: `{"a":1}` and `{ "a": 1 }` are two texts of one value.
/// `{:?}` prints the length only, because payloads do not belong into logs.
///
/// ```
/// # use peer_contract_core::{json::Json, Limits};
/// let json = Json::read(br#"{"a":[1]}"#.as_slice(), &Limits::default())?;
/// assert_eq!(json.to_value()["a"][0], 1);
/// assert_eq!(format!("{json:?}"), "Json(9 bytes)");
/// assert!(Json::read(br#"{"a":1,"a":2}"#.as_slice(), &Limits::default()).is_err());
/// # Ok::<_, peer_contract_core::Problem>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Json(Bytes);

impl Json {
    /// Takes a text that keeps the strict rules; it is not copied.
    ///
    /// # Errors
    /// One of the `json_*` codes, at the pointer of the value where reading stopped.
    pub fn read(text: impl Into<Bytes>, limits: &Limits) -> Result<Self, Problem> {
        let text = text.into();
        parse(&text, limits)?;
        Ok(Self(text))
    }

    /// The text of a value.
    ///
    /// # Errors
    /// As [`Json::read`], for what a tree can hold and JSON cannot say exactly: an integer beyond
    /// ±(2^53-1), nesting or a number of values beyond the limits.
    pub fn of_value(value: &Value) -> Result<Self, Problem> {
        Self::read(written(value), &Limits::default())
    }

    /// The text of a value that [`parse`] gave, which has kept the rules already.
    pub(crate) fn of_strict(value: &Value) -> Self {
        Self(written(value).into())
    }

    /// `null`.
    pub fn null() -> Self {
        Self(Bytes::from_static(b"null"))
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The value as a tree. Costs several times the text in memory.
    pub fn to_value(&self) -> Value {
        parse(&self.0, &AGAIN).expect("a `Json` holds a text that was read before")
    }
}

fn written(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("a `Value` holds finite numbers and string keys only")
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ErrorCode;

    #[test]
    fn a_value_that_json_cannot_say_exactly_has_no_text() {
        let problem = Json::of_value(&json!({ "a": [1_u64 << 53] })).unwrap_err();
        assert_eq!((problem.code, problem.at.as_str()), (ErrorCode::JsonNumber, "/a/0"));
        let deep = (0..65).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(Json::of_value(&deep).unwrap_err().code, ErrorCode::JsonDepth);
    }

    #[test]
    fn a_text_read_within_wider_limits_still_becomes_a_tree() {
        let deep = format!("{}1{}", "[".repeat(256), "]".repeat(256));
        let limits = Limits { json_depth: 256, ..Limits::default() };
        let json = Json::read(deep.clone(), &limits).unwrap();
        assert_eq!(json.to_value().to_string(), deep);
    }

    #[test]
    fn clones_share_their_bytes() {
        let json = Json::of_value(&json!(["a"])).unwrap();
        assert_eq!(json.clone().as_bytes().as_ptr(), json.as_bytes().as_ptr());
    }
}
