//! One connection, as it is kept.

use std::time::Duration;

use jiff::Timestamp;

use crate::connection::{EndReason, WaitReason};
use crate::locale::Text;

/// A connection of a stream; or tries in a row that came to nothing for one reason, which are one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When it was asked for; of tries in a row, the first. No two of a stream have the same.
    pub start: Timestamp,
    /// When it ended; of tries in a row, the last. While it lasts, and after [`Cause::Killed`], when it was last known.
    pub end: Timestamp,
    /// Why it ended.
    pub cause: Cause,
    /// The same in one line; may be empty.
    pub message: Text,
    /// How many tries; 1 for a connection.
    pub tries: u32,
    /// The status the server answered with, if it did.
    pub status: Option<u16>,
    /// `1.1`, `2` …; empty where it never opened.
    pub http: String,
    /// How long the answer's header took, where there was an answer.
    pub header_after: Option<Duration>,
    /// How long the first byte of the body took, counted from the request; `None` where none came.
    pub first_byte_after: Option<Duration>,
    /// How long it was open, without the time the machine slept; `None` where it never was.
    pub open_for: Option<Duration>,
    /// How long, before it opened or at last came to nothing, the stream had no connection while somebody watched.
    pub missing: Duration,
    /// Bytes of the body, decompressed.
    pub bytes: u64,
    /// Events that came on it.
    pub events: u64,
}

impl Record {
    /// A connection that was asked for just now, and has not come to anything yet.
    pub fn begun(at: Timestamp) -> Self {
        Self {
            start: at,
            end: at,
            cause: Cause::Open,
            message: Text::default(),
            tries: 1,
            status: None,
            http: String::new(),
            header_after: None,
            first_byte_after: None,
            open_for: None,
            missing: Duration::ZERO,
            bytes: 0,
            events: 0,
        }
    }

    /// Whether these are tries of which none opened.
    pub fn is_failure(&self) -> bool {
        self.open_for.is_none()
    }

    /// When it opened, if it did.
    pub fn opened(&self) -> Option<Timestamp> {
        self.open_for?;
        self.start.checked_add(self.header_after.unwrap_or_default()).ok()
    }
}

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
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
    /// The server refuses the credentials, or there are none to be had.
    Unauthorized,
    /// The address cannot be used.
    BadUrl,
    /// The machine has no network.
    Offline,
    /// It was given up for a new one: somebody asked, a secret changed, or the machine woke.
    Reconnect,
    /// The stream was switched off or changed, or Streambell ended.
    Stopped,
    /// Streambell was ended without a word, or the machine was: when it ended is not known.
    Killed,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Open,
        Self::EndOfStream,
        Self::Network,
        Self::Tls,
        Self::Idle,
        Self::Status,
        Self::NoContent,
        Self::ContentType,
        Self::Redirect,
        Self::Unauthorized,
        Self::BadUrl,
        Self::Offline,
        Self::Reconnect,
        Self::Stopped,
        Self::Killed,
    ];

    /// The word used in ledger and output.
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

impl From<WaitReason> for Cause {
    fn from(reason: WaitReason) -> Self {
        match reason {
            WaitReason::EndOfStream => Self::EndOfStream,
            WaitReason::Network => Self::Network,
            WaitReason::Tls => Self::Tls,
            WaitReason::Idle => Self::Idle,
            WaitReason::Status => Self::Status,
        }
    }
}

impl From<EndReason> for Cause {
    fn from(reason: EndReason) -> Self {
        match reason {
            EndReason::NoContent | EndReason::Finished => Self::NoContent,
            EndReason::Status => Self::Status,
            EndReason::ContentType => Self::ContentType,
            EndReason::Redirect => Self::Redirect,
            EndReason::Unauthorized => Self::Unauthorized,
            EndReason::BadUrl => Self::BadUrl,
        }
    }
}
