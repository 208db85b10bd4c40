//! The tokens of strict JSON over bytes that are known to be UTF-8.

use super::sink::Text;
use super::special::next_special;
use crate::limits::MAX_SAFE_INTEGER;

/// The text is refused; a slower pass says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct No;

pub(super) type Token<T> = Result<T, No>;

/// A place in a text that moves forward, and whether all that lies behind it is in canonical form.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) canonical: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, canonical: true }
    }

    /// The byte that comes next; 0, which begins nothing in JSON, at the end.
    #[inline(always)]
    pub(super) fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    #[inline(always)]
    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    #[inline(always)]
    pub(super) fn expect(&mut self, byte: u8) -> Token<()> {
        if self.peek() != byte {
            return Err(No);
        }
        self.at += 1;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn space(&mut self) {
        if self.peek() <= b' ' {
            self.some_space();
        }
    }

    #[cold]
    #[inline(never)]
    fn some_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.canonical = false;
            self.at += 1;
        }
    }

    /// Steps over `literal` if it comes next.
    #[inline(always)]
    pub(super) fn eat(&mut self, literal: &[u8]) -> bool {
        let found = self.text.get(self.at..self.at + literal.len()).is_some_and(|next| same(next, literal));
        self.at += if found { literal.len() } else { 0 };
        found
    }

    #[inline(always)]
    pub(super) fn word(&mut self, word: &[u8]) -> Token<()> {
        if self.eat(word) { Ok(()) } else { Err(No) }
    }

    /// A string, from quote to quote.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Token<Text<'a>> {
        self.expect(b'"')?;
        let offset = self.at;
        let mut escaped = false;
        loop {
            self.at = next_special(self.text, self.at);
            match self.peek() {
                b'"' => {
                    let raw = &self.text[offset..self.at];
                    self.at += 1;
                    return Ok(Text { raw, escaped, offset });
                }
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(No),
            }
        }
    }

    fn escape(&mut self) -> Token<()> {
        self.at += 1;
        let escape = self.peek();
        self.at += 1;
        match escape {
            b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'/' => {
                self.canonical = false;
                Ok(())
            }
            b'u' => self.unicode(),
            _ => Err(No),
        }
    }

    fn unicode(&mut self) -> Token<()> {
        match self.unit()? {
            0xdc00..=0xdfff => Err(No),
            0xd800..=0xdbff => {
                self.canonical = false;
                self.word(b"\\u")?;
                if matches!(self.unit()?, 0xdc00..=0xdfff) { Ok(()) } else { Err(No) }
            }
            unit => {
                let short = matches!(unit, 0x08 | 0x09 | 0x0a | 0x0c | 0x0d);
                let lower = !self.text[self.at - 4..self.at].iter().any(u8::is_ascii_uppercase);
                self.canonical &= unit < 0x20 && !short && lower;
                Ok(())
            }
        }
    }

    fn unit(&mut self) -> Token<u32> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(No)?;
        let unit = digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?));
        self.at += 4;
        unit.ok_or(No)
    }

    /// A number by the grammar of JSON.
    #[inline(always)]
    pub(super) fn number(&mut self) -> Token<Number> {
        let start = self.at;
        let negative = self.peek() == b'-';
        self.at += usize::from(negative);
        let first = self.at;
        let mut digits = 0u64;
        while let digit @ b'0'..=b'9' = self.peek() {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let count = self.at - first;
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
            self.canonical = false;
            return Ok(Number::Double(-0.0));
        }
        let magnitude = digits as i64;
        Ok(Number::Integer(if negative { -magnitude } else { magnitude }))
    }

    /// From the point or the exponent on.
    #[inline(always)]
    fn decimal(&mut self, start: usize, first: usize, mut digits: u64) -> Token<Number> {
        let mut places = 0;
        if self.peek() == b'.' {
            self.at += 1;
            let point = self.at;
            while let digit @ b'0'..=b'9' = self.peek() {
                digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
                self.at += 1;
            }
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
        let magnitude = digits as f64 / POWERS[places];
        let negative = self.text[start] == b'-';
        // The shortest text of a double of up to 15 digits is those digits, unless there are zeros at the end,
        // or so many in front that ECMAScript writes an exponent (below 1e-6).
        self.canonical &= self.text[self.at - 1] != b'0' && magnitude >= 1e-6;
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
        if self.canonical {
            self.canonical = ryu_js::Buffer::new().format_finite(double).as_bytes() == text;
        }
        whole(double)
    }
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
    if double.fract() != 0.0 || magnitude >= 1e21 || (magnitude == 0.0 && double.is_sign_negative()) {
        return Ok(Number::Double(double));
    }
    // The literal is 2^53-1; no double lies between it and 2^53.
    if magnitude > 9_007_199_254_740_991.0 { Err(No) } else { Ok(Number::Integer(double as i64)) }
}

/// Whether two texts are the same; for the short ones of keys, quicker than a call.
#[inline(always)]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (blocks_a, rest_a) = a.as_chunks::<8>();
    let (blocks_b, rest_b) = b.as_chunks::<8>();
    if blocks_a.iter().zip(blocks_b).any(|(a, b)| u64::from_ne_bytes(*a) != u64::from_ne_bytes(*b)) {
        return false;
    }
    rest_a.iter().zip(rest_b).all(|(a, b)| a == b)
}

/// A string without its escapes. The text was checked before.
pub(super) fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(index) = rest.iter().position(|byte| *byte == b'\\') {
        plain.extend_from_slice(&rest[..index]);
        rest = one_escape(&rest[index + 1..], &mut plain);
    }
    plain.extend_from_slice(rest);
    plain
}

/// What follows a backslash; gives what comes after it.
fn one_escape<'a>(text: &'a [u8], plain: &mut Vec<u8>) -> &'a [u8] {
    let Some((escape, rest)) = text.split_first() else { return text };
    let byte = match escape {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return one_unicode(rest, plain),
        other => *other,
    };
    plain.push(byte);
    rest
}

fn one_unicode<'a>(text: &'a [u8], plain: &mut Vec<u8>) -> &'a [u8] {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4)?;
        digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    };
    let first: u32 = unit(0).unwrap_or_default();
    let (code, length) = match (first, unit(6)) {
        (0xd800..=0xdbff, Some(second)) => (0x10000 + ((first - 0xd800) << 10) + (second & 0x3ff), 10),
        _ => (first, 4),
    };
    let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    plain.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    text.get(length..).unwrap_or_default()
}
