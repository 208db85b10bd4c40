//! A JSON value as its text: how parts of a message travel.

use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use serde_json::Value;

use super::parse;
use crate::{Limits, Problem};

/// One value as JSON text that keeps the strict rules. Clones share the bytes.
///
/// It remembers which schema has checked it, if one has, so that what goes on unchanged is not checked again.
/// Only [`Schema::accept`](crate::schema::Schema::accept) can make it remember:
///
/// ```compile_fail
/// # use peer_contract_core::json::Json;
/// let forged = Json { text: b"{".as_slice().into(), by: None };
/// ```
///
/// ```compile_fail
/// # use peer_contract_core::json::Json;
/// let forged = Json::of_checked(b"{".as_slice().into());
/// ```
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
#[derive(Clone)]
pub struct Json {
    text: Bytes,
    by: Option<Proof>,
}

impl Json {
    /// Takes a text that keeps the strict rules; it is not copied.
    ///
    /// # Errors
    /// One of the `json_*` codes, at the pointer of the value where reading stopped.
    pub fn read(text: impl Into<Bytes>, limits: &Limits) -> Result<Self, Problem> {
        let text = text.into();
        super::check(&text, limits)?;
        Ok(Self::of_checked(text))
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
        Self::of_checked(written(value).into())
    }

    /// A text that a strict pass went through.
    pub(crate) fn of_checked(text: Bytes) -> Self {
        Self { text, by: None }
    }

    /// A text that a schema has checked, strict JSON included.
    pub(crate) fn proven(text: Bytes, by: Proof) -> Self {
        Self { text, by: Some(by) }
    }

    /// `null`.
    pub fn null() -> Self {
        Self::of_checked(Bytes::from_static(b"null"))
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The text, shared.
    pub(crate) fn to_bytes(&self) -> Bytes {
        self.text.clone()
    }

    /// The value as a tree. Costs several times the text in memory.
    pub fn to_value(&self) -> Value {
        parse(&self.text, &Limits::READ_BEFORE).expect("a `Json` holds a text that was read before")
    }

    /// The value at a range of the text. It shares the bytes.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        Self::of_checked(self.text.slice(range))
    }

    /// The inside of a string without escapes, at a range of the text.
    pub(crate) fn str(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(&self.text[range]).expect("strict JSON is UTF-8, and a range ends where a string ends")
    }

    /// Whether the two are one: the same bytes at the same place.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.as_bytes(), other.as_bytes())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.text.len())
    }
}

fn written(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("a `Value` holds finite numbers and string keys only")
}

/// Which schema, of all in this process, has checked a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proof(u64);

impl Proof {
    /// One that no other schema has.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// JSON text as a program gives it: a [`Json`], or bytes that nobody has read yet.
///
/// `{:?}` prints the length only.
#[derive(Clone)]
pub struct Draft {
    text: Bytes,
    by: Option<Proof>,
}

impl Draft {
    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// Whether it is this text: the same bytes at the same place.
    pub(crate) fn is(&self, json: &Json) -> bool {
        std::ptr::eq(self.as_bytes(), json.as_bytes())
    }

    /// The same as a [`Json`], if this schema has checked it before.
    pub(crate) fn proven(&self, by: Proof) -> Option<Json> {
        (self.by == Some(by)).then(|| Json::proven(self.text.clone(), by))
    }

    /// The text, to keep.
    pub fn into_bytes(self) -> Bytes {
        self.text
    }
}

impl From<Json> for Draft {
    fn from(Json { text, by }: Json) -> Self {
        Self { text, by }
    }
}

impl From<Bytes> for Draft {
    fn from(text: Bytes) -> Self {
        Self { text, by: None }
    }
}

impl From<Vec<u8>> for Draft {
    fn from(text: Vec<u8>) -> Self {
        Bytes::from(text).into()
    }
}

impl PartialEq for Draft {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Draft {}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} bytes)", self.text.len())
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
        assert!(json.clone().is(&json));
        assert!(!Json::of_value(&json!(["a"])).unwrap().is(&json));
    }

    #[test]
    fn no_payload_is_printed() {
        let json = Json::of_value(&json!("secret")).unwrap();
        assert!(!format!("{json:?} {:?}", Draft::from(json.clone())).contains("secret"));
    }
}
