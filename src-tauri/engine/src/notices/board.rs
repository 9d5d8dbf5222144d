//! The streams that one notification is about.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::{GATHER, PACE};
use crate::locale::Text;
use crate::model::StreamId;

/// What is true, and whether the screen says so.
#[derive(Debug, Default)]
pub(super) struct Board {
    entries: BTreeMap<StreamId, Entry>,
    /// A person knows of these.
    known: BTreeSet<StreamId>,
    /// Whether something is on the screen.
    shown: bool,
    /// When the screen is to be brought up to date.
    due: Option<Instant>,
    /// Not sooner than then.
    pace: Option<Instant>,
}

/// What is true of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Since when.
    pub(super) since: Instant,
    /// In one line; may be empty.
    pub(super) why: Text,
}

impl Board {
    pub(super) fn has(&self, stream: &StreamId) -> bool {
        self.entries.contains_key(stream)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn entries(&self) -> &BTreeMap<StreamId, Entry> {
        &self.entries
    }

    /// Nothing is said of this stream while what is true of it stays so.
    pub(super) fn keep_quiet_about(&mut self, stream: &StreamId) {
        self.known.insert(stream.clone());
    }

    /// It is true of this stream too; the newest reason stands.
    pub(super) fn add(&mut self, stream: &StreamId, why: &Text, since: Instant, now: Instant) {
        if self.known.contains(stream) {
            return;
        }
        if let Some(entry) = self.entries.get_mut(stream) {
            if !why.is_empty() {
                entry.why = why.clone();
            }
            return;
        }
        self.entries.insert(stream.clone(), Entry { since, why: why.clone() });
        self.plan(now);
    }

    /// It is no longer true of this stream; tells whether it was, and a person may have been told.
    pub(super) fn remove(&mut self, stream: &StreamId, now: Instant) -> bool {
        self.known.remove(stream);
        let was = self.entries.remove(stream).is_some();
        if was && self.shown {
            self.plan(now);
        } else if self.entries.is_empty() {
            self.due = None;
        }
        was && self.shown
    }

    /// When the screen is to be brought up to date.
    pub(super) fn due(&self) -> Option<Instant> {
        // What is no longer true goes at once.
        if self.entries.is_empty() { None } else { self.due }
    }

    /// Whether to show what is true now; then it is taken as shown.
    pub(super) fn show_now(&mut self, now: Instant) -> bool {
        let is_due = self.due().is_some_and(|due| due <= now);
        if is_due {
            self.shown = true;
            self.due = None;
            self.pace = Some(now + PACE);
        }
        is_due
    }

    /// Whether something is on the screen.
    pub(super) fn is_shown(&self) -> bool {
        self.shown
    }

    /// Nothing is true any more: whether something has to leave the screen, which is taken as done.
    pub(super) fn clear(&mut self) -> bool {
        self.due = None;
        std::mem::take(&mut self.shown)
    }

    /// It could not be shown: it is tried again, where it is still true.
    pub(super) fn failed(&mut self, now: Instant) {
        self.shown = false;
        self.due = Some(now + PACE);
    }

    /// Showing became possible again.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.due = self.due.map(|due| due.min(now));
    }

    fn plan(&mut self, now: Instant) {
        let earliest = (now + GATHER).max(self.pace.unwrap_or(now));
        self.due.get_or_insert(earliest);
    }
}
