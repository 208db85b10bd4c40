//! `uuid`: RFC 9562, any version and variant, digits of either case.

/// Eight, four, four, four and twelve hex digits with dashes between them.
pub(super) fn is_uuid(text: &[u8]) -> bool {
    let Ok(text) = <&[u8; 36]>::try_from(text) else { return false };
    let dashes = [text[8], text[13], text[18], text[23]] == [b'-'; 4];
    // Side by side, so that the digits are looked at many at once.
    let mut digits = [0; 32];
    for (to, from) in [(0..8, 0..8), (8..12, 9..13), (12..16, 14..18), (16..20, 19..23), (20..32, 24..36)] {
        digits[to].copy_from_slice(&text[from]);
    }
    dashes && digits.iter().fold(true, |all, byte| all & byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::is_uuid;

    #[test]
    fn each_place_takes_what_belongs_there() {
        let good = b"2eb8aa08-AA98-11ea-b4aa-73b441d16380";
        assert!(is_uuid(good));
        for at in 0..good.len() {
            for byte in 0..128 {
                let mut text = *good;
                text[at] = byte;
                let fits = if good[at] == b'-' { byte == b'-' } else { byte.is_ascii_hexdigit() };
                assert_eq!(is_uuid(&text), fits, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn other_lengths_are_none() {
        for text in [
            "",
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
            "2eb8aa08-aa98-11ea-b4aa-73b441d163800",
            "2eb8aa08aa9811eab4aa73b441d16380",
        ] {
            assert!(!is_uuid(text.as_bytes()), "{text}");
        }
    }
}
