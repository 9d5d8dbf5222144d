//! Live values from events. Pure.

pub(crate) mod data;
mod observed;
mod opening;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::Value;

use crate::config::TileConfig;
use crate::model::{Event, StreamId};

pub use opening::{MAX_OPENINGS, Open, Opening, Source, Today};

use data::{number, scalar};
use observed::Observed;
use opening::Openings;

/// How many tiles there are at most; further keys are only counted.
pub const MAX_TILES: usize = 200;

/// So many of them are told apart.
const MAX_LEFT_OUT: usize = 1_000;

/// How many recent values a tile keeps at most.
pub const SPARK_LENGTH: usize = 120;

/// How far apart recent values are at least, so that they span half a minute or more; of those that come faster the
/// last is kept.
pub const SPARK_STEP: SignedDuration = SignedDuration::from_millis(250);

/// The most bytes of a key or a value; an event with a longer one feeds no tile.
pub const MAX_TEXT: usize = 200;

/// A live value.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Which entry of the configuration makes it, from 0.
    pub feed: u32,
    /// The stream that feeds it.
    pub stream: StreamId,
    /// What it is the value of.
    pub key: String,
    /// Whether its events tell the key; else it is their name.
    pub is_keyed: bool,
    /// What the value is, as the configuration calls it.
    pub label: Option<String>,
    /// What stands behind the number.
    pub unit: Option<String>,
    /// The value as the server wrote it; of a JSON number without zeros at its end.
    pub text: String,
    /// The value as a number, if it is one, also one written as a string.
    pub value: Option<f64>,
    /// Change in percent: the server's own where the tile names a field for it (the last one it sent), else against
    /// its first value of the local day; none for a value of another day, and against zero.
    pub change_pct: Option<f64>,
    /// The same change in the value's own unit; with the server's own percentage where that tells it.
    pub change: Option<f64>,
    /// Against the value before.
    pub trend: Trend,
    /// When it came.
    pub at: Timestamp,
    /// Recent values, oldest first, at most [`SPARK_LENGTH`], at least [`SPARK_STEP`] apart but for the last; `None` where
    /// the stream was not connected between two of them.
    pub spark: Vec<Option<f64>>,
}

/// Which way a value went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// It rose.
    Up,
    /// It fell.
    Down,
    /// It is the first, the same, or no number.
    Flat,
}

/// All tiles, in the order of the configuration and then of their first appearance.
#[derive(Debug, Default)]
pub struct Tiles {
    feeds: Vec<Feed>,
    today: Today,
    openings: Openings,
    /// The values for which there was no room, each by what tells it from the others.
    left_out: HashSet<u64>,
    /// Whether there are openings to keep.
    has_new: bool,
}

impl Tiles {
    /// No tile yet.
    pub fn new(config: &[TileConfig]) -> Self {
        Self { feeds: config.iter().cloned().map(Feed::new).collect(), ..Self::default() }
    }

    /// Takes a new configuration; the values of what is still in it stay.
    pub fn configure(&mut self, config: &[TileConfig]) {
        let mut known = std::mem::take(&mut self.feeds);
        for wanted in config {
            let place = known.iter().position(|feed| feed.config.feed() == wanted.feed());
            let same = place.map(|place| Feed { config: wanted.clone(), ..known.swap_remove(place) });
            self.feeds.push(same.unwrap_or_else(|| Feed::new(wanted.clone())));
        }
        // There may be room for them now.
        self.left_out.clear();
    }

    /// How many values are not shown because there are [`MAX_TILES`] already; 1,000 stands for that many and more.
    pub fn left_out(&self) -> usize {
        self.left_out.len()
    }

    /// Whether a time is on the day from whose first values changes count.
    pub fn is_today(&self, at: Timestamp) -> bool {
        self.today.holds(at)
    }

    /// Changes count from the first values of that day from now on.
    pub fn begin(&mut self, now: &Zoned) {
        self.today = Today::of(now);
        self.openings.begin(&self.today);
    }

    /// When the day ends from whose first values changes count, where one of them is shown.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let counts = |feed: &Feed| feed.config.change.is_none() && !feed.values.is_empty();
        self.feeds.iter().any(counts).then(|| self.today.until())
    }

    /// Takes the first values that were kept, where they are of today.
    pub fn restore(&mut self, kept: Vec<Opening>) {
        self.openings.restore(kept, &self.today);
    }

    /// Takes the first values of today that stored events tell of these entries, where they came before those seen.
    pub fn open(&mut self, asked: &[TileConfig], told: Vec<Opening>) {
        let today = self.today;
        for opening in told.into_iter().filter(|opening| today.holds(opening.open.at)) {
            let Opening { source, open } = opening.clone();
            if self.openings.tell(opening) {
                self.feeds
                    .iter_mut()
                    .filter(|feed| source.is_of(&feed.config))
                    .for_each(|feed| feed.open(&source, open));
            }
        }
        self.feeds.iter_mut().filter(|feed| asked.contains(&feed.config)).for_each(|feed| feed.is_asked = true);
        self.has_new = true;
    }

    /// A stream has another name now; its tiles are told of by that.
    pub fn rename_stream(&mut self, old: &StreamId, new: &StreamId) {
        self.openings.rename(old, new);
        self.has_new = true;
    }

    /// Whether there may be first values to keep.
    pub fn has_openings(&self) -> bool {
        self.has_new
    }

    /// The first values that are to be kept: each once, and no sooner than stored events were asked for an earlier one.
    pub fn take_openings(&mut self) -> Vec<Opening> {
        self.has_new = false;
        let feeds = &self.feeds;
        self.openings.take_new(|source| feeds.iter().any(|feed| feed.is_asked && source.is_of(&feed.config)))
    }

    /// Takes an event's value, if a tile wants it; tells whether a tile changed. Cheap for events that feed none.
    pub fn observe(&mut self, event: &Event) -> bool {
        if !self.feeds.iter().any(|feed| feed.wants(event)) {
            return false;
        }
        let Ok(data) = serde_json::from_str::<Value>(&event.data) else { return false };
        let today = self.today;
        let mut room = MAX_TILES.saturating_sub(self.feeds.iter().map(|feed| feed.values.len()).sum());
        let mut changed = false;
        for (place, feed) in self.feeds.iter_mut().enumerate().filter(|(_, feed)| feed.wants(event)) {
            let before = feed.values.len();
            match feed.observe(event, &data, (&today, &mut self.openings), room > 0) {
                Taken::Nothing => {}
                Taken::Value { opens } => {
                    changed = true;
                    self.has_new |= opens;
                }
                Taken::LeftOut(key) => {
                    let mut hasher = DefaultHasher::new();
                    (place, event.stream.as_str(), key).hash(&mut hasher);
                    if self.left_out.len() < MAX_LEFT_OUT {
                        changed |= self.left_out.insert(hasher.finish());
                    }
                }
            }
            room = room.saturating_sub(feed.values.len() - before);
        }
        changed
    }

    /// A stream is connected again that was not for a while: it breaks the lines of its tiles.
    pub fn interrupt(&mut self, stream: &StreamId) {
        let observed = self.feeds.iter_mut().flat_map(|feed| &mut feed.values);
        observed.filter(|observed| observed.tile.stream == *stream).for_each(Observed::interrupt);
    }

    /// The tiles, as they are then.
    pub fn list(&self, now: Timestamp) -> Vec<Tile> {
        let is_over = !self.today.holds(now);
        let of_feed = |(place, feed): (u32, &Feed)| {
            let tile = |value: &Observed| {
                let is_old = feed.config.change.is_none() && (is_over || !self.today.holds(value.tile.at));
                let now = |change: Option<f64>| change.filter(|_| !is_old);
                let (change_pct, change) = (now(value.tile.change_pct), now(value.tile.change));
                let TileConfig { key, label, unit, .. } = &feed.config;
                let (label, unit, is_keyed) = (label.clone(), unit.clone(), !key.is_empty());
                Tile { feed: place, is_keyed, label, unit, change_pct, change, ..value.tile.clone() }
            };
            feed.values.iter().map(tile).collect::<Vec<_>>()
        };
        (0..).zip(&self.feeds).flat_map(of_feed).collect()
    }
}

/// What an entry of the configuration made of an event.
enum Taken {
    /// There is no value for it in there.
    Nothing,
    /// A value, and whether it is the first of the day.
    Value { opens: bool },
    /// There is no room for another tile: the key it would have had.
    LeftOut(String),
}

/// What one entry of the configuration shows.
#[derive(Debug)]
struct Feed {
    config: TileConfig,
    values: Vec<Observed>,
    places: HashMap<StreamId, HashMap<String, usize>>,
    /// Whether stored events were asked for its first values of today.
    is_asked: bool,
}

impl Feed {
    fn new(config: TileConfig) -> Self {
        Self { config, values: Vec::new(), places: HashMap::new(), is_asked: false }
    }

    fn wants(&self, event: &Event) -> bool {
        wants(&self.config, &event.stream, &event.name)
    }

    fn open(&mut self, source: &Source, open: Open) {
        let place = self.places.get(&source.stream).and_then(|keys| keys.get(&source.key)).copied();
        if let Some(observed) = place.and_then(|place| self.values.get_mut(place)) {
            observed.open = Some(open);
            observed.count();
        }
    }

    /// Takes a value, if there is one.
    fn observe(
        &mut self,
        event: &Event,
        data: &Value,
        (today, openings): (&Today, &mut Openings),
        room: bool,
    ) -> Taken {
        let Some(text) = data.pointer(&self.config.value).and_then(scalar) else { return Taken::Nothing };
        let key = if self.config.key.is_empty() {
            Some(event.name.clone())
        } else {
            data.pointer(&self.config.key).and_then(scalar)
        };
        let Some(key) = key else { return Taken::Nothing };
        let change = self.config.change.as_ref().map(|pointer| data.pointer(pointer).and_then(scalar));
        let place = self.places.get(&event.stream).and_then(|keys| keys.get(&key)).copied();
        if place.is_none() && !room {
            return Taken::LeftOut(key);
        }
        let place = place.unwrap_or_else(|| {
            self.places.entry(event.stream.clone()).or_default().insert(key.clone(), self.values.len());
            self.values.push(Observed::new(event, key));
            self.values.len() - 1
        });
        let Some(observed) = self.values.get_mut(place) else { return Taken::Nothing };
        let value = number(&text);
        let counts = change.is_none() && value.is_some() && !observed.open.is_some_and(|open| today.holds(open.at));
        let opens = counts && {
            let source = Source::new(&self.config, event.stream.clone(), observed.tile.key.clone());
            let (open, is_first) = openings.see(source, Open { at: event.at, value }, today);
            observed.open = Some(open);
            is_first
        };
        observed.take(text, value, change, event.at);
        Taken::Value { opens }
    }
}

/// Whether an event of a stream can have a value for an entry of the configuration.
pub(crate) fn wants(config: &TileConfig, stream: &StreamId, name: &str) -> bool {
    config.event == name && config.stream.as_ref().is_none_or(|wanted| wanted == stream)
}

#[cfg(test)]
mod tests;
