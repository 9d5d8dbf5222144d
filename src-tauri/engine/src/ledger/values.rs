//! What the value of a tile was: read from stored events, thinned to what a chart can show.
//!
//! Where there are more events than can be read in a moment, evenly spread samples are read, the coarsest spread first,
//! so that whenever time is up what was read is spread over the whole time.

use std::time::Instant;

use jiff::Timestamp;
use rusqlite::Connection;

use super::{rows, search};
use crate::config::TileConfig;
use crate::model::StoredAlert;
use crate::tiles;

/// So many events are read whole.
const WHOLE: i64 = 40_000;

/// From more, so many samples are read; a power of two.
const SAMPLES: u32 = 1_024;

/// How many events a sample has at least, and at most where the tile's are rare.
const SAMPLE: (u32, u32) = (48, 512);

/// The newest so many are read besides: a chart ends where the tile is.
const NEWEST: i64 = 512;

/// How many alerts are told.
const ALERTS: usize = 200;

/// After so many alerts, of whatever stream, the time is looked at; so many are looked at whatever it is.
const STEP: i64 = 10_000;

/// Which values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueQuery {
    /// What makes the tile.
    pub tile: TileConfig,
    /// The tile's stream.
    pub stream: String,
    /// The tile's key.
    pub key: String,
    /// From this time on.
    pub from: Timestamp,
    /// Up to this time.
    pub to: Timestamp,
    /// At most so many points; at least 1.
    pub points: u32,
}

/// Values over a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// How many microseconds a point stands for.
    pub bucket: i64,
    /// Oldest first.
    pub points: Vec<Point>,
    /// Whether only samples of the stored events were read.
    pub sampled: bool,
    /// The alerts of the tile in that time, newest first, at most 200.
    pub alerts: Vec<StoredAlert>,
    /// Whether there are older ones in that time, or may be where the time was up.
    pub more_alerts: bool,
}

/// The values of a short time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When the last of them came.
    pub at: Timestamp,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// The last.
    pub last: f64,
    /// How many.
    pub count: u32,
}

/// Reads what a query means, until that time.
pub(super) fn values(conn: &Connection, query: &ValueQuery, until: Instant) -> rusqlite::Result<Values> {
    let tx = conn.unchecked_transaction()?;
    let (from, to) = (query.from.as_microsecond(), query.to.as_microsecond());
    let bucket = (to.saturating_sub(from) / i64::from(query.points.max(1))).max(1).saturating_add(1);
    let mut chart = Chart { query, from, to, bucket, points: vec![None; query.points.max(1) as usize] };
    let mut sampled = false;
    let stream = search::stream_number(&tx, &query.stream)?;
    // First, since it takes little: whatever time there is, the values use it up.
    let half = Instant::now() + until.saturating_duration_since(Instant::now()) / 2;
    let (alerts, more_alerts) =
        stream.map_or_else(|| Ok((Vec::new(), false)), |stream| alerts(&tx, query, stream, half))?;
    if let (Some(stream), Some(_)) = (stream, search::bounds(&tx)?) {
        let first = search::first_since(&tx, from)?;
        let (end, late) = search::ends_by(&tx, to)?;
        let count = end.saturating_sub(first);
        chart.read(&tx, stream, end..late, (u32::MAX, u32::MAX))?;
        if count <= WHOLE {
            chart.read(&tx, stream, first..end, (u32::MAX, u32::MAX))?;
        } else {
            sampled = true;
            chart.read(&tx, stream, end - NEWEST..end, (u32::MAX, u32::MAX))?;
            for sample in (0..SAMPLES).map(spread) {
                let start = |sample: u32| first + count.saturating_mul(sample.into()) / i64::from(SAMPLES);
                chart.read(&tx, stream, start(sample)..start(sample + 1), SAMPLE)?;
                if Instant::now() >= until {
                    break;
                }
            }
        }
    }
    let points = chart.points.into_iter().flatten().collect();
    Ok(Values { bucket, points, sampled, alerts, more_alerts })
}

/// The samples in an order in which each one lies far from those before: the bits of the number from behind.
fn spread(number: u32) -> u32 {
    number.reverse_bits() >> (u32::BITS - SAMPLES.trailing_zeros())
}

struct Chart<'a> {
    query: &'a ValueQuery,
    from: i64,
    to: i64,
    bucket: i64,
    points: Vec<Option<Point>>,
}

impl Chart<'_> {
    /// Reads events of these numbers: at least so many, and no more than the other number, if none feeds the tile.
    fn read(
        &mut self,
        conn: &Connection,
        stream: i64,
        seqs: std::ops::Range<i64>,
        (least, most): (u32, u32),
    ) -> rusqlite::Result<()> {
        let sql = "SELECT stream, at, name, data FROM events WHERE seq >= ?1 AND seq < ?2 ORDER BY seq";
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([seqs.start, seqs.end])?;
        let (mut read, mut fed) = (0, false);
        while let Some(row) = rows.next()? {
            read += 1;
            if row.get_ref(0)?.as_i64()? == stream {
                let (at, name, data) = (row.get(1)?, row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
                fed |= self.take(at, name, data);
            }
            if read >= most || (fed && read >= least) {
                break;
            }
        }
        Ok(())
    }

    /// Takes an event, if it feeds the tile.
    fn take(&mut self, at: i64, name: &str, data: &str) -> bool {
        let within = (self.from..=self.to).contains(&at).then(|| at.saturating_sub(self.from) / self.bucket);
        let place = within.and_then(|place| usize::try_from(place).ok());
        let Some(point) = place.and_then(|place| self.points.get_mut(place)) else { return false };
        let Some(value) = tiles::data::reading(&self.query.tile, &self.query.key, name, data) else { return false };
        let Ok(at) = rows::time(at) else { return false };
        let before = point.unwrap_or(Point { at, min: value, max: value, last: value, count: 0 });
        *point = Some(Point {
            at: before.at.max(at),
            min: before.min.min(value),
            max: before.max.max(value),
            last: if at >= before.at { value } else { before.last },
            count: before.count.saturating_add(1),
        });
        true
    }
}

/// The alerts of the stream in that time, and whether there are more; with a key those of its group, or made of an event
/// that has the key. Those of other streams cost a step in SQLite and are not read.
fn alerts(
    conn: &Connection,
    query: &ValueQuery,
    stream: i64,
    until: Instant,
) -> rusqlite::Result<(Vec<StoredAlert>, bool)> {
    let streams = rows::streams(conn)?;
    let from = query.from.as_microsecond();
    let oldest = search::first_alert_since(conn, from)?;
    let mut before = search::first_alert_since(conn, query.to.as_microsecond().saturating_add(1))?;
    if let Some((_, last)) = search::alert_bounds(conn)? {
        before = before.min(last.saturating_add(1));
    }
    let sql = format!(
        "SELECT {} FROM alerts WHERE id >= ?1 AND id < ?2 AND stream = ?3 AND at >= ?4 ORDER BY id DESC",
        rows::ALERT
    );
    let mut statement = conn.prepare(&sql)?;
    let mut data = conn.prepare("SELECT data FROM events WHERE seq = ?1")?;
    let mut found = Vec::new();
    while before > oldest {
        let start = before.saturating_sub(STEP).max(oldest);
        let mut rows = statement.query([start, before, stream, from])?;
        while let Some(row) = rows.next()? {
            let alert = rows::alert(row, &streams)?;
            let is_of_key = query.tile.key.is_empty() || alert.alert.group == query.key || {
                let mut event = data.query([alert.seq])?;
                match event.next()? {
                    Some(event) => {
                        tiles::data::key_of(&query.tile, event.get_ref(0)?.as_str()?).as_deref() == Some(&query.key)
                    }
                    None => false,
                }
            };
            if is_of_key && found.len() >= ALERTS {
                return Ok((found, true));
            }
            if is_of_key {
                found.push(alert);
            }
        }
        if start > oldest && Instant::now() >= until {
            // Where none was found there may be none: nothing is said of more.
            let are_more = !found.is_empty();
            return Ok((found, are_more));
        }
        before = start;
    }
    Ok((found, false))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use super::*;
    use crate::ledger::testing::{Scratch, alert, batch, minute, sent};
    use crate::ledger::{Entry, Ledger};

    /// An event a second of `BTC` and `ETH` in turn, the value its number; every 1,000th has an alert.
    fn filled(scratch: &Scratch, count: i64) -> Ledger {
        let mut ledger = scratch.ledger();
        let entries = (0..count).map(|n| {
            let symbol = if n % 2 == 0 { "BTC" } else { "ETH" };
            let mut event = sent(0, &n.to_string(), &format!(r#"{{"symbol":"{symbol}","price":"{n}"}}"#));
            event.name = "price-update".to_owned();
            event.at = second(n);
            let alerts = if n % 1_000 == 0 { vec![alert("rule")] } else { Vec::new() };
            Entry { event, alerts, resolutions: Vec::new(), store: true }
        });
        ledger.commit(vec![batch("s", entries.collect(), None)]).unwrap();
        ledger
    }

    fn second(n: i64) -> Timestamp {
        minute(0).checked_add(Duration::from_secs(n.unsigned_abs())).unwrap()
    }

    fn asking(key: &str, from: i64, to: i64, points: u32) -> ValueQuery {
        let (stream, key) = ("s".to_owned(), key.to_owned());
        ValueQuery { tile: TileConfig::default(), stream, key, from: second(from), to: second(to), points }
    }

    fn read(scratch: &Scratch, query: &ValueQuery) -> Values {
        scratch.reader().values(query, Instant::now() + Duration::from_secs(60)).unwrap()
    }

    #[test]
    fn what_was_stored_late_stands_at_its_time() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 400);
        let seen = |n: i64| {
            let mut event = sent(0, &n.to_string(), r#"{"symbol":"BTC","price":7}"#);
            event.name = "price-update".to_owned();
            event.at = second(n);
            Entry { event, alerts: Vec::new(), resolutions: Vec::new(), store: true }
        };
        ledger.commit(vec![batch("watched", (200..300).map(seen).collect(), None)]).unwrap();
        // A form that was open for most of an hour.
        ledger.commit(vec![batch("s", vec![seen(3_600)], None)]).unwrap();
        ledger.commit(vec![batch("long", (200..300).map(seen).collect(), None)]).unwrap();
        let counted = |stream: &str, from, to| {
            let query = ValueQuery { stream: stream.to_owned(), ..asking("BTC", from, to, 4) };
            read(&scratch, &query).points.iter().map(|point| point.count).sum::<u32>()
        };
        assert_eq!(counted("watched", 190, 350), 100);
        assert_eq!(counted("watched", 250, 279), 30);
        assert_eq!(counted("long", 250, 279), 30);
        assert_eq!(counted("s", 310, 399), 45);
        assert_eq!(counted("s", 310, 329), 10);
    }

    #[test]
    fn a_point_tells_the_least_the_greatest_and_the_last_of_its_time() {
        let scratch = Scratch::new();
        drop(filled(&scratch, 100));
        let told = read(&scratch, &asking("BTC", 10, 49, 4));
        let of = |point: &Point| (point.min, point.max, point.last, point.count);
        let points = told.points.iter().map(of).collect::<Vec<_>>();
        assert_eq!(
            points,
            [(10.0, 18.0, 18.0, 5), (20.0, 28.0, 28.0, 5), (30.0, 38.0, 38.0, 5), (40.0, 48.0, 48.0, 5)]
        );
        assert_eq!(told.points[0].at, second(18));
        assert!(!told.sampled);
    }

    #[test]
    fn only_what_feeds_the_tile_counts() {
        let scratch = Scratch::new();
        drop(filled(&scratch, 100));
        assert!(read(&scratch, &asking("DOGE", 0, 99, 10)).points.is_empty());
        let elsewhere = ValueQuery { stream: "t".to_owned(), ..asking("BTC", 0, 99, 10) };
        assert!(read(&scratch, &elsewhere).points.is_empty());
        assert!(read(&scratch, &asking("BTC", 200, 300, 10)).points.is_empty());
        let all: u32 = read(&scratch, &asking("ETH", 0, 99, 2_000)).points.iter().map(|point| point.count).sum();
        assert_eq!(all, 50);
    }

    #[test]
    fn very_many_events_are_sampled_over_the_whole_time() {
        let scratch = Scratch::new();
        drop(filled(&scratch, WHOLE + 20_000));
        let query = asking("BTC", 0, WHOLE + 20_000, 500);
        let told = read(&scratch, &query);
        assert!(told.sampled);
        assert!(told.points.len() >= 499, "{}", told.points.len());
        assert!(told.points.is_sorted_by_key(|point| point.at));
        let late = scratch.reader().values(&query, Instant::now()).unwrap();
        assert!(!late.points.is_empty(), "the first sample is read whatever the time");
    }

    #[test]
    fn the_samples_read_first_are_spread_and_each_comes_once() {
        let mut first = (0..8).map(spread).collect::<Vec<_>>();
        first.sort_unstable();
        assert_eq!(first, (0..8).map(|eighth| eighth * SAMPLES / 8).collect::<Vec<_>>());
        let mut all = (0..SAMPLES).map(spread).collect::<Vec<_>>();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..SAMPLES));
    }

    #[test]
    fn the_alerts_are_those_of_the_key_in_that_time() {
        let scratch = Scratch::new();
        drop(filled(&scratch, 5_000));
        let at = |key: &str, from, to| -> Vec<_> {
            read(&scratch, &asking(key, from, to, 10)).alerts.iter().map(|alert| alert.at).collect()
        };
        assert_eq!(at("BTC", 900, 3_500), [second(3_000), second(2_000), second(1_000)]);
        assert!(at("ETH", 900, 3_500).is_empty());
        assert_eq!(at("ACME", 900, 1_500), [second(1_000)], "by the alert's group");
    }

    #[test]
    fn a_noisy_neighbour_hides_no_alert_and_more_than_can_be_told_are_said() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 1_500);
        let of = |stream: &str, name: &str, n: i64| {
            let mut event = sent(0, &format!("{name}{n}"), r#"{"symbol":"BTC","price":1}"#);
            (event.stream, event.name, event.at) = (stream.into(), name.to_owned(), second(2_000 + n));
            Entry { event, alerts: vec![alert("rule")], resolutions: Vec::new(), store: true }
        };
        let noise = (0..6_000).map(|n| of("noise", "noise", n)).collect();
        ledger.commit(vec![batch("noise", noise, None)]).unwrap();
        let query = asking("BTC", 0, 9_000, 10);
        let told = read(&scratch, &query);
        let at: Vec<_> = told.alerts.iter().map(|alert| alert.at).collect();
        assert_eq!((at, told.more_alerts), (vec![second(1_000), second(0)], false));
        ledger.commit(vec![batch("s", (6_000..6_198).map(|n| of("s", "more", n)).collect(), None)]).unwrap();
        let told = read(&scratch, &query);
        assert_eq!((told.alerts.len(), told.more_alerts), (200, false), "just as many as can be told");
        ledger.commit(vec![batch("s", vec![of("s", "more", 6_200)], None)]).unwrap();
        let told = read(&scratch, &query);
        assert_eq!((told.alerts.len(), told.more_alerts), (200, true));
        assert_eq!(told.alerts.last().map(|alert| alert.at), Some(second(1_000)), "the oldest is left out");
    }
}
