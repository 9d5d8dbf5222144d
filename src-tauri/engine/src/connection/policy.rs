//! What a connection goes by.

use std::time::Duration;

/// What a connection goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The reconnection time until the server names one.
    pub retry: Duration,
    /// Without a byte for so long a connection counts as dead.
    pub idle_timeout: Option<Duration>,
    /// Whether it may count as dead sooner, where the stream's own heartbeat is missing.
    pub learn_idle: bool,
    /// Any status but 200, and a wrong content type at any time, end the stream.
    pub strict: bool,
    /// Whether a new secret can be had when the server refuses the old one.
    pub refresh: bool,
}
