//! A stream that is being added, as somebody watches it: connects, counts and pushes, and ends by itself.

mod seen;
mod tally;

use std::time::{Duration, Instant};

use streambell_engine::alarm::sleep_until;
use streambell_engine::engine::Sighting;
use streambell_engine::model::Event;
use streambell_protocol::WatchView;
use tokio::sync::mpsc;

use self::seen::Seen;
use self::tally::Tally;

/// How long a watch lasts at most.
const LONGEST: Duration = Duration::from_mins(1);

/// The shortest time between two pushes.
const PACE: Duration = Duration::from_millis(100);

/// A watch that is under way. Dropping it ends the connection.
pub(super) struct Watch {
    sightings: mpsc::Receiver<Sighting>,
    tally: Tally,
    /// Where it connects.
    url: String,
    seen: Seen,
    until: Instant,
    last: Option<Instant>,
}

impl Watch {
    /// Watches what comes out of a receiver, from this address.
    pub(super) fn new(number: u32, url: String, sightings: mpsc::Receiver<Sighting>) -> Self {
        let tally = Tally::new(number);
        Self { sightings, tally, url, seen: Seen::default(), until: Instant::now() + LONGEST, last: None }
    }

    /// Its number, as the client gave it.
    pub(super) fn number(&self) -> u32 {
        self.tally.number()
    }

    /// Ends the connection; what was seen stays.
    pub(super) fn end(&mut self) {
        self.sightings.close();
    }

    /// Ends it; gives its address, and the events that were seen last.
    pub(super) fn into_seen(self) -> (String, Vec<Event>) {
        (self.url, self.seen.into_events())
    }

    /// Waits for something to push; never ends after the last word. May be cancelled and called again.
    pub(super) async fn next(&mut self) -> WatchView {
        loop {
            let due = self.tally.has_news().then(|| self.last.map_or_else(Instant::now, |last| last + PACE));
            tokio::select! {
                () = sleep_until(due) => {
                    self.last = Some(Instant::now());
                    return self.tally.take();
                }
                () = sleep_until((!self.tally.is_over()).then_some(self.until)) => self.tally.time_is_up(),
                sighting = self.sightings.recv(), if !self.tally.is_over() => match sighting {
                    Some(sighting) => {
                        if let Sighting::Events(events) = &sighting {
                            self.seen.add(events);
                        }
                        self.tally.see(sighting);
                    }
                    None => self.tally.ended(),
                },
            }
        }
    }
}
