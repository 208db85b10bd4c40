//! What can be read from checked text: the types that generated code is made of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::reader::whole;
use super::{Misfit, Reader};

/// A type that is made from checked JSON text in one forward pass.
pub trait Decode: Sized {
    /// Reads the value that is next.
    ///
    /// # Errors
    /// When the type does not take it.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit>;
}

/// Where properties go that a type does not list.
pub trait Rest {
    /// Keeps the value that is next.
    ///
    /// # Errors
    /// When its type does not take it.
    fn take(&mut self, key: Cow<'_, str>, reader: &mut Reader<'_>) -> Result<(), Misfit>;
}

impl Rest for Map<String, Value> {
    fn take(&mut self, key: Cow<'_, str>, reader: &mut Reader<'_>) -> Result<(), Misfit> {
        self.insert(key.into_owned(), Value::decode(reader)?);
        Ok(())
    }
}

impl<T: Decode> Rest for BTreeMap<String, T> {
    fn take(&mut self, key: Cow<'_, str>, reader: &mut Reader<'_>) -> Result<(), Misfit> {
        self.insert(key.into_owned(), T::decode(reader)?);
        Ok(())
    }
}

impl Decode for String {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        reader.string().map(Cow::into_owned)
    }
}

impl Decode for i64 {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        reader.integer()
    }
}

impl Decode for f64 {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        reader.double()
    }
}

impl Decode for bool {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        reader.boolean()
    }
}

impl Decode for () {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        if reader.null() { Ok(()) } else { Err(Misfit::new("is not `null`")) }
    }
}

impl<T: Decode> Decode for Option<T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        if reader.null() { Ok(None) } else { T::decode(reader).map(Some) }
    }
}

impl<T: Decode> Decode for Box<T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        T::decode(reader).map(Box::new)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        reader.array()?;
        let mut items = Self::new();
        while reader.item() {
            items.push(T::decode(reader)?);
        }
        Ok(items)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        members(reader)
    }
}

impl Decode for Map<String, Value> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        members(reader)
    }
}

fn members<M: Rest + Default>(reader: &mut Reader<'_>) -> Result<M, Misfit> {
    reader.object()?;
    let mut members = M::default();
    while let Some(key) = reader.key()? {
        members.take(key, reader)?;
    }
    Ok(members)
}

impl Decode for Value {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        Ok(match reader.peek() {
            b'{' => Self::Object(Decode::decode(reader)?),
            b'[' => Self::Array(Decode::decode(reader)?),
            b'"' => Self::String(Decode::decode(reader)?),
            b't' | b'f' => Self::Bool(reader.boolean()?),
            b'n' => <()>::decode(reader).map(|()| Self::Null)?,
            _ => match reader.plain() {
                Some(integer) => Self::Number(whole_number(integer)),
                None => Self::Number(number(reader.double()?)?),
            },
        })
    }
}

/// As the core keeps numbers: integers as integers, and a zero with its sign.
fn number(double: f64) -> Result<Number, Misfit> {
    let negative_zero = double == 0.0 && double.is_sign_negative();
    match whole(double).filter(|_| !negative_zero) {
        Some(integer) => Ok(whole_number(integer)),
        None => Number::from_f64(double).ok_or_else(|| Misfit::new("has a number that is not finite")),
    }
}

/// In the form that the core gives them, so that two trees of one value are equal.
fn whole_number(integer: i64) -> Number {
    u64::try_from(integer).map_or_else(|_| integer.into(), Number::from)
}
