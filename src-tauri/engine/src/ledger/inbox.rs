//! Which alerts a person wants to see.

use std::cmp::Reverse;

use jiff::Timestamp;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};

use super::rows;
use crate::model::{Answer, StoredAlert, Urgency};

/// Which alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertQuery {
    /// Which of them by what became of them.
    pub show: AlertsShown,
    /// Only of this stream.
    pub stream: Option<String>,
    /// Only of this rule.
    pub rule: Option<String>,
    /// Only of this group; an empty one means those without a group.
    pub group: Option<String>,
    /// Only so loud.
    pub urgency: Option<Urgency>,
    /// Only those whose title, body, group, rule, stream or event's name holds this text, whatever its case.
    pub search: Option<String>,
    /// Only of events that arrived then or later.
    pub since: Option<Timestamp>,
    /// Only those with a smaller number.
    pub before: Option<i64>,
    /// Only those with a larger number; then at most so many, the oldest of them.
    pub after: Option<i64>,
    /// At most so many, the newest.
    pub limit: u32,
}

/// Which alerts by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AlertsShown {
    /// Every one.
    #[default]
    All,
    /// Not read yet.
    Unread,
    /// Read.
    Read,
    /// A person took note of it.
    Acknowledged,
    /// What it told of is over.
    Resolved,
    /// What it told of can end, and has not.
    Open,
}

impl AlertsShown {
    fn condition(self) -> &'static str {
        match self {
            Self::All => "TRUE",
            // As the index of unread alerts has it.
            Self::Unread => "read = 0",
            Self::Read => "read = 1",
            Self::Acknowledged => "answer = 'acknowledged'",
            Self::Resolved => "resolved > 0",
            Self::Open => "resolved = 0",
        }
    }
}

/// Has a connection know `lowered`, which [`selection`] asks for: SQLite's own `lower` knows the letters of ASCII only.
pub(super) fn teach(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("lowered", 1, flags, |call| Ok(call.get_raw(0).as_str()?.to_lowercase()))
}

/// The alerts that a query means, newest first.
pub(super) fn list(conn: &Connection, query: &AlertQuery) -> rusqlite::Result<Vec<StoredAlert>> {
    let tx = conn.unchecked_transaction()?;
    let streams = rows::streams(&tx)?;
    let (sql, values) = selection(rows::ALERT, query, i64::from(query.limit));
    let mut statement = tx.prepare(&sql)?;
    let alerts = statement.query_map(params_from_iter(values), |row| rows::alert(row, &streams))?;
    let mut alerts = alerts.collect::<Result<Vec<_>, _>>()?;
    alerts.sort_unstable_by_key(|alert| Reverse(alert.id));
    Ok(alerts)
}

/// The alerts of these numbers, in their order; those that are gone are left out.
pub(super) fn by_number(conn: &Connection, numbers: &[i64]) -> rusqlite::Result<Vec<StoredAlert>> {
    let tx = conn.unchecked_transaction()?;
    let streams = rows::streams(&tx)?;
    let mut statement = tx.prepare(&format!("SELECT {} FROM alerts WHERE id = ?1", rows::ALERT))?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        found.extend(statement.query_row([number], |row| rows::alert(row, &streams)).optional()?);
    }
    Ok(found)
}

/// The newest alerts with a smaller number than `before`.
pub(super) fn newest(conn: &Connection, before: Option<i64>, limit: u32) -> rusqlite::Result<Vec<StoredAlert>> {
    let tx = conn.unchecked_transaction()?;
    let streams = rows::streams(&tx)?;
    let sql = format!("SELECT {} FROM alerts WHERE id < ?1 ORDER BY id DESC LIMIT ?2", rows::ALERT);
    let mut statement = tx.prepare_cached(&sql)?;
    let rows = statement.query_map((before.unwrap_or(i64::MAX), limit), |row| rows::alert(row, &streams))?;
    rows.collect()
}

/// The numbers of those that a query means, newest first; its limit does not count, `most` does.
pub(super) fn numbers(conn: &Connection, query: &AlertQuery, most: usize) -> rusqlite::Result<Vec<i64>> {
    let (sql, values) = selection("id", query, i64::try_from(most).unwrap_or(i64::MAX));
    let mut statement = conn.prepare(&sql)?;
    let numbers = statement.query_map(params_from_iter(values), |row| row.get(0))?;
    numbers.collect()
}

fn selection(columns: &str, query: &AlertQuery, limit: i64) -> (String, Vec<Value>) {
    debug_assert_eq!(Answer::Acknowledged.as_str(), "acknowledged");
    let mut sql = format!("SELECT {columns} FROM alerts WHERE {}", query.show.condition());
    let mut values = Vec::new();
    let mut and = |condition: &str, value: Value| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.push(value);
    };
    if let Some(before) = query.before {
        and("id < ?", Value::Integer(before));
    }
    if let Some(after) = query.after {
        and("id > ?", Value::Integer(after));
    }
    if let Some(stream) = &query.stream {
        and("stream = (SELECT id FROM streams WHERE name = ?)", Value::Text(stream.clone()));
    }
    if let Some(rule) = &query.rule {
        and("rule = ?", Value::Text(rule.clone()));
    }
    if let Some(group) = &query.group {
        and("\"group\" = ?", Value::Text(group.clone()));
    }
    if let Some(urgency) = query.urgency {
        and("urgency = ?", Value::Text(urgency.as_str().to_owned()));
    }
    if let Some(since) = query.since {
        and("at >= ?", Value::Integer(since.as_microsecond()));
    }
    if let Some(text) = query.search.as_deref().filter(|text| !text.is_empty()) {
        let all = "lowered(title || char(10) || body || char(10) || \"group\" || char(10) || rule || char(10) || event
                   || char(10) || ifnull((SELECT name FROM streams WHERE streams.id = stream), ''))";
        and(&format!("instr({all}, ?)"), Value::Text(text.to_lowercase()));
    }
    // By number whatever index narrows the search: a page is the newest, and the rest is never sorted.
    sql.push_str(if query.after.is_some() { " ORDER BY id LIMIT ?" } else { " ORDER BY id DESC LIMIT ?" });
    values.push(Value::Integer(limit));
    (sql, values)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, alert, batch, minute, sent};
    use crate::ledger::{Entry, Ledger};
    use crate::model::Answered;

    /// Alerts 1 to 6, one a minute, of rule `odd` or `even`, group `G1` to `G6`, the odd ones loud.
    fn filled(scratch: &Scratch) -> Ledger {
        let mut ledger = scratch.ledger();
        for n in 1..=6 {
            let odd = n % 2 == 1;
            let mut one = alert(if odd { "odd" } else { "even" });
            one.group = format!("G{n}");
            one.title = format!("Number {n}");
            one.urgency = if odd { Urgency::Critical } else { Urgency::Low };
            one.resolvable = n == 6;
            let mut event = sent(n, &n.to_string(), "{}");
            event.stream = if n < 4 { "s".into() } else { "t".into() };
            let stream = event.stream.clone();
            let entry = Entry { event, alerts: vec![one], resolutions: Vec::new(), store: true };
            ledger.commit(vec![batch(stream.as_str(), vec![entry], None)]).unwrap();
        }
        ledger
    }

    fn ids(scratch: &Scratch, query: AlertQuery) -> Vec<i64> {
        let limit = if query.limit == 0 { 100 } else { query.limit };
        scratch.reader().inbox(&AlertQuery { limit, ..query }).unwrap().into_iter().map(|alert| alert.id).collect()
    }

    #[test]
    fn each_filter_leaves_what_it_says() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch);
        ledger.mark_read(&[1, 2]).unwrap();
        ledger.answer(&[3], Answered { answer: Answer::Acknowledged, at: minute(9) }).unwrap();
        let all = AlertQuery::default;
        let show = |show| ids(&scratch, AlertQuery { show, ..AlertQuery::default() });
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(ids(&scratch, all()), [6, 5, 4, 3, 2, 1]);
        assert_eq!(show(AlertsShown::Unread), [6, 5, 4]);
        assert_eq!(show(AlertsShown::Read), [3, 2, 1]);
        assert_eq!(show(AlertsShown::Acknowledged), [3]);
        assert_eq!(show(AlertsShown::Open), [6]);
        assert!(show(AlertsShown::Resolved).is_empty());
        assert_eq!(ids(&scratch, AlertQuery { stream: text("s"), ..all() }), [3, 2, 1]);
        assert_eq!(ids(&scratch, AlertQuery { rule: text("odd"), ..all() }), [5, 3, 1]);
        assert_eq!(ids(&scratch, AlertQuery { group: text("G4"), ..all() }), [4]);
        assert!(ids(&scratch, AlertQuery { group: text(""), ..all() }).is_empty());
        assert_eq!(ids(&scratch, AlertQuery { urgency: Some(Urgency::Low), ..all() }), [6, 4, 2]);
        assert_eq!(ids(&scratch, AlertQuery { since: Some(minute(5)), ..all() }), [6, 5]);
        assert_eq!(ids(&scratch, AlertQuery { before: Some(4), limit: 2, ..all() }), [3, 2]);
        assert_eq!(
            ids(&scratch, AlertQuery { after: Some(2), limit: 2, ..all() }),
            [4, 3],
            "the next ones, not the newest"
        );
        assert_eq!(ids(&scratch, AlertQuery { after: Some(2), before: Some(4), ..all() }), [3]);
        assert_eq!(ids(&scratch, AlertQuery { search: text("nUMBER 2"), ..all() }), [2]);
        assert_eq!(ids(&scratch, AlertQuery { search: text("EVEN"), ..all() }), [6, 4, 2]);
        assert_eq!(ids(&scratch, AlertQuery { search: text("%"), ..all() }), [0; 0]);
        let both = AlertQuery { show: AlertsShown::Unread, rule: text("odd"), stream: text("t"), ..all() };
        assert_eq!(ids(&scratch, both), [5]);
    }

    #[test]
    fn an_alert_is_found_whatever_the_case_of_its_letters_in_any_script() {
        let scratch = Scratch::new();
        let titles = ["ÜBERLAUF Tank 3", "ПРОТЕЧКА в баке", "ΔΙΑΡΡΟΉ ΝΕΡΟΎ ΤΏΡΑ ΕΔΏ: ΟΔΌΣ", "3 号罐体漏水"];
        let entries = titles.iter().zip(0..).map(|(title, n)| {
            let one = crate::model::Alert { title: (*title).to_owned(), ..alert("rule") };
            Entry { event: sent(n, &n.to_string(), "{}"), alerts: vec![one], resolutions: Vec::new(), store: true }
        });
        scratch.ledger().commit(vec![batch("s", entries.collect(), None)]).unwrap();
        let found = |text: &str| ids(&scratch, AlertQuery { search: Some(text.to_owned()), ..AlertQuery::default() });
        for (text, id) in [("überlauf", 1), ("протечка", 2), ("διαρροή", 3), ("οδός", 3), ("罐体", 4)]
        {
            assert_eq!(found(text), [id], "{text}");
            assert_eq!(found(&text.to_uppercase()), [id], "{text}");
        }
        let query = AlertQuery { search: Some("überLAUF".to_owned()), ..AlertQuery::default() };
        assert_eq!(scratch.reader().inbox_numbers(&query, 9).unwrap(), [1], "what is marked as read is what is shown");
    }

    #[test]
    fn the_numbers_of_a_query_are_bounded_by_themselves() {
        let scratch = Scratch::new();
        drop(filled(&scratch));
        let query = AlertQuery { show: AlertsShown::Unread, limit: 1, ..AlertQuery::default() };
        let of_numbers = scratch.reader().alerts_by_number(&[5, 77, 2]).unwrap();
        assert_eq!(of_numbers.iter().map(|alert| alert.id).collect::<Vec<_>>(), [5, 2]);
        assert_eq!(scratch.reader().inbox_numbers(&query, 4).unwrap(), [6, 5, 4, 3]);
    }
}
