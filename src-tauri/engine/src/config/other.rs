//! The smaller tables: `[[tile]]`, `[history]`.

use std::time::Duration;

use jiff::civil::Time;

use super::check;
use super::fault::quoted;
use super::field::{Field, Fields};
use crate::locale::Text;
use crate::model::StreamId;
use crate::text;

/// The shortest and longest time an event is kept.
const MAX_AGE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3_650 * 86_400));
/// How many characters the unit of a tile has at most.
const LONGEST_UNIT: usize = 12;
/// And its label.
const LONGEST_LABEL: usize = 60;
/// The most events that can be kept.
const MAX_EVENTS: i64 = 100_000_000;

/// A live value on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileConfig {
    /// The stream that feeds it; any without one.
    pub stream: Option<StreamId>,
    /// The event name that feeds it. Default: `price-update`.
    pub event: String,
    /// The JSON pointer to what the value is of. Default: `/symbol`.
    pub key: String,
    /// The JSON pointer to the value. Default: `/price`.
    pub value: String,
    /// The JSON pointer to the change in percent, where the server sends it.
    pub change: Option<String>,
    /// What stands behind the number, such as `°C`. At most 12 characters.
    pub unit: Option<String>,
    /// What the value is: stands beside its key, or in place of the event's name where there is none. At most 60
    /// characters.
    pub label: Option<String>,
}

impl TileConfig {
    /// What makes its values, whatever they are shown with.
    pub fn feed(&self) -> Self {
        Self { unit: None, label: None, ..self.clone() }
    }
}

impl Default for TileConfig {
    fn default() -> Self {
        Self {
            stream: None,
            event: "price-update".to_owned(),
            key: "/symbol".to_owned(),
            value: "/price".to_owned(),
            change: None,
            unit: None,
            label: None,
        }
    }
}

/// What the ledger keeps; what is beyond is removed, oldest first. Unread alerts are removed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// How long an event is kept. 1 s to 10 years; default: 30 days.
    pub max_age: Duration,
    /// How many events are kept. 1 to 100,000,000; default: 1,000,000.
    pub max_events: u64,
}

impl Default for History {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(30 * 24 * 3600), max_events: 1_000_000 }
    }
}

/// A tile. Where a field is wrong that is noted and its default stands in.
pub(super) fn tile(fields: &mut Fields<'_>) -> TileConfig {
    let stream = fields.get("stream").and_then(|field| field.text()).map(Into::into);
    let mut tile = TileConfig { stream, ..TileConfig::default() };
    if let Some(event) = fields.get("event").and_then(|field| field.word()) {
        tile.event = event;
    }
    for (key, place) in [("key", &mut tile.key), ("value", &mut tile.value)] {
        if let Some(pointer) = fields.get(key).and_then(|field| field.read(check::pointer)) {
            *place = pointer;
        }
    }
    tile.change = fields.get("change").and_then(|field| field.read(check::pointer));
    tile.unit = fields.get("unit").and_then(|field| field.read(|text| check::plain(text, LONGEST_UNIT)));
    tile.label = fields.get("label").and_then(|field| field.read(|text| check::plain(text, LONGEST_LABEL)));
    tile
}

/// `[history]`.
pub(super) fn history(field: Field<'_>) -> History {
    let mut history = History::default();
    let Some(mut fields) = field.table("history", "{ max_age = \"30d\" }") else { return history };
    if let Some(age) = fields.get("max_age").and_then(|field| field.duration(MAX_AGE.0..=MAX_AGE.1)) {
        history.max_age = age;
    }
    if let Some(events) = fields.get("max_events").and_then(|field| field.integer(1..=MAX_EVENTS)) {
        history.max_events = events.unsigned_abs();
    }
    fields.finish();
    history
}

/// A time of day, in quotes or without.
pub(super) fn time_of_day(field: Field<'_>) -> Option<Time> {
    let unquoted = field.unquoted_time();
    let read = |text: &str| {
        let time = text.strip_suffix(":00").filter(|_| unquoted.is_some()).unwrap_or(text);
        parse_time(time).ok_or_else(|| no_time(text))
    };
    match &unquoted {
        None => field.read(read),
        Some(text) => read(text).map_err(|message| field.wrong(message)).ok(),
    }
}

/// That a text is no time of day.
pub(super) fn no_time(text: &str) -> Text {
    let given = quoted(text);
    text!("{given} is no time of day: write \"22:00\"", "{given} 不是一天中的时间：请写成 \"22:00\"")
}

/// Hours and minutes.
pub(super) fn parse_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str, lengths: &[usize]| {
        let plain = lengths.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        plain.then(|| digits.parse::<i8>().ok()).flatten()
    };
    Time::new(number(hour, &[1, 2])?, number(minute, &[2])?, 0, 0).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_hours_and_minutes() {
        for (text, hour, minute) in
            [("22:00", 22, 0), ("07:30", 7, 30), ("7:30", 7, 30), ("00:00", 0, 0), ("23:59", 23, 59)]
        {
            assert_eq!(parse_time(text), Some(Time::new(hour, minute, 0, 0).unwrap()), "{text}");
        }
        for text in ["", "22", "24:00", "22:60", "22:0", "22:00:00", "-1:00", "+1:00", "10pm", "022:00"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
