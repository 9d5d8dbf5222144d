//! The loop: it waits for the next cause, decides, and tells streams, ledger, host and viewers what follows.

mod configured;
mod ending;
mod quiet;
mod requests;
mod timers;
mod written;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{Timestamp, Zoned};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;

use super::cause::{Cause, Request, Shown};
use super::clock::Clock;
use super::commands::Commands;
use super::configuration::{self, Change, Order};
use super::intake::Intake;
use super::outbox::Outbox;
use super::pruning::Pruning;
use super::publish::{self, Publisher};
use super::sign_ins::{SignIns, Step};
use super::store::Store;
use super::streams::{Sorted, Streams};
use super::{Options, StartError};
use crate::alarm::Alarm;
use crate::config::Config;
use crate::connection::State;
use crate::host::{Host, TEST};
use crate::ledger::{Ledger, Write, Writer, Written};
use crate::locale::{Locale, Text};
use crate::model::{AlertState, Event, StoredAlert, StoredEvent, StreamId};
use crate::rules::Renamed;
use crate::secrets::Vault;
use crate::silence::Silences;
use crate::snapshot::{ALERTS_SHOWN, Snapshot, StreamStatus};
use crate::subscription::{Command, Item, Report};
use crate::uptime::Record;

/// How far back a start looks at connections.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// All that the engine is, owned by its loop.
pub(super) struct Core {
    config: Arc<Config>,
    config_trouble: Option<Text>,
    /// How often another configuration was put in force.
    configurations: u32,
    demo: bool,
    /// The system's language.
    locale: Locale,
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
    /// The numbers of alerts that became something else.
    changed: broadcast::Sender<Arc<Vec<i64>>>,
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
        changed: broadcast::Sender<Arc<Vec<i64>>>,
        states: broadcast::Sender<(StreamId, State)>,
    ) -> Result<(Self, Seen), StartError> {
        let (mut ledger, ledger_trouble) = match options.ledger {
            Ok(ledger) => (ledger, None),
            Err(error) => {
                tracing::error!(%error, "history is kept in memory only");
                (Ledger::in_memory()?, Some(error.text()))
            }
        };
        let cursors = ledger.cursors()?.into_iter().collect();
        let pending = ledger.pending()?;
        let (memories, openings) = (ledger.memories()?, ledger.openings()?);
        let (unread, newest) = ledger.unread(ALERTS_SHOWN)?;
        let past = past_day(&mut ledger);
        let silences = Silences::new(ledger.silences()?);

        let (write_results, written) = mpsc::unbounded_channel();
        // The loop ends only after the writer, so that there is always a reader.
        let writer = Writer::start(ledger, move |result| drop(write_results.send(result)))?;
        let (streams, reports) = Streams::new(options.vault.clone(), cursors, past, states);
        let (orders, changes) = configuration::start(options.config_file, options.vault.clone());
        let (publisher, snapshots) = Publisher::new(publish::empty(options.demo));
        let config = Arc::new(Config { locale: options.config.language.unwrap_or(options.locale), ..options.config });
        let (configs, config_seen) = watch::channel(Arc::clone(&config));
        let mut core = Self {
            config: Arc::default(),
            config_trouble: options.config_trouble,
            configurations: 0,
            demo: options.demo,
            locale: options.locale,
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
            changed,
            trials: JoinSet::new(),
            commands: Commands::new(),
            pruning: Pruning::new(Instant::now()),
            clock: Clock::new(Instant::now(), Timestamp::now()),
        };
        if let Err(message) = core.intake.configure(&config, &Renamed::default(), &Zoned::now()) {
            core.config_trouble = Some(message);
        }
        core.intake.restore(memories, openings);
        core.apply(config, &[]);
        *core.outbox.delivery_mut().silences_mut() = silences;
        core.offer(pending);
        let first = core.snapshot(Timestamp::now());
        core.publisher.publish(first);
        Ok((core, Seen { snapshots, config: config_seen }))
    }

    /// Runs until it is asked to stop or nobody can ask any more.
    pub(super) async fn run(mut self, mut asked: mpsc::Receiver<Request>, mut told: mpsc::UnboundedReceiver<Shown>) {
        let mut alarm = Alarm::new();
        let ended = loop {
            let deadline = self.deadline();
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
                Some(change) = self.changes.recv() => Cause::Configured(Box::new(change)),
                step = self.sign_ins.next() => Cause::SignIn(step),
                (stream, result) = self.streams.ended() => Cause::StreamEnded(stream, result),
                () = alarm.at(Some(deadline)) => Cause::Due,
                Some((stream, report)) = self.reports.recv(), if room => Cause::Reported(stream, report),
            };
            match cause {
                Cause::Reported(stream, report) => self.reported(&stream, report),
                Cause::StreamEnded(stream, result) => {
                    // Its last words come before its next life.
                    self.hear_out();
                    self.streams.after_end(&stream, result, Timestamp::now());
                    self.forget_cursors();
                    self.publisher.touch();
                }
                Cause::Written(written) => self.written(written),
                Cause::Asked(Request::Stop(reply)) => break Some(reply),
                Cause::Asked(request) => self.asked(request),
                Cause::Told(shown) => self.told(shown),
                Cause::Configured(change) => self.configured(*change),
                Cause::SignIn(step) => {
                    if let Step::Done(stream) = step {
                        self.streams.command(Some(stream.as_str()), Command::SecretChanged);
                    }
                    self.publisher.touch();
                }
                Cause::Due => self.due(),
            }
            // What was written at once has its result already: no turn for itself.
            while let Ok(written) = self.written.try_recv() {
                self.written(written);
            }
        };
        self.stop(ended, told).await;
    }

    /// Takes all that was reported so far.
    fn hear_out(&mut self) {
        while let Ok((stream, report)) = self.reports.try_recv() {
            self.reported(&stream, report);
        }
    }

    fn reported(&mut self, stream: &StreamId, report: Report) {
        match report {
            Report::State(state) => {
                tracing::info!(stream = %stream, state = state.as_str(), why = state.message(), "stream");
                self.streams.enter(stream, state, Timestamp::now());
            }
            Report::Opened { status, http, resumes, gap, .. } => {
                self.streams.answered(stream, status, http);
                let now = Timestamp::now();
                let is_broken = gap.is_some() || self.streams.was_away(stream, resumes, now);
                self.streams.opened(stream, gap, now);
                if is_broken {
                    self.intake.missed(stream);
                }
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
        let mut passing = Vec::new();
        let is_watched = self.feed.receiver_count() > 0;
        if let Some(batch) = self.intake.take(config, items, cursor, is_watched.then_some(&mut passing)) {
            let unsaved = self.store.commit(batch);
            self.offer(unsaved);
        }
        self.show_passing(passing);
    }

    /// Shows who looks the events that are not stored.
    fn show_passing(&self, events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        let events = events.into_iter().map(|event| StoredEvent { seq: 0, event, alerts: Vec::new() });
        // Nobody may be looking any more.
        self.feed.send(Arc::new(events.collect())).ok();
    }

    fn told(&mut self, shown: Shown) {
        match shown {
            Shown::Answer { alerts, result } => {
                // Whoever shows them may know them by numbers from before they were stored.
                let alerts: Vec<_> = alerts.into_iter().map(|alert| self.store.number(alert)).collect();
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

    /// Whether this is the answer to a notice or a test; then it is dealt with.
    fn is_about_streams(&mut self, alerts: &[i64], result: &Result<(), Text>) -> bool {
        let mut known = |number| number == TEST || self.streams.notices().answered(number, result, Instant::now());
        alerts.first().is_some_and(|number| known(*number))
    }

    fn snapshot(&self, at: Timestamp) -> Snapshot {
        Snapshot {
            demo: self.demo,
            locale: self.config.locale,
            at,
            pause: self.outbox.delivery().paused(at),
            stream_pauses: self.outbox.delivery().paused_streams().clone(),
            silences: self.outbox.delivery().silences().list(),
            unread: self.unread,
            said: self.store.told(),
            notifications_trouble: self.outbox.trouble().cloned(),
            ledger_trouble: self.store.trouble().cloned(),
            configuration_trouble: self.config_trouble.clone(),
            configurations: self.configurations,
            streams: self.statuses(at),
            tiles: self.intake.tiles(at),
            tiles_left_out: u32::try_from(self.intake.tiles_left_out()).unwrap_or(u32::MAX),
            alerts: self.newest.clone(),
        }
    }

    fn statuses(&self, at: Timestamp) -> Vec<StreamStatus> {
        let mut statuses = self.streams.statuses(at);
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
