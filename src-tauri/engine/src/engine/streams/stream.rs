//! One stream: its settings, its task, and what is known of it.

use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use super::rate::Rate;
use crate::auth;
use crate::config::StreamConfig;
use crate::connection::{State, Wait, WaitReason};
use crate::engine::replay::Replay;
use crate::model::StreamId;
use crate::snapshot::StreamStatus;
use crate::subscription::{Command, Token, Traffic};
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
    /// How its server ended the last connection that was open, where that was clean and nothing failed since.
    pub(super) left: Option<Left>,
}

/// The clean end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    at: Timestamp,
    /// How long the next one was put off: what the server asks for between two, or what is usual.
    delay: SignedDuration,
}

/// So long the next connection may take to open beyond that.
const ANSWER: SignedDuration = SignedDuration::from_secs(2);

/// The same where the server goes on after the last event: a long poll may keep its answer until there is one.
const ANSWER_AFTER_AN_EVENT: SignedDuration = SignedDuration::from_secs(60);

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
            left: None,
        }
    }

    /// It has another name now. Its task, which knows it by the old one, ends.
    pub(super) fn rename(&mut self, name: &StreamId) {
        self.config = Arc::new(StreamConfig { name: name.clone(), ..(*self.config).clone() });
        self.status.name = name.clone();
        if let Some(task) = &self.task {
            task.shutdown.cancel();
        }
    }

    /// Gives what is to be kept of its connections.
    pub(super) fn enter(&mut self, state: State, now: Now) -> Option<Record> {
        let record = self.log.enter(&state, self.traffic.counted(), now);
        let Now { wall: now, instant } = now;
        // Nobody may be listening.
        self.states.send((self.config.name.clone(), state.clone())).ok();
        self.status.retry_at = match &state {
            State::Waiting(Wait { until, .. }) | State::Offline { until } => {
                now.checked_add(until.saturating_duration_since(instant)).ok()
            }
            State::Idle
            | State::Connecting
            | State::Open
            | State::Refreshing
            | State::NeedsSignIn { .. }
            | State::Ended { .. }
            | State::Paused => None,
        };
        match &state {
            State::Open | State::Connecting => {}
            State::Waiting(wait) if wait.reason == WaitReason::EndOfStream && wait.attempt == 0 => {
                let delay = SignedDuration::try_from(wait.delay).unwrap_or_default();
                self.left = Some(Left { at: now, delay });
            }
            State::Waiting(_)
            | State::Idle
            | State::Offline { .. }
            | State::Refreshing
            | State::NeedsSignIn { .. }
            | State::Ended { .. }
            | State::Paused => self.left = None,
        }
        self.status.state = state;
        self.status.since = now;
        self.status.quiet_since = None;
        record
    }

    /// Whether it may have missed what a line of values shows, where it is connected again now: not where its server
    /// ended a connection cleanly and has the next one when that was due. `resumes`: the server is told where to go on.
    pub(super) fn was_away(&self, now: Timestamp, resumes: bool) -> bool {
        let answer = if resumes { ANSWER_AFTER_AN_EVENT } else { ANSWER };
        self.left.is_none_or(|Left { at, delay }| {
            let due = SignedDuration::ZERO..=delay.saturating_add(answer);
            !due.contains(&now.duration_since(at))
        })
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
    use crate::locale::Text;

    const DELAY: Duration = Duration::from_secs(3);

    fn wait(reason: WaitReason, attempt: u32, instant: Instant) -> State {
        State::Waiting(Wait { until: instant, delay: DELAY, reason, message: Text::default(), attempt })
    }

    fn new(start: Timestamp) -> Stream {
        let config = Arc::new(StreamConfig::new("a", "http://localhost/"));
        Stream::new(config, String::new(), Log::default(), broadcast::channel(1).0, start)
    }

    #[test]
    fn only_a_clean_end_with_the_next_connection_when_it_is_due_misses_nothing() {
        use WaitReason::{EndOfStream, Idle, Network};
        let (start, instant) = (Timestamp::UNIX_EPOCH, Instant::now());
        let later = |ms| start + SignedDuration::from_millis(ms);
        for (reason, attempt, ms, resumes, is_away) in [
            (EndOfStream, 0, 0, false, false),
            (EndOfStream, 0, 5_000, false, false),
            (EndOfStream, 0, 5_001, false, true),
            (EndOfStream, 0, 63_000, true, false),
            (EndOfStream, 0, 63_001, true, true),
            (EndOfStream, 0, -1, true, true),
            (EndOfStream, 1, 0, true, true),
            (Idle, 1, 0, true, true),
            (Network, 1, 0, true, true),
        ] {
            let mut stream = new(start);
            assert!(stream.was_away(start, true), "never connected");
            for state in [State::Open, wait(reason, attempt, instant), State::Connecting] {
                stream.enter(state, Now { wall: start, instant });
            }
            assert_eq!(stream.was_away(later(ms), resumes), is_away, "{reason:?} {attempt} {ms} {resumes}");
        }
    }

    #[test]
    fn when_the_next_try_is_made_is_known_without_a_network_too() {
        let (wall, instant) = (Timestamp::UNIX_EPOCH, Instant::now());
        let until = instant + Duration::from_secs(60);
        let mut stream = new(wall);
        stream.enter(State::Offline { until }, Now { wall, instant });
        assert_eq!(stream.status.retry_at, Some(wall + SignedDuration::from_secs(60)));
        stream.enter(State::Open, Now { wall, instant });
        assert_eq!(stream.status.retry_at, None);
    }

    #[test]
    fn a_try_that_fails_after_a_clean_end_is_an_outage() {
        let (wall, instant) = (Timestamp::UNIX_EPOCH, Instant::now());
        for between in [wait(WaitReason::Network, 1, instant), State::Offline { until: instant }, State::Paused] {
            let mut stream = new(wall);
            let clean = wait(WaitReason::EndOfStream, 0, instant);
            for state in [State::Open, clean, State::Connecting, between, State::Connecting] {
                stream.enter(state, Now { wall, instant });
            }
            assert!(stream.was_away(wall, true));
        }
    }
}
