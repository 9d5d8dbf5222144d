//! The last events, to be sent to each client from where it left off: none twice, none left out.

use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;

/// How much one read returns, in bytes, give or take an event.
const READ: usize = 64 * 1024;

/// A bounded run of numbered events.
#[derive(Debug)]
pub(super) struct Journal {
    /// Tells this server's ids from an earlier one's.
    run: String,
    length: usize,
    events: Mutex<Events>,
    newest: watch::Sender<u64>,
}

#[derive(Debug)]
struct Events {
    /// As sent, oldest first.
    frames: VecDeque<String>,
    /// The number of the newest; 0 before the first.
    newest: u64,
}

impl Journal {
    /// Empty; holds up to `length` events. `run` must differ from an earlier server's.
    pub(super) fn new(run: String, length: usize) -> Self {
        let events = Mutex::new(Events { frames: VecDeque::new(), newest: 0 });
        Self { run, length, events, newest: watch::Sender::new(0) }
    }

    /// Adds an event; `data` is one line.
    pub(super) fn add(&self, name: &str, data: &str) {
        let newest = {
            let mut events = self.events();
            events.newest += 1;
            if events.frames.len() >= self.length {
                events.frames.pop_front();
            }
            let frame = format!("id: {}-{}\nevent: {name}\ndata: {data}\n\n", self.run, events.newest);
            events.frames.push_back(frame);
            events.newest
        };
        self.newest.send_replace(newest);
    }

    /// Where a client starts: after the event that it saw last, from the oldest on if that was an earlier server's,
    /// and with what comes next if it saw none.
    pub(super) fn position(&self, last_event_id: Option<&str>) -> u64 {
        let newest = self.events().newest;
        let Some(id) = last_event_id else { return newest };
        let number = id.strip_prefix(self.run.as_str()).and_then(|rest| rest.strip_prefix('-')?.parse().ok());
        number.map_or(0, |number: u64| number.min(newest))
    }

    /// The events after a position, as sent, and the position after them; `None` when there are none yet.
    pub(super) fn read(&self, after: u64) -> Option<(Bytes, u64)> {
        let events = self.events();
        let oldest = events.newest - events.frames.len() as u64;
        let mut position = after.max(oldest);
        let mut text = String::new();
        for frame in events.frames.iter().skip(usize::try_from(position - oldest).ok()?) {
            if text.len() >= READ {
                break;
            }
            text.push_str(frame);
            position += 1;
        }
        (!text.is_empty()).then(|| (text.into(), position))
    }

    /// Changes whenever there is more to read.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    fn events(&self) -> MutexGuard<'_, Events> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event without an id, which is not replayed.
pub(super) fn passing(name: &str, data: &str) -> Bytes {
    let mut text = String::new();
    let _: std::fmt::Result = write!(text, "event: {name}\ndata: {data}\n\n");
    text.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn numbers(journal: &Journal, mut position: u64) -> Vec<u64> {
        let mut numbers = Vec::new();
        while let Some((bytes, after)) = journal.read(position) {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            numbers.extend(text.lines().filter_map(|line| line.strip_prefix("id: run-")?.parse::<u64>().ok()));
            position = after;
        }
        numbers
    }

    #[test]
    fn each_client_reads_on_from_where_it_left_off() {
        let journal = Journal::new("run".to_owned(), 3);
        assert_eq!((journal.position(None), journal.position(Some("old-9"))), (0, 0));
        for _ in 0..5 {
            journal.add("price-update", "{}");
        }
        for (id, expected) in [
            (None, &[][..]),
            (Some("run-5"), &[]),
            (Some("run-9"), &[]),
            (Some("run-4"), &[5]),
            (Some("run-2"), &[3, 4, 5]),
            (Some("run-1"), &[3, 4, 5]),
            (Some("old-4"), &[3, 4, 5]),
            (Some("nonsense"), &[3, 4, 5]),
        ] {
            assert_eq!(numbers(&journal, journal.position(id)), expected, "{id:?}");
        }
    }

    #[test]
    fn a_long_way_to_catch_up_is_read_in_pieces() {
        let journal = Journal::new("run".to_owned(), 10_000);
        for _ in 0..5000 {
            journal.add("price-update", &"x".repeat(100));
        }
        assert!(journal.read(0).unwrap().0.len() < READ + 200);
        assert_eq!(numbers(&journal, 0), (1..=5000).collect::<Vec<_>>());
    }
}
