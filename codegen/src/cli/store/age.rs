//! `90s`, `15m`, `12h`, `7d`.

use std::time::Duration;

/// Reads an age, for clap.
pub(super) fn age(text: &str) -> Result<Duration, String> {
    let wrong = || "an age is a number and `s`, `m`, `h` or `d`, such as `12h`".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_a_unit() {
        assert_eq!(
            ["90s", "15m", "12h", "7d", "0s"].map(|text| age(text).unwrap().as_secs()),
            [90, 900, 43_200, 604_800, 0]
        );
        for text in ["", "7", "d", "-1d", "1.5h", "7 d", "7w", "7ä", "99999999999999999999d", "999999999999999999d"] {
            assert!(age(text).is_err(), "{text}");
        }
    }
}
