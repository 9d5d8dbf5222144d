//! A stream: where it is in its life, and how it has done since the resident started.
//!
//! Times are milliseconds since 1970 (UTC), durations milliseconds.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::sign_in::{MissingView, SignInView};
use crate::text::Text;

/// Where a stream is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum StreamState {
    /// Not started yet.
    Idle,
    /// A connection is being made.
    Connecting,
    /// Events can arrive.
    Open,
    /// Waits for its next try.
    Waiting,
    /// The machine has no network.
    Offline,
    /// A new token is being fetched.
    Refreshing,
    /// The server refuses the credentials, or there are none.
    NeedsSignIn,
    /// The server ended the stream for good, or it cannot be retried.
    Ended,
    /// Switched off in the configuration.
    Paused,
}

impl StreamState {
    /// The state as it stands in `status --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Offline => "offline",
            Self::Refreshing => "refreshing",
            Self::NeedsSignIn => "needs-sign-in",
            Self::Ended => "ended",
            Self::Paused => "paused",
        }
    }
}

/// One stream as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamView {
    /// Its name.
    pub name: String,
    /// Its URL, without secrets.
    pub url: String,
    /// Where it is in its life.
    pub state: StreamState,
    /// Why it is there, in plain words; empty when all is well.
    pub message: Text,
    /// The same where it tells of a secret that is missing.
    pub missing: Option<MissingView>,
    /// Since when it is in this state.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// When the next try is made, while it waits or has no network.
    #[ts(type = "number | null")]
    pub retry_at_ms: Option<i64>,
    /// Whether it ended as it should: its server has no more to send, and said so.
    pub finished: bool,
    /// Connections made since the resident started.
    pub connections: u32,
    /// Events received since the resident started.
    #[ts(type = "number")]
    pub events: u64,
    /// Events in the minute before this was taken; none once the last one came longer ago.
    #[ts(type = "number")]
    pub events_per_minute: u64,
    /// Milliseconds from the request of the newest connection to the first byte of its body; `None` while none came.
    #[ts(type = "number | null")]
    pub first_byte_ms: Option<u64>,
    /// When the last event arrived.
    #[ts(type = "number | null")]
    pub last_event_at_ms: Option<i64>,
    /// The id the stream resumes after; empty without one.
    pub last_event_id: String,
    /// When the token in use ends, where that is known.
    #[ts(type = "number | null")]
    pub token_expires_at_ms: Option<i64>,
    /// When another is fetched, where that is done ahead of its end.
    #[ts(type = "number | null")]
    pub token_renews_at_ms: Option<i64>,
    /// Whether it signs in with a code that a person types.
    pub by_code: bool,
    /// Such a sign-in that is under way, or came to nothing.
    pub sign_in: Option<SignInView>,
    /// Since when it is silent, while it is open and that is longer than usual: its heartbeat is overdue.
    #[ts(type = "number | null")]
    pub quiet_since_ms: Option<i64>,
    /// How often since the resident started the server said that it cannot resume as asked.
    pub gaps: u32,
    /// The last time.
    pub last_gap: Option<GapView>,
}

/// Events that may be missing, as the server itself says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GapView {
    /// When it said so.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The id that they would have come after.
    pub after: String,
}
