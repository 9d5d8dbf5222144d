//! The running instance: engine, notifier, tray, control socket and dashboard put together, and one loop that obeys
//! what they and the system ask for.

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};
use streambell_engine::connection::State;
use streambell_engine::engine::{self, Handle};
use streambell_engine::model::{Answer, StreamId};
use streambell_engine::silence::Matcher;
use streambell_engine::snapshot::Snapshot;
use streambell_protocol::Spot;
use tokio::sync::{Notify, Semaphore, broadcast, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::autostart::Autostart;
use crate::cli::Failure;
use crate::clipboard;
use crate::control::{self, Dashboards, Parting, Shared, TextIndex};
use crate::dashboard::{self, Dashboard};
use crate::notifier::{self, Printer, Style};
use crate::output::{self, Lines};
use crate::place::Place;
use crate::setup::Setup;
use crate::signals::{Asked, Signals};
use crate::tray::Tray;
use crate::{limits, logging};
use crate::{memory, network, openings};

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// With a tray; the dashboard is opened at the start unless hidden.
    Tray {
        /// Whether it is.
        hidden: bool,
    },
    /// With neither.
    Headless {
        /// Whether, and how, notifications go to stdout too.
        print: Option<Style>,
    },
}

/// What tray, notifier and control socket ask of the instance.
#[derive(Debug)]
pub(crate) enum Order {
    /// Opens the dashboard.
    OpenDashboard {
        /// Where.
        spot: Spot,
        /// Who wants to know how it went.
        reply: Option<dashboard::Reply>,
    },
    /// Opens an http or https address in the browser.
    OpenLink(String),
    /// Puts a text on the clipboard; where that cannot be done, opens the dashboard at the alert.
    Copy {
        /// The text.
        text: String,
        /// The alert it is of.
        alert: Option<i64>,
    },
    /// Silences a rule for so long.
    Mute {
        /// The rule.
        rule: String,
        /// How long.
        length: Duration,
    },
    /// Ends a silence.
    Unsilence(i64),
    /// Records what the person answered to alerts.
    Answer {
        /// Their numbers.
        alerts: Vec<i64>,
        /// What.
        answer: Answer,
    },
    /// Pauses notifications for so long, or until resumed.
    Pause(Option<Duration>),
    /// Ends the pause.
    Resume,
    /// Connects all streams at once.
    Reconnect,
    /// Ends the instance.
    Quit,
}

/// How many lines wait for a slow reader of stdout before alerts do.
const LINES_HELD: usize = 10_000;

/// How long the tasks may take to end.
const END_PATIENCE: Duration = Duration::from_secs(1);

/// Runs until it is told to end. The caller holds the profile's lock.
pub(crate) async fn run(place: &Place, mode: Mode) -> Result<ExitCode, Failure> {
    logging::keep(&place.profile.logs);
    limits::raise_open_files();
    let signals = Signals::listen()?;
    let socket = control::Socket::listen(&place.profile.socket)?;
    let lines = match mode {
        Mode::Headless { print: Some(_) } => {
            Some(Arc::new(Lines::start(LINES_HELD).context("stdout cannot be written")?))
        }
        Mode::Headless { print: None } | Mode::Tray { .. } => None,
    };
    let printer = match (mode, &lines) {
        (Mode::Headless { print: Some(style) }, Some(lines)) => Some(Printer::new(style, Arc::clone(lines))),
        _ => None,
    };

    let (orders, ordered) = mpsc::unbounded_channel();
    let engine_cell = Arc::new(OnceLock::new());
    let (host, notifier) = notifier::new(Arc::clone(&engine_cell), printer.clone(), orders.clone());
    let (shutdown, for_good) = (CancellationToken::new(), CancellationToken::new());
    let setup = Setup::of(place, &shutdown).await?;
    match (mode, setup.trouble()) {
        // Nobody would see it there: better not to run than to run without streams.
        (Mode::Headless { .. }, Some(trouble)) => return Err(Failure::usage(anyhow!("{trouble}"))),
        // The tray shows it, and the file is read again as soon as it is mended.
        (Mode::Tray { .. }, Some(trouble)) => {
            output::complain(&format!("the configuration cannot be used until it is mended: {trouble}"));
        }
        (Mode::Headless { .. } | Mode::Tray { .. }, None) => {}
    }
    let engine = engine::start(setup.options(place), host).map_err(|error| anyhow!(error))?;
    // Nothing runs between the start and this: one thread, and no await.
    drop(engine_cell.set(engine.clone()));
    let (first, states) = (engine.snapshots().borrow().clone(), engine.states());

    let dashboards = Dashboards::default();
    let index = TextIndex::default();
    let left = Arc::new(Notify::new());
    let shared = Shared {
        engine: engine.clone(),
        orders: orders.clone(),
        dashboards: dashboards.clone(),
        ledger: place.profile.ledger.clone(),
        config_file: place.profile.config.clone(),
        profile: place.profile.clone(),
        autostart: Autostart::of(place),
        index: index.clone(),
        previews: Arc::new(Semaphore::new(1)),
        for_good: for_good.clone(),
        left: Arc::clone(&left),
    };
    let mut tasks = JoinSet::new();
    let bus = notifier.bus();
    tasks.spawn(named("notifier", notifier.run(shutdown.clone())));
    tasks.spawn(named("network", until(network::run(engine.clone()), shutdown.clone())));
    tasks.spawn(named("tiles", until(openings::run(engine.clone(), place.profile.ledger.clone()), shutdown.clone())));
    tasks.spawn(named("text index", until(index.run(place.profile.ledger.clone()), shutdown.clone())));
    tasks.spawn(named("memory", until(memory::run(left), shutdown.clone())));
    match mode {
        Mode::Tray { hidden } => {
            let tray = Tray { snapshots: engine.snapshots(), orders: orders.clone(), bus };
            tasks.spawn(named("tray", tray.run(shutdown.clone())));
            // Without a display the person has been told already.
            if !hidden && dashboard::has_display() {
                drop(orders.send(Order::OpenDashboard { spot: Spot::default(), reply: None }));
            }
        }
        Mode::Headless { .. } => {
            if let Some(printer) = printer {
                tasks.spawn(named("printer", print_states(printer, first, states, shutdown.clone())));
            }
        }
    }
    let clients = tokio::spawn(control::serve(socket, shared, shutdown.clone()));
    let dashboard = Dashboard::new(place, dashboards);
    tracing::info!(socket = %place.profile.socket.display(), "Streambell runs");
    let mut resident = Resident { engine, dashboard, orders, ordered, signals, tasks };
    let end = resident.obey().await;

    // The demo leaves nothing that could come back.
    if end == End::Quit || place.demo {
        for_good.cancel();
    }
    shutdown.cancel();
    let Resident { engine, tasks, .. } = resident;
    // Held until all is over, so that who asked for the end can see it.
    let _partings = finish(engine, tasks, clients).await;
    if let Some(lines) = lines.and_then(Arc::into_inner) {
        lines.finish().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Why an instance ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Somebody wants it to.
    Quit,
    /// The system does: somebody signs out, or a newer program takes its place.
    Signal,
}

struct Resident {
    engine: Handle,
    dashboard: Dashboard,
    orders: mpsc::UnboundedSender<Order>,
    ordered: mpsc::UnboundedReceiver<Order>,
    signals: Signals,
    /// Ended by the shutdown token.
    tasks: JoinSet<&'static str>,
}

impl Resident {
    /// Does what is ordered until that is to end.
    async fn obey(&mut self) -> End {
        loop {
            tokio::select! {
                asked = self.signals.next() => match asked {
                    Asked::End => return End::Signal,
                    Asked::Reconnect => {
                        self.engine.reload().await;
                        self.reconnect().await;
                    }
                },
                Some(order) = self.ordered.recv() => match order {
                    Order::Quit => return End::Quit,
                    Order::OpenDashboard { spot, reply } => {
                        let spot = self.stored(spot).await;
                        self.dashboard.open(spot, reply, Instant::now());
                    }
                    Order::OpenLink(link) => open_link(&link),
                    Order::Copy { text, alert } => self.copy(text, alert),
                    Order::Mute { rule, length } => self.mute(&rule, length).await,
                    Order::Unsilence(id) => {
                        if let Err(error) = self.engine.unsilence(id).await {
                            tracing::debug!(%error, "nothing to end");
                        }
                    }
                    Order::Answer { alerts, answer } => {
                        self.engine.answer(alerts, answer).await;
                    }
                    Order::Pause(length) => self.engine.pause(length).await,
                    Order::Resume => self.engine.resume().await,
                    Order::Reconnect => self.reconnect().await,
                },
                () = self.dashboard.follow() => {}
                Some(ended) = self.tasks.join_next() => match ended {
                    Ok(name) => tracing::debug!(name, "a part ended"),
                    Err(error) => tracing::error!(%error, "a part of Streambell failed; start it anew to have it back"),
                },
            }
        }
    }

    /// The place of an alert that was shown before it could be stored: it is what is unread as long as it is not.
    async fn stored(&self, spot: Spot) -> Spot {
        if let Spot::Alert { alert } = spot
            && alert < 0
        {
            return self.engine.stored_as(alert).await.map_or(Spot::Unread, |alert| Spot::Alert { alert });
        }
        spot
    }

    fn copy(&mut self, text: String, alert: Option<i64>) {
        let orders = self.orders.clone();
        self.tasks.spawn(named("clipboard", async move {
            if let Err(reason) = clipboard::copy(text).await {
                tracing::info!(reason, "the dashboard can copy it");
                drop(orders.send(Order::OpenDashboard { spot: alert.into(), reply: None }));
            }
        }));
    }

    async fn mute(&self, rule: &str, length: Duration) {
        if let Err(error) = self.engine.silence(Matcher::of_rule(rule), length, String::new()).await {
            output::complain(&format!("the rule \"{rule}\" cannot be silenced: {error}"));
        }
    }

    async fn reconnect(&self) {
        if let Err(error) = self.engine.reconnect(None).await {
            tracing::debug!(%error, "nothing to reconnect");
        }
    }
}

/// Ends everything; at the most a few seconds.
async fn finish(
    engine: Handle,
    mut tasks: JoinSet<&'static str>,
    clients: tokio::task::JoinHandle<Vec<Parting>>,
) -> Vec<Parting> {
    let partings = tokio::time::timeout(END_PATIENCE, clients).await;
    engine.stop().await;
    drop(engine);
    let tasks_end = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(END_PATIENCE, tasks_end).await.is_err() {
        tracing::debug!("parts are ended by force");
        tasks.shutdown().await;
    }
    partings.ok().and_then(Result::ok).unwrap_or_default()
}

/// Runs a task that does not end by itself.
async fn until(task: impl Future<Output = ()>, shutdown: CancellationToken) {
    shutdown.run_until_cancelled(task).await;
}

async fn named(name: &'static str, task: impl Future<Output = ()>) -> &'static str {
    task.await;
    name
}

/// Prints the states that the streams start with, and each change.
async fn print_states(
    printer: Printer,
    first: Arc<Snapshot>,
    mut states: broadcast::Receiver<(StreamId, State)>,
    shutdown: CancellationToken,
) {
    for stream in &first.streams {
        printer.state(&stream.name, &stream.state);
    }
    loop {
        let changed = tokio::select! {
            () = shutdown.cancelled() => return,
            changed = states.recv() => changed,
        };
        match changed {
            Ok((stream, state)) => printer.state(&stream, &state),
            // The newest are still to come.
            Err(broadcast::error::RecvError::Lagged(missed)) => tracing::debug!(missed, "states are not printed"),
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// Opens an address in the browser, with no shell in between.
fn open_link(link: &str) {
    if !notifier::is_web(link) {
        tracing::warn!("a link that is neither http nor https is not opened");
        return;
    }
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = tokio::process::Command::new(program);
    command.arg(link).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    match command.spawn() {
        // Reaped by the runtime.
        Ok(child) => drop(child),
        Err(error) => output::complain(&format!("the link cannot be opened: {program} does not start ({error})")),
    }
}
