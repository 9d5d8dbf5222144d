//! A look at a stream that is being added: connects, tells what comes, and stores nothing.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::trial::{Attempt, Stored};
use crate::auth::Typed;
use crate::config::StreamConfig;
use crate::connection::State;
use crate::locale::Text;
use crate::model::Event;
use crate::subscription::{Item, Report};

/// What is seen of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Sighting {
    /// It cannot even be tried, and why, in one line.
    Impossible(Text),
    /// The state of its connection changed.
    State(State),
    /// The server answered with an event stream.
    Opened {
        /// The status, 200.
        status: u16,
        /// `1.1`, `2` …
        http: &'static str,
        /// How long the answer's header took, counted from the first try.
        after: Duration,
    },
    /// The server answered with a status that opens no stream.
    Refused {
        /// The status.
        status: u16,
    },
    /// Events, in order.
    Events(Vec<Event>),
}

/// Connects, again and again if need be, and tells what is seen, until nobody listens any more.
pub(super) async fn run(stored: &Stored, config: StreamConfig, typed: Typed, sightings: mpsc::Sender<Sighting>) {
    let started = Instant::now();
    let Attempt { subscription, mut reports, shutdown, commands, commanded } =
        match Attempt::prepare(stored, config, typed).await {
            Ok(attempt) => attempt,
            // Who asked may have gone; here and below.
            Err(message) => return sightings.send(Sighting::Impossible(message)).await.unwrap_or_default(),
        };
    let _guard = shutdown.clone().drop_guard();
    let telling = async {
        while let Some((_, report)) = reports.recv().await {
            let Some(sighting) = sighting(report, started) else { continue };
            if sightings.send(sighting).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = subscription.run(commanded, shutdown) => {}
        () = telling => {}
        () = sightings.closed() => {}
    }
    drop(commands);
}

fn sighting(report: Report, started: Instant) -> Option<Sighting> {
    match report {
        Report::State(state) => Some(Sighting::State(state)),
        Report::Opened { status, http, .. } => Some(Sighting::Opened { status, http, after: started.elapsed() }),
        Report::Refused { status } => Some(Sighting::Refused { status }),
        Report::Items { items, .. } => {
            let event = |item| match item {
                Item::Event(event) => Some(event),
                Item::Comment(_) | Item::Skipped { .. } => None,
            };
            let events = items.into_iter().filter_map(event).collect::<Vec<_>>();
            (!events.is_empty()).then_some(Sighting::Events(events))
        }
        Report::Quiet(_) | Report::Token(_) => None,
    }
}
