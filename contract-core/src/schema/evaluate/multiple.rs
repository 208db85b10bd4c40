//! What a number is a multiple of.

use crate::limits::MAX_SAFE_INTEGER;

/// What `multipleOf` asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Divisor {
    /// Divides doubles as they are.
    Whole(f64),
    /// Divides the decimals that doubles print as: `0.3` is a multiple of `0.1`, which it would not be in binary.
    Decimal(Decimal),
}

impl Divisor {
    pub(crate) fn new(divisor: f64) -> Self {
        if divisor.fract() == 0.0 { Self::Whole(divisor) } else { Self::Decimal(Decimal::of(divisor)) }
    }

    /// Whether it divides a finite number.
    pub(crate) fn divides(self, number: f64) -> bool {
        match self {
            Self::Whole(divisor) => number % divisor == 0.0,
            Self::Decimal(divisor) => divisor.divides(Decimal::of(number)),
        }
    }
}

/// `mantissa × 10^exponent`, without its sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decimal {
    /// Seventeen digits at most: those of the shortest text of a double.
    mantissa: u64,
    exponent: i32,
}

impl Decimal {
    /// The decimal that a finite double prints as.
    fn of(double: f64) -> Self {
        // A safe integer has sixteen digits at most.
        if double.fract() == 0.0 && double.abs() <= MAX_SAFE_INTEGER as f64 {
            return Self { mantissa: double.abs() as u64, exponent: 0 };
        }
        let mut buffer = ryu_js::Buffer::new();
        let text = buffer.format_finite(double.abs());
        let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let places = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        // A whole number below 10^21 prints with zeros for what the double does not hold.
        let kept = if places == 0 { digits.trim_end_matches('0') } else { digits };
        let zeros = digits.len() - kept.len();
        let mantissa = kept.bytes().filter(u8::is_ascii_digit).fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let shift = i32::try_from(zeros).unwrap_or_default() - i32::try_from(places).unwrap_or_default();
        Self { mantissa, exponent: exponent + shift }
    }

    /// Whether the number is this one some whole number of times over. Zero divides nothing.
    fn divides(self, number: Self) -> bool {
        if self.mantissa == 0 || number.mantissa == 0 {
            return number.mantissa == 0 && self.mantissa != 0;
        }
        let (divisor, mantissa) = (u128::from(self.mantissa), u128::from(number.mantissa));
        match u32::try_from(number.exponent - self.exponent) {
            Ok(more) => (mantissa % divisor * power(more, divisor)).is_multiple_of(divisor),
            Err(_) => {
                let scale = 10_u128.checked_pow((self.exponent - number.exponent).unsigned_abs());
                let scaled = scale.and_then(|scale| scale.checked_mul(divisor));
                // A divisor beyond 128 bits is larger than the number.
                scaled.is_some_and(|scaled| mantissa % scaled == 0)
            }
        }
    }
}

/// `10^exponent` modulo a number of 64 bits.
fn power(exponent: u32, modulus: u128) -> u128 {
    let (mut result, mut base, mut rest) = (1 % modulus, 10 % modulus, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        rest >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{Decimal, Divisor};

    fn divides(divisor: f64, number: f64) -> bool {
        Divisor::new(divisor).divides(number)
    }

    #[test]
    fn a_double_is_the_decimal_that_it_prints_as() {
        for (double, mantissa, exponent) in [
            (0.0, 0, 0),
            (-12.5, 125, -1),
            (9_007_199_254_740_992.0, 9_007_199_254_740_992, 0),
            (1.5e20, 15, 19),
            (1e21, 1, 21),
            (1.25e-7, 125, -9),
            (5e-324, 5, -324),
        ] {
            assert_eq!(Decimal::of(double), Decimal { mantissa, exponent }, "{double}");
        }
    }

    #[test]
    fn decimals_divide_as_they_are_written() {
        for (divisor, number) in [
            (0.1, 0.3),
            (0.01, 19.99),
            (0.5, 1e300),
            (2.5, -7.5),
            (2.5, 1e38),
            (0.0001, 0.0075),
            (1e-8, 12_391_239_123.0),
            (0.1, 0.0),
            (5e-324, 1.0),
            (1070468.14, 1070468.14),
            (0.75, 9_007_199_254_740_990.0),
        ] {
            assert!(divides(divisor, number), "{divisor} divides {number}");
        }
        for (divisor, number) in
            [(0.1, 0.35), (0.01, 0.0075), (2.5, 7.0), (0.3, 1.0), (1e-7, 1e-8), (1.5, 1e-300), (0.3, 1e300), (0.0, 1.0)]
        {
            assert!(!divides(divisor, number), "{divisor} does not divide {number}");
        }
    }
}
