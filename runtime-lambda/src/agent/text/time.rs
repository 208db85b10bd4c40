//! Points in time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{DateTime, beyond, date, number, unfit};
use crate::agent::Error;

const NANOS: i128 = 1_000_000_000;

impl DateTime {
    /// The point in time.
    ///
    /// What clocks of computers cannot say is read as they do: a leap second as the first second of the next minute,
    /// a fraction up to its ninth digit. The offset is in the text alone.
    ///
    /// # Errors
    /// `format_mismatch` when the text is no date-time, `range_mismatch` when the clock of the system cannot say it:
    /// that of Windows begins in 1601.
    pub fn parsed(&self) -> Result<SystemTime, Error> {
        let nanos = self.unix_nanos()?;
        let since = duration(nanos.unsigned_abs());
        let time = if nanos < 0 { UNIX_EPOCH.checked_sub(since) } else { UNIX_EPOCH.checked_add(since) };
        time.ok_or_else(|| beyond("`SystemTime`"))
    }

    /// Nanoseconds since 1970 began in UTC, negative before, as [`DateTime::parsed`] reads them, on every system.
    ///
    /// # Errors
    /// `format_mismatch` when the text is no date-time.
    pub fn unix_nanos(&self) -> Result<i128, Error> {
        nanos_of(self.0.as_bytes()).ok_or_else(|| unfit("date-time"))
    }
}

fn duration(nanos: u128) -> Duration {
    let seconds = u64::try_from(nanos / NANOS.unsigned_abs()).unwrap_or(u64::MAX);
    Duration::new(seconds, u32::try_from(nanos % NANOS.unsigned_abs()).unwrap_or(0))
}

fn nanos_of(text: &[u8]) -> Option<i128> {
    let (day, rest) = text.split_at_checked(10)?;
    let &[b'T' | b't', h0, h1, b':', m0, m1, b':', s0, s1, ref rest @ ..] = rest else { return None };
    let (hour, minute, second) = (number(&[h0, h1])?, number(&[m0, m1])?, number(&[s0, s1])?);
    let (fraction, zone) = fraction(rest)?;
    let minutes = i64::from(hour * 60 + minute) - offset(zone)?;
    // A leap second ends a day of UTC.
    let is_second = second < 60 || second == 60 && minutes.rem_euclid(DAY) == DAY - 1;
    if hour > 23 || minute > 59 || !is_second {
        return None;
    }
    let seconds = (date::of(day)?.unix_days() * DAY + minutes) * 60 + i64::from(second);
    Some(i128::from(seconds) * NANOS + i128::from(fraction))
}

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Nanoseconds of the fraction, if there is one, and what is behind it.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let [b'.', rest @ ..] = text else { return Some((0, text)) };
    let end = rest.iter().position(|byte| !byte.is_ascii_digit()).filter(|end| *end > 0)?;
    let mut nanos = [b'0'; 9];
    let known = end.min(nanos.len());
    nanos[..known].copy_from_slice(&rest[..known]);
    Some((number(&nanos)?, &rest[end..]))
}

/// Minutes before UTC.
fn offset(zone: &[u8]) -> Option<i64> {
    let &[sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] = zone else {
        return matches!(zone, b"Z" | b"z").then_some(0);
    };
    let (hour, minute) = (number(&[h0, h1])?, number(&[m0, m1])?);
    let minutes = i64::from(hour * 60 + minute);
    (hour < 24 && minute < 60).then_some(if sign == b'-' { -minutes } else { minutes })
}

impl TryFrom<SystemTime> for DateTime {
    type Error = Error;

    /// The text of a point in time in UTC, to the nanosecond; `range_mismatch` for years that have not four digits.
    fn try_from(time: SystemTime) -> Result<Self, Error> {
        let (before, since) = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => (false, since),
            Err(before) => (true, before.duration()),
        };
        let nanos = i128::from(since.as_secs()) * NANOS + i128::from(since.subsec_nanos());
        written(if before { -nanos } else { nanos }).map(Self).ok_or_else(|| beyond("a date-time"))
    }
}

fn written(nanos: i128) -> Option<String> {
    let seconds = i64::try_from(nanos.div_euclid(NANOS)).ok()?;
    let (days, second) = (seconds.div_euclid(DAY * 60), seconds.rem_euclid(DAY * 60));
    let date::YearMonthDay { year, month, day } = date::YearMonthDay::of_unix_days(days)?;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = match nanos.rem_euclid(NANOS) {
        0 => String::new(),
        nanos => format!(".{nanos:09}").trim_end_matches('0').to_owned(),
    };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_comes_back_from_its_text() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            let written = DateTime::try_from(time).unwrap();
            assert_eq!(written, text);
            assert_eq!(written.parsed().unwrap(), time);
        }
        let time = UNIX_EPOCH - Duration::new(1, 500);
        assert_eq!(DateTime::try_from(time).unwrap(), "1969-12-31T23:59:58.9999995Z");
        let late = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
        assert_eq!(DateTime::try_from(late).unwrap_err().code(), peer_contract_core::ErrorCode::RangeMismatch);
    }

    #[test]
    fn no_cut_of_a_text_is_read() {
        let text = "1990-12-31T15:59:60.123456789012-08:00";
        for end in 0..text.len() {
            assert!(DateTime::from(&text[..end]).parsed().is_err(), "{end}");
        }
        assert_eq!(DateTime::from(text).unix_nanos().unwrap() % NANOS, 123_456_789);
    }
}
