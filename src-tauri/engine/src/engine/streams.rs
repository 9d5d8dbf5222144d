//! The running streams: one task each, owned here from its start to its end.

mod rate;
mod reports;
mod seen;
mod sorted;
mod stream;
mod tasks;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc};
use tokio::task::{JoinError, JoinSet};

use super::records::Records;
use crate::auth;
use crate::config::{Config, StreamConfig};
use crate::connection::{State, Wait, WaitReason};
use crate::model::StreamId;
use crate::notices::Notices;
use crate::secrets::Vault;
use crate::snapshot::StreamStatus;
use crate::subscription::{Command, Report, Token};
use crate::text;
use crate::transport::{self, HostGate};
use crate::uptime::{Log, Now, Record};
use stream::{Stream, is_elsewhere};
use tasks::Tasks;

pub(super) use sorted::Sorted;

/// How many reports of all streams wait for the engine before the streams do.
const REPORTS_HELD: usize = 32;

/// The longest delay before a stream whose task panicked is started again.
const LONGEST_RESTART: Duration = Duration::from_secs(60);

/// Every configured stream, in the order of the configuration.
#[derive(Debug)]
pub(super) struct Streams {
    streams: Vec<Stream>,
    /// Where each is among them.
    places: HashMap<StreamId, usize>,
    /// When the next task that panicked is to be started again.
    restart_at: Option<Instant>,
    tasks: Tasks,
}

impl Streams {
    /// No stream yet; `cursors` are where each resumes, `past` is what it was connected in the last
    /// day. Reports come out of the receiver.
    pub(super) fn new(
        vault: Vault,
        cursors: HashMap<StreamId, String>,
        past: HashMap<StreamId, Vec<Record>>,
        states: broadcast::Sender<(StreamId, State)>,
    ) -> (Self, mpsc::Receiver<(StreamId, Report)>) {
        let (reports, received) = mpsc::channel(REPORTS_HELD);
        let mut notices = Notices::default();
        seen::told_before(&past, &mut notices);
        let tasks = Tasks {
            running: JoinSet::new(),
            names: HashMap::new(),
            cursors,
            forgotten: Vec::new(),
            removed: HashMap::new(),
            offline: false,
            past,
            records: Records::default(),
            notices,
            states,
            vault,
            gate: HostGate::default(),
            reports,
        };
        (Self { streams: Vec::new(), places: HashMap::new(), restart_at: None, tasks }, received)
    }

    /// Starts, restarts and stops tasks until they are what the configuration says. A stream that did not change is
    /// left alone; one that is new, or another server's than the one that was removed from its name, begins without that
    /// one's cursor.
    pub(super) fn configure(&mut self, config: &Config, new: &[StreamId], now: Timestamp) {
        let mut old: HashMap<StreamId, Stream> =
            self.streams.drain(..).map(|stream| (stream.config.name.clone(), stream)).collect();
        let running: HashSet<StreamId> = self.tasks.names.values().cloned().collect();
        for wanted in &config.streams {
            let stream = match old.remove(&wanted.name) {
                Some(mut stream) if stream.config == *wanted => {
                    stream.config = Arc::clone(wanted);
                    stream
                }
                Some(mut stream) => {
                    stream.forget_cursor |= is_elsewhere(&stream.config, wanted);
                    stream.config = Arc::clone(wanted);
                    stream.status.url = transport::redacted(&wanted.url);
                    stream.status.by_code = auth::device_settings(wanted).is_some();
                    stream.restart_at = None;
                    match &stream.task {
                        Some(task) => task.shutdown.cancel(),
                        None => self.tasks.start(&mut stream, now),
                    }
                    stream
                }
                None => {
                    let mut stream = Stream::new(
                        Arc::clone(wanted),
                        self.tasks.cursor(&wanted.name),
                        Log::new(self.tasks.past.remove(&wanted.name).unwrap_or_default()),
                        self.tasks.states.clone(),
                        now,
                    );
                    let before = self.tasks.removed.remove(&wanted.name);
                    stream.forget_cursor =
                        new.contains(&wanted.name) || before.is_some_and(|before| is_elsewhere(&before, wanted));
                    // A task of the same name may still be ending; its end starts this one.
                    if !running.contains(&wanted.name) {
                        self.tasks.start(&mut stream, now);
                    }
                    stream
                }
            };
            self.streams.push(stream);
        }
        for mut stream in old.into_values() {
            let record =
                stream.log.end(text!("the stream was removed", "流已移除"), stream.traffic.counted(), Now::read());
            self.tasks.records.add(&stream.config.name, record, Instant::now());
            if let Some(task) = stream.task {
                task.shutdown.cancel();
            }
            self.tasks.removed.insert(stream.config.name.clone(), stream.config);
        }
        self.places = self.streams.iter().enumerate().map(|(at, stream)| (stream.config.name.clone(), at)).collect();
        self.plan_restart();
        self.tasks.notices.configure(config, Instant::now());
    }

    /// Lets a stream go on under another name: what it was connected in and has counted stays its own. Gives where it
    /// resumes.
    pub(super) fn rename(&mut self, from: &StreamId, to: &StreamId) -> String {
        if let Some(at) = self.position(from).filter(|_| !self.places.contains_key(to)) {
            self.streams[at].rename(to);
            self.places.remove(from);
            self.places.insert(to.clone(), at);
            self.tasks.rename(from, to);
        }
        let cursor = self.tasks.cursors.remove(from).unwrap_or_default();
        self.tasks.cursors.insert(to.clone(), cursor.clone());
        cursor
    }

    /// The streams whose cursors were forgotten since the last time.
    pub(super) fn take_forgotten(&mut self) -> Vec<StreamId> {
        std::mem::take(&mut self.tasks.forgotten)
    }

    /// Waits for the next task to end; for ever while none runs.
    pub(super) async fn ended(&mut self) -> (StreamId, Result<(), JoinError>) {
        let Some(ended) = self.tasks.running.join_next_with_id().await else { return std::future::pending().await };
        let (id, result) = match ended {
            Ok((id, ())) => (id, Ok(())),
            Err(error) => (error.id(), Err(error)),
        };
        let name = self.tasks.names.remove(&id).unwrap_or_else(|| StreamId::from(""));
        (name, result)
    }

    /// Starts the task of a stream again whose old one ended, at once after a change, with a delay after a panic.
    pub(super) fn after_end(&mut self, name: &StreamId, result: Result<(), JoinError>, now: Timestamp) {
        let Some(at) = self.position(name) else { return };
        let stream = &mut self.streams[at];
        stream.task = None;
        let Err(error) = result else {
            self.tasks.start(stream, now);
            return;
        };
        tracing::error!(stream = %name, %error, "a stream's task failed and is started again");
        stream.panics = stream.panics.saturating_add(1);
        let delay = Duration::from_secs(1u64 << stream.panics.min(6)).min(LONGEST_RESTART);
        let until = Instant::now() + delay;
        stream.restart_at = Some(until);
        let wait = Wait {
            until,
            delay,
            reason: WaitReason::Network,
            message: text!(
                "a fault inside Streambell stopped this stream; it starts again",
                "Streambell 内部故障使这个流停下了；它会重新启动"
            ),
            attempt: stream.panics,
        };
        self.tasks.enter(stream, State::Waiting(wait), now);
        self.plan_restart();
    }

    /// When the next task that panicked is to be started again.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.restart_at
    }

    /// Starts what is due.
    pub(super) fn tick(&mut self, instant: Instant, now: Timestamp) {
        for stream in &mut self.streams {
            if stream.restart_at.is_some_and(|due| due <= instant) {
                stream.restart_at = None;
                self.tasks.start(stream, now);
            }
        }
        self.plan_restart();
    }

    /// Tells one stream, or all; `false` where there is none of that name.
    pub(super) fn command(&self, name: Option<&str>, command: Command) -> bool {
        let mut found = name.is_none();
        for stream in self.streams.iter().filter(|stream| name.is_none_or(|name| stream.config.name.as_str() == name)) {
            found = true;
            // One that is ending would only connect once more.
            if let Some(task) = stream.task.as_ref().filter(|task| !task.shutdown.is_cancelled()) {
                // A full queue holds a command that does the same.
                task.commands.try_send(command).ok();
            }
        }
        found
    }

    /// Takes over what is known of its token.
    pub(super) fn token(&mut self, name: &StreamId, token: Token) {
        if let Some(at) = self.position(name) {
            self.streams[at].status.token = token;
        }
    }

    /// The settings of a stream.
    pub(super) fn config(&self, name: &StreamId) -> Option<&Arc<StreamConfig>> {
        self.position(name).map(|at| &self.streams[at].config)
    }

    /// Takes over a new state.
    pub(super) fn enter(&mut self, name: &StreamId, state: State, now: Timestamp) {
        if let Some(at) = self.position(name) {
            self.tasks.enter(&mut self.streams[at], state, now);
        }
    }

    /// There is a network, or another, or none.
    pub(super) fn network(&mut self, up: bool) {
        self.tasks.offline = !up;
        self.command(None, if up { Command::NetworkUp } else { Command::NetworkDown });
    }

    /// What every stream is doing.
    pub(super) fn statuses(&self, now: Timestamp) -> Vec<StreamStatus> {
        let status = |stream: &Stream| StreamStatus {
            events_per_minute: stream.rate.per_minute(now),
            first_byte_after: stream.traffic.counted().first_byte_after,
            ..stream.status.clone()
        };
        self.streams.iter().map(status).collect()
    }

    /// Asks every task to end.
    pub(super) fn shut_down_all(&mut self) {
        for task in self.streams.iter_mut().filter_map(|stream| stream.task.take()) {
            task.shutdown.cancel();
        }
    }

    /// How many are configured.
    pub(super) fn len(&self) -> usize {
        self.streams.len()
    }

    /// How many tasks have not ended yet.
    pub(super) fn running(&self) -> usize {
        self.tasks.running.len()
    }

    fn position(&self, name: &StreamId) -> Option<usize> {
        self.places.get(name).copied()
    }

    fn plan_restart(&mut self) {
        self.restart_at = self.streams.iter().filter_map(|stream| stream.restart_at).min();
    }
}
