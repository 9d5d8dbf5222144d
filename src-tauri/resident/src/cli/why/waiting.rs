//! What the alerts of an event wait for that are still to be shown: only a running instance knows.

use jiff::tz::TimeZone;
use streambell_protocol::{Answer, Awaited, Call, WaitingView};

use crate::cli::ask::ask;
use crate::cli::status::clock;
use crate::output::plain;
use crate::place::Place;

/// What the running instance said; nothing where none runs.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    said: Option<Vec<WaitingView>>,
}

impl Waiting {
    /// Asks the running instance. One that does not answer counts as none.
    pub(super) async fn ask(place: &Place, seq: i64) -> Self {
        let said = match ask(&place.profile.socket, Call::Why { seq }).await {
            Ok(Answer::Why(why)) => Some(why.waiting),
            Ok(_) | Err(_) => None,
        };
        Self { said }
    }

    /// What one alert waits for; `None` where no instance knows.
    pub(super) fn of(&self, alert: i64) -> Option<&WaitingView> {
        self.said.iter().flatten().find(|one| one.alert == alert)
    }

    /// The same as a word for scripts.
    pub(super) fn word(&self, alert: i64) -> &'static str {
        match (self.of(alert).map(|one| one.awaits), &self.said) {
            (Some(Awaited::Turn), _) => "turn",
            (Some(Awaited::Daemon), _) => "notification-daemon",
            // One that is not among them any more was shown just now.
            (Some(Awaited::Desktop), _) | (None, Some(_)) => "desktop",
            (None, None) => "streambell",
        }
    }

    /// The same in words.
    pub(super) fn text(&self, alert: i64, zone: &TimeZone) -> String {
        let one = self.of(alert);
        match (self.word(alert), one.and_then(|one| one.until_ms)) {
            ("turn", Some(until)) => format!(
                "waits for its turn, {} at the latest: too many came in a short time, or they are told together",
                clock(until, zone)
            ),
            ("notification-daemon", _) => {
                let message = one.map(|one| plain(&one.message.en, None)).unwrap_or_default();
                format!("waits for a notification daemon: {message}")
            }
            ("streambell", _) => "waits for Streambell, which does not run".to_owned(),
            _ => "was just given to the desktop".to_owned(),
        }
    }
}
