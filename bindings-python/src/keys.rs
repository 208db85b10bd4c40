//! Keys that no schema spells out, remembered for the length of one message.

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::raw;

/// How many keys are remembered. Each has one place, and drives out the one before.
const PLACES: usize = 256;
/// Longer keys are seldom names of fields, and are made anew.
const LONGEST: usize = 64;

/// `str` objects of keys that came before.
#[derive(Default)]
pub(crate) struct Keys<'py>(Vec<Option<Bound<'py, PyString>>>);

impl<'py> Keys<'py> {
    /// A key as a `str`, or nothing and an exception.
    pub(crate) fn get(&mut self, py: Python<'py>, key: &[u8]) -> Option<Bound<'py, PyAny>> {
        if key.len() > LONGEST {
            return raw::any_text(py, key);
        }
        if self.0.is_empty() {
            self.0.resize(PLACES, None);
        }
        let place = &mut self.0[place_of(key)];
        if let Some(known) = place
            && known.to_str().is_ok_and(|text| text.as_bytes() == key)
        {
            return Some(known.clone().into_any());
        }
        let made = raw::any_text(py, key)?;
        *place = made.clone().cast_into().ok();
        Some(made)
    }
}

/// A number below [`PLACES`] that differs for most keys of one message. Nothing depends on how well it does.
fn place_of(key: &[u8]) -> usize {
    let mixed = key.iter().fold(key.len() as u32, |mixed, byte| mixed.rotate_left(5) ^ u32::from(*byte));
    (mixed.wrapping_mul(0x9E37_79B1) >> 24) as usize
}
