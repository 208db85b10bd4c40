//! serde's traits for generated types, through the same text as everything else.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;

use super::{Decode, Encode, Reader, text_of};

/// `Serialize::serialize` of a generated type.
///
/// # Errors
/// What has no JSON form, and those of the serializer.
pub fn serialize<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let text = text_of(value).map_err(ser::Error::custom)?;
    let value: Value = serde_json::from_slice(&text).map_err(ser::Error::custom)?;
    value.serialize(serializer)
}

/// `Deserialize::deserialize` of a generated type. The schema is not asked; `from_json` of the type does that.
///
/// # Errors
/// When the type does not take the value, and those of the deserializer.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = Value::deserialize(deserializer)?.to_string();
    Reader::new(&text).whole().map_err(de::Error::custom)
}
