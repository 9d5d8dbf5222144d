//! One stream: its settings, its task, and what is known of it.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use super::rate::Rate;
use crate::auth;
use crate::config::StreamConfig;
use crate::connection::State;
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
        self.status.state = state;
        self.status.since = now;
        self.status.quiet_since = None;
        record
    }
}

/// Whether an id of the one stream means nothing to the other: it is another server's, or made another way.
pub(super) fn is_elsewhere(old: &StreamConfig, new: &StreamConfig) -> bool {
    let origin = |config: &StreamConfig| reqwest::Url::parse(&config.url).ok().map(|url| url.origin());
    origin(old) != origin(new) || old.resume.from != new.resume.from
}
