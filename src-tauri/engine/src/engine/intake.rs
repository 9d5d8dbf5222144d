//! What comes in on streams, made ready for the ledger: rules judge events, tiles take their values.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::{Config, Store, StreamConfig};
use crate::ledger::{Batch, Entry};
use crate::model::StreamId;
use crate::rules::Rules;
use crate::subscription::Item;
use crate::tiles::{Tile, Tiles};

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
    pub(super) fn configure(&mut self, config: &Config, old: Option<&Config>) -> Result<(), String> {
        let rules = Rules::compile(&config.rules)
            .map_err(|errors| errors.first().map(ToString::to_string).unwrap_or_default())?;
        if old.is_none_or(|old| old.rules != config.rules) {
            self.rules = rules;
        }
        self.tiles.configure(&config.tiles);
        Ok(())
    }

    /// Makes what must be committed, if anything must be now.
    pub(super) fn take(
        &mut self,
        config: &Arc<StreamConfig>,
        items: Vec<Item>,
        cursor: Option<String>,
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
            self.tiles.observe(&event);
            let alerts =
                if self.rules.concern(&event.stream, &event.name) { self.rules.judge(&event) } else { Vec::new() };
            let store = match config.store {
                Store::All => true,
                Store::Alerts => !alerts.is_empty(),
                Store::None => false,
            };
            if store || !alerts.is_empty() {
                entries.push(Entry { event, alerts, resolutions: Vec::new(), store });
            }
        }
        if entries.is_empty() {
            if let Some(cursor) = cursor {
                self.cursors.insert(config.name.clone(), cursor);
                self.flush_at.get_or_insert_with(|| Instant::now() + CURSOR_DELAY);
            }
            return None;
        }
        let waiting = self.cursors.remove(&config.name);
        Some(Batch { stream: config.name.clone(), entries, cursor: cursor.or(waiting), memories: Vec::new() })
    }

    /// When [`Intake::flush`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.flush_at
    }

    /// The cursors that waited.
    pub(super) fn flush(&mut self) -> Vec<Batch> {
        self.flush_at = None;
        self.cursors
            .drain()
            .map(|(stream, cursor)| Batch { stream, entries: Vec::new(), cursor: Some(cursor), memories: Vec::new() })
            .collect()
    }

    /// The tiles as they are now.
    pub(super) fn tiles(&self) -> Vec<Tile> {
        self.tiles.list()
    }
}
