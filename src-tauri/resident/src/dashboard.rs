//! Starts the dashboard, a program of its own, one at a time. Its end, however it comes, changes nothing here.
//!
//! A window that lost an instance before this one may be there and look for us: it is given a moment to come back.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use streambell_engine::locale::Text;
use streambell_engine::text;
use streambell_protocol::{Presence, Spot};
use thiserror::Error;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use crate::control::Dashboards;
use crate::output;
use crate::place::Place;

/// The program's name.
const PROGRAM: &str = if cfg!(windows) { "streambell-dashboard.exe" } else { "streambell-dashboard" };

/// A dashboard that has not connected by then is taken for stuck when it is asked for again.
const START_PATIENCE: Duration = Duration::from_secs(20);

/// A dashboard that lost an instance before this one looks for it about once a second.
const RETURN_PATIENCE: Duration = Duration::from_millis(2_500);

/// Why the dashboard cannot be opened, in one line.
#[derive(Debug, Error)]
pub(crate) enum DashboardError {
    /// There is no display.
    #[error("the dashboard needs a display, and there is none (neither DISPLAY nor WAYLAND_DISPLAY is set)")]
    NoDisplay,
    /// The program is not where it should be.
    #[error("the dashboard is not installed: {PROGRAM} is neither beside streambell nor in PATH")]
    NoProgram,
    /// The program does not start.
    #[error("the dashboard does not start: {0}")]
    Start(#[source] std::io::Error),
}

impl DashboardError {
    /// The same in every language.
    pub(crate) fn text(&self) -> Text {
        match self {
            Self::NoDisplay => {
                text!("{self}", "仪表盘需要显示器，而这里没有（既没有设置 DISPLAY，也没有设置 WAYLAND_DISPLAY）")
            }
            Self::NoProgram => text!("{self}", "没有安装仪表盘：{PROGRAM} 既不在 streambell 旁边，也不在 PATH 中"),
            Self::Start(error) => {
                let why = Text::of_system(error);
                text!("the dashboard does not start: {why}", "仪表盘无法启动：{why}", why)
            }
        }
    }
}

/// Whether windows can be shown.
pub(crate) fn has_display() -> bool {
    let named = |variable| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// How the dashboard of a profile is started.
#[derive(Debug)]
pub(crate) struct Program {
    socket: PathBuf,
    state: Option<PathBuf>,
}

impl Program {
    /// The dashboard of this profile.
    pub(crate) fn of(place: &Place) -> Self {
        Self { socket: place.profile.socket.clone(), state: place.dashboard_state.clone() }
    }

    /// Starts it. It goes on without us.
    ///
    /// # Errors
    /// Where there is no display or no program.
    pub(crate) fn start(&self, spot: &Spot) -> Result<Child, DashboardError> {
        if !has_display() {
            return Err(DashboardError::NoDisplay);
        }
        let mut command = Command::new(find().ok_or(DashboardError::NoProgram)?);
        command.arg("--socket").arg(&self.socket);
        if let Some(state) = &self.state {
            command.arg("--state").arg(state);
        }
        match spot {
            Spot::Anywhere => {}
            Spot::Alert { alert } => drop(command.arg("--alert").arg(alert.to_string())),
            Spot::Unread => drop(command.arg("--unread")),
            Spot::Stream { stream } => drop(command.arg(format!("--stream={stream}"))),
        }
        command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
        command.spawn().map_err(DashboardError::Start)
    }
}

/// Who wants to know how it went: why the dashboard cannot be opened, in one line.
pub(crate) type Reply = oneshot::Sender<Result<(), Text>>;

/// How the program is started.
type Start = Box<dyn Fn(&Spot) -> Result<Child, DashboardError> + Send>;

/// The dashboard of a running instance.
pub(crate) struct Dashboard {
    socket: PathBuf,
    program: Start,
    /// Those that are connected, whoever started them.
    connected: Dashboards,
    /// The one we started, until it ends; reaped by [`Dashboard::ended`].
    started: Option<Started>,
    /// Whether one that looks for us is waited for.
    returning: Option<Returning>,
}

/// A dashboard that we started.
struct Started {
    child: Child,
    /// Since when it is waited for: it is starting, or was connected and is not any more.
    since: Instant,
    /// How many had connected by then.
    joins: u64,
    /// What was asked for since.
    asked: Option<Spot>,
}

/// A dashboard that looks for us.
#[derive(Debug)]
struct Returning {
    /// What it is to show.
    spot: Spot,
    /// It is waited for until then.
    until: Instant,
    /// Those who asked, told when it is back or another one is started.
    asked: Vec<Reply>,
}

impl Dashboard {
    /// None is started yet.
    pub(crate) fn new(place: &Place, connected: Dashboards) -> Self {
        let program = Program::of(place);
        let socket = program.socket.clone();
        Self::of(Box::new(move |spot| program.start(spot)), socket, connected)
    }

    fn of(program: Start, socket: PathBuf, connected: Dashboards) -> Self {
        Self { socket, program, connected, started: None, returning: None }
    }

    /// Brings the dashboard to the front, or starts it. Where it cannot be started and nobody asked, that is complained
    /// of.
    pub(crate) fn open(&mut self, spot: Spot, asked: Option<Reply>, now: Instant) {
        if self.connected.present(&spot) {
            return tell(asked, Ok(()));
        }
        if let Some(started) = &mut self.started {
            let joins = self.connected.joins();
            if started.joins != joins {
                (started.since, started.joins, started.asked) = (now, joins, None);
            }
            if now.duration_since(started.since) < START_PATIENCE {
                if spot != Spot::Anywhere || started.asked.is_none() {
                    started.asked = Some(spot.clone());
                }
                self.connected.remember(spot);
                return tell(asked, Ok(()));
            }
            tracing::warn!(pid = started.child.id(), "the dashboard has not connected; starting another");
            // It is reaped by the runtime once it is dropped.
            drop(started.child.start_kill());
        }
        if let Some(returning) = &mut self.returning {
            self.connected.call(spot.clone());
            returning.spot = spot;
            returning.asked.extend(asked);
            return;
        }
        if self.started.is_none() && Presence::is_held(&self.socket) {
            self.connected.call(spot.clone());
            self.returning = Some(Returning { spot, until: now + RETURN_PATIENCE, asked: asked.into_iter().collect() });
            return;
        }
        tell(asked, self.start(&spot, now));
    }

    fn start(&mut self, spot: &Spot, now: Instant) -> Result<(), DashboardError> {
        let child = (self.program)(spot)?;
        tracing::info!(pid = child.id(), "dashboard started");
        self.started = Some(Started { child, since: now, joins: self.connected.joins(), asked: None });
        Ok(())
    }

    /// Waits until there is something to do, and does it. May be cancelled and called again.
    pub(crate) async fn follow(&mut self) {
        let Some(Returning { until, .. }) = self.returning else { return self.ended().await };
        while !self.connected.is_any() && Instant::now() < until {
            // One that connected may have left again.
            tokio::time::timeout_at(until.into(), self.connected.joined()).await.ok();
        }
        let Some(Returning { spot, asked, .. }) = self.returning.take() else { return };
        let opened = if self.connected.is_any() {
            Ok(())
        } else {
            self.connected.forget();
            self.start(&spot, Instant::now()).map_err(|error| error.text())
        };
        if asked.is_empty() {
            complain(&opened);
        }
        // Who asked may have gone; here and below.
        asked.into_iter().for_each(|asked| drop(asked.send(opened.clone())));
    }

    /// Waits until the one that was started ends, and starts another where one was asked for while it closed. May be
    /// cancelled and called again.
    async fn ended(&mut self) {
        let Some(Started { child, .. }) = &mut self.started else { return std::future::pending().await };
        let status = child.wait().await;
        let ended = self.started.take().filter(|ended| ended.joins == self.connected.joins());
        self.connected.forget();
        match status {
            Ok(status) if status.success() => {
                tracing::info!("dashboard ended");
                if let Some(spot) = ended.and_then(|ended| ended.asked) {
                    complain(&self.start(&spot, Instant::now()).map_err(|error| error.text()));
                }
            }
            Ok(status) => tracing::warn!(%status, "the dashboard ended badly"),
            Err(error) => tracing::warn!(%error, "the dashboard's end cannot be seen"),
        }
    }
}

fn tell(asked: Option<Reply>, opened: Result<(), DashboardError>) {
    let opened = opened.map_err(|error| error.text());
    match asked {
        Some(asked) => drop(asked.send(opened)),
        None => complain(&opened),
    }
}

fn complain(opened: &Result<(), Text>) {
    if let Err(reason) = opened {
        output::complain(&reason.english);
    }
}

/// Beside our own program, else in PATH.
fn find() -> Option<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.join(PROGRAM)));
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&in_path).map(|folder| folder.join(PROGRAM)).collect::<Vec<_>>();
    beside.into_iter().chain(in_path).find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests;
