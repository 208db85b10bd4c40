//! Punycode (RFC 3492) of one label.
//!
//! A label has 63 octets at most, so inserting into an array is as good as anything.

use super::label::Points;
use super::traits::Point;

const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;
const FIRST_BIAS: u32 = 72;
/// The first code point that is encoded.
const FIRST: u32 = 128;

/// Reads what stands behind `xn--`. Capitals count as small letters.
pub(super) fn decode(code: &[u8], into: &mut Points) -> Option<()> {
    let (plain, mut rest) = match code.iter().rposition(|byte| *byte == b'-') {
        Some(at @ 1..) => (&code[..at], &code[at + 1..]),
        _ => (&code[..0], code),
    };
    plain.iter().try_for_each(|byte| into.push(byte.to_ascii_lowercase().into()))?;
    let (mut char, mut place, mut bias, mut is_first) = (FIRST, 0_u32, FIRST_BIAS, true);
    while !rest.is_empty() {
        let (delta, after) = number(rest, bias)?;
        let count = u32::try_from(into.all().len()).ok()? + 1;
        bias = adapt(delta, count, std::mem::take(&mut is_first));
        place = place.checked_add(delta)?;
        char = char.checked_add(place / count)?;
        place %= count;
        into.insert(place as usize, char::from_u32(char)?)?;
        place += 1;
        rest = after;
    }
    Some(())
}

/// A number of variable length, and what follows.
fn number(digits: &[u8], bias: u32) -> Option<(u32, &[u8])> {
    let (mut number, mut weight) = (0_u32, 1_u32);
    for (at, byte) in digits.iter().enumerate() {
        let digit = digit(*byte)?;
        number = number.checked_add(digit.checked_mul(weight)?)?;
        let threshold = threshold(u32::try_from(at).ok()?, bias);
        if digit < threshold {
            return Some((number, &digits[at + 1..]));
        }
        weight = weight.checked_mul(BASE - threshold)?;
    }
    None
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        _ => None,
    }
}

/// From which digit on a number goes on behind its digit at this place.
fn threshold(place: u32, bias: u32) -> u32 {
    (BASE * (place + 1)).saturating_sub(bias).clamp(LEAST, MOST)
}

fn adapt(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut bias = 0;
    while delta > (BASE - LEAST) * MOST / 2 {
        delta /= BASE - LEAST;
        bias += BASE;
    }
    bias + (BASE - LEAST + 1) * delta / (delta + 38)
}

/// How many octets the code of a label has, without `xn--`.
pub(super) fn length(points: &[Point]) -> usize {
    let plain = points.iter().filter(|point| point.char.is_ascii()).count();
    let mut length = if plain > 0 { plain + 1 } else { 0 };
    let (mut char, mut delta, mut bias, mut done) = (FIRST, 0_u32, FIRST_BIAS, plain);
    while done < points.len() {
        let codes = || points.iter().map(|point| u32::from(point.char));
        let next = codes().filter(|code| *code >= char).min().unwrap_or(u32::MAX);
        delta = delta.saturating_add((next - char).saturating_mul(done as u32 + 1));
        char = next;
        for code in codes() {
            if code < char {
                delta += 1;
            } else if code == char {
                length += digits(delta, bias);
                bias = adapt(delta, done as u32 + 1, done == plain);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        char += 1;
    }
    length
}

/// How many digits a number has.
fn digits(mut number: u32, bias: u32) -> usize {
    let mut count = 0;
    loop {
        let threshold = threshold(count, bias);
        count += 1;
        if number < threshold {
            return count as usize;
        }
        number = (number - threshold) / (BASE - threshold);
    }
}
