//! `duration`: ISO 8601 as appendix A of RFC 3339 writes it.

/// `P1Y2M3DT4H5M6S` or any unbroken part of it, or weeks alone.
pub(super) fn is_duration(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"P") else { return false };
    let Some(rest) = after_units(rest, b"YMD") else { return is_weeks(rest) };
    match rest {
        [] => text != b"P",
        [b'T', time @ ..] => !time.is_empty() && after_units(time, b"HMS").is_some_and(<[u8]>::is_empty),
        _ => false,
    }
}

/// What follows amounts of these units, up to the end or a `T`. Between the largest and the smallest none may be left out.
fn after_units<'a>(text: &'a [u8], units: &[u8]) -> Option<&'a [u8]> {
    let (mut rest, mut next) = (text, None);
    while !matches!(rest, [] | [b'T', ..]) {
        let (unit, after) = amount(rest)?;
        let place = units.iter().position(|known| *known == unit)?;
        if next.is_some_and(|next| next != place) {
            return None;
        }
        (rest, next) = (after, Some(place + 1));
    }
    Some(rest)
}

fn is_weeks(text: &[u8]) -> bool {
    amount(text).is_some_and(|(unit, rest)| unit == b'W' && rest.is_empty())
}

/// The unit behind at least one digit, and the rest.
fn amount(text: &[u8]) -> Option<(u8, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (unit, rest) = text[digits..].split_first()?;
    (digits > 0).then_some((*unit, rest))
}

#[cfg(test)]
mod tests {
    use super::is_duration;

    #[test]
    fn units_follow_each_other_without_a_gap() {
        for text in ["P1Y", "P1Y2M", "P1Y2M3D", "P2M3D", "P0D", "PT0S", "PT1H2M3S", "PT2M3S", "P1DT1H", "P3W", "P1YT1S"]
        {
            assert!(is_duration(text.as_bytes()), "{text}");
        }
        for text in ["", "P", "PT", "P1", "1D", "P1D1Y", "P1Y1D", "PT1H1S", "P1YT", "P1W1D", "P1DT1W", "P1WT1H", "PT1D"]
        {
            assert!(!is_duration(text.as_bytes()), "{text}");
        }
        for text in ["P1S", "PT1H1H", "P1.5D", "P-1D", "p1d", "P1DT1HT1M", "P٢Y", "PY", "PT1HT"] {
            assert!(!is_duration(text.as_bytes()), "{text}");
        }
    }
}
