//! Notifications: on the desktop, and on stdout where that is asked for.
//!
//! - [`compose`]: one notification as the desktop is to have it; pure
//! - [`desk`]: what is shown, what waits, and what to do about it; pure
//! - [`link`]: the one connection to the session bus
//! - [`mod@print`]: notifications on stdout
//!
//! There is one connection and one task, however many notifications: none is opened, and nothing waits, for each.

mod compose;
mod desk;
#[cfg(target_os = "linux")]
mod link;
mod print;

use std::sync::{Arc, OnceLock};

use streambell_engine::engine::Handle;
use streambell_engine::host::{Host, Notification};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use self::compose::is_web;
pub(crate) use self::print::{Printer, States, Style};
use crate::resident::Order;

/// How many notifications and closings wait for the notifier's task; there is always room but where the bus hangs.
const WISHES_HELD: usize = 1024;

/// What the engine asks for.
#[derive(Debug)]
enum Wish {
    Show(Notification),
    Close(String),
}

/// The engine, once it runs: it is started with its host, which needs it to answer.
pub(crate) type Engine = Arc<OnceLock<Handle>>;

/// The engine's host.
#[derive(Debug)]
pub(crate) struct NotifierHost {
    wishes: mpsc::Sender<Wish>,
    reports: Reports,
    printer: Option<Printer>,
}

impl Host for NotifierHost {
    fn show(&mut self, notification: Notification) {
        if let Some(printer) = &self.printer {
            printer.notification(&notification);
        }
        if let Err(error) = self.wishes.try_send(Wish::Show(notification)) {
            let (mpsc::error::TrySendError::Full(wish) | mpsc::error::TrySendError::Closed(wish)) = error;
            if let Wish::Show(notification) = wish {
                self.reports.shown(notification.alerts, Err("the notification service is stuck".to_owned()));
            }
        }
    }

    fn close(&mut self, slot: &str) {
        // Where that many wait, one that stays on screen is no loss.
        drop(self.wishes.try_send(Wish::Close(slot.to_owned())));
    }
}

/// Tells the engine how showing went.
#[derive(Debug, Clone)]
struct Reports {
    engine: Engine,
    /// What was printed counts as shown, whatever the desktop does: on a machine without one, stdout is the place.
    printed: bool,
}

impl Reports {
    fn shown(&self, alerts: Vec<i64>, result: Result<(), String>) {
        let result = match result {
            Err(reason) if self.printed => {
                tracing::debug!(reason, "printed only");
                Ok(())
            }
            result => result,
        };
        if let Some(engine) = self.engine.get() {
            engine.shown(alerts, result);
        }
    }

    fn is_back(&self) {
        if let Some(engine) = self.engine.get() {
            engine.notifier_is_back();
        }
    }
}

/// What the notifier's task is made from.
#[derive(Debug)]
pub(crate) struct Notifier {
    wishes: mpsc::Receiver<Wish>,
    reports: Reports,
    /// Where clicks go.
    orders: mpsc::UnboundedSender<Order>,
    /// Counts connections to the session bus; 0 while there is none. The tray looks at it too.
    bus: watch::Sender<u64>,
}

/// A host for the engine and the task behind it.
pub(crate) fn new(
    engine: Engine,
    printer: Option<Printer>,
    orders: mpsc::UnboundedSender<Order>,
) -> (NotifierHost, Notifier) {
    let (sender, wishes) = mpsc::channel(WISHES_HELD);
    let reports = Reports { engine, printed: printer.is_some() };
    let host = NotifierHost { wishes: sender, reports: reports.clone(), printer };
    (host, Notifier { wishes, reports, orders, bus: watch::Sender::new(0) })
}

impl Notifier {
    /// Follows the session bus: 0 while there is none, another number for each connection.
    pub(crate) fn bus(&self) -> watch::Receiver<u64> {
        self.bus.subscribe()
    }

    /// Shows notifications until `shutdown`.
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = self.forever() => {}
        }
    }

    #[cfg(target_os = "linux")]
    async fn forever(self) {
        link::run(self).await;
    }

    /// Until this platform has its room.
    #[cfg(not(target_os = "linux"))]
    async fn forever(mut self) {
        while let Some(wish) = self.wishes.recv().await {
            if let Wish::Show(notification) = wish {
                let reason = "notifications are not built for this system yet".to_owned();
                self.reports.shown(notification.alerts, Err(reason));
            }
        }
    }
}
