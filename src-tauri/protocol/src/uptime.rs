//! How well streams have been connected; asked for, never pushed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::sign_in::MissingView;
use crate::text::Text;

/// How well a stream has been connected in the last 24 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UptimeView {
    /// The stream.
    pub stream: String,
    /// The part of the time with a connection, 0 to 1, of the time in which Streambell ran and the machine was awake;
    /// `None` where there was none.
    pub share: Option<f64>,
    /// The same for each quarter of an hour, oldest first; the last one, which has [`UptimeView::at_ms`] in it, is
    /// under way. Rounded to hundredths, but never up to 1.
    pub segments: Vec<Option<f64>>,
    /// Since when it has been watched; `None` where that is as long as 24 hours, or not at all.
    #[ts(type = "number | null")]
    pub known_since_ms: Option<i64>,
    /// When this was taken.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Since when there is a connection; `None` while there is none.
    #[ts(type = "number | null")]
    pub connected_since_ms: Option<i64>,
    /// The connection that ended last, or the tries that came to nothing last.
    pub last: Option<ConnectionView>,
}

/// A connection; or tries in a row that came to nothing for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// When it was asked for; of tries in a row, the first.
    #[ts(type = "number")]
    pub start_ms: i64,
    /// When it ended; of tries in a row, the last. `None` while it is open, and where that is not known (`killed`).
    #[ts(type = "number | null")]
    pub end_ms: Option<i64>,
    /// Why it ended.
    pub cause: ConnectionEnd,
    /// The same in one line; may be empty.
    pub message: Text,
    /// The same where it tells of a secret that was missing.
    pub missing: Option<MissingView>,
    /// How many tries; 1 for a connection.
    pub tries: u32,
    /// The status the server answered with, if it did.
    pub status: Option<u16>,
    /// `1.1`, `2` …; empty where it never opened.
    pub http: String,
    /// How long the answer's header took.
    #[ts(type = "number | null")]
    pub header_ms: Option<u64>,
    /// How long the first byte of the body took, counted from the request.
    #[ts(type = "number | null")]
    pub first_byte_ms: Option<u64>,
    /// How long it was open, without the time the machine slept; `None` where it never was.
    #[ts(type = "number | null")]
    pub open_ms: Option<u64>,
    /// Bytes of the body, decompressed.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Events.
    #[ts(type = "number")]
    pub events: u64,
}

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionEnd {
    /// It has not.
    Open,
    /// The body ended cleanly.
    EndOfStream,
    /// The network or the HTTP exchange failed.
    Network,
    /// TLS failed.
    Tls,
    /// No byte came for too long.
    Idle,
    /// The server answered with a status that opens no stream.
    Status,
    /// The server answered 204.
    NoContent,
    /// The answer is not an event stream.
    ContentType,
    /// A redirect that is not followed.
    Redirect,
    /// The server refuses the credentials, or there are none.
    Unauthorized,
    /// The address cannot be used.
    BadUrl,
    /// The machine has no network.
    Offline,
    /// It was given up for a new one.
    Reconnect,
    /// The stream was switched off or changed, or Streambell ended.
    Stopped,
    /// Streambell was ended without a word, or the machine was.
    Killed,
}

impl ConnectionEnd {
    /// The cause as it stands in `status --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::EndOfStream => "end-of-stream",
            Self::Network => "network",
            Self::Tls => "tls",
            Self::Idle => "idle",
            Self::Status => "status",
            Self::NoContent => "no-content",
            Self::ContentType => "content-type",
            Self::Redirect => "redirect",
            Self::Unauthorized => "unauthorized",
            Self::BadUrl => "bad-url",
            Self::Offline => "offline",
            Self::Reconnect => "reconnect",
            Self::Stopped => "stopped",
            Self::Killed => "killed",
        }
    }
}
