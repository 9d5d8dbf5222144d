//! The loop: it waits for the next cause, decides, and tells streams, ledger, host and viewers what follows.

mod ending;
mod quiet;
mod timers;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{Timestamp, Zoned};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::cause::{Cause, Request, Shown};
use super::clock::Clock;
use super::commands::{Commands, Job};
use super::configuration::{self, Change, Order};
use super::intake::Intake;
use super::outbox::Outbox;
use super::pruning::Pruning;
use super::publish::{self, Publisher};
use super::sign_ins::{self, SignIns, Step};
use super::store::Store;
use super::streams::{Sorted, Streams};
use super::{EngineError, Options, StartError, trial};
use crate::auth;
use crate::config::Config;
use crate::connection::State;
use crate::host::Host;
use crate::ledger::{Batch, Committed, Ledger, Write, Writer, Written};
use crate::model::{AlertState, Answered, StoredAlert, StoredEvent, StreamId};
use crate::secrets::Vault;
use crate::silence::Silences;
use crate::snapshot::{ALERTS_SHOWN, Snapshot, StreamStatus};
use crate::subscription::{Command, Item, Report};
use crate::uptime::Record;

/// How many trial connections run at a time.
const MOST_TRIALS: usize = 4;

/// How far back a start looks at connections.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// All that the engine is, owned by its loop.
pub(super) struct Core {
    config: Arc<Config>,
    config_trouble: Option<String>,
    demo: bool,
    vault: Vault,
    intake: Intake,
    streams: Streams,
    reports: mpsc::Receiver<(StreamId, Report)>,
    store: Store,
    written: mpsc::UnboundedReceiver<Written>,
    outbox: Outbox,
    unread: u32,
    /// The newest unread alerts, newest first.
    newest: Vec<StoredAlert>,
    publisher: Publisher,
    configs: watch::Sender<Arc<Config>>,
    orders: mpsc::UnboundedSender<Order>,
    changes: mpsc::Receiver<Change>,
    sign_ins: SignIns,
    feed: broadcast::Sender<Arc<Vec<StoredEvent>>>,
    /// Trials, ended with us.
    trials: JoinSet<()>,
    /// The programs of rules, ended with us.
    commands: Commands,
    pruning: Pruning,
    clock: Clock,
}

/// What a handle sees of the engine.
pub(super) struct Seen {
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(super) config: watch::Receiver<Arc<Config>>,
}

impl Core {
    pub(super) fn new(
        options: Options,
        host: Box<dyn Host>,
        feed: broadcast::Sender<Arc<Vec<StoredEvent>>>,
        states: broadcast::Sender<(StreamId, State)>,
    ) -> Result<(Self, Seen), StartError> {
        let (mut ledger, ledger_trouble) = match options.ledger {
            Ok(ledger) => (ledger, None),
            Err(error) => {
                tracing::error!(%error, "history is kept in memory only");
                (Ledger::in_memory()?, Some(error.to_string()))
            }
        };
        let cursors = ledger.cursors()?.into_iter().collect();
        let pending = ledger.pending()?;
        let memories = ledger.memories()?;
        let (unread, newest) = ledger.unread(ALERTS_SHOWN)?;
        let past = past_day(&mut ledger);
        let silences = Silences::new(ledger.silences()?);

        let (write_results, written) = mpsc::unbounded_channel();
        // The loop ends only after the writer, so that there is always a reader.
        let writer = Writer::start(ledger, move |result| drop(write_results.send(result)))?;
        let (streams, reports) = Streams::new(options.vault.clone(), cursors, past, states);
        let (orders, changes) = configuration::start(options.config_file, options.vault.clone());
        let (publisher, snapshots) = Publisher::new(publish::empty(options.demo));
        let config = Arc::new(options.config);
        let (configs, config_seen) = watch::channel(Arc::clone(&config));
        let mut core = Self {
            config: Arc::default(),
            config_trouble: options.config_trouble,
            demo: options.demo,
            sign_ins: SignIns::new(options.vault.clone()),
            vault: options.vault,
            intake: Intake::default(),
            streams,
            reports,
            store: Store::new(writer, ledger_trouble),
            written,
            outbox: Outbox::new(host),
            unread,
            newest,
            publisher,
            configs,
            orders,
            changes,
            feed,
            trials: JoinSet::new(),
            commands: Commands::new(),
            pruning: Pruning::new(Instant::now()),
            clock: Clock::new(Instant::now(), Timestamp::now()),
        };
        if let Err(message) = core.intake.configure(&config, &Zoned::now()) {
            core.config_trouble = Some(message);
        }
        core.intake.restore(memories);
        core.apply(config);
        *core.outbox.delivery_mut().silences_mut() = silences;
        core.offer(pending);
        let first = core.snapshot(Timestamp::now());
        core.publisher.publish(first);
        Ok((core, Seen { snapshots, config: config_seen }))
    }

    /// Runs until it is asked to stop or nobody can ask any more.
    pub(super) async fn run(mut self, mut asked: mpsc::Receiver<Request>, mut told: mpsc::UnboundedReceiver<Shown>) {
        let ended = loop {
            let deadline = tokio::time::Instant::from_std(self.deadline());
            let room = self.store.has_room();
            // What frees others comes first: results before requests before new events.
            let cause = tokio::select! {
                biased;
                Some(written) = self.written.recv() => Cause::Written(written),
                Some(shown) = told.recv() => Cause::Told(shown),
                request = asked.recv() => match request {
                    Some(request) => Cause::Asked(request),
                    None => break None,
                },
                Some(change) = self.changes.recv() => Cause::Configured(change),
                step = self.sign_ins.next() => Cause::SignIn(step),
                (stream, result) = self.streams.ended() => Cause::StreamEnded(stream, result),
                () = tokio::time::sleep_until(deadline) => Cause::Due,
                Some((stream, report)) = self.reports.recv(), if room => Cause::Reported(stream, report),
            };
            match cause {
                Cause::Reported(stream, report) => self.reported(&stream, report),
                Cause::StreamEnded(stream, result) => {
                    // Its last words come before its next life.
                    while let Ok((from, report)) = self.reports.try_recv() {
                        self.reported(&from, report);
                    }
                    self.streams.after_end(&stream, result, Timestamp::now());
                    self.forget_cursors();
                    self.publisher.touch();
                }
                Cause::Written(written) => self.written(written),
                Cause::Asked(Request::Stop(reply)) => break Some(reply),
                Cause::Asked(request) => self.asked(request),
                Cause::Told(shown) => self.told(shown),
                Cause::Configured(change) => self.configured(change),
                Cause::SignIn(step) => {
                    if let Step::Done(stream) = step {
                        self.streams.command(Some(stream.as_str()), Command::SecretChanged);
                    }
                    self.publisher.touch();
                }
                Cause::Due => self.due(),
            }
        };
        self.stop(ended, told).await;
    }

    fn reported(&mut self, stream: &StreamId, report: Report) {
        match report {
            Report::State(state) => {
                tracing::info!(stream = %stream, state = state.as_str(), why = state.message(), "stream");
                self.streams.enter(stream, state, Timestamp::now());
            }
            Report::Opened { status, http, gap, .. } => {
                self.streams.answered(stream, status, http);
                self.streams.opened(stream, gap, Timestamp::now());
            }
            Report::Refused { status } => self.streams.answered(stream, status, ""),
            Report::Quiet(since) => self.streams.quiet(stream, since, Timestamp::now()),
            Report::Token(token) => self.streams.token(stream, token),
            Report::Items { items, cursor } => {
                self.received(stream, items, cursor);
                return self.publisher.count(self.streams.len());
            }
        }
        self.publisher.touch();
    }

    fn received(&mut self, stream: &StreamId, items: Vec<Item>, cursor: Option<String>) {
        let mut events = 0;
        let mut last = None;
        for item in &items {
            if let Item::Event(event) = item {
                events += 1;
                last = Some(event.at);
            }
        }
        self.streams.received(stream, events, last, cursor.as_deref());
        // Nobody wants the events of a stream that was removed.
        let Some(config) = self.streams.config(stream) else { return };
        if let Some(batch) = self.intake.take(config, items, cursor) {
            let unsaved = self.store.commit(batch);
            self.offer(unsaved);
        }
    }

    fn written(&mut self, written: Written) {
        match written {
            Written::Committed(Ok(committed)) => {
                self.committed(committed);
                return self.publisher.count(self.streams.len());
            }
            Written::Committed(Err((error, batches))) => {
                let unsaved = self.store.failed(&error, batches);
                self.offer(unsaved);
            }
            Written::MarkedRead { newly } => {
                self.store.unread_changed();
                self.outbox.close(&newly);
            }
            Written::Unread { count, newest } => {
                self.unread = count;
                self.newest = newest;
            }
            Written::Pending(alerts) => {
                let alerts = self.store.without_under_way(alerts);
                let marks = self.outbox.offer_pending(alerts, &Zoned::now());
                self.mark(marks);
            }
            Written::Pruned { more } => {
                self.store.unread_changed();
                self.pruning.done(more, Instant::now());
            }
            Written::Failed(error, write) => {
                tracing::error!(%error, "the history could not be changed");
                self.store.again(write);
            }
        }
        self.publisher.touch();
    }

    fn committed(&mut self, committed: Committed) {
        self.pruning.stored(committed.events.len(), Instant::now());
        if committed.duplicates > 0 {
            tracing::debug!(duplicates = committed.duplicates, "events came again and are not stored twice");
        }
        let mut alerts: Vec<StoredAlert> =
            committed.events.iter().chain(&committed.alone).flat_map(|stored| stored.alerts.iter().cloned()).collect();
        if self.config.allow_commands {
            committed.events.iter().chain(&committed.alone).for_each(|stored| self.start_programs(stored));
        }
        if !alerts.is_empty() || !committed.resolved.is_empty() {
            self.store.unread_changed();
        }
        alerts.retain(|alert| !committed.resolved.contains(&alert.id));
        alerts.sort_unstable_by_key(|alert| alert.id);
        if self.feed.receiver_count() > 0 && !committed.events.is_empty() {
            // Nobody may be listening any more.
            self.feed.send(Arc::new(committed.events)).ok();
        }
        let unseen = self.store.committed(alerts);
        self.offer(unseen);
        // After what takes their place, so that it is not closed with them.
        if !committed.resolved.is_empty() {
            self.store.unread_changed();
            let marks = self.outbox.resolved(&committed.resolved);
            self.mark(marks);
        }
    }

    /// Starts the programs of the rules that fired for an event.
    fn start_programs(&mut self, stored: &StoredEvent) {
        for alert in &stored.alerts {
            let rule = self.config.rules.iter().find(|rule| rule.name == alert.alert.rule);
            if let Some(rule) = rule.filter(|rule| !rule.run.is_empty()) {
                self.commands.start(Job::new(&rule.run, &stored.event, alert));
            }
        }
    }

    fn asked(&mut self, request: Request) {
        match request {
            // Who asked may be gone; here and below.
            Request::Pause { stream, length, reply } => drop(reply.send(self.pause(stream, length))),
            Request::Resume { stream, reply } => drop(reply.send(self.resume(stream))),
            Request::Silence { matcher, length, comment, reply } => {
                drop(reply.send(self.silence(matcher, length, &comment)));
            }
            Request::Unsilence { id, reply } => drop(reply.send(self.unsilence(id))),
            Request::Answer { alerts, answer } => {
                self.store.send(Write::Answer(alerts, Answered { answer, at: Timestamp::now() }));
            }
            Request::Reconnect { stream, reply } => {
                let found = self.streams.command(stream.as_deref(), Command::Reconnect);
                let result = if found { Ok(()) } else { Err(EngineError::NoStream(stream.unwrap_or_default())) };
                drop(reply.send(result));
            }
            Request::Woke => {
                // The clocks have told the sleep too, or will.
                self.clock = Clock::new(Instant::now(), Timestamp::now());
                self.streams.slept();
                self.streams.command(None, Command::Woke);
            }
            Request::Network { up } => self.streams.network(up),
            // Who asked may be gone, here too.
            Request::Uptimes(reply) => reply.send(self.streams.uptimes()).unwrap_or_default(),
            Request::MarkRead(alerts) => self.store.send(Write::MarkRead(alerts)),
            Request::Reload => self.order(Order::Reload),
            Request::SaveStream { original, stream, secret, reply } => {
                self.order(Order::Save { original, stream, secret, reply });
            }
            Request::SignIn { stream, reply } => self.sign_in(stream, reply),
            Request::CancelSignIn { stream } => self.sign_ins.cancel(&stream.as_str().into()),
            Request::RemoveStream { name, reply } => self.order(Order::Remove { name, reply }),
            Request::Try { original, stream, secret, reply } => self.try_stream(original, *stream, secret, reply),
            Request::Stop(reply) => reply.send(()).unwrap_or_default(),
        }
        self.publisher.touch();
    }

    fn sign_in(&mut self, stream: String, reply: sign_ins::Reply) {
        match self.streams.config(&stream.as_str().into()).cloned() {
            Some(config) => self.sign_ins.start(config, reply),
            None => drop(reply.send(Err(EngineError::NoStream(stream)))),
        }
    }

    fn order(&self, order: Order) {
        // The task ends only after us.
        drop(self.orders.send(order));
    }

    fn try_stream(
        &mut self,
        original: Option<String>,
        stream: crate::config::StreamConfig,
        secret: Option<crate::secrets::Secret>,
        reply: oneshot::Sender<super::Trial>,
    ) {
        while self.trials.try_join_next().is_some() {}
        if self.trials.len() >= MOST_TRIALS {
            drop(reply.send(super::Trial::failed("other trials are still running: try again in a moment".to_owned())));
            return;
        }
        let vault = self.vault.clone();
        self.trials.spawn(async move {
            drop(reply.send(trial::run(&vault, original.as_deref(), stream, secret).await));
        });
    }

    fn told(&mut self, shown: Shown) {
        match shown {
            Shown::Answer { alerts, result } => {
                if self.is_about_streams(&alerts, &result) {
                    return;
                }
                if result.is_err() {
                    self.store.not_shown(&alerts);
                }
                let marks = self.outbox.answered(&alerts, result);
                self.mark(marks);
            }
            Shown::Back => {
                self.outbox.host_is_back();
                self.streams.notices().hurry(Instant::now());
                self.outbox.asking();
                self.store.send(Write::Pending);
            }
        }
        self.publisher.touch();
    }

    /// Whether this is the answer to a notice; then it is dealt with.
    fn is_about_streams(&mut self, alerts: &[i64], result: &Result<(), String>) -> bool {
        alerts.first().is_some_and(|number| self.streams.notices().answered(*number, result, Instant::now()))
    }

    fn configured(&mut self, change: Change) {
        let result = match change.result {
            Ok(config) => match self.intake.configure(&config, &Zoned::now()) {
                Ok(()) => {
                    if let Some((old, new)) = &change.renamed
                        && let Some(cursor) = self.streams.rename_cursor(old, new)
                    {
                        let batch = Batch {
                            stream: new.clone(),
                            entries: Vec::new(),
                            cursor: Some(cursor),
                            memories: Vec::new(),
                        };
                        self.store.commit(batch);
                    }
                    self.config_trouble = None;
                    self.apply(Arc::new(config));
                    Ok(())
                }
                Err(message) => Err(message),
            },
            Err(message) => Err(message),
        };
        if let Err(message) = &result {
            tracing::warn!(%message, "the configuration before stays in force");
            self.config_trouble = Some(message.clone());
        }
        if let Some(stream) = change.secret_of {
            self.streams.command(Some(stream.as_str()), Command::SecretChanged);
        }
        if let Some(reply) = change.reply {
            drop(reply.send(result.map_err(EngineError::Invalid)));
        }
        self.publisher.touch();
    }

    fn apply(&mut self, config: Arc<Config>) {
        self.outbox.configure(&config);
        self.streams.configure(&config, Timestamp::now());
        let by_code = |stream: &StreamId| {
            config.streams.iter().any(|one| one.name == *stream && auth::device_settings(one).is_some())
        };
        self.sign_ins.configure(by_code);
        self.forget_cursors();
        self.config = Arc::clone(&config);
        self.configs.send_replace(config);
        self.publisher.touch();
    }

    /// Forgets the cursors that mean nothing any more, for good.
    fn forget_cursors(&mut self) {
        for stream in self.streams.take_forgotten() {
            self.intake.forget_cursor(&stream);
            let forgotten = Some(String::new());
            self.store.commit(Batch { stream, entries: Vec::new(), cursor: forgotten, memories: Vec::new() });
        }
    }

    fn snapshot(&self, at: Timestamp) -> Snapshot {
        Snapshot {
            demo: self.demo,
            at,
            pause: self.outbox.delivery().paused(at),
            stream_pauses: self.outbox.delivery().paused_streams().clone(),
            silences: self.outbox.delivery().silences().list(),
            unread: self.unread,
            notifications_trouble: self.outbox.trouble().map(str::to_owned),
            ledger_trouble: self.store.trouble().map(str::to_owned),
            configuration_trouble: self.config_trouble.clone(),
            streams: self.statuses(),
            tiles: self.intake.tiles(),
            alerts: self.newest.clone(),
        }
    }

    fn statuses(&self) -> Vec<StreamStatus> {
        let mut statuses = self.streams.statuses();
        for status in &mut statuses {
            status.sign_in = self.sign_ins.of(&status.name).cloned();
        }
        statuses
    }

    fn offer(&mut self, alerts: Vec<StoredAlert>) {
        if alerts.is_empty() {
            return;
        }
        let now = Zoned::now();
        let Sorted { live, resumed, first } = self.streams.sort(alerts);
        let mut marks = self.outbox.offer_kept(first, false, &now);
        marks.extend(self.outbox.offer_kept(resumed, true, &now));
        marks.extend(self.outbox.offer(live, &now));
        self.mark(marks);
    }

    fn mark(&mut self, marks: Vec<(i64, AlertState)>) {
        if !marks.is_empty() {
            self.store.mark(marks);
        }
    }
}

/// What the streams were connected in the last day. Not worth failing for.
fn past_day(ledger: &mut Ledger) -> HashMap<StreamId, Vec<Record>> {
    let now = Timestamp::now();
    let since = now.checked_sub(DAY).unwrap_or(now);
    ledger.recover_connections(since, now).unwrap_or_else(|error| {
        tracing::warn!(%error, "what was connected before is not known");
        HashMap::new()
    })
}
