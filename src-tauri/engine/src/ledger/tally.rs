//! What happened lately: the newest events of some names, and how often rules fired.

use std::time::Instant;

use jiff::Timestamp;
use rusqlite::Connection;

use super::{rows, search};
use crate::model::StreamId;

/// After so many events the time is looked at.
const STEP: usize = 1_000;

/// How often a rule fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's name.
    pub rule: String,
    /// How many alerts it made.
    pub fired: u32,
    /// How many of them were on screen.
    pub shown: u32,
    /// When it fired last.
    pub last: Timestamp,
}

/// The numbers of the newest events that `accept` takes, ascending, and whether the time ran out before.
pub(super) fn newest(
    conn: &Connection,
    limit: usize,
    until: Instant,
    mut accept: impl FnMut(&StreamId, &str) -> bool,
) -> rusqlite::Result<(Vec<i64>, bool)> {
    let tx = conn.unchecked_transaction()?;
    let streams = rows::streams(&tx)?;
    let mut statement = tx.prepare("SELECT seq, stream, name FROM events ORDER BY seq DESC")?;
    let mut rows = statement.query([])?;
    let (mut found, mut looked) = (Vec::new(), 0_usize);
    while found.len() < limit {
        let Some(row) = rows.next()? else { break };
        looked += 1;
        if looked.is_multiple_of(STEP) && Instant::now() > until {
            found.reverse();
            return Ok((found, true));
        }
        let stream = streams.get(&row.get(1)?);
        if stream
            .is_some_and(|stream| row.get_ref(2).and_then(|name| Ok(accept(stream, name.as_str()?))).unwrap_or(false))
        {
            found.push(row.get(0)?);
        }
    }
    found.reverse();
    Ok((found, false))
}

/// How often each rule fired since then.
pub(super) fn rule_counts(conn: &Connection, since: Timestamp) -> rusqlite::Result<Vec<RuleCount>> {
    let tx = conn.unchecked_transaction()?;
    let sql = "SELECT rule, count(*), count(shown), max(at) FROM alerts WHERE id >= ?1 AND at >= ?2 GROUP BY rule";
    let mut statement = tx.prepare(sql)?;
    let since = since.as_microsecond();
    let counts = statement.query_map((search::first_alert_since(&tx, since)?, since), |row| {
        Ok(RuleCount { rule: row.get(0)?, fired: row.get(1)?, shown: row.get(2)?, last: rows::time(row.get(3)?)? })
    })?;
    counts.collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};

    #[test]
    fn rules_are_counted_since_a_time_and_the_newest_events_are_found_by_name() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        for n in 1..=6 {
            let event = sent(n, &n.to_string(), "one");
            ledger.commit(vec![batch("s", vec![entry(event, usize::from(n != 2), true)], None)]).unwrap();
        }
        let reader = scratch.reader();
        let counts = |since| {
            let counts = reader.rule_counts(since).unwrap();
            counts.into_iter().map(|count| (count.fired, count.shown, count.last)).collect::<Vec<_>>()
        };
        assert_eq!(counts(minute(0)), [(5, 0, minute(6))]);
        assert_eq!(counts(minute(5)), [(2, 0, minute(6))]);
        assert_eq!(counts(minute(7)), []);
        let later = Instant::now() + std::time::Duration::from_secs(60);
        let of =
            |name: &str, limit| reader.newest(limit, later, |stream, event| stream.as_str() == "s" && event == name);
        assert_eq!(of("market-alert", 2).unwrap(), (vec![5, 6], false));
        assert_eq!(of("nix", 2).unwrap(), (vec![], false));
        assert_eq!(reader.events(&[5, 77]).unwrap().len(), 1);
    }
}
