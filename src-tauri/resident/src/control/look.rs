//! What the dashboard looks up: searches, alerts by filter, the past of a tile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{Timestamp, Zoned};
use streambell_engine::ledger::{self, ValueQuery};
use streambell_engine::model;
use streambell_engine::{text, uptime};
use streambell_protocol::{
    AlertQuery, AlertView, AlertsShown, Answer, ErrorCode, Found, HistoryQuery, OutageSpan, TileHistory,
    TileHistoryQuery, TilePoint, Urgency,
};

use super::calls::{Office, history_query, time};
use super::refusal::Refusal;
use super::view;

/// How long a search, or reading for a chart, may take before it gives what it has.
const MOMENT: Duration = Duration::from_millis(150);

/// How many alerts an answer has where the client does not say, and at most.
const ALERTS: (u32, u32) = (50, 500);

/// How many events a search finds where the client does not say, and at most.
const FOUND: (u32, u32) = (200, 1_000);

/// How many points a chart has where the client does not say, and at most.
const POINTS: (u32, u32) = (500, 2_000);

/// So many connections are looked at for the times without one: all that are kept of a stream.
const CONNECTIONS: u32 = 500;

/// How many alerts are marked as read in one call.
const MARKED: usize = 100_000;

/// The longest time of a chart.
const LONGEST: Duration = Duration::from_hours(30 * 24);

impl Office {
    pub(super) async fn search(&self, asked: HistoryQuery) -> Result<Answer, Refusal> {
        let limit = bounded(asked.limit, FOUND);
        let query = history_query(HistoryQuery { limit, ..asked })?;
        let has_text = query.search.as_deref().is_some_and(|text| !text.is_empty());
        let found = self.read(move |reader| reader.search(&query, Instant::now() + MOMENT)).await?;
        if has_text {
            self.shared.index.want();
        }
        let events = view::bounded_newest(&found.events);
        // What does not fit on a line is on the next page.
        let next = if events.len() < found.events.len() { events.last().map(|event| event.seq) } else { found.next };
        Ok(Answer::Found(Found { events, next }))
    }

    pub(super) async fn alerts(&self, asked: AlertQuery) -> Result<Answer, Refusal> {
        let query = alert_query(asked)?;
        let alerts = self.read(move |reader| reader.inbox(&query)).await?;
        Ok(Answer::Alerts(alerts.iter().map(view::alert).collect()))
    }

    /// The alerts of these numbers as they are now; none where they cannot be read, which the next look tells.
    pub(super) async fn alerts_now(&self, numbers: Arc<Vec<i64>>) -> Vec<AlertView> {
        let found = self.read(move |reader| reader.alerts_by_number(&numbers)).await.unwrap_or_default();
        found.iter().map(view::alert).collect()
    }

    pub(super) async fn mark_read_where(&self, asked: AlertQuery) -> Result<Answer, Refusal> {
        let query = alert_query(asked)?;
        // Those that are read already stay as they are, whatever is asked for.
        let unread = ledger::AlertQuery { show: ledger::AlertsShown::Unread, ..query.clone() };
        let meant = match query.show {
            ledger::AlertsShown::All | ledger::AlertsShown::Unread => {
                self.read(move |reader| reader.inbox_numbers(&unread, MARKED)).await?
            }
            ledger::AlertsShown::Read => Vec::new(),
            ledger::AlertsShown::Acknowledged | ledger::AlertsShown::Resolved | ledger::AlertsShown::Open => {
                let both = move |reader: &ledger::Reader| {
                    let unread = reader.inbox_numbers(&unread, MARKED)?;
                    let mut meant = reader.inbox_numbers(&query, MARKED)?;
                    // Both are newest first.
                    meant.retain(|id| unread.binary_search_by(|other| id.cmp(other)).is_ok());
                    Ok(meant)
                };
                self.read(both).await?
            }
        };
        let count = u32::try_from(meant.len()).unwrap_or(u32::MAX);
        // No number at all would mean every alert.
        if count > 0 {
            let said = self.shared.engine.mark_read(meant).await;
            self.heard(said).await;
        }
        Ok(Answer::Marked { count })
    }

    pub(super) async fn tile_history(&self, asked: TileHistoryQuery) -> Result<Answer, Refusal> {
        let config = self.shared.engine.config().borrow().clone();
        let tile = usize::try_from(asked.feed).ok().and_then(|feed| config.tiles.get(feed)).cloned();
        let gone = || {
            Refusal::new(
                ErrorCode::NotFound,
                &text!("this tile is not in the configuration any more", "配置里已没有这个磁贴"),
            )
        };
        let tile = tile.ok_or_else(gone)?;
        let now = Timestamp::now();
        let to = asked.to_ms.map_or(Ok(now), time)?.min(now);
        let from = time(asked.from_ms)?.max(to.saturating_sub(LONGEST).unwrap_or(Timestamp::MIN)).min(to);
        let points = bounded(asked.points, POINTS);
        let stream = asked.stream.clone();
        let query = ValueQuery { tile, stream: asked.stream, key: asked.key, from, to, points };
        let look = move |reader: &ledger::Reader| {
            let values = reader.values(&query, Instant::now() + MOMENT)?;
            let mut records = reader.connections(&stream, CONNECTIONS)?;
            records.reverse();
            Ok((values, uptime::outages(&records, from, to)))
        };
        let (values, outages) = self.read(look).await?;
        let seen = |(from, to): &(Timestamp, Timestamp)| to.as_microsecond() - from.as_microsecond() >= values.bucket;
        let outage = |(from, to): &(Timestamp, Timestamp)| OutageSpan {
            from_ms: from.as_millisecond(),
            to_ms: to.as_millisecond(),
        };
        let point = |point: &ledger::Point| TilePoint {
            at_ms: point.at.as_millisecond(),
            min: point.min,
            max: point.max,
            last: point.last,
            count: point.count,
        };
        Ok(Answer::TileHistory(Box::new(TileHistory {
            from_ms: from.as_millisecond(),
            to_ms: to.as_millisecond(),
            bucket_ms: (values.bucket / 1_000).max(1),
            points: values.points.iter().map(point).collect(),
            alerts: values.alerts.iter().map(view::alert).collect(),
            more_alerts: values.more_alerts,
            outages: outages.iter().filter(|one| seen(one)).map(outage).collect(),
            sampled: values.sampled,
        })))
    }

    pub(super) async fn last_tiles(&self) -> Result<Answer, Refusal> {
        let config = self.shared.engine.config().borrow().clone();
        let tiles = self.read(move |reader| reader.last_tiles(&config, &Zoned::now(), Instant::now() + MOMENT)).await?;
        Ok(Answer::LastTiles(tiles.iter().map(view::tile).collect()))
    }
}

fn alert_query(asked: AlertQuery) -> Result<ledger::AlertQuery, Refusal> {
    Ok(ledger::AlertQuery {
        show: match asked.show {
            AlertsShown::All => ledger::AlertsShown::All,
            AlertsShown::Unread => ledger::AlertsShown::Unread,
            AlertsShown::Read => ledger::AlertsShown::Read,
            AlertsShown::Acknowledged => ledger::AlertsShown::Acknowledged,
            AlertsShown::Resolved => ledger::AlertsShown::Resolved,
            AlertsShown::Open => ledger::AlertsShown::Open,
        },
        stream: asked.stream,
        rule: asked.rule,
        group: asked.group,
        urgency: asked.urgency.map(|urgency| match urgency {
            Urgency::None => model::Urgency::None,
            Urgency::Low => model::Urgency::Low,
            Urgency::Normal => model::Urgency::Normal,
            Urgency::Critical => model::Urgency::Critical,
        }),
        search: asked.search,
        since: asked.since_ms.map(time).transpose()?,
        before: asked.before,
        after: asked.after,
        limit: bounded(asked.limit, ALERTS),
    })
}

/// What is asked for within bounds; 0 is the default.
fn bounded(asked: u32, (default, most): (u32, u32)) -> u32 {
    if asked == 0 { default } else { asked.min(most) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_bounded() {
        assert_eq!([0, 7, u32::MAX].map(|asked| bounded(asked, ALERTS)), [50, 7, 500]);
        assert_eq!([0, u32::MAX].map(|asked| bounded(asked, POINTS)), [500, 2_000]);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let query = AlertQuery { since_ms: Some(i64::MAX), ..AlertQuery::default() };
        assert!(alert_query(query).is_err_and(|refusal| refusal.code == ErrorCode::Invalid));
    }
}
