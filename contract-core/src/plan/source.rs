//! Objects of a host language, as a pass that checks and writes them sees them.

use super::Word;
use crate::Problem;

/// What a host value is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A number of a host value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// An integer within ±(2^53-1).
    Integer(i64),
    /// Finite; a whole number, perhaps.
    Double(f64),
}

/// A member of a host object.
#[derive(Debug, Clone, Copy)]
pub struct Member<'t, V> {
    /// Its key.
    pub key: &'t str,
    /// The schema's word for the key, where the source knows it.
    pub word: Option<Word>,
    /// Its value.
    pub value: V,
}

/// Reads host values for [`crate::schema::Schema::write`], which checks them and writes canonical JSON
/// in the same walk.
///
/// What has no JSON form is refused with a problem at the root of that value; the walk puts the place in front.
pub trait Source<'t> {
    /// A host value; copying it is cheap (a borrowed pointer).
    type Value: Copy;

    /// What the value is in JSON.
    ///
    /// # Errors
    /// `type_mismatch` for what has no JSON form.
    fn kind(&mut self, value: Self::Value) -> Result<Kind, Box<Problem>>;

    /// A value of kind `Number`.
    ///
    /// # Errors
    /// `json_number` when it is not finite, or an integer beyond ±(2^53-1).
    fn number(&mut self, value: Self::Value) -> Result<Number, Box<Problem>>;

    /// A value of kind `Text`.
    ///
    /// # Errors
    /// `json_surrogate`.
    fn text(&mut self, value: Self::Value) -> Result<&'t str, Box<Problem>>;

    /// Appends the items of a value of kind `Array`.
    ///
    /// # Errors
    /// What reading them raises.
    fn items(&mut self, value: Self::Value, into: &mut Vec<Self::Value>) -> Result<(), Box<Problem>>;

    /// Appends the members of a value of kind `Object` that are present, in any order; no key twice.
    ///
    /// # Errors
    /// `type_mismatch` for a key that is no string; what reading them raises.
    fn members(&mut self, value: Self::Value, into: &mut Vec<Member<'t, Self::Value>>) -> Result<(), Box<Problem>>;
}
