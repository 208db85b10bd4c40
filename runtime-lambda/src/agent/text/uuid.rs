//! UUIDs.

use super::{Uuid, unfit};
use crate::agent::Error;

impl Uuid {
    /// The 128 bits, which is what `uuid::Uuid::from_u128` takes.
    ///
    /// # Errors
    /// `format_mismatch` when the text is no UUID.
    pub fn parsed(&self) -> Result<u128, Error> {
        bits(self.0.as_bytes()).ok_or_else(|| unfit("uuid"))
    }
}

fn bits(text: &[u8]) -> Option<u128> {
    let mut bits = 0;
    for (index, byte) in <&[u8; 36]>::try_from(text).ok()?.iter().enumerate() {
        match (index, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            (_, byte) => bits = bits << 4 | u128::from(char::from(*byte).to_digit(16)?),
        }
    }
    Some(bits)
}
