//! The dashboards that are connected, and what the next one is to show.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

/// How many wishes wait for a dashboard that is slow to take them; further ones are dropped.
const WISHES_HELD: usize = 8;

/// Who can bring a window to the front. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dashboards {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    connected: Vec<mpsc::Sender<Option<i64>>>,
    /// What was asked for while a dashboard was starting.
    remembered: Option<i64>,
}

impl Dashboards {
    /// Asks the newest connected dashboard to come to the front, at an alert if one is named; tells whether there is
    /// one.
    pub(crate) fn present(&self, alert: Option<i64>) -> bool {
        let mut inner = self.lock();
        inner.connected.retain(|dashboard| !dashboard.is_closed());
        let Some(newest) = inner.connected.last() else { return false };
        // One that has eight wishes to read comes to the front anyway.
        let _ = newest.try_send(alert);
        true
    }

    /// Remembers what to show for the dashboard that is starting.
    pub(crate) fn remember(&self, alert: Option<i64>) {
        if alert.is_some() {
            self.lock().remembered = alert;
        }
    }

    /// No dashboard is starting any more.
    pub(crate) fn forget(&self) {
        self.lock().remembered = None;
    }

    /// A dashboard connected: what it is asked for from now on. It leaves by dropping this.
    pub(super) fn join(&self) -> mpsc::Receiver<Option<i64>> {
        let (sender, receiver) = mpsc::channel(WISHES_HELD);
        let mut inner = self.lock();
        if let Some(alert) = inner.remembered.take() {
            let _ = sender.try_send(Some(alert));
        }
        inner.connected.push(sender);
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
        assert!(!dashboards.present(None));
        let mut first = dashboards.join();
        let mut second = dashboards.join();
        assert!(dashboards.present(Some(7)));
        assert_eq!(second.try_recv(), Ok(Some(7)));
        drop(second);
        assert!(dashboards.present(None));
        assert_eq!(first.try_recv(), Ok(None));
        drop(first);
        assert!(!dashboards.present(None));
    }

    #[test]
    fn what_is_asked_while_one_starts_is_shown_once_it_is_there() {
        let dashboards = Dashboards::default();
        dashboards.remember(Some(7));
        dashboards.remember(None);
        assert_eq!(dashboards.join().try_recv(), Ok(Some(7)));
        assert!(dashboards.join().try_recv().is_err());
    }
}
