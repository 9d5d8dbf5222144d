//! A host that records what it is asked to show.

use std::sync::{Arc, Mutex};

use streambell_engine::engine::Handle;
use streambell_engine::host::{Host, Notification};
use streambell_engine::locale::Text;

use crate::eventually::eventually;

/// Records, and answers as it is set.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    shown: Vec<Notification>,
    closed: Vec<String>,
    engine: Option<Handle>,
    /// Answered to every show instead of success.
    failure: Option<String>,
    /// Answers that wait for the engine's handle.
    early: Vec<Vec<i64>>,
}

impl Recorder {
    /// Gives the recorder the engine to answer to.
    pub fn attach(&self, engine: Handle) {
        let mut shared = self.shared.lock().expect("no test thread panicked");
        for alerts in std::mem::take(&mut shared.early) {
            let result = shared.failure.clone().map_or(Ok(()), |why| Err(Text::plain(why)));
            engine.shown(alerts, result);
        }
        shared.engine = Some(engine);
    }

    /// Lets every show fail with this message, or succeed again.
    pub fn fail_with(&self, failure: Option<&str>) {
        self.shared.lock().expect("no test thread panicked").failure = failure.map(str::to_owned);
    }

    /// All that was to be shown so far.
    pub fn shown(&self) -> Vec<Notification> {
        self.shared.lock().expect("no test thread panicked").shown.clone()
    }

    /// The slots that were closed so far.
    pub fn closed(&self) -> Vec<String> {
        self.shared.lock().expect("no test thread panicked").closed.clone()
    }

    /// Waits until so many were shown.
    pub async fn wait_for(&self, count: usize) -> Vec<Notification> {
        eventually(&format!("{count} notifications"), async || Some(self.shown()).filter(|shown| shown.len() >= count))
            .await
    }
}

impl Host for Recorder {
    fn show(&mut self, notification: Notification) {
        let mut shared = self.shared.lock().expect("no test thread panicked");
        let alerts = notification.alerts.clone();
        shared.shown.push(notification);
        match &shared.engine {
            Some(engine) => engine.shown(alerts, shared.failure.clone().map_or(Ok(()), |why| Err(Text::plain(why)))),
            None => shared.early.push(alerts),
        }
    }

    fn close(&mut self, slot: &str) {
        self.shared.lock().expect("no test thread panicked").closed.push(slot.to_owned());
    }
}
