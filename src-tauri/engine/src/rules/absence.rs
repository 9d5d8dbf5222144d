//! What was expected and did not come. Pure: time is an argument.
//!
//! A deadline that passed while nobody was there to watch (the program did not run, the machine slept) is decided on
//! [`GRACE`] later, so that servers can send what was missed, and the alert says so.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::group::Group;
use crate::config::{Daily, Expect, Weekdays};

/// How long servers get to send what was missed.
pub(super) const GRACE: SignedDuration = SignedDuration::from_secs(120);

/// A deadline that is looked at later than this was not watched. The engine looks at least once a minute.
const WATCHED: SignedDuration = SignedDuration::from_secs(90);

/// An event that did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Missed {
    /// By when it should have.
    pub(super) deadline: Timestamp,
    /// Whether nobody watched at that moment.
    pub(super) unwatched: bool,
}

impl Expect {
    /// When a group is to be looked at next.
    pub(super) fn due(&self, group: &Group, zone: &TimeZone) -> Option<Timestamp> {
        if let Some(noticed) = group.noticed {
            return Some(noticed.saturating_add(GRACE).unwrap_or(Timestamp::MAX));
        }
        match self {
            Self::Within(_) if group.open => None,
            Self::Within(length) => Some(last(group).saturating_add(*length).unwrap_or(Timestamp::MAX)),
            Self::By(daily) => Some(daily.after(group.judged.max(group.since).unwrap_or_default(), zone)),
        }
    }

    /// Decides whether the event is missing; at most once for each deadline.
    pub(super) fn missed(&self, group: &mut Group, now: Timestamp, zone: &TimeZone) -> Option<Missed> {
        let (deadline, came) = match self {
            Self::Within(_) if group.open => return None,
            Self::Within(length) => (last(group).saturating_add(*length).unwrap_or(Timestamp::MAX), false),
            Self::By(daily) => {
                let deadline = daily.before(now, zone);
                let before = daily.before(just_before(deadline), zone);
                let start = match daily.from {
                    Some(from) => {
                        Daily { by: from, days: Weekdays::ALL, ..daily.clone() }.before(just_before(deadline), zone)
                    }
                    // What came soon after the deadline before was late for that one.
                    None => group.late.filter(|late| *late < middle(before, deadline)).unwrap_or(before).max(before),
                };
                (deadline, group.seen.is_some_and(|seen| seen > start))
            }
        };
        if deadline > now || group.judged.max(group.since).is_some_and(|judged| deadline <= judged) {
            return None;
        }
        if came {
            group.late = group.seen.filter(|seen| *seen > deadline).or(group.late);
            (group.judged, group.noticed) = (Some(deadline), None);
            return None;
        }
        let unwatched = now.duration_since(deadline) > WATCHED;
        if unwatched && now.duration_since(*group.noticed.get_or_insert(now)) < GRACE {
            return None;
        }
        (group.judged, group.noticed, group.open) = (Some(deadline), None, true);
        Some(Missed { deadline, unwatched })
    }

    /// An event came; tells whether it was missed.
    pub(super) fn saw(group: &mut Group, at: Timestamp) -> bool {
        (group.seen, group.noticed) = (Some(at), None);
        let was_missed = std::mem::take(&mut group.open);
        if was_missed {
            group.late = Some(at);
        }
        was_missed
    }

    /// When an event that came now will be missed, where that is another time for each group.
    pub(super) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Within(length) => now.saturating_add(*length).ok(),
            Self::By(_) => None,
        }
    }

    /// The time zone that it names.
    pub(super) fn zone(&self) -> Option<TimeZone> {
        match self {
            Self::Within(_) => None,
            Self::By(daily) => daily.time_zone.clone(),
        }
    }
}

impl Daily {
    /// The first deadline after a time.
    fn after(&self, time: Timestamp, zone: &TimeZone) -> Timestamp {
        let first = zone.to_datetime(time).date();
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(9);
        self.on(days, zone).find(|deadline| *deadline > time).unwrap_or(Timestamp::MAX)
    }

    /// The last deadline at a time or before.
    fn before(&self, time: Timestamp, zone: &TimeZone) -> Timestamp {
        let last = zone.to_datetime(time).date();
        let days = std::iter::successors(Some(last), |day| day.yesterday().ok()).take(9);
        self.on(days, zone).find(|deadline| *deadline <= time).unwrap_or(Timestamp::MIN)
    }

    /// The deadlines on those of the days that it is for. A time that a change of clocks leaves out is the one after.
    fn on(&self, days: impl Iterator<Item = Date>, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let meant = |day: &Date| self.days.contains(day.weekday());
        days.filter(meant).filter_map(|day| at(day, self.by, zone))
    }
}

fn at(day: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.to_datetime(time)).ok()
}

fn last(group: &Group) -> Timestamp {
    group.seen.max(group.since).unwrap_or_default()
}

fn middle(start: Timestamp, end: Timestamp) -> Timestamp {
    start.saturating_add(end.duration_since(start) / 2).unwrap_or(end)
}

fn just_before(time: Timestamp) -> Timestamp {
    time.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN)
}
