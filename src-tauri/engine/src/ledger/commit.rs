//! Writing what came: events, alerts and cursors in one transaction.

#[cfg(test)]
mod tests;

use rusqlite::{CachedStatement, Connection, params};

use super::memory::Memory;
use super::write::Write;
use super::{Batch, Committed, Entry, Ledger, LedgerError, digest, memories, outbox, rows};
use crate::model::{Alert, Event, StoredAlert, StoredEvent, StreamId};

/// The cursors of all streams that have one.
pub(super) fn cursors(conn: &Connection) -> rusqlite::Result<Vec<(StreamId, String)>> {
    let mut statement = conn.prepare(
        "SELECT name, cursor FROM cursors JOIN streams ON streams.id = cursors.stream
         WHERE cursor <> '' ORDER BY streams.id",
    )?;
    let rows = statement.query_map([], |row| Ok((StreamId::from(row.get_ref(0)?.as_str()?), row.get(1)?)))?;
    rows.collect()
}

/// Commits batches: all or nothing, and the batches back where it is nothing.
pub(super) fn commit(ledger: &mut Ledger, batches: Vec<Batch>) -> Result<Committed, (LedgerError, Vec<Batch>)> {
    let known = ledger.memory.take();
    match insert(&mut ledger.conn, known, &batches) {
        Ok((memory, fates, resolved)) => {
            ledger.memory = Some(memory);
            Ok(Committed { resolved, ..report(batches, fates) })
        }
        Err(error) => Err((LedgerError::new(&ledger.path, &error), batches)),
    }
}

/// What became of an entry.
#[derive(Debug)]
enum Fate {
    /// Stored under this number, its alerts from `first_alert` on.
    Stored { seq: i64, first_alert: i64 },
    /// Stored before.
    Duplicate,
    /// Not stored itself; its alerts got this number, those of them that were new.
    Alone { seq: i64, first_alert: i64, new: Vec<bool> },
    /// Not stored, and without alerts.
    Dropped,
}

/// What the writer knows then, what became of each entry, and the alerts that were resolved.
type Inserted = (Memory, Vec<Fate>, Vec<i64>);

fn insert(conn: &mut Connection, known: Option<Memory>, batches: &[Batch]) -> rusqlite::Result<Inserted> {
    let tx = Write::begin(conn)?;
    let mut memory = match known {
        Some(memory) => memory,
        None => Memory::load(&tx)?,
    };
    let mut fates = Vec::with_capacity(batches.iter().map(|batch| batch.entries.len()).sum());
    let mut resolved = Vec::new();
    {
        // Only the index of digests decides what is a duplicate: a clash of numbers is an error, never a lost event.
        let mut events = tx.prepare_cached(
            "INSERT INTO events (seq, at, stream, name, id, digest, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (stream, id, digest) WHERE digest IS NOT NULL DO NOTHING",
        )?;
        let mut cursors = tx.prepare_cached(
            "INSERT INTO cursors (stream, cursor) VALUES (?1, ?2)
             ON CONFLICT (stream) DO UPDATE SET cursor = excluded.cursor",
        )?;
        for batch in batches {
            memories::keep(&tx, &batch.memories)?;
            if let Some(old) = &batch.was {
                memory.rename(&tx, old, &batch.stream)?;
            }
            if batch.entries.is_empty() && batch.cursor.is_none() {
                continue;
            }
            let stream = memory.stream(&tx, &batch.stream)?;
            for entry in &batch.entries {
                fates.push(if entry.store {
                    store(&tx, &mut events, &mut memory, stream, entry, &mut resolved)?
                } else {
                    outbox::resolve(&tx, &entry.resolutions, entry.event.at, &mut resolved)?;
                    match entry.alerts.is_empty() {
                        true => Fate::Dropped,
                        false => store_alone(&tx, &mut memory, stream, entry)?,
                    }
                });
            }
            if let Some(cursor) = &batch.cursor {
                cursors.execute(params![stream, cursor])?;
            }
        }
    }
    tx.commit()?;
    Ok((memory, fates, resolved))
}

fn store(
    tx: &Connection,
    events: &mut CachedStatement<'_>,
    memory: &mut Memory,
    stream: i64,
    entry: &Entry,
    resolved: &mut Vec<i64>,
) -> rusqlite::Result<Fate> {
    let event = &entry.event;
    let seq = memory.last_seq + 1;
    let at = event.at.as_microsecond();
    let stored = events.execute(params![seq, at, stream, event.name, event.id, digest_of(event), event.data])?;
    if stored == 0 {
        return Ok(Fate::Duplicate);
    }
    memory.last_seq = seq;
    outbox::resolve(tx, &entry.resolutions, event.at, resolved)?;
    let first_alert = memory.last_alert + 1;
    for alert in &entry.alerts {
        store_alert(tx, memory, stream, seq, event, alert, None)?;
    }
    Ok(Fate::Stored { seq, first_alert })
}

fn store_alone(tx: &Connection, memory: &mut Memory, stream: i64, entry: &Entry) -> rusqlite::Result<Fate> {
    let seq = memory.last_seq + 1;
    let first_alert = memory.last_alert + 1;
    let digest = digest_of(&entry.event);
    let mut new = Vec::with_capacity(entry.alerts.len());
    for alert in &entry.alerts {
        new.push(store_alert(tx, memory, stream, seq, &entry.event, alert, Some(digest))?);
    }
    if !new.contains(&true) {
        return Ok(Fate::Duplicate);
    }
    memory.last_seq = seq;
    Ok(Fate::Alone { seq, first_alert, new })
}

/// Stores an alert, where `alone` tells that its event is not stored and what it is recognised by; tells whether it
/// is new.
fn store_alert(
    tx: &Connection,
    memory: &mut Memory,
    stream: i64,
    seq: i64,
    event: &Event,
    alert: &Alert,
    alone: Option<Option<i64>>,
) -> rusqlite::Result<bool> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO alerts (id, seq, at, stream, event, alone, digest, rule, title, body, urgency, \"group\", link,
            state, reason, read, resolved, icon, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'pending', '', 0, ?14, ?15, ?16)
         ON CONFLICT (stream, digest, rule) WHERE digest IS NOT NULL DO NOTHING",
    )?;
    let stored = statement.execute(params![
        memory.last_alert + 1,
        seq,
        event.at.as_microsecond(),
        stream,
        event.name,
        alone.is_some(),
        alone.flatten(),
        &*alert.rule,
        alert.title,
        alert.body,
        alert.urgency.as_str(),
        alert.group,
        alert.link,
        alert.resolvable.then_some(0),
        some(&alert.icon),
        some(&alert.value),
    ])?;
    if stored == 1 {
        memory.last_alert += 1;
        memory.unread = memory.unread.saturating_add(1);
    }
    Ok(stored == 1)
}

/// Empty text takes no room.
fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// What an event is recognised by when it is sent again; `None` for one without an id of its own.
fn digest_of(event: &Event) -> Option<i64> {
    (event.id_is_own && !event.id.is_empty()).then(|| digest::digest(&[&event.id, &event.name, &event.data]))
}

/// Makes the report of what is now committed.
fn report(batches: Vec<Batch>, fates: Vec<Fate>) -> Committed {
    let mut committed = Committed::default();
    let entries = batches.into_iter().flat_map(|batch| batch.entries);
    for (Entry { mut event, alerts, .. }, fate) in entries.zip(fates) {
        event.at = rows::rounded(event.at);
        match fate {
            Fate::Dropped => {}
            Fate::Duplicate => committed.duplicates += 1,
            Fate::Stored { seq, first_alert } => {
                let alerts = (first_alert..)
                    .zip(alerts)
                    .map(|(id, alert)| StoredAlert::pending(id, seq, &event, alert))
                    .collect();
                committed.events.push(StoredEvent { seq, event, alerts });
            }
            Fate::Alone { seq, first_alert, new } => {
                let alerts = alerts.into_iter().zip(new).filter_map(|(alert, new)| new.then_some(alert));
                let alerts =
                    (first_alert..).zip(alerts).map(|(id, alert)| StoredAlert::pending(id, seq, &event, alert));
                let alerts = alerts.collect();
                committed.alone.push(StoredEvent { seq, event, alerts });
            }
        }
    }
    committed
}
