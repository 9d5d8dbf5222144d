//! The state machine of one stream: input and time in, new state and actions out. Pure: no clock, no chance, no IO.
//!
//! [`Connection::handle`] takes what happened and says what to do; [`Connection::deadline`] says when to call it next
//! if nothing happens. Whoever obeys it holds at most one thing at a time: a connect, a body or a refresh.

mod body;
mod heartbeat;
mod input;
#[cfg(test)]
mod lives;
mod machine;
mod policy;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

pub use input::{Action, Input, Refusal};
pub use machine::Connection;
pub use policy::Policy;

use crate::locale::Text;

/// Where a stream is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not started yet.
    Idle,
    /// A connection is being made.
    Connecting,
    /// Events can arrive.
    Open,
    /// Waits for its next try.
    Waiting(Wait),
    /// The machine has no network.
    Offline {
        /// When a try is made all the same.
        until: Instant,
    },
    /// A new token is being fetched.
    Refreshing,
    /// The server refuses the credentials, or there are none to be had.
    NeedsSignIn {
        /// Why, and what to do, in one line.
        message: Text,
    },
    /// The server ended the stream for good, or trying again cannot help.
    Ended {
        /// The kind of end.
        reason: EndReason,
        /// Why, and what to do, in one line.
        message: Text,
    },
    /// Switched off in the configuration.
    Paused,
}

impl State {
    /// The word used in `status --json` and in logs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Open => "open",
            Self::Waiting(_) => "waiting",
            Self::Offline { .. } => "offline",
            Self::Refreshing => "refreshing",
            Self::NeedsSignIn { .. } => "needs-sign-in",
            Self::Ended { .. } => "ended",
            Self::Paused => "paused",
        }
    }

    /// Why the stream is there, in plain words for logs; empty where there is nothing to say.
    pub fn message(&self) -> &str {
        match self {
            Self::Waiting(Wait { message, .. }) | Self::NeedsSignIn { message } | Self::Ended { message, .. } => {
                &message.english
            }
            Self::Idle | Self::Connecting | Self::Open | Self::Offline { .. } | Self::Refreshing | Self::Paused => "",
        }
    }
}

/// A wait for the next try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// When the next try is made.
    pub until: Instant,
    /// The delay that is slept, drawn once.
    pub delay: Duration,
    /// The kind of cause.
    pub reason: WaitReason,
    /// Why, in one line.
    pub message: Text,
    /// Failures in a row, this one included; 0 after a clean end.
    pub attempt: u32,
}

/// Why a stream waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// The body ended cleanly.
    EndOfStream,
    /// The network or the HTTP exchange failed.
    Network,
    /// TLS failed.
    Tls,
    /// No byte came for too long.
    Idle,
    /// The server answered with a status that is worth trying again.
    Status,
}

impl WaitReason {
    /// The word used by `tail --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EndOfStream => "end-of-stream",
            Self::Network => "network",
            Self::Tls => "tls",
            Self::Idle => "idle",
            Self::Status => "status",
        }
    }
}

/// Why a stream ended for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The server answered 204.
    NoContent,
    /// The server answered with a status that ends the stream.
    Status,
    /// The answer is not an event stream.
    ContentType,
    /// A redirect without or with an empty Location, a loop, too many, or from https to http.
    Redirect,
    /// The server refuses the credentials.
    Unauthorized,
    /// The address cannot be parsed or is neither http nor https.
    BadUrl,
    /// The server said in an event that this is the end.
    Finished,
}

impl EndReason {
    /// Whether all is well: the server has no more to send, and says so.
    pub fn is_normal(self) -> bool {
        match self {
            Self::NoContent | Self::Finished => true,
            Self::Status | Self::ContentType | Self::Redirect | Self::Unauthorized | Self::BadUrl => false,
        }
    }

    /// The word used by `tail --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoContent => "no-content",
            Self::Status => "status",
            Self::ContentType => "content-type",
            Self::Redirect => "redirect",
            Self::Unauthorized => "unauthorized",
            Self::BadUrl => "bad-url",
            Self::Finished => "finished",
        }
    }
}
