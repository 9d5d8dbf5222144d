//! A tile as one value after the other makes it: its change, its trend and its line. Pure.

use jiff::{SignedDuration, Timestamp};

use super::data::number;
use super::{Open, SPARK_LENGTH, SPARK_STEP, Tile, Trend};
use crate::model::Event;

/// A tile and what is needed for its next value.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) tile: Tile,
    /// Where its change counts from.
    pub(super) open: Option<Open>,
    /// When the last value of the spark began.
    step: Option<Timestamp>,
}

impl Observed {
    pub(super) fn new(event: &Event, key: String) -> Self {
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
    pub(super) fn count(&mut self) {
        let first = self.open.and_then(|open| open.value);
        let ends = self.tile.value.zip(first);
        self.tile.change_pct = ends.and_then(|(now, first)| percent(first, now));
        self.tile.change = ends.map(|(now, first)| now - first).filter(|change| change.is_finite());
    }

    /// Takes a value; `change` is what the server says, where the tile names a field for it.
    pub(super) fn take(&mut self, text: String, value: Option<f64>, change: Option<Option<String>>, at: Timestamp) {
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

    pub(super) fn interrupt(&mut self) {
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

fn percent(first: f64, now: f64) -> Option<f64> {
    Some((now - first) / first.abs() * 100.0).filter(|change| change.is_finite())
}

/// What a server's own percentage is in the value's unit; `None` where the value and the one before may have had
/// different signs.
fn difference(now: f64, percent: f64) -> Option<f64> {
    let is_told = now > 0.0 && percent > -100.0;
    is_told.then(|| now - now / (1.0 + percent / 100.0)).filter(|change| change.is_finite())
}
