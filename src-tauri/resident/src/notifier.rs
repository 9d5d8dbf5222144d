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

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use streambell_engine::engine::Handle;
use streambell_engine::host::{Host, Notification};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use self::compose::is_web;
pub(crate) use self::print::{Printer, Style};
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
        if let Some(printer) = &self.printer
            && printer.notification(&notification)
        {
            self.reports.printed(&notification.alerts);
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
    /// `None` where nothing is printed.
    printed: Option<Arc<Mutex<Printed>>>,
}

/// The printed notifications whose end is not reported yet, by their newest alert.
type Printed = HashSet<i64>;

impl Reports {
    fn new(engine: Engine, prints: bool) -> Self {
        Self { engine, printed: prints.then(Arc::default) }
    }

    fn printed(&self, alerts: &[i64]) {
        if let (Some(printed), Some(newest)) = (&self.printed, alerts.last()) {
            printed.lock().unwrap_or_else(PoisonError::into_inner).insert(*newest);
        }
    }

    fn shown(&self, alerts: Vec<i64>, result: Result<(), String>) {
        let result = self.verdict(&alerts, result);
        if let Some(engine) = self.engine.get() {
            engine.shown(alerts, result);
        }
    }

    /// The desktop's word, and stdout's where that is a place too: one of them is enough.
    fn verdict(&self, alerts: &[i64], desktop: Result<(), String>) -> Result<(), String> {
        let Some(printed) = &self.printed else { return desktop };
        let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
        let was_printed = alerts.last().is_some_and(|newest| printed.remove(newest));
        desktop.or_else(|reason| {
            tracing::debug!(reason, was_printed, "not on the desktop");
            if was_printed { Ok(()) } else { Err("nobody reads standard output".to_owned()) }
        })
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
    let reports = Reports::new(engine, printer.is_some());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Lines;

    fn engine() -> Engine {
        Arc::new(OnceLock::new())
    }

    #[test]
    fn what_was_printed_is_shown_and_a_dropped_line_stays_pending() {
        let (lines, mut waiting, _done) = Lines::unwritten(2);
        let printer = Printer::new(Style::Json, Arc::new(lines));
        let (orders, _ordered) = mpsc::unbounded_channel();
        let (mut host, _notifier) = new(engine(), Some(printer), orders);
        for number in 1..=3 {
            host.show(compose::tests::notification("slot", &[10 * number, number]));
        }
        let nobody = || Err("no desktop".to_owned());
        let verdicts =
            |host: &NotifierHost| [1, 2, 3].map(|number| host.reports.verdict(&[10 * number, number], nobody()));
        let dropped = || Err("nobody reads standard output".to_owned());
        assert_eq!(verdicts(&host), [Ok(()), Ok(()), dropped()]);
        assert_eq!(verdicts(&host), [dropped(), dropped(), dropped()], "a line counts once");
        assert_eq!(host.reports.verdict(&[3], Ok(())), Ok(()), "the desktop alone is enough");
        while waiting.try_recv().is_ok() {}
        host.show(compose::tests::notification("slot", &[30, 3]));
        assert_eq!(verdicts(&host), [dropped(), dropped(), Ok(())], "offered again, printed now");
    }

    #[test]
    fn without_printing_the_desktop_has_the_word() {
        let reports = Reports::new(engine(), false);
        reports.printed(&[1]);
        assert_eq!(reports.verdict(&[1], Err("no desktop".to_owned())), Err("no desktop".to_owned()));
        assert_eq!(reports.verdict(&[1], Ok(())), Ok(()));
    }
}
