//! Our own format: an integer of 64 bits as a string of digits.

/// `int64`, in the one form that has no leading zeros.
pub(super) fn is_int64(text: &[u8]) -> bool {
    let in_range = || std::str::from_utf8(text).is_ok_and(|text| text.parse::<i64>().is_ok());
    match text {
        b"0" => true,
        [b'1'..=b'9', ..] | [b'-', b'1'..=b'9', ..] => in_range(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_int64;

    #[test]
    fn int64_ends_at_its_bounds() {
        for text in ["0", "-1", "9223372036854775807", "-9223372036854775808"] {
            assert!(is_int64(text.as_bytes()), "{text}");
        }
        for text in ["", "-", "+1", "01", "-0", "1.0", " 1", "--1", "9223372036854775808", "-9223372036854775809"] {
            assert!(!is_int64(text.as_bytes()), "{text}");
        }
    }
}
