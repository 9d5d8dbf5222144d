//! The dashboards that are connected, and what the next one is to show.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use streambell_protocol::Spot;
use tokio::sync::{Notify, mpsc};

/// How many wishes wait for a dashboard that is slow to take them; further ones are dropped.
const WISHES_HELD: usize = 8;

/// Who can bring a window to the front. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dashboards {
    inner: Arc<Mutex<Inner>>,
    joined: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Inner {
    connected: Vec<mpsc::Sender<Spot>>,
    /// How many have been.
    joins: u64,
    /// What was asked for while a dashboard was starting, or looking for us.
    remembered: Option<Spot>,
}

impl Dashboards {
    /// Asks the newest connected dashboard to come to the front; tells whether there is one.
    pub(crate) fn present(&self, spot: &Spot) -> bool {
        let mut inner = self.lock();
        inner.connected.retain(|dashboard| !dashboard.is_closed());
        let Some(newest) = inner.connected.last() else { return false };
        // One that has eight wishes to read comes to the front anyway.
        let _ = newest.try_send(spot.clone());
        true
    }

    /// Remembers what to show for the dashboard that is starting.
    pub(crate) fn remember(&self, spot: Spot) {
        if spot != Spot::Anywhere {
            self.call(spot);
        }
    }

    /// Calls the next dashboard that connects to the front, at this.
    pub(crate) fn call(&self, spot: Spot) {
        self.lock().remembered = Some(spot);
    }

    /// Whether any is connected.
    pub(crate) fn is_any(&self) -> bool {
        self.lock().connected.iter().any(|dashboard| !dashboard.is_closed())
    }

    /// How many have connected so far.
    pub(crate) fn joins(&self) -> u64 {
        self.lock().joins
    }

    /// Waits until one has connected, which may have left again. May be cancelled and called again; for one who waits.
    pub(crate) async fn joined(&self) {
        self.joined.notified().await;
    }

    /// No dashboard is starting any more.
    pub(crate) fn forget(&self) {
        self.lock().remembered = None;
    }

    /// A dashboard connected: what it is asked for from now on. It leaves by dropping this.
    pub(crate) fn join(&self) -> mpsc::Receiver<Spot> {
        let (sender, receiver) = mpsc::channel(WISHES_HELD);
        let mut inner = self.lock();
        if let Some(remembered) = inner.remembered.take() {
            let _ = sender.try_send(remembered);
        }
        inner.connected.push(sender);
        inner.joins += 1;
        self.joined.notify_one();
        receiver
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_dashboard_is_asked_while_it_is_there() {
        let dashboards = Dashboards::default();
        assert!(!dashboards.present(&Spot::Anywhere));
        let mut first = dashboards.join();
        let mut second = dashboards.join();
        assert!(dashboards.present(&Spot::Alert { alert: 7 }));
        assert_eq!(second.try_recv(), Ok(Spot::Alert { alert: 7 }));
        drop(second);
        assert!(dashboards.present(&Spot::Anywhere));
        assert_eq!(first.try_recv(), Ok(Spot::Anywhere));
        drop(first);
        assert!(!dashboards.present(&Spot::Anywhere));
    }

    #[test]
    fn what_is_asked_while_one_starts_is_shown_once_it_is_there() {
        let dashboards = Dashboards::default();
        dashboards.remember(Spot::Unread);
        dashboards.remember(Spot::Anywhere);
        assert_eq!(dashboards.join().try_recv(), Ok(Spot::Unread));
        assert!(dashboards.join().try_recv().is_err());
    }
}
