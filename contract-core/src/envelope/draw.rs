//! What a handler draws: ids and numbers that are new, and the same each time its message is delivered.

use sha2::{Digest, Sha256};
use uuid::Builder;

/// Bits of a double that hold digits.
const DIGITS: u32 = 53;

/// A UUIDv8: the draw of this number, from 0, under the key of a message.
pub fn uuid(key: &str, number: u64) -> String {
    let (mut bytes, drawn) = ([0; 16], drawn(key, number));
    bytes.copy_from_slice(&drawn[..16]);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// 64 bits: the draw of this number. Not for secrets.
pub fn bits(key: &str, number: u64) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = drawn(key, number);
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The first 53 of these bits as a number from 0 to below 1, for languages whose numbers are doubles.
pub fn fraction(key: &str, number: u64) -> f64 {
    (bits(key, number) >> (u64::BITS - DIGITS)) as f64 / (1_u64 << DIGITS) as f64
}

fn drawn(key: &str, number: u64) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(b"peer-draw\x001\x00");
    sha.update(key);
    sha.update(number.to_be_bytes());
    sha.finalize().into()
}
