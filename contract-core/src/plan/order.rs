//! The order of keys in RFC 8785: by UTF-16 code units.

use std::cmp::Ordering;

/// Compares two keys in UTF-8.
///
/// The order of their bytes is the order of their UTF-16 units, but for this: a character beyond the
/// basic plane (first byte 0xF0 and up) begins with a surrogate, which comes before U+E000 (first byte 0xEE and up).
#[inline]
pub(crate) fn keys(a: &[u8], b: &[u8]) -> Ordering {
    let differ = a.iter().zip(b).position(|(a, b)| a != b);
    let Some(index) = differ else { return a.len().cmp(&b.len()) };
    let (a, b) = (a[index], b[index]);
    match (a, b) {
        (0xee.., 0xf0..) if a < 0xf0 => Ordering::Greater,
        (0xf0.., 0xee..) if b < 0xf0 => Ordering::Less,
        _ => a.cmp(&b),
    }
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn keys_sort_as_their_utf_16_units_do() {
        let mut texts =
            ["", "a", "aa", "é", "\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}", "\u{10ffff}", "\u{10400}b"];
        texts.sort_by(|a, b| keys(a.as_bytes(), b.as_bytes()));
        assert!(texts.windows(2).all(|two| two[0].encode_utf16().lt(two[1].encode_utf16())), "{texts:?}");
    }
}
