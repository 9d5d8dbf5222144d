//! Rows into values and back.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::types::{FromSqlError, FromSqlResult};
use rusqlite::{Connection, Row};

use crate::model::{
    Alert, AlertState, Answer, Answered, Event, StoredAlert, StoredEvent, StreamId, Suppression, Urgency,
};

/// What [`event`] reads, in its order.
pub(super) const EVENT: &str = "seq, at, stream, name, id, digest IS NOT NULL, data";

/// What [`alert`] reads, in its order.
pub(super) const ALERT: &str =
    "id, seq, at, stream, event, rule, title, body, urgency, \"group\", link, state, reason, read, shown, resolved,
     icon, value, answer, answered_at";

/// The streams that rows speak of by number.
pub(super) fn streams(conn: &Connection) -> rusqlite::Result<HashMap<i64, StreamId>> {
    let mut statement = conn.prepare_cached("SELECT id, name FROM streams")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, StreamId::from(row.get_ref(1)?.as_str()?))))?;
    rows.collect()
}

/// An event, without its alerts. An own id that was empty reads back as none.
pub(super) fn event(row: &Row<'_>, streams: &HashMap<i64, StreamId>) -> rusqlite::Result<StoredEvent> {
    let event = Event {
        at: time(row.get(1)?)?,
        stream: stream(streams, row.get(2)?),
        name: row.get(3)?,
        id: row.get(4)?,
        id_is_own: row.get(5)?,
        data: row.get(6)?,
    };
    Ok(StoredEvent { seq: row.get(0)?, event, alerts: Vec::new() })
}

/// An alert.
pub(super) fn alert(row: &Row<'_>, streams: &HashMap<i64, StreamId>) -> rusqlite::Result<StoredAlert> {
    let resolved: Option<i64> = row.get(15)?;
    Ok(StoredAlert {
        id: row.get(0)?,
        seq: row.get(1)?,
        at: time(row.get(2)?)?,
        stream: stream(streams, row.get(3)?),
        event: row.get(4)?,
        alert: Alert {
            rule: Arc::from(row.get_ref(5)?.as_str()?),
            title: row.get(6)?,
            body: row.get(7)?,
            urgency: urgency(row.get_ref(8)?.as_str()?)?,
            group: row.get(9)?,
            link: row.get(10)?,
            resolvable: resolved.is_some(),
            icon: row.get::<_, Option<String>>(16)?.unwrap_or_default(),
            value: row.get::<_, Option<String>>(17)?.unwrap_or_default(),
        },
        state: state(row.get_ref(11)?.as_str()?, row.get_ref(12)?.as_str()?)?,
        read: row.get(13)?,
        shown_at: row.get::<_, Option<i64>>(14)?.map(time).transpose()?,
        resolved_at: resolved.filter(|at| *at != 0).map(time).transpose()?,
        answer: answer(row.get_ref(18)?.as_str_or_null()?, row.get(19)?)?,
    })
}

fn answer(word: Option<&str>, at: Option<i64>) -> FromSqlResult<Option<Answered>> {
    let (Some(word), Some(at)) = (word, at) else { return Ok(None) };
    let answer = Answer::ALL.into_iter().find(|answer| answer.as_str() == word).ok_or(FromSqlError::InvalidType)?;
    Ok(Some(Answered { answer, at: time(at)? }))
}

/// The reason column of a state.
pub(super) fn reason(state: AlertState) -> &'static str {
    match state {
        AlertState::Pending | AlertState::Shown => "",
        AlertState::Suppressed(why) => why.as_str(),
    }
}

/// A time as it is stored and read back: whole microseconds.
pub(super) fn rounded(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// A time from its column.
pub(super) fn time(microseconds: i64) -> FromSqlResult<Timestamp> {
    Timestamp::from_microsecond(microseconds).map_err(|_| FromSqlError::OutOfRange(microseconds))
}

fn stream(streams: &HashMap<i64, StreamId>, id: i64) -> StreamId {
    streams.get(&id).cloned().unwrap_or_else(|| StreamId::from("?"))
}

fn urgency(word: &str) -> FromSqlResult<Urgency> {
    Urgency::ALL.into_iter().find(|urgency| urgency.as_str() == word).ok_or(FromSqlError::InvalidType)
}

fn state(word: &str, reason: &str) -> FromSqlResult<AlertState> {
    let suppressed = Suppression::ALL.into_iter().map(AlertState::Suppressed);
    [AlertState::Pending, AlertState::Shown]
        .into_iter()
        .chain(suppressed)
        .find(|state| state.as_str() == word && self::reason(*state) == reason)
        .ok_or(FromSqlError::InvalidType)
}
