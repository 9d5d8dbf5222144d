//! The whole state as one value, published by the engine whenever it changed: at most ten times a second.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::auth::DeviceCode;
use crate::connection::State;
use crate::locale::{Locale, Text};
use crate::model::{StoredAlert, StreamId};
use crate::silence::Silence;
use crate::subscription::Token;
use crate::tiles::Tile;

/// How many unread alerts a snapshot carries at most.
pub const ALERTS_SHOWN: usize = 20;

/// The state of everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Whether this is the demo.
    pub demo: bool,
    /// The language of the tray.
    pub locale: Locale,
    /// When it was taken.
    pub at: Timestamp,
    /// Set while notifications are paused.
    pub pause: Option<Pause>,
    /// The streams whose notifications are paused.
    pub stream_pauses: BTreeMap<StreamId, Pause>,
    /// What a person silenced, oldest first.
    pub silences: Vec<Silence>,
    /// How many alerts are unread.
    pub unread: u32,
    /// The number of the last that a person said of alerts (that they are read, acknowledged, or not) that `unread` and
    /// `alerts` know of; grows as long as the engine runs.
    pub said: u64,
    /// Why notifications cannot be shown, in one line; `None` when they can.
    pub notifications_trouble: Option<Text>,
    /// Why the ledger cannot be written, in one line.
    pub ledger_trouble: Option<Text>,
    /// Why the configuration file on disk is not the one in force, in one line.
    pub configuration_trouble: Option<Text>,
    /// How often another configuration was put in force since the start.
    pub configurations: u32,
    /// The streams, in the order of the configuration.
    pub streams: Vec<StreamStatus>,
    /// The tiles, in order.
    pub tiles: Vec<Tile>,
    /// How many values have no tile because there are [`MAX_TILES`](crate::tiles::MAX_TILES) of them; 1,000 stands for
    /// that many and more.
    pub tiles_left_out: u32,
    /// The newest unread alerts, newest first, at most [`ALERTS_SHOWN`].
    pub alerts: Vec<StoredAlert>,
}

/// A pause of notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// When it ends; `None` means when resumed.
    pub until: Option<Timestamp>,
}

/// One stream as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamStatus {
    /// Its name.
    pub name: StreamId,
    /// Its URL, without secrets.
    pub url: String,
    /// Where it is in its life.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// When the next try is made, in [`State::Waiting`] and [`State::Offline`].
    pub retry_at: Option<Timestamp>,
    /// Connections made since the engine started.
    pub connections: u32,
    /// Events received since the engine started.
    pub events: u64,
    /// Events in the minute before this was taken; nothing is published when that passes.
    pub events_per_minute: u64,
    /// How long the first byte of the body took, counted from the request of the newest connection.
    pub first_byte_after: Option<Duration>,
    /// When the last one arrived.
    pub last_event_at: Option<Timestamp>,
    /// The cursor; empty without one.
    pub last_event_id: String,
    /// Since when it is silent, while it is open and that is longer than usual: its heartbeat is overdue.
    pub quiet_since: Option<Timestamp>,
    /// How often since the engine started the server said that it cannot resume as asked.
    pub gaps: u32,
    /// The last time.
    pub last_gap: Option<GapStatus>,
    /// How long the token lives that it uses.
    pub token: Token,
    /// Whether it signs in with a code that a person types.
    pub by_code: bool,
    /// Such a sign-in that is under way, or came to nothing.
    pub sign_in: Option<SignIn>,
}

/// A sign-in with a code that waits for its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// The authorization server is asked for a code.
    Asking,
    /// A person is to type it.
    Code(DeviceCode),
    /// It came to nothing, and why, in one line.
    Failed(Text),
}

/// Events that may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapStatus {
    /// When the server said so.
    pub at: Timestamp,
    /// The id that they would have come after.
    pub after: String,
}
