//! What a tile's value was, for a chart.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::AlertView;

/// Which values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct TileHistoryQuery {
    /// The entry of the configuration that makes the tile: [`crate::TileView::feed`].
    pub feed: u32,
    /// The tile's stream.
    pub stream: String,
    /// The tile's key.
    pub key: String,
    /// From this time on, in milliseconds since 1970; at the most 30 days are told.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// Up to this time; now without one.
    #[ts(type = "number | null")]
    pub to_ms: Option<i64>,
    /// At most so many points; 0 means 500, and 2,000 is the most.
    pub points: u32,
}

/// A tile's values over a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TileHistory {
    /// The beginning of the time that was asked for.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// Its end.
    #[ts(type = "number")]
    pub to_ms: i64,
    /// How much time a point stands for.
    #[ts(type = "number")]
    pub bucket_ms: i64,
    /// Oldest first; a time without a value has none.
    pub points: Vec<TilePoint>,
    /// The alerts of the stream in that time, newest first, at most 200; with a key only those of its group, or that
    /// were made of an event with that key.
    pub alerts: Vec<AlertView>,
    /// Whether there are older alerts in that time that are not among them.
    #[serde(default)]
    pub more_alerts: bool,
    /// When the stream had no connection in that time, oldest first, as far as that is known; what is shorter than a
    /// point is left out.
    pub outages: Vec<OutageSpan>,
    /// Whether only evenly spread samples of the stored events were read, because there are very many.
    pub sampled: bool,
}

/// A time without a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutageSpan {
    /// When it began.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// When it ended, or the end of what was asked for.
    #[ts(type = "number")]
    pub to_ms: i64,
}

/// The values of a short time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TilePoint {
    /// When the last of them came.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// The last.
    pub last: f64,
    /// How many events it is made of.
    pub count: u32,
}
