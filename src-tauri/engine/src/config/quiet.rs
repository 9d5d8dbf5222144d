//! Quiet hours: when notifications that are not critical are held back.

use jiff::Zoned;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::fault::quoted;
use super::field::Field;
use super::other::{no_time, parse_time, time_of_day};
use crate::locale::Text;
use crate::text;

/// How many quiet hours there can be.
const MOST: usize = 50;

/// The days as they are written, from Monday.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// From one time of day to another, over midnight where `to` is before `from`.
#[derive(Debug, Clone, PartialEq)]
pub struct QuietHours {
    /// The start.
    pub from: Time,
    /// The end.
    pub to: Time,
    /// The days on which they start. Default: every day.
    pub days: Weekdays,
    /// Whose time of day. Default: the system's.
    pub time_zone: Option<TimeZone>,
}

/// A set of weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// These days.
    pub fn of(days: &[Weekday]) -> Self {
        Self(days.iter().fold(0, |set, day| set | bit(*day)))
    }

    /// The days of these numbers, from 0 for Monday; others are none.
    pub fn of_numbers(numbers: &[u8]) -> Self {
        Self(numbers.iter().filter(|number| **number < 7).fold(0, |set, number| set | 1 << number))
    }

    /// The numbers of days as they are written.
    pub fn numbers_of(words: &[String]) -> Vec<u8> {
        let all = (0_u8..).zip(DAYS);
        all.filter(|(_, day)| words.iter().any(|word| word == day)).map(|(number, _)| number).collect()
    }

    /// The days as they are written, from Monday.
    pub fn words(self) -> Vec<&'static str> {
        let all = DAYS.iter().enumerate();
        all.filter(|(number, _)| self.0 & 1 << number != 0).map(|(_, word)| *word).collect()
    }

    /// Whether a day is among them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

impl QuietHours {
    /// Every day, by the system's clock.
    pub fn daily(from: Time, to: Time) -> Self {
        Self { from, to, days: Weekdays::ALL, time_zone: None }
    }

    /// From words, as they are in the file; the days from 0 for Monday, and a name of the system's time zones.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn of_words(from: &str, to: &str, days: &[u8], zone: Option<&str>) -> Result<Self, Text> {
        let time = |text: &str| parse_time(text).ok_or_else(|| no_time(text));
        let days = Weekdays::of_numbers(days);
        if days == Weekdays::of(&[]) {
            return Err(text!("quiet_hours: choose a day", "quiet_hours：请选择一天"));
        }
        Ok(Self { from: time(from)?, to: time(to)?, days, time_zone: zone.map(time_zone).transpose()? })
    }

    /// Whether it is quiet then. Hours that end where they start are none.
    pub fn contain(&self, now: &Zoned) -> bool {
        let now = self.time_zone.as_ref().map_or_else(|| now.clone(), |zone| now.with_time_zone(zone.clone()));
        let (time, today) = (now.time(), now.weekday());
        if self.from <= self.to {
            return self.from <= time && time < self.to && self.days.contains(today);
        }
        // What began yesterday is still yesterday's.
        (self.from <= time && self.days.contains(today)) || (time < self.to && self.days.contains(today.previous()))
    }
}

/// `[quiet_hours]`, or every `[[quiet_hours]]`.
pub(super) fn quiet_hours(field: Field<'_>) -> Vec<QuietHours> {
    let all = field.each();
    if all.len() > MOST {
        field.wrong(text!("there can be {MOST} at most", "最多 {MOST} 个"));
    }
    all.into_iter().take(MOST).filter_map(one).collect()
}

fn one(field: Field<'_>) -> Option<QuietHours> {
    let mut fields = field.table("quiet_hours", "{ from = \"22:00\", to = \"07:00\" }")?;
    let from = fields.need("from").and_then(time_of_day);
    let to = fields.need("to").and_then(time_of_day);
    let days = fields.get("days").map_or(Some(Weekdays::ALL), days);
    let time_zone = fields.get("time_zone").and_then(|field| field.read(time_zone));
    let at = fields.at;
    let faults = fields.faults;
    fields.finish();
    let (from, to) = (from?, to?);
    if from == to {
        faults.note(at, text!("quiet_hours: from and to must differ", "quiet_hours：from 和 to 不能相同"));
        return None;
    }
    Some(QuietHours { from, to, days: days?, time_zone })
}

/// A list of days, or one.
pub(super) fn days(field: Field<'_>) -> Option<Weekdays> {
    let days = field.texts(|text| {
        let number = DAYS.iter().position(|day| *day == text).and_then(|number| i8::try_from(number).ok());
        number.and_then(|number| Weekday::from_monday_zero_offset(number).ok()).ok_or_else(|| {
            let given = quoted(text);
            text!("{given} is no day: write \"mon\" to \"sun\"", "{given} 不是星期几：请写 \"mon\" 到 \"sun\"")
        })
    })?;
    if days.is_empty() {
        field.wrong(text!("must name a day; leave it out for every day", "必须写明某一天；每天都要就去掉这一项"));
        return None;
    }
    Some(Weekdays::of(&days))
}

/// A time zone by its IANA name. The names are those of the system's time zones: a table that does not change, so looking at it decides nothing.
pub(super) fn time_zone(name: &str) -> Result<TimeZone, Text> {
    TimeZone::get(name).map_err(|_| {
        let given = quoted(name);
        text!(
            "{given} is no time zone of this system: write one such as \"Europe/Berlin\"",
            "{given} 不是本系统的时区：请写例如 \"Asia/Shanghai\""
        )
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use jiff::civil::time;

    fn at(text: &str) -> Zoned {
        text.parse().unwrap()
    }

    #[test]
    fn quiet_hours_reach_over_midnight() {
        let night = QuietHours::daily(time(22, 0, 0, 0), time(7, 0, 0, 0));
        let noon = QuietHours::daily(time(12, 0, 0, 0), time(13, 0, 0, 0));
        let never = QuietHours::daily(time(12, 0, 0, 0), time(12, 0, 0, 0));
        for (hours, now, quiet) in [
            (&night, "21:59:59", false),
            (&night, "22:00:00", true),
            (&night, "00:00:00", true),
            (&night, "06:59:59.999", true),
            (&night, "07:00:00", false),
            (&noon, "12:30:00", true),
            (&noon, "13:00:00", false),
            (&never, "12:00:00", false),
        ] {
            assert_eq!(hours.contain(&at(&format!("2026-11-20T{now}[UTC]"))), quiet, "{hours:?} {now}");
        }
    }

    #[test]
    fn a_night_belongs_to_the_day_it_starts_on() {
        // 2026-11-20 is a Friday.
        let week_nights = QuietHours {
            days: Weekdays::of(&[Weekday::Monday, Weekday::Friday]),
            ..QuietHours::daily(time(22, 0, 0, 0), time(7, 0, 0, 0))
        };
        for (now, quiet) in [
            ("2026-11-20T06:00:00", false),
            ("2026-11-20T23:00:00", true),
            ("2026-11-21T06:00:00", true),
            ("2026-11-21T23:00:00", false),
            ("2026-11-24T06:00:00", true),
        ] {
            assert_eq!(week_nights.contain(&at(&format!("{now}[UTC]"))), quiet, "{now}");
        }
    }

    #[test]
    fn another_time_zone_has_its_own_night_and_day() {
        let tokyo = QuietHours {
            days: Weekdays::of(&[Weekday::Saturday]),
            time_zone: Some(TimeZone::get("Asia/Tokyo").unwrap()),
            ..QuietHours::daily(time(6, 0, 0, 0), time(9, 0, 0, 0))
        };
        assert!(tokyo.contain(&at("2026-11-20T22:30:00[Europe/London]")), "Saturday 07:30 in Tokyo");
        assert!(!tokyo.contain(&at("2026-11-21T07:30:00[Europe/London]")));
    }

    #[test]
    fn an_hour_that_a_clock_change_skips_still_begins_and_ends() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let gap = QuietHours { time_zone: Some(zone), ..QuietHours::daily(time(2, 30, 0, 0), time(3, 30, 0, 0)) };
        // At 2:00 it becomes 3:00.
        assert!(!gap.contain(&at("2027-03-28T01:59:00[Europe/Berlin]")));
        assert!(gap.contain(&at("2027-03-28T03:10:00[Europe/Berlin]")));
        assert!(!gap.contain(&at("2027-03-28T03:30:00[Europe/Berlin]")));
    }
}
