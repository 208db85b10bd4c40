//! A tree as the host objects that are checked and written.

use peer_contract_core::plan::{Kind, Member, Number, Source};
use peer_contract_core::{ErrorCode, Pointer, Problem, Value};

use crate::random::Random;

/// Reads trees as a binding reads the objects of its language: members in any order, integers
/// sometimes as doubles, keys sometimes with their word.
#[derive(Debug)]
pub struct Objects<'w> {
    words: &'w [String],
    random: Random,
}

impl<'w> Objects<'w> {
    /// For a schema that spells out `words`.
    pub fn new(words: &'w [String], seed: u64) -> Self {
        Self { words, random: Random::new(seed) }
    }
}

/// The largest integer that every reader keeps exactly.
const MOST: u64 = (1 << 53) - 1;

impl<'t> Source<'t> for Objects<'_> {
    type Value = &'t Value;

    fn kind(&mut self, value: &'t Value) -> Result<Kind, Box<Problem>> {
        Ok(match value {
            Value::Null => Kind::Null,
            Value::Bool(value) => Kind::Boolean(*value),
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::Text,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        })
    }

    fn number(&mut self, value: &'t Value) -> Result<Number, Box<Problem>> {
        let beyond = || Box::new(Problem::new(ErrorCode::JsonNumber, Pointer::root(), "an integer beyond ±(2^53-1)"));
        let as_double = self.random.once_in(4);
        match (value.as_i64(), value.as_f64()) {
            (Some(integer), _) if integer.unsigned_abs() > MOST => Err(beyond()),
            (Some(integer), Some(double)) if as_double => Ok(Number::Double(if integer == 0 { 0.0 } else { double })),
            (Some(integer), _) => Ok(Number::Integer(integer)),
            (None, Some(double)) if !value.is_u64() => Ok(Number::Double(double)),
            _ => Err(beyond()),
        }
    }

    fn text(&mut self, value: &'t Value) -> Result<&'t str, Box<Problem>> {
        Ok(value.as_str().unwrap_or_default())
    }

    fn items(&mut self, value: &'t Value, into: &mut Vec<&'t Value>) -> Result<(), Box<Problem>> {
        into.extend(value.as_array().into_iter().flatten());
        Ok(())
    }

    fn members(&mut self, value: &'t Value, into: &mut Vec<Member<'t, &'t Value>>) -> Result<(), Box<Problem>> {
        let first = into.len();
        for (key, value) in value.as_object().into_iter().flatten() {
            let known = || self.words.iter().position(|word| word == key).and_then(|index| index.try_into().ok());
            let word = if self.random.once_in(2) { known() } else { None };
            into.push(Member { key, word, value });
        }
        if !self.random.once_in(3) {
            self.random.shuffle(&mut into[first..]);
        }
        Ok(())
    }
}
