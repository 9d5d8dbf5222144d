//! A look at a stream that is being added: what comes, before anything is saved.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::text::Text;

/// What has been seen so far; pushed when it changed, at most ten times a second, to who asked only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WatchView {
    /// The number that the client gave to the watch.
    pub watch: u32,
    /// How it stands.
    pub phase: WatchPhase,
    /// The same in plain words, with what to do where that is not well.
    pub message: Text,
    /// Whether this is the last word.
    pub over: bool,
    /// The status the server answered with.
    pub status: Option<u16>,
    /// `1.1`, `2` …; empty before the answer.
    pub http: String,
    /// Milliseconds to the answer's header.
    pub header_ms: Option<u32>,
    /// Milliseconds to the first event.
    pub first_event_ms: Option<u32>,
    /// All events so far.
    pub total: u32,
    /// Their names, in the order in which they came first, at most 100.
    pub names: Vec<WatchedName>,
    /// The events since the last push, oldest first, at most 50; data longer than 4 KiB is cut.
    pub events: Vec<WatchedEvent>,
    /// How many more came in the same time and were left out here.
    pub omitted: u32,
}

/// How a watch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WatchPhase {
    /// Connecting.
    Connecting,
    /// The server answered with an event stream.
    Open,
    /// The connection failed or ended; another try follows.
    Waiting,
    /// The server wants credentials, or other ones.
    NeedsSignIn,
    /// What answers is no event stream.
    NotAStream,
    /// It cannot be had at all: the address, the status, the certificate.
    Refused,
    /// Enough was seen, or the time is up.
    Done,
}

/// The events of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WatchedName {
    /// The name.
    pub name: String,
    /// How many.
    pub count: u32,
    /// The data of the last one, cut at 4 KiB.
    pub sample: String,
    /// What a tile could be made of, the likeliest first; none where no number is named.
    pub tiles: Vec<TileGuess>,
}

/// Two places in an event's data that look like a tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TileGuess {
    /// The JSON pointer to what names the value.
    pub key: String,
    /// The JSON pointer to the value, a number.
    pub value: String,
}

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WatchedEvent {
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Its name.
    pub name: String,
    /// Its id; empty without one.
    pub id: String,
    /// Its data.
    pub data: String,
}
