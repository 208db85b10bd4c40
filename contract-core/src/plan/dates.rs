//! Date-times as everybody writes them, told by a few operations on sixteen bytes.

/// Where a date-time has digits, in its first sixteen bytes: `2026-11-21T04:05`.
const DIGITS: u128 = of_places(*b"\xff\xff\xff\xff\0\xff\xff\0\xff\xff\0\xff\xff\0\xff\xff");
const MARKS: u128 = of_places(*b"\0\0\0\0-\0\0-\0\0T\0\0:\0\0");
const ZEROS: u128 = of_places([b'0'; 16]);
const HIGH: u128 = of_places([0xf0; 16]);
const SIX: u128 = of_places([6; 16]);

const fn of_places(bytes: [u8; 16]) -> u128 {
    u128::from_le_bytes(bytes)
}

/// `2026-11-21T04:05:06.789Z` and its like: RFC 3339 without leap seconds, in UTC or with an offset.
///
/// What is refused here may still be a date-time: days after the 28th need a calendar.
#[inline]
pub(super) fn is_common(text: &[u8]) -> bool {
    let Some((head, tail)) = text.split_at_checked(16) else { return false };
    let word = u128::from_le_bytes(head.try_into().expect("the head has sixteen bytes"));
    // Digits become 0 to 9; with 6 added, only those stay below 16.
    let digits = (word ^ ZEROS) & DIGITS;
    if word & !DIGITS != MARKS || (digits | (digits + (SIX & DIGITS))) & HIGH != 0 {
        return false;
    }
    let two = |at: usize| (head[at] - b'0') * 10 + (head[at + 1] - b'0');
    let (month, day) = (two(5), two(8));
    month.wrapping_sub(1) < 12 && day.wrapping_sub(1) < 28 && two(11) < 24 && two(14) < 60 && is_end(tail)
}

/// Seconds, a fraction if any, and `Z` or an offset.
#[inline]
fn is_end(tail: &[u8]) -> bool {
    let [b':', b'0'..=b'5', b'0'..=b'9', rest @ ..] = tail else { return false };
    let zone = match rest {
        [b'.', rest @ ..] => match rest.iter().position(|byte| !byte.is_ascii_digit()) {
            Some(end @ 1..) => &rest[end..],
            _ => return false,
        },
        _ => rest,
    };
    match zone {
        b"Z" => true,
        [b'+' | b'-', h @ b'0'..=b'2', hour @ b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9'] => *h < b'2' || *hour < b'4',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_common;

    #[test]
    fn common_date_times_are_told() {
        for text in ["2026-11-21T04:05:06Z", "0000-01-28T23:59:59.1+23:59", "9999-12-01T00:00:00.123456789-00:00"] {
            assert!(is_common(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn whatever_is_told_passes_the_engine_too() {
        let engine = jsonschema::options()
            .should_validate_formats(true)
            .build(&serde_json::json!({ "format": "date-time" }))
            .unwrap();
        let good = b"2026-11-21T04:05:06.78+01:30";
        for at in 0..good.len() {
            for byte in 0..128 {
                for (also, other) in [(at, byte), (5, b'0'), (8, b'3'), (11, b'2'), (23, b'2')] {
                    let mut text = good.to_vec();
                    text[also] = other;
                    text[at] = byte;
                    let string = String::from_utf8(text.clone()).unwrap();
                    assert!(!is_common(&text) || engine.is_valid(&string.as_str().into()), "{string}");
                }
            }
        }
    }
}
