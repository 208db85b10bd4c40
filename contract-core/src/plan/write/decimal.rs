//! Doubles that have few places behind the point, as most that people write.

/// A number of at most fifteen digits, with a point in it.
pub(super) struct Decimal {
    pub(super) negative: bool,
    pub(super) whole: u64,
    /// What stands behind the point, in `places` digits.
    pub(super) fraction: u64,
    pub(super) places: usize,
}

impl Decimal {
    /// So many places behind the point are looked for.
    pub(super) const MOST_PLACES: usize = 4;

    /// The number as ECMAScript writes it; nothing when it has more places, or none.
    ///
    /// A decimal of up to fifteen digits is the only one among those that is read as its double. So the first
    /// one that is found has the fewest digits of all that are read so. Digits below 2^53 and the power of ten
    /// are exact doubles, and their quotient is the double that the decimal is read as.
    pub(super) fn of(double: f64) -> Option<Self> {
        const DIGITS_15: f64 = 1e15;
        let magnitude = double.abs();
        for (index, power) in [10u64, 100, 1_000, 10_000].into_iter().enumerate() {
            let scaled = magnitude * power as f64;
            if scaled >= DIGITS_15 {
                return None;
            }
            // Off by less than a half where the number has so many places.
            let digits = (scaled + 0.5) as u64;
            if digits as f64 / power as f64 == magnitude {
                let (whole, fraction) = (digits / power, digits % power);
                let decimal = Self { negative: double < 0.0, whole, fraction, places: index + 1 };
                // Whole numbers are written without a point.
                return (fraction != 0).then_some(decimal);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::write::output::{Guess, Output};

    fn is_written_as_ecmascript_does(double: f64) {
        let mut output = Output::over(Vec::new(), &Guess::default());
        output.double(double);
        let expected = ryu_js::Buffer::new().format_finite(double).to_owned();
        assert_eq!(std::str::from_utf8(output.since(0)), Ok(&*expected), "{:x}", double.to_bits());
    }

    #[test]
    fn doubles_are_written_as_ecmascript_does() {
        let edges = [0.0, 1e21, 1e-7, 1e15, 999_999_999_999_999.9, 99_999_999_999_999.95, 1e14 + 0.5, 5e-324, f64::MAX];
        edges.iter().for_each(|edge| is_written_as_ecmascript_does(*edge));
        let mut state = 7u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Decimals of any number of digits and places, and their neighbours.
            let (digits, places) = ((state >> 11) >> (state % 53), (state >> 4) % 8);
            let decimal = digits as f64 / 10f64.powi(places as i32);
            for double in [decimal, -decimal, decimal.next_up(), decimal.next_down()] {
                is_written_as_ecmascript_does(double);
            }
            let any = f64::from_bits(state);
            if any.is_finite() {
                is_written_as_ecmascript_does(any);
            }
        }
    }
}
