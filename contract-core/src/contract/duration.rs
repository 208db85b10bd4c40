//! Durations of constraints: ISO 8601 with hours, minutes and seconds.

/// Milliseconds of `PT…H…M…S`; seconds may have up to three decimals. `None` when it is no duration.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix("PT").filter(|rest| !rest.is_empty())?;
    let mut total = 0_u64;
    for (unit, factor) in [('H', 3_600_000), ('M', 60_000)] {
        if let Some((amount, tail)) = rest.split_once(unit) {
            total = total.checked_add(whole(amount)?.checked_mul(factor)?)?;
            rest = tail;
        }
    }
    if rest.is_empty() {
        return Some(total);
    }
    total.checked_add(seconds(rest.strip_suffix('S')?)?)
}

fn whole(digits: &str) -> Option<u64> {
    let legal = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if legal { digits.parse().ok() } else { None }
}

fn seconds(text: &str) -> Option<u64> {
    let Some((seconds, fraction)) = text.split_once('.') else {
        return Some(whole(text)? * 1000);
    };
    if !(1..=3).contains(&fraction.len()) {
        return None;
    }
    let scale = 10_u64.pow(3 - u32::try_from(fraction.len()).ok()?);
    Some(whole(seconds)? * 1000 + whole(fraction)? * scale)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn hours_minutes_and_seconds_add_up() {
        assert_eq!(milliseconds("PT20S"), Some(20_000));
        assert_eq!(milliseconds("PT5M"), Some(300_000));
        assert_eq!(milliseconds("PT1H2M3.5S"), Some(3_723_500));
        assert_eq!(milliseconds("PT0.25S"), Some(250));
    }

    #[test]
    fn what_is_no_duration_has_no_length() {
        for text in
            ["", "PT", "P1D", "20S", "PT1", "PT-1S", "PT1S2M", "PT.5S", "PT1.S", "PT9999999999S", "PTM", "PT1M "]
        {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
