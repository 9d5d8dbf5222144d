//! Live values from events. Pure.

use jiff::Timestamp;

use crate::config::TileConfig;
use crate::model::{Event, StreamId};

/// How many tiles there are at most; further keys are ignored.
pub const MAX_TILES: usize = 200;

/// How many recent values a tile keeps at most.
pub const SPARK_LENGTH: usize = 120;

/// A live value.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// The stream that feeds it.
    pub stream: StreamId,
    /// What it is the value of.
    pub key: String,
    /// The value as the server wrote it.
    pub text: String,
    /// The value as a number, if it is one.
    pub value: Option<f64>,
    /// Change in percent: the server's own where the tile names a field for it, else against the first value seen.
    pub change_pct: Option<f64>,
    /// Against the value before.
    pub trend: Trend,
    /// When it came.
    pub at: Timestamp,
    /// Recent values, oldest first, at most [`SPARK_LENGTH`].
    pub spark: Vec<f64>,
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
pub struct Tiles {}

impl Tiles {
    /// No tile yet.
    pub fn new(config: &[TileConfig]) -> Self {
        let _ = config;
        Self {}
    }

    /// Takes an event's value, if a tile wants it; tells whether a tile changed.
    pub fn observe(&mut self, event: &Event) -> bool {
        let _ = event;
        false
    }

    /// The tiles.
    pub fn list(&self) -> Vec<Tile> {
        Vec::new()
    }
}
