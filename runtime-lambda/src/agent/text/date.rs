//! Days of the Gregorian calendar, also before there was one.

use super::{CalendarDate, number, unfit};
use crate::agent::Error;

/// A day, as its text has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonthDay {
    /// 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl CalendarDate {
    /// The numbers of the date.
    ///
    /// # Errors
    /// `format_mismatch` when the text is no date.
    pub fn parsed(&self) -> Result<YearMonthDay, Error> {
        of(self.0.as_bytes()).ok_or_else(|| unfit("date"))
    }
}

/// A date of exactly ten bytes.
pub(super) fn of(text: &[u8]) -> Option<YearMonthDay> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else { return None };
    let year = u16::try_from(number(&[y0, y1, y2, y3])?).ok()?;
    let month = u8::try_from(number(&[m0, m1])?).ok()?;
    let day = u8::try_from(number(&[d0, d1])?).ok()?;
    (1..=length_of(year, month)?).contains(&day).then_some(YearMonthDay { year, month, day })
}

fn length_of(year: u16, month: u8) -> Option<u8> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

impl YearMonthDay {
    /// Days since 1970-01-01, negative before.
    pub fn unix_days(self) -> i64 {
        // Years begin in March here, so that the leap day is the last of its year. 146,097 days are 400 years.
        let year = i64::from(self.year) - i64::from(self.month < 3);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let cycle = year.div_euclid(400);
        let year_of_cycle = year.rem_euclid(400);
        cycle * 146_097 + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year - 719_468
    }

    /// The day that is so many days behind 1970-01-01; `None` where its year has not four digits.
    pub(super) fn of_unix_days(days: i64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let (cycle, day_of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let leaps = day_of_cycle / 1_460 - day_of_cycle / 36_524 + day_of_cycle / 146_096;
        let year_of_cycle = (day_of_cycle - leaps) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = u8::try_from((from_march + 2) % 12 + 1).ok()?;
        let year = u16::try_from(cycle * 400 + year_of_cycle + i64::from(month < 3)).ok()?;
        let day = u8::try_from(day_of_year - (153 * from_march + 2) / 5 + 1).ok()?;
        (year <= 9999).then_some(Self { year, month, day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_one_behind_the_day_before() {
        let mut next = YearMonthDay { year: 0, month: 1, day: 1 }.unix_days();
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=length_of(year, month).unwrap() {
                    let date = YearMonthDay { year, month, day };
                    assert_eq!((date.unix_days(), YearMonthDay::of_unix_days(next)), (next, Some(date)));
                    next += 1;
                }
            }
        }
        assert_eq!(YearMonthDay { year: 1970, month: 1, day: 1 }.unix_days(), 0);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in
            ["", "2023-02-29", "2023-13-01", "2023-00-01", "2023-01-00", "2023-1-1", "2023-01-011", "+023-01-01"]
        {
            assert!(CalendarDate::from(text).parsed().is_err(), "{text}");
        }
    }
}
