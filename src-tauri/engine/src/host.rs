//! The one trait: what the engine asks of its host.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{Button, Icon, Sound, Timeout};
use crate::locale::Locale;
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
    /// The alerts it stands for, newest last; never empty. A click opens it, or the list of what is unread where they
    /// are several. One that could not be stored yet has a number below zero, which the engine goes on to understand
    /// ([`Handle::stored_as`](crate::engine::Handle::stored_as)).
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
    /// How it looks and sounds, and what can be done with it.
    pub look: Box<Look>,
    /// Set where no rule made it but a stream's own state. Then it stands for one number that no alert has, has no
    /// rule and no event, and a click opens the stream.
    pub notice: Option<Notice>,
}

/// How a notification looks and sounds, and what can be done with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// The icon; the program's without one.
    pub icon: Option<Icon>,
    /// What is heard.
    pub noise: Noise,
    /// How long it stays on screen.
    pub timeout: Timeout,
    /// The buttons; `None` for opening the dashboard, and the link where there is one.
    pub buttons: Option<Arc<[Button]>>,
    /// What the button that copies a value copies; empty for title and body.
    pub value: String,
    /// The language of buttons that have no words of their own.
    pub locale: Locale,
    /// When it is taken off the screen because it means nothing any more; `None` for never. The engine does that.
    pub expires_at: Option<Timestamp>,
}

/// What is heard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Noise {
    /// What the desktop does by itself.
    #[default]
    Desktop,
    /// Nothing.
    Silent,
    /// A sound of the desktop's sound theme.
    Named(String),
    /// A file.
    File(PathBuf),
}

impl Noise {
    /// What a rule asks for.
    pub fn of(sound: Sound) -> Self {
        match sound {
            Sound::None => Self::Silent,
            Sound::Named(name) => Self::Named(name),
            Sound::File(file) => Self::File(file),
        }
    }
}

/// The number that stands in [`Notification::alerts`] of a test; no alert has it.
pub const TEST: i64 = i64::MIN + 2;

/// What a notification says of streams themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub kind: NoticeKind,
    /// Of which streams; never empty.
    pub streams: Vec<StreamId>,
}

/// What is said of streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// They have no connection.
    Outage,
    /// They have one again.
    Restored,
    /// They need a sign-in.
    SignIn,
    /// Nothing: a person tries out how a rule would tell of one's events.
    Test,
}

impl NoticeKind {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Restored => "restored",
            Self::SignIn => "sign-in",
            Self::Test => "test",
        }
    }
}
