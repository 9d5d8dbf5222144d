//! Which numbers are in a ledger.

use std::path::Path;

use streambell_engine::ledger::{Query, Reader};

/// What a ledger has of the numbers it should have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many events it has.
    pub stored: u64,
    /// How many numbers are not there.
    pub missing: u64,
    /// How many are there again.
    pub doubled: u64,
    /// How many events have no number, or one that was never sent.
    pub strange: u64,
    /// How many come after a greater one of their stream.
    pub disordered: u64,
    /// The first few that are wrong, in words.
    pub examples: Vec<String>,
}

impl Tally {
    /// Looks for 1 to `numbers` in each stream.
    pub fn take(file: &Path, streams: &[String], numbers: u64) -> Self {
        let mut tally = Self::default();
        match Reader::open(file) {
            Ok(reader) => streams.iter().for_each(|stream| tally.add(&reader, stream, numbers)),
            Err(error) => {
                tally.missing = numbers * streams.len() as u64;
                tally.examples.push(error.to_string());
            }
        }
        tally
    }

    /// Whether every number is there once and in order.
    pub fn is_complete(&self) -> bool {
        self.missing + self.doubled + self.strange + self.disordered == 0
    }

    fn add(&mut self, reader: &Reader, stream: &str, numbers: u64) {
        let query = Query { stream: Some(stream.to_owned()), limit: u32::MAX, ..Query::default() };
        let events = reader.history(&query).expect("a ledger that can be read");
        self.stored += events.len() as u64;
        let mut seen = vec![false; numbers as usize];
        let mut last = 0;
        for stored in events {
            let id = &stored.event.id;
            let number = id.parse().unwrap_or(0);
            match (number as usize).checked_sub(1).and_then(|index| seen.get_mut(index)) {
                None => self.wrong(|tally| &mut tally.strange, format!("{stream}: {id:?} was never sent")),
                Some(true) => self.wrong(|tally| &mut tally.doubled, format!("{stream}: {number} is there again")),
                Some(first) => *first = true,
            }
            if number < last {
                self.wrong(|tally| &mut tally.disordered, format!("{stream}: {number} comes after {last}"));
            }
            last = number;
        }
        for (index, _) in seen.iter().enumerate().filter(|(_, seen)| !**seen) {
            self.wrong(|tally| &mut tally.missing, format!("{stream}: {} is missing", index + 1));
        }
    }

    fn wrong(&mut self, count: impl FnOnce(&mut Self) -> &mut u64, example: String) {
        *count(self) += 1;
        if self.examples.len() < 10 {
            self.examples.push(example);
        }
    }
}
