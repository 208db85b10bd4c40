//! `date`, `time` and `date-time`: RFC 3339.

use crate::calendar::month_lengths;

/// A day of the Gregorian calendar, also before there was one.
pub(super) fn is_date(text: &[u8]) -> bool {
    let Ok([y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1]) = <&[u8; 10]>::try_from(text) else { return false };
    let (Some(century), Some(year)) = (two(*y0, *y1), two(*y2, *y3)) else { return false };
    let (Some(month), Some(day)) = (two(*m0, *m1), two(*d0, *d1)) else { return false };
    let lengths = month_lengths(u64::from(century) * 100 + u64::from(year));
    let length = lengths.get(usize::from(month).wrapping_sub(1));
    length.is_some_and(|length| (1..=*length).contains(&u64::from(day)))
}

/// A date, `T`, and a time with its offset.
#[inline]
pub(super) fn is_date_time(text: &[u8]) -> bool {
    is_common(text) || is_any_date_time(text)
}

fn is_any_date_time(text: &[u8]) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let [b'T' | b't', time @ ..] = rest else { return false };
    is_date(date) && is_time(time)
}

/// Date-times as everybody writes them, told by a few operations on twice eight bytes.
///
/// What is refused here may still be a date-time: the ends of some months need a calendar, leap seconds a clock.
#[inline]
fn is_common(text: &[u8]) -> bool {
    let Some((head, tail)) = text.split_at_checked(16) else { return false };
    let Some(date) = digits(&head[..8], b"0000-00-") else { return false };
    let Some(time) = digits(&head[8..], b"00T00:00") else { return false };
    let month = pairs(date).to_le_bytes()[5];
    let [day, _, _, hour, _, _, minute, _] = pairs(time).to_le_bytes();
    let days = if month == 2 { 28 } else { 30 };
    month.wrapping_sub(1) < 12 && day.wrapping_sub(1) < days && hour < 24 && minute < 60 && is_end(tail)
}

/// The digits of eight bytes by their value, where the shape has zeros, if its other bytes are there too.
#[inline]
fn digits(text: &[u8], shape: &[u8; 8]) -> Option<u64> {
    // Six above nine has a bit of the upper four; what a byte above that carries over changes nothing, for it has one.
    const SIX: u64 = u64::from_le_bytes([6; 8]);
    const UPPER: u64 = u64::from_le_bytes([0xf0; 8]);
    let values = u64::from_le_bytes(text.try_into().ok()?) ^ u64::from_le_bytes(*shape);
    let marks = u64::from_le_bytes(shape.map(|byte| if byte == b'0' { 0 } else { 0xff }));
    ((values | values.wrapping_add(SIX)) & UPPER == 0 && values & marks == 0).then_some(values)
}

/// For each digit the number that it and the next one are.
#[inline]
fn pairs(digits: u64) -> u64 {
    digits * 10 + (digits >> 8)
}

/// Seconds, a fraction if any, and `Z` or an offset.
#[inline]
fn is_end(tail: &[u8]) -> bool {
    let [b':', b'0'..=b'5', b'0'..=b'9', rest @ ..] = tail else { return false };
    rest == b"Z" || after_fraction(rest).and_then(offset).is_some()
}

/// A time of day with its offset.
pub(super) fn is_time(text: &[u8]) -> bool {
    let [h0, h1, b':', m0, m1, b':', s0, s1, rest @ ..] = text else { return false };
    let (Some(hour), Some(minute), Some(second)) = (two(*h0, *h1), two(*m0, *m1), two(*s0, *s1)) else { return false };
    let Some(offset) = after_fraction(rest).and_then(offset) else { return false };
    let minutes = i32::from(hour) * 60 + i32::from(minute);
    // A leap second ends a day of UTC.
    let is_second = second < 60 || second == 60 && (minutes - offset).rem_euclid(DAY) == DAY - 1;
    hour < 24 && minute < 60 && is_second
}

/// Minutes of a day.
const DAY: i32 = 24 * 60;

fn after_fraction(text: &[u8]) -> Option<&[u8]> {
    let [b'.', digits @ ..] = text else { return Some(text) };
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    (end > 0).then(|| &digits[end..])
}

/// Minutes before UTC.
fn offset(text: &[u8]) -> Option<i32> {
    let [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] = text else {
        return matches!(text, b"Z" | b"z").then_some(0);
    };
    let (hour, minute) = (two(*h0, *h1)?, two(*m0, *m1)?);
    let minutes = i32::from(hour) * 60 + i32::from(minute);
    (hour < 24 && minute < 60).then_some(if *sign == b'+' { minutes } else { -minutes })
}

/// The number that two digits are.
fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::{is_any_date_time, is_common, is_date, is_date_time, is_time};

    #[test]
    fn common_date_times_are_told() {
        for text in ["2026-11-21T04:05:06Z", "0000-01-28T23:59:59.1+23:59", "9999-12-01T00:00:00.123456789-00:00"] {
            assert!(is_common(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn whatever_is_common_is_a_date_time_by_the_calendar() {
        let good = b"2026-11-21T04:05:06.78+01:30";
        for at in 0..good.len() {
            for byte in 0..128 {
                for (also, other) in [(at, byte), (5, b'0'), (8, b'3'), (11, b'2'), (23, b'2')] {
                    let mut text = good.to_vec();
                    text[also] = other;
                    text[at] = byte;
                    let text = String::from_utf8(text).unwrap();
                    assert!(!is_common(text.as_bytes()) || is_any_date_time(text.as_bytes()), "{text}");
                }
            }
        }
    }

    #[test]
    fn months_have_their_days() {
        for text in ["2020-02-29", "2000-02-29", "0000-02-29", "2021-04-30", "2021-12-31"] {
            assert!(is_date(text.as_bytes()), "{text}");
        }
        for text in
            ["1900-02-29", "2021-02-29", "2021-04-31", "2021-00-01", "2021-13-01", "2021-01-00", "2021-1-01", "202१-01"]
        {
            assert!(!is_date(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_leap_second_ends_a_day_of_utc() {
        for text in ["23:59:60Z", "01:29:60+01:30", "00:29:60-23:30", "15:59:60.5-08:00"] {
            assert!(is_time(text.as_bytes()), "{text}");
        }
        for text in ["22:59:60Z", "23:59:60+00:30", "23:59:61Z", "23:58:60z"] {
            assert!(!is_time(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_time_has_an_offset() {
        for text in [
            "2026-11-21T04:05:06",
            "2026-11-21T04:05:06.Z",
            "2026-11-21 04:05:06Z",
            "2026-11-21T04:05:06+24:00",
            "2026-11-21T04:0é:06Z",
        ] {
            assert!(!is_date_time(text.as_bytes()), "{text}");
        }
        for text in ["2026-11-21t04:05:06z", "2026-11-30T04:05:06.7-01:00", "1998-12-31T23:59:60Z"] {
            assert!(is_date_time(text.as_bytes()), "{text}");
        }
    }
}
