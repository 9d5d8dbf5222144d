//! The end: streams first, then what they still said, then the ledger.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::Core;
use crate::engine::cause::Shown;
use crate::ledger::Write;
use crate::model::StreamId;
use crate::subscription::Report;

/// How long everything may take to end.
const LONGEST_STOP: Duration = Duration::from_secs(5);

impl Core {
    /// Ends the streams, commits what they still said, and closes the ledger.
    pub(super) async fn stop(mut self, reply: Option<oneshot::Sender<()>>, mut told: mpsc::UnboundedReceiver<Shown>) {
        let end = tokio::time::Instant::now() + LONGEST_STOP;
        self.trials.abort_all();
        self.streams.shut_down_all();
        while self.streams.running() > 0 {
            tokio::select! {
                _ = self.streams.ended() => {}
                Some((stream, report)) = self.reports.recv() => self.last_report(&stream, report),
                () = tokio::time::sleep_until(end) => {
                    tracing::warn!(streams = self.streams.running(), "streams did not end in time");
                    break;
                }
            }
        }
        while let Ok((stream, report)) = self.reports.try_recv() {
            self.last_report(&stream, report);
        }
        self.streams.end_connections();
        self.store.send(Write::Keep(self.streams.records().take()));
        for batch in self.intake.finish() {
            self.store.commit(batch);
        }
        self.keep_openings();
        while let Ok(shown) = told.try_recv() {
            self.told(shown);
        }
        let left = end.saturating_duration_since(tokio::time::Instant::now());
        let closed = tokio::task::spawn_blocking(move || self.store.close(left)).await;
        if !closed.is_ok_and(|closed| closed) {
            tracing::warn!("the history was not closed in time; nothing committed is lost");
        }
        if let Some(reply) = reply {
            reply.send(()).ok();
        }
    }

    /// Stores what a stream said before its end; its alerts are shown at the next start.
    fn last_report(&mut self, stream: &StreamId, report: Report) {
        if let Report::Items { items, cursor } = report
            && let Some(config) = self.streams.config(stream)
            && let Some(batch) = self.intake.take(config, items, cursor, None)
        {
            self.store.commit(batch);
        }
    }
}
