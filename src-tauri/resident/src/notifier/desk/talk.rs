//! What the desk is told and what it has done.

use std::sync::Arc;
use std::time::Duration;

use streambell_engine::host::Notification;
use streambell_engine::locale::Text;
use streambell_engine::model::Answer;
use streambell_protocol::Spot;

use crate::notifier::compose::Abilities;

/// A notification on its way.
pub(in crate::notifier) type Ticket = u64;

/// Why the service did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::notifier) enum Fault {
    /// There is none, and none can be started.
    Absent(Text),
    /// Anything else.
    Other(Text),
}

/// What happened.
#[derive(Debug)]
pub(in crate::notifier) enum Input {
    /// The engine wants this shown.
    Show(Notification),
    /// The engine wants this slot off the screen.
    Close(String),
    /// The session bus is there.
    BusUp,
    /// The session bus is not there, for this reason.
    BusDown(Text),
    /// The service appeared (or another took its place), or went.
    Service(bool),
    /// The answer to the newest [`Act::Ask`].
    Asked(Result<Abilities, Fault>),
    /// The answer to [`Act::Send`]: the notification's id on screen.
    Sent(Ticket, Result<u32, Fault>),
    /// A person pressed something.
    Pressed(u32, String),
    /// A notification left the screen.
    Closed(u32),
    /// [`Desk::deadline`](super::Desk::deadline) is reached.
    Tick,
}

/// What is to be done, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::notifier) enum Act {
    /// Ask the service what it can do; that starts it where the bus knows how.
    Ask,
    /// Show a notification in place of the one with this id (0 for none).
    Send(Ticket, Arc<Notification>, Abilities, u32),
    /// Take a notification off the screen.
    Withdraw(u32),
    /// Tell the engine how showing these alerts went.
    Report(Vec<i64>, Result<(), Text>),
    /// Tell the engine that showing is possible again.
    Back,
    /// Open the dashboard there.
    Open(Spot),
    /// Open this address in the browser.
    Browse(String),
    /// Put this text on the clipboard; where that cannot be done, open the dashboard at this alert.
    Copy(String, Option<i64>),
    /// Silence this rule for so long.
    Mute(String, Duration),
    /// Tell the engine what the person answered to these alerts.
    Answer(Vec<i64>, Answer),
}
