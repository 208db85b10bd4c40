//! Numbers of strict JSON.

use super::token::{No, Token, Tokens};
use crate::limits::MAX_SAFE_INTEGER;

impl Tokens<'_> {
    /// A number by the grammar of JSON.
    #[inline(always)]
    pub(super) fn number(&mut self) -> Token<Number> {
        let start = self.at;
        let negative = self.peek() == b'-';
        let first = start + usize::from(negative);
        let (end, digits) = digits(self.text, first, 0);
        self.at = end;
        let count = end - first;
        if count == 0 || (count > 1 && self.text[first] == b'0') {
            return Err(No);
        }
        if matches!(self.peek(), b'.' | b'e' | b'E') {
            return self.decimal(start, first, digits);
        }
        // 19 digits fit 64 bits; a safe integer has 16 at most.
        if count > 16 || digits > MAX_SAFE_INTEGER {
            return Err(No);
        }
        if negative && digits == 0 {
            self.odd += 1;
            return Ok(Number::Double(-0.0));
        }
        let magnitude = digits as i64;
        Ok(Number::Integer(if negative { -magnitude } else { magnitude }))
    }

    /// From the point or the exponent on.
    #[inline(always)]
    fn decimal(&mut self, start: usize, first: usize, mut magnitude: u64) -> Token<Number> {
        let mut places = 0;
        if self.peek() == b'.' {
            let point = self.at + 1;
            (self.at, magnitude) = digits(self.text, point, magnitude);
            places = self.at - point;
            if places == 0 {
                return Err(No);
            }
        }
        let exponent = matches!(self.peek(), b'e' | b'E');
        let count = self.at - first;
        // Up to 15 digits and 22 places, digits and power of ten are exact doubles, and so their quotient
        // is the nearest double. (15 digits and a point: 16 bytes.)
        if exponent || count > 16 || places > 22 {
            return self.slow_decimal(start);
        }
        let magnitude = magnitude as f64 / POWERS[places];
        let negative = self.text[start] == b'-';
        // The shortest text of a double of up to 15 digits is those digits, unless there are zeros at the end,
        // or so many in front that ECMAScript writes an exponent (below 1e-6).
        self.odd += u32::from(self.text[self.at - 1] == b'0' || magnitude < 1e-6);
        whole(if negative { -magnitude } else { magnitude })
    }

    #[cold]
    #[inline(never)]
    fn slow_decimal(&mut self, start: usize) -> Token<Number> {
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), b'+' | b'-'));
            let digits = self.at;
            while self.peek().is_ascii_digit() {
                self.at += 1;
            }
            if self.at == digits {
                return Err(No);
            }
        }
        let text = &self.text[start..self.at];
        let double: f64 = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or(No)?;
        if !double.is_finite() {
            return Err(No);
        }
        self.odd += u32::from(ryu_js::Buffer::new().format_finite(double).as_bytes() != text);
        whole(double)
    }
}

/// The digits from `at` on, behind those of `value`: where they end, and the number that all of them make. Of more than 19
/// digits the number means nothing.
#[inline(always)]
fn digits(text: &[u8], mut at: usize, mut value: u64) -> (usize, u64) {
    while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    (at, value)
}

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// A number of the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// Whole, within ±(2^53-1), however it is written.
    Integer(i64),
    /// Any other; finite.
    Double(f64),
}

impl Number {
    #[inline(always)]
    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Double(double) => double,
        }
    }
}

/// `1.0` is the integer 1. A whole number beyond ±(2^53-1) that RFC 8785 prints without an exponent is refused:
/// another reader would round it.
#[inline(always)]
pub(super) fn whole(double: f64) -> Token<Number> {
    let magnitude = double.abs();
    // The literal is 2^53-1; no double lies between it and 2^53, and none beyond has a fraction.
    if magnitude > 9_007_199_254_740_991.0 {
        return if magnitude >= 1e21 { Ok(Number::Double(double)) } else { Err(No) };
    }
    let integer = double as i64;
    let exact = integer as f64 == double && (integer != 0 || double.is_sign_positive());
    Ok(if exact { Number::Integer(integer) } else { Number::Double(double) })
}
