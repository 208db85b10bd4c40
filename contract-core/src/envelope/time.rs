//! Milliseconds since 1970 and RFC 3339 text.

use crate::calendar::month_lengths;

const DAY_MS: u64 = 86_400_000;
/// Of the years 0 to 1969, in the calendar that is used today.
const DAYS_BEFORE_1970: u64 = 719_528;
const LAST_MS: u64 = 253_402_300_799_999;

/// `2026-11-21T01:02:03.004Z`. Times past the year 9999 become its last moment.
pub fn to_rfc3339(ms: u64) -> String {
    let ms = ms.min(LAST_MS);
    let (year, month, day) = date_of(ms / DAY_MS + DAYS_BEFORE_1970);
    let of_day = ms % DAY_MS;
    let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", of_day % 1000)
}

/// Milliseconds since 1970 of an RFC 3339 text; `None` when it is not one, or lies before 1970. A leap second
/// counts as the second before it.
pub fn from_rfc3339(text: &str) -> Option<u64> {
    let (date_time, rest) = text.split_at_checked(19)?;
    if !has_shape(date_time, "0000-00-00T00:00:00") {
        return None;
    }
    let number = |from: usize, to: usize| date_time[from..to].parse::<u64>().ok();
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let days = days_until(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (ms, zone) = fraction(rest)?;
    let of_day = (hour * 60 + minute) * 60_000 + second.min(59) * 1000 + ms;
    let local = i64::try_from(days * DAY_MS + of_day).ok()?;
    let before_1970 = i64::try_from(DAYS_BEFORE_1970 * DAY_MS).ok()?;
    u64::try_from(local - offset_ms(zone)? - before_1970).ok()
}

/// Milliseconds of a fraction, if there is one, and what stands behind it.
fn fraction(text: &str) -> Option<(u64, &str)> {
    let Some(digits) = text.strip_prefix('.') else { return Some((0, text)) };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = digits.split_at(count);
    let thousands = digits.get(..3).unwrap_or(digits);
    let ms = thousands.parse::<u64>().ok()? * [100, 10, 1][thousands.len() - 1];
    Some((ms, zone))
}

/// Milliseconds that local time is ahead of UTC.
fn offset_ms(zone: &str) -> Option<i64> {
    let sign = match zone.as_bytes().first()? {
        b'Z' if zone.len() == 1 => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if !has_shape(&zone[1..], "00:00") {
        return None;
    }
    let (hours, minutes) = (zone[1..3].parse::<i64>().ok()?, zone[4..].parse::<i64>().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

fn has_shape(text: &str, shape: &str) -> bool {
    let same = |(byte, wanted): (u8, u8)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(same)
}

/// Days from the first one of the year 0 to a date, if there is such a date.
fn days_until(year: u64, month: u64, day: u64) -> Option<u64> {
    let lengths = month_lengths(year);
    let length = *lengths.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    let before: u64 = lengths.iter().take(month as usize - 1).sum();
    (1..=length).contains(&day).then(|| days_before(year) + before + day - 1)
}

/// Year, month and day, of a day counted from the first one of the year 0.
fn date_of(days: u64) -> (u64, u64, u64) {
    // Leap days are not spread evenly, so the mean length of a year may lead to the year before or after.
    let mut year = (days * 400 / DAYS_OF_400_YEARS).saturating_sub(1);
    while days_before(year + 1) <= days {
        year += 1;
    }
    let mut rest = days - days_before(year);
    let mut month = 1;
    for length in month_lengths(year) {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    (year, month, rest + 1)
}

const DAYS_OF_400_YEARS: u64 = 146_097;

/// Days of the years before this one, from the year 0 on, which is a leap year.
fn days_before(year: u64) -> u64 {
    let leap_days = year.checked_sub(1).map_or(0, |last| last / 4 - last / 100 + last / 400 + 1);
    year * 365 + leap_days
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
    fn each_day_is_the_one_that_the_calendar_of_jiff_has() {
        // The calendar comes back to itself after 400 years.
        for day in 0..=DAYS_OF_400_YEARS {
            let ms = day * DAY_MS + day % DAY_MS;
            let of_jiff = jiff::Timestamp::from_millisecond(ms as i64).unwrap();
            let text = to_rfc3339(ms);
            assert_eq!((text.as_str(), from_rfc3339(&text)), (format!("{of_jiff:.3}").as_str(), Some(ms)));
        }
    }

    #[test]
    fn an_offset_is_taken_off() {
        assert_eq!(from_rfc3339("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(from_rfc3339("1970-01-01T00:00:00.0019Z"), Some(1));
        assert_eq!(from_rfc3339("1970-01-01T00:00:00.5-00:01"), Some(60_500));
        assert_eq!(from_rfc3339("1972-06-30T23:59:60Z"), from_rfc3339("1972-06-30T23:59:59Z"));
    }

    #[test]
    fn only_rfc_3339_is_a_time() {
        for text in
            ["", "1970-01-01", "1970-01-01T00Z", "1970-W01-4T00:00:00Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z"]
        {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
        for text in [
            "1970-01-01T00:00:00Z[UTC]",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:00:61Z",
            "1970-01-01T00:00:00+24:00",
            "1970-00-01T00:00:00Z",
            "1970-01-00T00:00:00Z",
            "1971-02-29T00:00:00Z",
            "1970-01-01T00:00:00é",
            "1969-12-31T23:59:59Z",
            "1970-02-30T00:00:00Z",
            "ⴰ970-01-01T00:00:00Z",
        ] {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn the_far_future_is_the_last_moment() {
        assert_eq!(to_rfc3339(u64::MAX), "9999-12-31T23:59:59.999Z");
    }
}
