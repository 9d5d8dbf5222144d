//! Starts the dashboard, a program of its own, one at a time. Its end, however it comes, changes nothing here.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use streambell_engine::locale::Text;
use streambell_engine::text;
use streambell_protocol::{Presence, Spot};
use thiserror::Error;
use tokio::process::{Child, Command};

use crate::control::Dashboards;
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

/// The dashboard of a running instance.
#[derive(Debug)]
pub(crate) struct Dashboard {
    program: Program,
    /// Those that are connected, whoever started them.
    connected: Dashboards,
    /// The one we started, until it ends; reaped by [`Dashboard::ended`].
    child: Option<(Child, Instant)>,
    /// What one that looks for us is to show, and until when it is waited for.
    returning: Option<(Spot, Instant)>,
}

impl Dashboard {
    /// None is started yet.
    pub(crate) fn new(place: &Place, connected: Dashboards) -> Self {
        Self { program: Program::of(place), connected, child: None, returning: None }
    }

    /// Brings the dashboard to the front, or starts it.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub(crate) fn open(&mut self, spot: Spot, now: Instant) -> Result<(), DashboardError> {
        if self.connected.present(&spot) {
            return Ok(());
        }
        if let Some((child, started)) = &mut self.child {
            if now.duration_since(*started) < START_PATIENCE {
                self.connected.remember(spot);
                return Ok(());
            }
            tracing::warn!(pid = child.id(), "the dashboard has not connected; starting another");
            // It is reaped by the runtime once it is dropped.
            drop(child.start_kill());
        }
        if let Some((wanted, _)) = &mut self.returning {
            self.connected.call(spot.clone());
            *wanted = spot;
            return Ok(());
        }
        if self.child.is_none() && Presence::is_held(&self.program.socket) {
            self.connected.call(spot.clone());
            self.returning = Some((spot, now + RETURN_PATIENCE));
            return Ok(());
        }
        self.start(&spot, now)
    }

    fn start(&mut self, spot: &Spot, now: Instant) -> Result<(), DashboardError> {
        let child = self.program.start(spot)?;
        tracing::info!(pid = child.id(), "dashboard started");
        self.child = Some((child, now));
        Ok(())
    }

    /// Waits until there is something to do, and does it. May be cancelled and called again.
    pub(crate) async fn follow(&mut self) {
        let Some((_, until)) = &self.returning else { return self.ended().await };
        tokio::time::sleep_until((*until).into()).await;
        let Some((spot, _)) = self.returning.take() else { return };
        if self.connected.is_any() {
            return;
        }
        self.connected.forget();
        if let Err(error) = self.start(&spot, Instant::now()) {
            tracing::warn!(%error, "the dashboard cannot be opened");
        }
    }

    /// Waits until the one that was started ends. May be cancelled and called again.
    async fn ended(&mut self) {
        let Some((child, _)) = &mut self.child else { return std::future::pending().await };
        let status = child.wait().await;
        self.child = None;
        self.connected.forget();
        match status {
            Ok(status) if status.success() => tracing::info!("dashboard ended"),
            Ok(status) => tracing::warn!(%status, "the dashboard ended badly"),
            Err(error) => tracing::warn!(%error, "the dashboard's end cannot be seen"),
        }
    }
}

/// Beside our own program, else in PATH.
fn find() -> Option<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.join(PROGRAM)));
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&in_path).map(|folder| folder.join(PROGRAM)).collect::<Vec<_>>();
    beside.into_iter().chain(in_path).find(|candidate| candidate.is_file())
}
