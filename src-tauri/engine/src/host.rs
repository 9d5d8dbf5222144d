//! The one trait: what the engine asks of its host.

use jiff::Timestamp;

use crate::model::{StreamId, Urgency};

/// What a host does for the engine.
///
/// Neither method may block. The host tells how each [`Host::show`] ended through
/// [`Handle::shown`](crate::engine::Handle::shown), in any order, and calls
/// [`Handle::notifier_is_back`](crate::engine::Handle::notifier_is_back) when showing became possible again.
pub trait Host: Send + 'static {
    /// Shows a notification; one of the same slot that is on screen is replaced.
    fn show(&mut self, notification: Notification);

    /// Takes a slot's notification off the screen, if it is there.
    fn close(&mut self, slot: &str);
}

/// What the desktop shows for one alert or a group of them. Text is plain: the host escapes it for its platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// What is replaced by a later notification of the same slot.
    pub slot: String,
    /// Whether this replaces one that was shown for the slot before.
    pub replaces: bool,
    /// The alerts it stands for, newest last; never empty. A click opens the newest.
    pub alerts: Vec<i64>,
    /// One line.
    pub title: String,
    /// May be empty; lines separated by `\n`.
    pub body: String,
    /// How loud.
    pub urgency: Urgency,
    /// An http or https address to offer; empty without one.
    pub link: String,
    /// The stream of the newest alert.
    pub stream: StreamId,
    /// The rule of the newest alert.
    pub rule: String,
    /// The event number of the newest alert.
    pub seq: i64,
    /// When the event of the newest alert arrived.
    pub at: Timestamp,
}
