//! The newest events of a watch, bounded: for the stream that may become of it. Pure.

use std::collections::VecDeque;

use streambell_engine::ledger::LATE;
use streambell_engine::model::Event;

/// How many events are kept.
const EVENTS: usize = LATE;

/// How many bytes of data they may have together; one event may always be there.
const BYTES: usize = 1024 * 1024;

/// What was seen last.
#[derive(Debug, Default)]
pub(super) struct Seen {
    events: VecDeque<Event>,
    bytes: usize,
}

impl Seen {
    /// Takes further events, in order.
    pub(super) fn add(&mut self, events: &[Event]) {
        for event in events {
            self.bytes += event.data.len();
            self.events.push_back(event.clone());
            while self.events.len() > EVENTS || (self.events.len() > 1 && self.bytes > BYTES) {
                self.bytes -= self.events.pop_front().map_or(0, |oldest| oldest.data.len());
            }
        }
    }

    /// The events, in order.
    pub(super) fn into_events(self) -> Vec<Event> {
        self.events.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: usize, bytes: usize) -> Event {
        Event {
            stream: "s".into(),
            name: number.to_string(),
            data: "x".repeat(bytes),
            id_is_own: false,
            id: String::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn names(events: impl IntoIterator<Item = Event>) -> Vec<String> {
        let mut seen = Seen::default();
        events.into_iter().for_each(|event| seen.add(&[event]));
        seen.into_events().into_iter().map(|event| event.name).collect()
    }

    #[test]
    fn the_newest_events_are_kept_in_order() {
        let kept = names((0..EVENTS + 5).map(|number| event(number, 10)));
        assert_eq!((kept.len(), kept[0].as_str(), kept[EVENTS - 1].as_str()), (EVENTS, "5", "204"));
    }

    #[test]
    fn large_ones_make_room_but_the_newest_stays_whatever_its_size() {
        assert_eq!(names([event(1, BYTES), event(2, 10)]), ["2"]);
        assert_eq!(names([event(1, 10), event(2, 3 * BYTES)]), ["2"]);
        assert_eq!(names([event(1, 3 * BYTES), event(2, BYTES / 2), event(3, BYTES / 2)]), ["2", "3"]);
    }
}
