//! What comes in on streams, made ready for the ledger: rules judge events, tiles take their values.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::config::{Config, Store, StreamConfig, TileConfig};
use crate::ledger::{Batch, Entry, RuleMemory};
use crate::locale::Text;
use crate::model::{Event, StreamId};
use crate::rules::{Absence, Outcome, Renamed, RuleError, Rules};
use crate::subscription::Item;
use crate::tiles::{Opening, Tile, Tiles};

/// How long a cursor that moved without an event worth storing may wait for its commit. After a crash such events
/// come again and are again not stored, so nothing is lost or doubled.
const CURSOR_DELAY: Duration = Duration::from_secs(1);

/// Rules, tiles, and cursors that wait for company.
#[derive(Debug, Default)]
pub(super) struct Intake {
    rules: Rules,
    tiles: Tiles,
    cursors: HashMap<StreamId, String>,
    flush_at: Option<Instant>,
}

impl Intake {
    /// Takes new rules and tiles; rules that did not change keep what they remember, tiles their values.
    ///
    /// # Errors
    /// Where rules cannot be compiled, in one line; then the old ones stay.
    pub(super) fn configure(&mut self, config: &Config, renamed: &Renamed, now: &Zoned) -> Result<(), Text> {
        self.tiles.begin(now);
        let first = |errors: Vec<RuleError>| errors.first().map(RuleError::text).unwrap_or_default();
        self.rules.configure_renamed(config, renamed, now).map_err(first)?;
        self.tiles.configure(&config.tiles);
        Ok(())
    }

    /// Takes back what rules remembered before a restart, and from where changes counted.
    pub(super) fn restore(&mut self, memories: Vec<RuleMemory>, openings: Vec<Opening>) {
        self.rules.restore(memories);
        self.tiles.restore(openings);
    }

    /// Makes what must be committed, if anything must be now. Events that are not stored go into `passing`, where
    /// somebody looks.
    pub(super) fn take(
        &mut self,
        config: &Arc<StreamConfig>,
        items: Vec<Item>,
        cursor: Option<String>,
        mut passing: Option<&mut Vec<Event>>,
    ) -> Option<Batch> {
        let mut entries = Vec::new();
        for item in items {
            let event = match item {
                Item::Event(event) => event,
                Item::Comment(_) => continue,
                Item::Skipped { bytes } => {
                    tracing::warn!(stream = %config.name, bytes, "an event larger than max_event was skipped");
                    continue;
                }
            };
            if !self.tiles.is_today(event.at) {
                self.tiles.begin(&event.at.to_zoned(TimeZone::system()));
            }
            self.tiles.observe(&event);
            if self.tiles.has_openings() {
                self.flush_at.get_or_insert_with(|| Instant::now() + CURSOR_DELAY);
            }
            let concern = self.rules.concern(&event.stream, &event.name);
            let Outcome { alerts, resolutions, .. } =
                if concern { self.rules.judge(&event) } else { Outcome::default() };
            let told = !alerts.is_empty() || !resolutions.is_empty();
            let store = match config.store {
                Store::All => true,
                Store::Alerts => told,
                Store::None => false,
            };
            if let Some(passing) = passing.as_mut().filter(|_| !store) {
                passing.push(event.clone());
            }
            if store || told {
                entries.push(Entry { event, alerts, resolutions, store });
            }
        }
        if entries.is_empty() && self.rules.has_memories() {
            // No event worth storing: what rules remember of it waits as a cursor does.
            self.flush_at.get_or_insert_with(|| Instant::now() + CURSOR_DELAY);
        }
        if entries.is_empty() {
            if let Some(cursor) = cursor {
                self.cursors.insert(config.name.clone(), cursor);
                self.flush_at.get_or_insert_with(|| Instant::now() + CURSOR_DELAY);
            }
            return None;
        }
        let waiting = self.cursors.remove(&config.name);
        let memories = self.rules.take_memories(false);
        Some(Batch { stream: config.name.clone(), entries, cursor: cursor.or(waiting), memories, was: None })
    }

    /// Makes what must be committed because something did not come until now.
    pub(super) fn tick(&mut self, now: &Zoned) -> Vec<Batch> {
        let absences = self.rules.tick(now);
        let batch = |Absence { event, alert }| Batch {
            stream: event.stream.clone(),
            entries: vec![Entry { event, alerts: vec![alert], resolutions: Vec::new(), store: false }],
            cursor: None,
            memories: Vec::new(),
            was: None,
        };
        let mut batches: Vec<Batch> = absences.into_iter().map(batch).collect();
        match batches.last_mut() {
            // With the alerts, so that none is told again after a crash.
            Some(last) => last.memories = self.rules.take_memories(false),
            None if self.rules.has_memories() => {
                self.flush_at.get_or_insert_with(|| Instant::now() + CURSOR_DELAY);
            }
            None => {}
        }
        batches
    }

    /// Whether another day has begun than the one from whose first values changes count; then they count from that.
    pub(super) fn turn(&mut self, now: &Zoned) -> bool {
        let is_over = self.tiles.ends_at().is_some_and(|end| end <= now.timestamp());
        if is_over {
            self.tiles.begin(now);
        }
        is_over
    }

    /// When [`Intake::turn`] is due.
    pub(super) fn turn_at(&self) -> Option<Timestamp> {
        self.tiles.ends_at()
    }

    /// When [`Intake::tick`] is due.
    pub(super) fn tick_at(&self) -> Option<Timestamp> {
        self.rules.deadline()
    }

    /// When [`Intake::flush`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.flush_at
    }

    /// The cursor of this stream means nothing any more.
    pub(super) fn forget_cursor(&mut self, stream: &StreamId) {
        self.cursors.remove(stream);
    }

    /// The cursors and memories that waited.
    pub(super) fn flush(&mut self) -> Vec<Batch> {
        self.flush_at = None;
        let cursors = self.cursors.drain().map(|(stream, cursor)| (stream, Some(cursor)));
        let empty = |(stream, cursor)| Batch { stream, entries: Vec::new(), cursor, memories: Vec::new(), was: None };
        let mut batches: Vec<Batch> = cursors.map(empty).collect();
        let memories = self.rules.take_memories(false);
        if !memories.is_empty() {
            batches.push(Batch::of_memories(memories));
        }
        batches
    }

    /// All that waits, and all that rules remember: for the end.
    pub(super) fn finish(&mut self) -> Vec<Batch> {
        let mut batches = self.flush();
        let memories = self.rules.take_memories(true);
        if !memories.is_empty() {
            batches.push(Batch::of_memories(memories));
        }
        batches
    }

    /// A stream is connected again that was not for a while.
    pub(super) fn missed(&mut self, stream: &StreamId) {
        self.tiles.interrupt(stream);
    }

    /// The first values of today that stored events tell of these.
    pub(super) fn open_tiles(&mut self, asked: &[TileConfig], openings: Vec<Opening>) {
        self.tiles.open(asked, openings);
        self.flush_at.get_or_insert_with(|| Instant::now() + CURSOR_DELAY);
    }

    /// The first values of today that are to be kept.
    pub(super) fn take_openings(&mut self) -> Vec<Opening> {
        self.tiles.take_openings()
    }

    /// A stream has another name now, and its cursor is committed by that.
    pub(super) fn rename_stream(&mut self, old: &StreamId, new: &StreamId) {
        self.cursors.remove(old);
        self.tiles.rename_stream(old, new);
    }

    /// How many values have no tile because there are too many.
    pub(super) fn tiles_left_out(&self) -> usize {
        self.tiles.left_out()
    }

    /// The tiles as they are now.
    pub(super) fn tiles(&self, now: Timestamp) -> Vec<Tile> {
        self.tiles.list(now)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::config::parse;

    #[test]
    fn only_what_is_not_stored_passes_by() {
        let item = |name: &str| {
            let (name, data, id) = (name.to_owned(), "{}".to_owned(), String::new());
            Item::Event(Event { stream: "a".into(), name, data, id, id_is_own: false, at: Timestamp::UNIX_EPOCH })
        };
        let rule = "[[rule]]\nname = \"R\"\nevent = \"told\"\n";
        let mut config = StreamConfig::new("a", "http://localhost/");
        let mut intake = Intake::default();
        intake.configure(&parse(&format!("version = 1\n{rule}")).unwrap(), &Renamed::default(), &Zoned::now()).unwrap();
        for (store, wanted) in
            [(Store::All, vec![]), (Store::Alerts, vec!["plain"]), (Store::None, vec!["told", "plain"])]
        {
            config.store = store;
            let mut passing = Vec::new();
            intake.take(&Arc::new(config.clone()), vec![item("told"), item("plain")], None, Some(&mut passing));
            let names: Vec<_> = passing.iter().map(|event| event.name.as_str()).collect();
            assert_eq!(names, wanted, "{store:?}");
        }
    }

    #[test]
    fn a_cursor_that_waits_is_not_committed_after_it_was_forgotten() {
        let mut config = StreamConfig::new("a", "http://localhost/");
        config.store = Store::None;
        let mut intake = Intake::default();
        assert!(intake.take(&Arc::new(config), Vec::new(), Some("41".to_owned()), None).is_none(), "it waits");
        intake.forget_cursor(&"a".into());
        assert_eq!(intake.flush(), []);
    }
}
