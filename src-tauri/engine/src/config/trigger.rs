//! `crosses`, `change` and `expect`: what beyond an event itself makes a rule fire.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::fault::quoted;
use super::field::{Field, Fields};
use super::quiet::{Weekdays, days, time_zone};
use super::{check, other};
use crate::locale::Text;
use crate::text;

/// The shortest and longest window of a change, and time without an event.
const WINDOW: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(31 * 86_400));

/// What makes a rule fire, of the events that match it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Trigger {
    /// Each event.
    #[default]
    Each,
    /// A value that crosses a threshold.
    Crosses(Crosses),
    /// A value that changes by so much in so short a time.
    Change(Change),
    /// That none comes.
    Expect(Expect),
}

/// Fires when a value is beyond the threshold, and then not before it was back at `rearm`.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosses {
    /// The JSON pointer to the number.
    pub value: String,
    /// Which side is beyond.
    pub side: Side,
    /// The threshold; it itself is not beyond.
    pub threshold: f64,
    /// Where the value has to be back at. Default: the threshold.
    pub rearm: f64,
}

/// A side of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Larger.
    Above,
    /// Smaller.
    Below,
}

/// Fires when a value changed by so many percent against any value within the window, and then not before it has
/// recovered, or has been calm for a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The JSON pointer to the number.
    pub value: String,
    /// Which way.
    pub way: Way,
    /// By how many percent; above 0.
    pub by: f64,
    /// The window: 1 s to 31 days, known to a sixtieth.
    pub within: Duration,
    /// Recovered, or calm, is what differs by no more percent than this. Default: half of `by`.
    pub rearm: f64,
}

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It rises.
    Up,
    /// It falls.
    Down,
    /// Either.
    Any,
}

/// Fires when no matching event comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// For so long: 1 s to 31 days.
    Within(Duration),
    /// By a time of day.
    By(Daily),
}

/// A time of day by which an event must have come.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    /// The time.
    pub by: Time,
    /// Only events since then count; without it all since the last such time of day.
    pub from: Option<Time>,
    /// On these days. Default: all.
    pub days: Weekdays,
    /// Whose time of day. Default: the system's.
    pub time_zone: Option<TimeZone>,
}

/// The one trigger of a rule.
pub(super) fn trigger(fields: &mut Fields<'_>) -> Option<Trigger> {
    let crosses = fields.get("crosses");
    let change = fields.get("change");
    let expect = fields.get("expect");
    if let [_, second, ..] = [crosses, change, expect].into_iter().flatten().collect::<Vec<_>>().as_slice() {
        second.wrong(text!(
            "a rule has only one of crosses, change and expect: write two rules",
            "一条规则只能有 crosses、change 和 expect 之一：请写成两条规则"
        ));
        return None;
    }
    if let Some(field) = crosses {
        return self::crosses(field).map(Trigger::Crosses);
    }
    if let Some(field) = change {
        return self::change(field).map(Trigger::Change);
    }
    expect.and_then(self::expect).map(Trigger::Expect)
}

fn crosses(field: Field<'_>) -> Option<Crosses> {
    let mut fields = field.table("crosses", "{ value = \"/price\", above = 70000 }")?;
    let value = fields.need("value").and_then(|value| value.read(check::pointer));
    let (above, below) = (fields.get("above"), fields.get("below"));
    let rearm = fields.get("rearm");
    fields.finish();
    let (side, threshold) = match (above, below) {
        (Some(above), None) => (Side::Above, above.number()?),
        (None, Some(below)) => (Side::Below, below.number()?),
        (None, None) | (Some(_), Some(_)) => {
            field.wrong(text!("needs either above or below", "需要 above 或 below 其中之一"));
            return None;
        }
    };
    let rearm = match rearm {
        None => threshold,
        Some(rearm) => {
            let at = rearm.number()?;
            let beyond = if side == Side::Above { at > threshold } else { at < threshold };
            if beyond {
                rearm.wrong(text!("must lie on the other side of the threshold", "必须在阈值的另一侧"));
                return None;
            }
            at
        }
    };
    Some(Crosses { value: value?, side, threshold, rearm })
}

fn change(field: Field<'_>) -> Option<Change> {
    let mut fields = field.table("change", "{ value = \"/price\", by = \"-3%\", within = \"1h\" }")?;
    let value = fields.need("value").and_then(|value| value.read(check::pointer));
    let by = fields.need("by").and_then(|by| by.read(percent));
    let within = fields.need("within").and_then(|within| within.duration(WINDOW.0..=WINDOW.1));
    let rearm = fields.get("rearm");
    fields.finish();
    let (way, by) = by?;
    let rearm = match rearm {
        None => by / 2.0,
        Some(rearm) => {
            let (_, least) = rearm.read(percent)?;
            if least >= by {
                rearm.wrong(text!("must be less than by", "必须小于 by"));
                return None;
            }
            least
        }
    };
    Some(Change { value: value?, way, by, within: within?, rearm })
}

fn expect(field: Field<'_>) -> Option<Expect> {
    let mut fields = field.table("expect", "{ by = \"03:30\" } or { within = \"26h\" }")?;
    let within = fields.get("within");
    let by = fields.get("by");
    let from = fields.get("from");
    let on = fields.get("days");
    let zone = fields.get("time_zone");
    fields.finish();
    match (within, by) {
        (Some(within), None) => {
            for stray in [from, on, zone].into_iter().flatten() {
                stray.wrong(text!("goes with by, a time of day", "要与 by（一天中的时间）一起使用"));
            }
            within.duration(WINDOW.0..=WINDOW.1).map(Expect::Within)
        }
        (None, Some(by)) => Some(Expect::By(Daily {
            by: other::time_of_day(by)?,
            from: from.map(|from| other::time_of_day(from).ok_or(())).transpose().ok()?,
            days: on.map_or(Some(Weekdays::ALL), days)?,
            time_zone: zone.map(|zone| zone.read(time_zone).ok_or(())).transpose().ok()?,
        })),
        (None, None) | (Some(_), Some(_)) => {
            field.wrong(text!(
                "needs either by, a time of day, or within, a duration",
                "需要 by（一天中的时间）或 within（时长）其中之一"
            ));
            None
        }
    }
}

/// `-3%`, `+3%` or `3%`.
fn percent(text: &str) -> Result<(Way, f64), Text> {
    let given = quoted(text);
    let wrong = || {
        text!(
            "{given} is no change: write \"-3%\", \"+3%\", or \"3%\" for both ways",
            "{given} 不是变化幅度：请写成 \"-3%\"、\"+3%\"，或表示双向的 \"3%\""
        )
    };
    let number = text.strip_suffix('%').map(str::trim_end).ok_or_else(wrong)?;
    let way = match number.chars().next() {
        Some('-') => Way::Down,
        Some('+') => Way::Up,
        Some(_) | None => Way::Any,
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    if number == 0.0 || !number.is_finite() { Err(wrong()) } else { Ok((way, number.abs())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_a_way_and_percent() {
        for (text, wanted) in [("-3%", (Way::Down, 3.0)), ("+0.5 %", (Way::Up, 0.5)), ("3%", (Way::Any, 3.0))] {
            assert_eq!(percent(text), Ok(wanted), "{text}");
        }
        for bad in ["3", "-%", "0%", "", "%", "x%", "inf%", "--3%"] {
            assert!(percent(bad).is_err(), "{bad}");
        }
    }
}
