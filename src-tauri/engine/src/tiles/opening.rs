//! Where a tile's own change counts from: its first value on the local day. Pure.

use std::collections::HashMap;

use jiff::{Timestamp, Zoned};

use crate::config::TileConfig;
use crate::model::StreamId;

/// How many first values of a day are remembered; further ones count for as long as their tile lasts.
pub const MAX_OPENINGS: usize = 1_000;

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

    /// When the next one begins.
    pub fn until(&self) -> Timestamp {
        self.until
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

/// What a first value is one of. Entries of the configuration that take it the same way share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// The tile's stream.
    pub stream: StreamId,
    /// The name of its events.
    pub event: String,
    /// Where in the data the key is.
    pub key_at: String,
    /// Where in the data the value is.
    pub value_at: String,
    /// The tile's key.
    pub key: String,
}

impl Source {
    /// What an entry of the configuration takes from a stream for a key.
    pub(crate) fn new(config: &TileConfig, stream: StreamId, key: String) -> Self {
        let TileConfig { event, key: key_at, value: value_at, .. } = config.clone();
        Self { stream, event, key_at, value_at, key }
    }

    /// Whether an entry of the configuration counts its change from it.
    pub(crate) fn is_of(&self, config: &TileConfig) -> bool {
        config.change.is_none()
            && super::wants(config, &self.stream, &self.event)
            && (&config.key, &config.value) == (&self.key_at, &self.value_at)
    }
}

/// The first value of a tile on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// What it is one of.
    pub source: Source,
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

/// The first values of a day, also of tiles that are no longer configured. At most [`MAX_OPENINGS`].
#[derive(Debug, Default)]
pub(super) struct Openings {
    known: HashMap<Source, Known>,
}

/// A first value, and whether the ledger has it as such.
#[derive(Debug)]
struct Known {
    open: Open,
    is_kept: bool,
}

impl Openings {
    /// Another day has begun.
    pub(super) fn begin(&mut self, today: &Today) {
        self.known.retain(|_, known| today.holds(known.open.at));
    }

    /// Takes those of today that were kept.
    pub(super) fn restore(&mut self, kept: Vec<Opening>, today: &Today) {
        let of_today = kept.into_iter().filter(|opening| today.holds(opening.open.at)).take(MAX_OPENINGS);
        let known = of_today.map(|Opening { source, open }| (source, Known { open, is_kept: true }));
        self.known.extend(known);
    }

    /// A value came: gives the first of the day, which it may be itself, and whether it is.
    pub(super) fn see(&mut self, source: Source, seen: Open, today: &Today) -> (Open, bool) {
        if let Some(known) = self.known.get(&source).filter(|known| today.holds(known.open.at)) {
            return (known.open, false);
        }
        let has_room = self.known.len() < MAX_OPENINGS || self.known.contains_key(&source);
        if has_room {
            self.known.insert(source, Known { open: seen, is_kept: false });
        }
        (seen, has_room)
    }

    /// Takes what the ledger tells of today, where it is earlier than what is known. What it does not know says
    /// nothing against what was kept. Tells whether it is taken.
    pub(super) fn tell(&mut self, Opening { source, open }: Opening) -> bool {
        let is_news = match self.known.get(&source) {
            None => self.known.len() < MAX_OPENINGS,
            Some(known) if known.open.value.is_none() => open.value.is_some(),
            Some(known) if open.value.is_none() => !known.is_kept,
            Some(known) => open.at < known.open.at,
        };
        if is_news {
            self.known.insert(source, Known { open, is_kept: false });
        }
        is_news
    }

    /// Its stream has another name now.
    pub(super) fn rename(&mut self, old: &StreamId, new: &StreamId) {
        let renamed: Vec<_> = self.known.extract_if(|source, _| source.stream == *old).collect();
        let renamed = renamed.into_iter().map(|(source, Known { open, .. })| {
            (Source { stream: new.clone(), ..source }, Known { open, is_kept: false })
        });
        self.known.extend(renamed);
    }

    /// Those of these that are to be kept, once.
    pub(super) fn take_new(&mut self, wanted: impl Fn(&Source) -> bool) -> Vec<Opening> {
        let new = self.known.iter_mut().filter(|(source, known)| !known.is_kept && wanted(source));
        let taken = new.map(|(source, known)| {
            known.is_kept = true;
            Opening { source: source.clone(), open: known.open }
        });
        taken.collect()
    }
}
