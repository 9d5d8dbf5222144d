//! Notifications: on the desktop, and on stdout where that is asked for.
//!
//! - [`buttons`]: what can be pressed; pure
//! - [`compose`]: one notification as the desktop is to have it; pure
//! - [`desk`]: what is shown, what waits, and what to do about it; pure
//! - [`link`]: the one connection to the session bus
//! - [`mod@print`]: notifications on stdout
//!
//! There is one connection and one task, however many notifications: none is opened, and nothing waits, for each.

mod buttons;
mod compose;
mod desk;
#[cfg(target_os = "linux")]
mod link;
mod print;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use streambell_engine::engine::Handle;
use streambell_engine::host::{Host, Notification};
use streambell_engine::locale::Text;
use streambell_engine::text;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use self::compose::is_web;
pub(crate) use self::print::{Printer, Style};
use crate::resident::Order;

/// How many notifications and closings wait for the notifier's task; there is always room but where the bus hangs.
const WISHES_HELD: usize = 1024;

/// What the engine asks for.
#[expect(clippy::large_enum_variant, reason = "each waits for a moment, and most are notifications")]
#[derive(Debug)]
enum Wish {
    Show(Notification),
    Close(String),
}

/// The engine, once it runs: it is started with its host, which needs it to answer.
pub(crate) type Engine = Arc<OnceLock<Handle>>;

/// How showing alerts went, on its way to the notifier's task: the engine may just be starting.
type Told = (Vec<i64>, Result<(), Text>);

/// The engine's host.
#[derive(Debug)]
pub(crate) struct NotifierHost {
    wishes: mpsc::Sender<Wish>,
    told: mpsc::UnboundedSender<Told>,
    printer: Option<Printer>,
    /// The notices that were printed and not withdrawn, by slot: two at the most.
    notices: HashMap<String, Notification>,
}

impl Host for NotifierHost {
    fn show(&mut self, notification: Notification) {
        if let Some(printer) = &self.printer {
            let (told, alerts) = (self.told.clone(), notification.alerts.clone());
            printer.notification(&notification, move |written| {
                // Without a notifier's task all is over.
                drop(told.send((alerts, if written { Ok(()) } else { Err(Text::default()) })));
            });
            if notification.notice.is_some() {
                self.notices.insert(notification.slot.clone(), notification.clone());
            }
        }
        if let Err(error) = self.wishes.try_send(Wish::Show(notification)) {
            let (mpsc::error::TrySendError::Full(wish) | mpsc::error::TrySendError::Closed(wish)) = error;
            if let Wish::Show(notification) = wish {
                drop(
                    self.told
                        .send((notification.alerts, Err(text!("the notification service is stuck", "通知服务卡住了")))),
                );
            }
        }
    }

    fn close(&mut self, slot: &str) {
        if let (Some(printer), Some(notice)) = (&self.printer, self.notices.remove(slot)) {
            printer.withdrawn(&notice);
        }
        // Where that many wait, one that stays on screen is no loss.
        drop(self.wishes.try_send(Wish::Close(slot.to_owned())));
    }
}

/// Tells the engine how showing went.
#[derive(Debug, Clone)]
struct Reports {
    engine: Engine,
    /// Where notifications are printed too: what the first of the two places said of a notification, desktop or
    /// stdout, by its newest alert, until the other has spoken.
    firsts: Option<Arc<Mutex<HashMap<i64, bool>>>>,
}

impl Reports {
    fn new(engine: Engine, prints: bool) -> Self {
        Self { engine, firsts: prints.then(Arc::default) }
    }

    /// Each place tells once of each notification. One that shows it is enough: on a machine without a desktop, stdout
    /// is the place.
    fn shown(&self, alerts: Vec<i64>, result: Result<(), Text>) {
        if let (Some(result), Some(engine)) = (self.verdict(&alerts, result), self.engine.get()) {
            engine.shown(alerts, result);
        }
    }

    /// What the engine is told; `None` where it has been, or the other place has not spoken yet.
    fn verdict(&self, alerts: &[i64], result: Result<(), Text>) -> Option<Result<(), Text>> {
        let (Some(firsts), Some(newest)) = (&self.firsts, alerts.last()) else { return Some(result) };
        let mut firsts = firsts.lock().unwrap_or_else(PoisonError::into_inner);
        match (firsts.remove(newest), result) {
            (Some(true), _) => None,
            (Some(false), Ok(())) => Some(Ok(())),
            (Some(false), Err(_)) => Some(Err(text!("nobody reads standard output", "没有程序读取标准输出"))),
            (None, first) => {
                firsts.insert(*newest, first.is_ok());
                first.is_ok().then_some(first)
            }
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
    /// Taken by [`Notifier::run`].
    told: Option<mpsc::UnboundedReceiver<Told>>,
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
    let (told, telling) = mpsc::unbounded_channel();
    let host = NotifierHost { wishes: sender, told, printer, notices: HashMap::new() };
    (host, Notifier { wishes, told: Some(telling), reports, orders, bus: watch::Sender::new(0) })
}

impl Notifier {
    /// Follows the session bus: 0 while there is none, another number for each connection.
    pub(crate) fn bus(&self) -> watch::Receiver<u64> {
        self.bus.subscribe()
    }

    /// Shows notifications until `shutdown`.
    pub(crate) async fn run(mut self, shutdown: CancellationToken) {
        let (reports, told) = (self.reports.clone(), self.told.take());
        let pass_on = async {
            let Some(mut told) = told else { return };
            while let Some((alerts, result)) = told.recv().await {
                reports.shown(alerts, result);
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            ((), ()) = async { tokio::join!(self.forever(), pass_on) } => {}
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
                let reason = text!("notifications are not built for this system yet", "通知功能尚未支持这个系统");
                self.reports.shown(notification.alerts, Err(reason));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "tests")]
    use super::*;
    use crate::output::Lines;

    fn engine() -> Engine {
        Arc::new(OnceLock::new())
    }

    fn refused() -> Result<(), Text> {
        Err(Text::plain("refused"))
    }

    #[test]
    fn one_place_that_shows_it_is_enough_and_is_told_of_once() {
        let reports = Reports::new(engine(), true);
        assert_eq!(reports.verdict(&[7, 1], Ok(())), Some(Ok(())));
        assert_eq!(reports.verdict(&[7, 1], refused()), None);
        assert_eq!(reports.verdict(&[2], refused()), None);
        assert_eq!(reports.verdict(&[2], Ok(())), Some(Ok(())));
        assert_eq!(reports.verdict(&[3], refused()), None);
        assert_eq!(
            reports.verdict(&[3], refused()),
            Some(Err(text!("nobody reads standard output", "没有程序读取标准输出")))
        );
        assert_eq!(reports.verdict(&[3], Ok(())), Some(Ok(())), "offered again");
    }

    #[test]
    fn a_line_that_is_dropped_or_never_read_is_not_shown() {
        let (lines, waiting, _done) = Lines::unwritten(2);
        let printer = Printer::new(Style::Json, Arc::new(lines));
        let (orders, _ordered) = mpsc::unbounded_channel();
        let (mut host, mut notifier) = new(engine(), Some(printer), orders);
        let mut told = notifier.told.take().expect("not run yet");
        for number in 1..=3 {
            host.show(compose::tests::notification("slot", &[number]));
        }
        let unwritten = |number| Ok((vec![number], Err(Text::default())));
        assert_eq!(told.try_recv(), unwritten(3));
        assert!(told.try_recv().is_err(), "two are on their way");
        drop(waiting);
        assert_eq!([told.try_recv(), told.try_recv()], [unwritten(1), unwritten(2)], "the reader went away");
    }

    #[test]
    fn without_printing_the_desktop_has_the_word() {
        let reports = Reports::new(engine(), false);
        assert_eq!(reports.verdict(&[1], refused()), Some(refused()));
        assert_eq!(reports.verdict(&[1], Ok(())), Some(Ok(())));
    }
}
