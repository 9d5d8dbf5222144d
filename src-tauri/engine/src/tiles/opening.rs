//! Where a tile's own change counts from: its first value on the local day. Pure.

use jiff::{Timestamp, Zoned};

use crate::config::TileConfig;
use crate::model::StreamId;

/// A local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today {
    from: Timestamp,
    until: Timestamp,
}

impl Today {
    /// The day that a time is on, where it is said.
    pub fn of(now: &Zoned) -> Self {
        let day =
            now.start_of_day().and_then(|from| Ok((from.timestamp(), from.tomorrow()?.start_of_day()?.timestamp())));
        let (from, until) = day.unwrap_or((Timestamp::MIN, Timestamp::MAX));
        Self { from, until }
    }

    /// When it began.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// Whether a time is on it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

impl Default for Today {
    /// No day: nothing is on it.
    fn default() -> Self {
        Self { from: Timestamp::MIN, until: Timestamp::MIN }
    }
}

/// The first value of a tile on a day, as stored events tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// What makes the tile.
    pub tile: TileConfig,
    /// The tile's stream.
    pub stream: StreamId,
    /// The tile's key.
    pub key: String,
    /// From where the change counts.
    pub open: Open,
}

/// From where a change counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Open {
    /// When the value came.
    pub at: Timestamp,
    /// The value; `None` where there was one that is not known: then there is no change rather than a wrong one.
    pub value: Option<f64>,
}
