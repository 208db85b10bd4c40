//! Milliseconds since 1970 and RFC 3339 text.

use jiff::Timestamp;

/// `2026-11-21T01:02:03.004Z`. Times past the year 9999 become its last moment.
pub fn to_rfc3339(ms: u64) -> String {
    let time = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or(Timestamp::MAX);
    format!("{time:.3}")
}

/// Milliseconds since 1970 of an RFC 3339 text; `None` when it is not one, or lies before 1970.
pub fn from_rfc3339(text: &str) -> Option<u64> {
    let time: Timestamp = is_rfc3339(text).then(|| text.parse().ok())??;
    u64::try_from(time.as_millisecond()).ok()
}

/// The shape of RFC 3339. The parser behind reads more than that: weeks, names of zones, lone hours.
fn is_rfc3339(text: &str) -> bool {
    let Some((date_time, rest)) = text.split_at_checked(19) else { return false };
    let digits = rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let zone = match digits {
        0 => rest,
        digits => &rest[digits + 1..],
    };
    fits(date_time, "0000-00-00T00:00:00") && (zone == "Z" || fits(zone, "+00:00") || fits(zone, "-00:00"))
}

fn fits(text: &str, shape: &str) -> bool {
    let same = |(byte, wanted): (u8, u8)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_back_what_it_prints() {
        for ms in [0, 1, 999, 1_763_689_322_004, 253_402_000_000_000] {
            assert_eq!(from_rfc3339(&to_rfc3339(ms)), Some(ms));
        }
        assert_eq!(to_rfc3339(1_763_689_322_004), "2025-11-21T01:42:02.004Z");
    }

    #[test]
    fn an_offset_is_taken_off() {
        assert_eq!(from_rfc3339("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(from_rfc3339("1970-01-01T00:00:00.0019Z"), Some(1));
    }

    #[test]
    fn only_rfc_3339_is_a_time() {
        for text in
            ["", "1970-01-01", "1970-01-01T00Z", "1970-W01-4T00:00:00Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z"]
        {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
        for text in
            ["1970-01-01T00:00:00Z[UTC]", "1969-12-31T23:59:59Z", "1970-02-30T00:00:00Z", "ⴰ970-01-01T00:00:00Z"]
        {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn the_far_future_is_the_last_moment() {
        assert!(to_rfc3339(u64::MAX).starts_with("9999-12-3"));
    }
}
