//! The tasks of streams, and what each is made from.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc};
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use super::stream::{Stream, Task};
use crate::config::StreamConfig;
use crate::connection::State;
use crate::engine::records::Records;
use crate::model::StreamId;
use crate::notices::Notices;
use crate::secrets::Vault;
use crate::subscription::{Command, Report, Subscription, Token};
use crate::transport::HostGate;
use crate::uptime::{Now, Record};

/// How many commands wait for a stream's task; it reads them at every turn.
const COMMANDS_HELD: usize = 8;

/// The tasks, and what each is made from.
#[derive(Debug)]
pub(super) struct Tasks {
    pub(super) running: JoinSet<()>,
    /// Which stream a task belongs to, also of streams that are no longer configured.
    pub(super) names: HashMap<Id, StreamId>,
    pub(super) cursors: HashMap<StreamId, String>,
    /// Streams whose cursors were forgotten and are still in the ledger.
    pub(super) forgotten: Vec<StreamId>,
    /// Streams that were removed: whose cursors there are by their names.
    pub(super) removed: HashMap<StreamId, Arc<StreamConfig>>,
    /// The system's last word was that there is no network.
    pub(super) offline: bool,
    /// The connections of streams before they are configured.
    pub(super) past: HashMap<StreamId, Vec<Record>>,
    /// What is to be kept of connections.
    pub(super) records: Records,
    /// What a person is told about streams themselves.
    pub(super) notices: Notices,
    pub(super) states: broadcast::Sender<(StreamId, State)>,
    pub(super) vault: Vault,
    pub(super) gate: HostGate,
    pub(super) reports: mpsc::Sender<(StreamId, Report)>,
}

impl Tasks {
    pub(super) fn cursor(&self, name: &StreamId) -> String {
        self.cursors.get(name).cloned().unwrap_or_default()
    }

    /// A stream has another name now.
    pub(super) fn rename(&mut self, from: &StreamId, to: &StreamId) {
        for name in self.names.values_mut() {
            if name == from {
                *name = to.clone();
            } else if name == to {
                // The end of a task starts the stream of its name, which this one's is no more.
                *name = "".into();
            }
        }
        self.records.rename(from, to);
    }

    pub(super) fn enter(&mut self, stream: &mut Stream, state: State, now: Timestamp) {
        let instant = Instant::now();
        self.notices.enter(&stream.config.name, &state, instant);
        let record = stream.enter(state, Now { wall: now, instant });
        self.records.add(&stream.config.name, record, instant);
    }

    pub(super) fn start(&mut self, stream: &mut Stream, now: Timestamp) {
        if std::mem::take(&mut stream.forget_cursor) {
            self.cursors.insert(stream.config.name.clone(), String::new());
            stream.status.last_event_id.clear();
            self.forgotten.push(stream.config.name.clone());
        }
        if !stream.config.enabled {
            self.enter(stream, State::Paused, now);
            return;
        }
        stream.status.token = Token::default();
        self.enter(stream, State::Idle, now);
        let (commands, received) = mpsc::channel(COMMANDS_HELD);
        if self.offline {
            // There is room.
            commands.try_send(Command::NetworkDown).ok();
        }
        let shutdown = CancellationToken::new();
        let subscription = Subscription {
            config: Arc::clone(&stream.config),
            vault: self.vault.clone(),
            cursor: self.cursor(&stream.config.name),
            gate: self.gate.clone(),
            comments: false,
            traffic: Arc::clone(&stream.traffic),
            reports: self.reports.clone(),
        };
        let task = self.running.spawn(subscription.run(received, shutdown.clone()));
        self.names.insert(task.id(), stream.config.name.clone());
        stream.task = Some(Task { commands, shutdown });
    }
}
