//! Between JSON and the types of generated code.
//!
//! ```text
//! bytes ─check by the schema→ checked text ─Decode→ T ─Encode→ bytes ─check by the schema→ bytes
//! ```
//!
//! The schema decides what is right; types are made from the checked text in one forward pass, without a tree in between.
//! Generated types get both ways from [`record!`](crate::record), [`union!`](crate::union), [`words!`](crate::words) and
//! [`constant!`](crate::constant), which list what stands where; serde's traits go the same ways.

mod decode;
mod encode;
mod misfit;
mod reader;
mod serde;
mod tables;
mod tuples;
mod unescape;
mod writer;

use std::borrow::Cow;
use std::sync::Arc;

use peer_contract_core::json::{Draft, Json};
use peer_contract_core::schema::Schema;
use peer_contract_core::{ErrorCode, Limits, Pointer};

pub use self::serde::{deserialize, serialize};
pub use decode::{Decode, Rest};
pub use encode::{Encode, RestOf};
pub use misfit::Misfit;
pub use reader::Reader;
pub use tables::Fixed;
pub use tuples::{Items, OptionalPlaces, Places, Row};
pub use writer::{Members, Writer};

use super::{Embedded, Error};

/// Reads a value of the type whose schema stands at `pointer` of the contract.
///
/// # Errors
/// A `json_*` code, or the first problem of validation, at its place in the value.
pub fn from_json<T: Decode>(contract: &Embedded, pointer: &str, data: &[u8]) -> Result<T, Error> {
    check(contract, pointer, data)?;
    of_checked(data)
}

/// Holds a text to the schema at `pointer` of the contract.
///
/// # Errors
/// As [`from_json`].
pub fn check(contract: &Embedded, pointer: &str, data: &[u8]) -> Result<(), Error> {
    schema(contract, pointer)?.check(data, &Limits::default())?;
    Ok(())
}

/// Writes a value of the type whose schema stands at `pointer` of the contract, in canonical form.
///
/// # Errors
/// What the schema asks for beyond the type: ranges, patterns, lengths.
pub fn to_json<T: Encode>(contract: &Embedded, pointer: &str, value: &T) -> Result<Vec<u8>, Error> {
    let text = text_of(value)?;
    let canonical = match schema(contract, pointer)?.canonical(&text, &Limits::default())? {
        Cow::Borrowed(_) => None,
        Cow::Owned(sorted) => Some(sorted),
    };
    Ok(canonical.unwrap_or(text))
}

/// A value whose text was checked already, as a type.
///
/// # Errors
/// `type_mismatch` when the type does not take it: type and schema are of two versions.
pub fn from_checked<T: Decode>(text: &Json) -> Result<T, Error> {
    of_checked(text.as_bytes())
}

/// The data of a declared error, as a type; `null` where there is none.
///
/// # Errors
/// As [`from_checked`].
pub fn data<T: Decode>(data: Option<&Json>) -> Result<T, Error> {
    of_checked(data.map_or(b"null", Json::as_bytes))
}

/// A typed value as JSON text. Whoever sends it holds it to its schema.
///
/// # Errors
/// `output_invalid` for a number that is not finite.
pub(crate) fn draft_of<T: Encode + ?Sized>(value: &T) -> Result<Draft, Error> {
    text_of(value).map(Draft::from)
}

fn of_checked<T: Decode>(text: &[u8]) -> Result<T, Error> {
    let text = std::str::from_utf8(text).map_err(|_| Misfit::new("is not UTF-8"))?;
    Ok(Reader::new(text).whole()?)
}

fn text_of<T: Encode + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::default();
    value.encode(&mut writer);
    writer.finish()
}

fn schema(contract: &Embedded, pointer: &str) -> Result<Arc<Schema>, Error> {
    let pointer: Pointer = pointer.parse().map_err(|_| Error::new(ErrorCode::RefUnresolved, "no JSON Pointer"))?;
    Ok(contract.contract()?.schema(&pointer)?)
}

/// Whether a text fits the schema at `pointer`; tells the variants of a union without tag apart.
///
/// # Errors
/// Those of the embedded contract.
pub fn fits(contract: &Embedded, pointer: &str, text: &str) -> Result<bool, Misfit> {
    Ok(schema(contract, pointer)?.fits(text.as_bytes(), &Limits::default()))
}
