//! Live values from events. Pure.

mod opening;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::Value;

use crate::config::TileConfig;
use crate::model::{Event, StreamId};

pub use opening::{MAX_OPENINGS, Open, Opening, Source, Today};

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

/// A tile and what is needed for its next value.
#[derive(Debug)]
struct Observed {
    tile: Tile,
    /// Where its change counts from.
    open: Option<Open>,
    /// When the last value of the spark began.
    step: Option<Timestamp>,
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

impl Observed {
    fn new(event: &Event, key: String) -> Self {
        let tile = Tile {
            feed: 0,
            stream: event.stream.clone(),
            key,
            is_keyed: false,
            label: None,
            unit: None,
            text: String::new(),
            value: None,
            change_pct: None,
            change: None,
            trend: Trend::Flat,
            at: event.at,
            spark: Vec::new(),
        };
        Self { tile, open: None, step: None }
    }

    /// Counts the change anew.
    fn count(&mut self) {
        let first = self.open.and_then(|open| open.value);
        let ends = self.tile.value.zip(first);
        self.tile.change_pct = ends.and_then(|(now, first)| percent(first, now));
        self.tile.change = ends.map(|(now, first)| now - first).filter(|change| change.is_finite());
    }

    /// Takes a value; `change` is what the server says, where the tile names a field for it.
    fn take(&mut self, text: String, value: Option<f64>, change: Option<Option<String>>, at: Timestamp) {
        let tile = &mut self.tile;
        tile.trend = match (tile.value, value) {
            (Some(before), Some(now)) if now > before => Trend::Up,
            (Some(before), Some(now)) if now < before => Trend::Down,
            _ => Trend::Flat,
        };
        (tile.text, tile.value, tile.at) = (text, value, at);
        match change {
            Some(own) => {
                tile.change_pct = own.as_deref().and_then(number).or(tile.change_pct);
                tile.change = value.zip(tile.change_pct).and_then(|(now, percent)| difference(now, percent));
            }
            None => self.count(),
        }
        let tile = &mut self.tile;
        let Some(value) = value else { return };
        let soon = self.step.is_some_and(|step| (SignedDuration::ZERO..SPARK_STEP).contains(&at.duration_since(step)));
        match tile.spark.last_mut() {
            Some(Some(last)) if soon => *last = value,
            Some(_) | None => {
                self.draw(Some(value));
                self.step = Some(at);
            }
        }
    }

    fn interrupt(&mut self) {
        if let Some(Some(_)) = self.tile.spark.last() {
            self.draw(None);
        }
    }

    fn draw(&mut self, point: Option<f64>) {
        let spark = &mut self.tile.spark;
        if spark.len() >= SPARK_LENGTH {
            spark.remove(0);
        }
        spark.push(point);
    }
}

/// Whether an event of a stream can have a value for an entry of the configuration.
pub(crate) fn wants(config: &TileConfig, stream: &StreamId, name: &str) -> bool {
    config.event == name && config.stream.as_ref().is_none_or(|wanted| wanted == stream)
}

/// The key and the number that an entry of the configuration takes from an event of that name.
pub(crate) fn taken(config: &TileConfig, name: &str, data: &Value) -> Option<(String, f64)> {
    let value = data.pointer(&config.value).and_then(scalar).as_deref().and_then(number)?;
    let key = if config.key.is_empty() { Some(name.to_owned()) } else { key_in(config, data) };
    Some((key?, value))
}

/// The value that an entry of the configuration takes from an event's data for a key, where that is a number. Cheap for
/// data of other keys: most of what is read for a chart is.
pub(crate) fn reading(config: &TileConfig, key: &str, name: &str, data: &str) -> Option<f64> {
    if config.event != name || (!config.key.is_empty() && is_plain(key) && !data.contains(key) && !data.contains("\\u"))
    {
        return None;
    }
    let data = serde_json::from_str::<Value>(data).ok()?;
    let value = data.pointer(&config.value).and_then(scalar).as_deref().and_then(number)?;
    let is_its = if config.key.is_empty() { name == key } else { key_in(config, &data).as_deref() == Some(key) };
    is_its.then_some(value)
}

/// The key that an entry of the configuration takes from an event's data.
pub(crate) fn key_of(config: &TileConfig, data: &str) -> Option<String> {
    key_in(config, &serde_json::from_str(data).ok()?)
}

fn key_in(config: &TileConfig, data: &Value) -> Option<String> {
    data.pointer(&config.key).and_then(scalar)
}

/// Whether a key is written in JSON as it is shown; a number may be written in several ways.
fn is_plain(key: &str) -> bool {
    key.bytes().any(|byte| byte.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && key.parse::<f64>().is_err()
}

/// A text, number or truth value as text without control characters; `None` for all else and what is too long.
fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) if text.len() <= MAX_TEXT => text.chars().filter(|c| !c.is_control()).collect(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text)
}

fn number(text: &str) -> Option<f64> {
    text.trim().trim_end_matches('%').trim_end().parse().ok().filter(|value: &f64| value.is_finite())
}

fn percent(first: f64, now: f64) -> Option<f64> {
    Some((now - first) / first.abs() * 100.0).filter(|change| change.is_finite())
}

/// What a server's own percentage is in the value's unit; `None` where the value and the one before may have had
/// different signs.
fn difference(now: f64, percent: f64) -> Option<f64> {
    let is_told = now > 0.0 && percent > -100.0;
    is_told.then(|| now - now / (1.0 + percent / 100.0)).filter(|change| change.is_finite())
}

#[cfg(test)]
mod tests;
