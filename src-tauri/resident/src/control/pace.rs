//! What a subscriber is sent and when: at most ten times a second, bounded, however fast events come. Pure.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use streambell_engine::model::StoredEvent;
use streambell_protocol::EventBatch;

use super::view;

/// The shortest time between two pushes.
const PACE: Duration = Duration::from_millis(100);

/// How many events a batch holds.
const EVENTS: usize = 200;

/// What waits to be pushed.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Whether there is a newer snapshot.
    snapshot: bool,
    batches: VecDeque<Arc<Vec<StoredEvent>>>,
    /// Events in `batches`.
    held: usize,
    omitted: u32,
    last: Option<Instant>,
}

impl Pace {
    /// There is a newer snapshot.
    pub(super) fn snapshot_changed(&mut self) {
        self.snapshot = true;
    }

    /// Events came.
    pub(super) fn events(&mut self, batch: Arc<Vec<StoredEvent>>) {
        self.held += batch.len();
        self.batches.push_back(batch);
        // A batch all of whose events would be left out is given up at once, so that memory stays bounded.
        while let Some(oldest) = self.batches.front().map(|batch| batch.len())
            && self.held - oldest >= EVENTS
        {
            self.held -= oldest;
            self.omit(oldest);
            self.batches.pop_front();
        }
    }

    /// The client was too slow to see at least so many events.
    pub(super) fn missed(&mut self, events: usize) {
        self.omit(events);
    }

    /// When to push next; `None` while nothing waits.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        let waits = self.snapshot || self.held > 0 || self.omitted > 0;
        waits.then(|| self.last.map_or(now, |last| last + PACE))
    }

    /// Takes what waits: whether to push a snapshot, and a batch if there is one.
    pub(super) fn take(&mut self, now: Instant) -> (bool, Option<EventBatch>) {
        self.last = Some(now);
        let events = std::mem::take(&mut self.batches);
        let surplus = self.held.saturating_sub(EVENTS);
        self.omit(surplus);
        self.held = 0;
        let omitted = std::mem::take(&mut self.omitted);
        let newest =
            events.iter().flat_map(|batch| batch.iter()).skip(surplus).map(view::cut_event).collect::<Vec<_>>();
        let batch = (!newest.is_empty() || omitted > 0).then_some(EventBatch { events: newest, omitted });
        (std::mem::take(&mut self.snapshot), batch)
    }

    fn omit(&mut self, events: usize) {
        self.omitted = self.omitted.saturating_add(u32::try_from(events).unwrap_or(u32::MAX));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use streambell_engine::model::Event;

    use super::*;

    fn batch(seqs: std::ops::Range<i64>) -> Arc<Vec<StoredEvent>> {
        let event = |seq| StoredEvent {
            seq,
            event: Event {
                stream: "market".into(),
                name: "price-update".to_owned(),
                data: "x".repeat(5_000),
                id_is_own: false,
                id: String::new(),
                at: jiff::Timestamp::UNIX_EPOCH,
            },
            alerts: Vec::new(),
        };
        Arc::new(seqs.map(event).collect())
    }

    #[test]
    fn nothing_is_due_while_nothing_changed() {
        let now = Instant::now();
        let mut pace = Pace::default();
        assert_eq!(pace.due(now), None);
        pace.snapshot_changed();
        assert_eq!(pace.due(now), Some(now));
        assert_eq!(pace.take(now), (true, None));
        assert_eq!(pace.due(now), None);
    }

    #[test]
    fn pushes_are_a_tenth_of_a_second_apart() {
        let now = Instant::now();
        let mut pace = Pace::default();
        pace.events(batch(0..1));
        pace.take(now);
        pace.events(batch(1..2));
        assert_eq!(pace.due(now + Duration::from_millis(20)), Some(now + PACE));
    }

    #[test]
    fn a_flood_keeps_the_newest_and_counts_the_rest() {
        let now = Instant::now();
        let mut pace = Pace::default();
        for start in 0..100 {
            pace.events(batch(start * 30..start * 30 + 30));
        }
        assert!(pace.batches.len() <= 7, "{}", pace.batches.len());
        let (_, taken) = pace.take(now);
        let taken = taken.unwrap();
        assert_eq!((taken.events.len(), taken.omitted), (200, 2_800));
        assert_eq!(taken.events.first().unwrap().seq, 2_800);
        assert_eq!(taken.events.last().unwrap().seq, 2_999);
        assert!(taken.events[0].data.len() <= 4096);
    }

    #[test]
    fn missed_events_are_told_even_when_none_follow() {
        let mut pace = Pace::default();
        pace.missed(5);
        let (_, taken) = pace.take(Instant::now());
        assert_eq!(taken, Some(EventBatch { events: Vec::new(), omitted: 5 }));
    }
}
