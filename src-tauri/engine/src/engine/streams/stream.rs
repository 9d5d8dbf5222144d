//! One stream: its settings, its task, and what is known of it.

use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use super::rate::Rate;
use crate::auth;
use crate::config::StreamConfig;
use crate::connection::{State, WaitReason};
use crate::engine::replay::Replay;
use crate::model::StreamId;
use crate::snapshot::StreamStatus;
use crate::subscription::{Command, Token, Traffic};
use crate::tiles::SPARK_STEP;
use crate::transport;
use crate::uptime::{Log, Now, Record};

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) config: Arc<StreamConfig>,
    pub(super) status: StreamStatus,
    pub(super) log: Log,
    pub(super) traffic: Arc<Traffic>,
    pub(super) rate: Rate,
    /// The running task, if there is one.
    pub(super) task: Option<Task>,
    pub(super) states: broadcast::Sender<(StreamId, State)>,
    /// Whether its cursor is another server's: forgotten before the next start.
    pub(super) forget_cursor: bool,
    /// How the newest connection began.
    pub(super) replay: Option<Replay>,
    /// Panics since the last event.
    pub(super) panics: u32,
    /// When a task that panicked is started again.
    pub(super) restart_at: Option<Instant>,
    /// When its server ended the last connection that was open, where that ended cleanly.
    pub(super) left_at: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) struct Task {
    pub(super) commands: mpsc::Sender<Command>,
    /// Asks it to end. A stream whose settings changed starts anew when its old task has ended.
    pub(super) shutdown: CancellationToken,
}

impl Stream {
    pub(super) fn new(
        config: Arc<StreamConfig>,
        cursor: String,
        log: Log,
        states: broadcast::Sender<(StreamId, State)>,
        now: Timestamp,
    ) -> Self {
        let status = StreamStatus {
            name: config.name.clone(),
            url: transport::redacted(&config.url),
            state: State::Idle,
            since: now,
            retry_at: None,
            connections: 0,
            events: 0,
            events_per_minute: 0,
            first_byte_after: None,
            last_event_at: None,
            last_event_id: cursor,
            quiet_since: None,
            gaps: 0,
            last_gap: None,
            token: Token::default(),
            by_code: auth::device_settings(&config).is_some(),
            sign_in: None,
        };
        let traffic = Arc::default();
        Self {
            config,
            status,
            log,
            traffic,
            rate: Rate::default(),
            states,
            task: None,
            forget_cursor: false,
            replay: None,
            panics: 0,
            restart_at: None,
            left_at: None,
        }
    }

    /// Gives what is to be kept of its connections.
    pub(super) fn enter(&mut self, state: State, now: Now) -> Option<Record> {
        let record = self.log.enter(&state, self.traffic.counted(), now);
        let Now { wall: now, instant } = now;
        // Nobody may be listening.
        self.states.send((self.config.name.clone(), state.clone())).ok();
        self.status.retry_at = match &state {
            State::Waiting(wait) => now.checked_add(wait.until.saturating_duration_since(instant)).ok(),
            State::Idle
            | State::Connecting
            | State::Open
            | State::Offline
            | State::Refreshing
            | State::NeedsSignIn { .. }
            | State::Ended { .. }
            | State::Paused => None,
        };
        if self.status.state == State::Open && state != State::Open {
            let is_clean = matches!(&state, State::Waiting(wait) if wait.reason == WaitReason::EndOfStream);
            self.left_at = is_clean.then_some(now);
        }
        self.status.state = state;
        self.status.since = now;
        self.status.quiet_since = None;
        record
    }

    /// Whether it may have missed what a line of values shows, where it is connected again now: not where its server
    /// ends connections and has the next one at once.
    pub(super) fn was_away(&self, now: Timestamp) -> bool {
        let at_once = SignedDuration::ZERO..=SPARK_STEP;
        self.left_at.is_none_or(|left_at| !at_once.contains(&now.duration_since(left_at)))
    }
}

/// Whether an id of the one stream means nothing to the other: it is another server's, or made another way.
pub(super) fn is_elsewhere(old: &StreamConfig, new: &StreamConfig) -> bool {
    let origin = |config: &StreamConfig| reqwest::Url::parse(&config.url).ok().map(|url| url.origin());
    origin(old) != origin(new) || old.resume.from != new.resume.from
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::connection::Wait;
    use crate::locale::Text;

    #[test]
    fn only_a_clean_end_with_the_next_connection_at_once_misses_nothing() {
        let start = Timestamp::UNIX_EPOCH;
        let instant = Instant::now();
        let later = |ms| start + SignedDuration::from_millis(ms);
        for (reason, ms, is_away) in [
            (WaitReason::EndOfStream, 0, false),
            (WaitReason::EndOfStream, 250, false),
            (WaitReason::EndOfStream, 251, true),
            (WaitReason::EndOfStream, -1, true),
            (WaitReason::Idle, 0, true),
            (WaitReason::Network, 0, true),
        ] {
            let config = Arc::new(StreamConfig::new("a", "http://localhost/"));
            let mut stream = Stream::new(config, String::new(), Log::default(), broadcast::channel(1).0, start);
            assert!(stream.was_away(start), "never connected");
            let message = Text::default();
            let wait = Wait { until: instant, delay: Duration::ZERO, reason, message, attempt: 0 };
            for state in [State::Open, State::Waiting(wait), State::Connecting] {
                stream.enter(state, Now { wall: start, instant });
            }
            assert_eq!(stream.was_away(later(ms)), is_away, "{reason:?} {ms}");
        }
    }
}
