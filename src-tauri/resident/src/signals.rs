//! What the system tells the process: end, or look again.

use anyhow::{Context as _, Result};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// SIGTERM or SIGINT: end cleanly.
    End,
    /// SIGHUP: connect again at once.
    Reconnect,
}

/// The signals this process listens to, from its making on.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens.
    pub(crate) fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be received");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// Waits for the next signal. May be cancelled and called again.
    pub(crate) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::End,
            _ = self.interrupt.recv() => Asked::End,
            _ = self.hang_up.recv() => Asked::Reconnect,
        }
    }
}

/// The signals this process listens to, from its making on.
#[cfg(not(unix))]
#[derive(Debug)]
pub(crate) struct Signals {}

#[cfg(not(unix))]
impl Signals {
    /// Listens.
    pub(crate) fn listen() -> Result<Self> {
        Ok(Self {})
    }

    /// Waits for Ctrl-C.
    pub(crate) async fn next(&mut self) -> Asked {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Asked::End,
            Err(_) => std::future::pending().await,
        }
    }
}
