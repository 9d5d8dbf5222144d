//! Values against thresholds and against what they were: with hysteresis, so that one crossing is told once. Pure.

use jiff::Timestamp;

use super::group::Group;
use crate::config::{Change, Crosses, Side, Way};

/// What a value means to a rule that watches it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// Nothing new.
    Nothing,
    /// The rule fires.
    Fires,
    /// What it fired for is over; it may fire again.
    Recovers,
    /// It may fire again, though what it fired for is not over.
    Rearms,
}

/// A change in percent, and the value it is measured from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moved {
    pub(super) percent: f64,
    pub(super) from: f64,
}

impl Crosses {
    /// What a value means to a group.
    pub(super) fn meaning(&self, group: &Group, value: f64) -> Meaning {
        let (beyond, back) = match self.side {
            Side::Above => (value > self.threshold, value <= self.rearm),
            Side::Below => (value < self.threshold, value >= self.rearm),
        };
        match group.disarmed {
            false if beyond => Meaning::Fires,
            true if back => Meaning::Recovers,
            true | false => Meaning::Nothing,
        }
    }
}

impl Change {
    /// Takes a value into the group's window; tells what it means, and how far it has moved. Against a value of 0
    /// nothing has moved.
    pub(super) fn meaning(&self, group: &mut Group, value: f64, at: Timestamp) -> (Meaning, Moved) {
        group.window.push(value, at, self.within);
        let (low, high) = group.window.range().unwrap_or((value, value));
        let (fall, rise) = (moved(high, value), moved(low, value));
        let moved_now = match self.way {
            Way::Down => fall,
            Way::Up => rise,
            Way::Any if -fall.percent >= rise.percent => fall,
            Way::Any => rise,
        };
        if !group.disarmed {
            let fires = moved_now.percent.abs() >= self.by;
            return (if fires { Meaning::Fires } else { Meaning::Nothing }, moved_now);
        }
        let since = group.base.map_or(moved_now, |base| moved(base, value));
        let recovered = match self.way {
            Way::Down => since.percent >= -self.rearm,
            Way::Up => since.percent <= self.rearm,
            Way::Any => since.percent.abs() <= self.rearm,
        };
        if recovered {
            (Meaning::Recovers, since)
        } else if moved_now.percent.abs() <= self.rearm {
            (Meaning::Rearms, moved_now)
        } else {
            (Meaning::Nothing, moved_now)
        }
    }
}

fn moved(from: f64, to: f64) -> Moved {
    let percent = if from == 0.0 { 0.0 } else { (to - from) / from.abs() * 100.0 };
    Moved { percent, from }
}
