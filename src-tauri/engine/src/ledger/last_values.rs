//! The last values of tiles, as stored events tell them: what is shown of a stream before its first event.

use std::time::Instant;

use jiff::Zoned;
use rusqlite::{Connection, OptionalExtension as _};

use super::{openings, rows, tally};
use crate::config::Config;
use crate::tiles::{self, Tile, Tiles, Today};

/// So many events are read at the most, and after so many bytes of data no older one.
const MOST: usize = 2_000;
const BYTES: usize = 4 << 20;

/// The tiles that the newest stored events of the configured streams make, with their change since the first value of
/// the day, looked for until that time.
pub(super) fn last_values(
    conn: &Connection,
    config: &Config,
    now: &Zoned,
    until: Instant,
) -> rusqlite::Result<Vec<Tile>> {
    let mut tiles = newest(conn, config, now, until)?;
    let (list, today) = (tiles.list(now.timestamp()), Today::of(now));
    let kept = openings::kept(conn, config, &today)?;
    let first = openings::first(conn, config, &list, &kept, 0, &today, until)?;
    tiles.open(&config.tiles, kept);
    tiles.open(&config.tiles, first);
    Ok(tiles.list(now.timestamp()))
}

/// The same with changes that count from the first of the events that were read.
pub(super) fn newest(conn: &Connection, config: &Config, now: &Zoned, until: Instant) -> rusqlite::Result<Tiles> {
    let (seqs, _) = tally::newest(conn, MOST, until, |stream, event| {
        config.streams.iter().any(|one| one.name == *stream)
            && config.tiles.iter().any(|tile| tiles::wants(tile, stream, event))
    })?;
    let streams = rows::streams(conn)?;
    let mut statement = conn.prepare(&format!("SELECT {} FROM events WHERE seq = ?1", rows::EVENT))?;
    let (mut events, mut bytes) = (Vec::new(), 0);
    for seq in seqs.iter().rev() {
        let Some(stored) = statement.query_row([seq], |row| rows::event(row, &streams)).optional()? else { continue };
        bytes += stored.event.data.len();
        events.push(stored.event);
        if bytes >= BYTES {
            break;
        }
    }
    let mut tiles = Tiles::new(&config.tiles);
    tiles.begin(now);
    for event in events.iter().rev() {
        tiles.observe(event);
    }
    Ok(tiles)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::config::{StreamConfig, TileConfig};
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};

    fn price(minute: i64, symbol: &str, price: u32) -> crate::model::Event {
        let data = format!(r#"{{"symbol":"{symbol}","price":{price},"pct":{price}}}"#);
        let mut event = sent(minute, &minute.to_string(), &data);
        event.name = "price-update".to_owned();
        event
    }

    /// What is told at that minute, where its local time is the universal one.
    fn told(scratch: &Scratch, config: &Config, now: i64) -> Vec<Tile> {
        let until = Instant::now() + Duration::from_secs(60);
        scratch.reader().last_tiles(config, &minute(now).to_zoned(TimeZone::UTC), until).unwrap()
    }

    #[test]
    fn the_newest_value_of_each_key_is_told_for_configured_streams_only() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        for (minute, symbol, value) in [(1, "BTC", 10), (2, "ETH", 20), (3, "BTC", 30)] {
            ledger.commit(vec![batch("s", vec![entry(price(minute, symbol, value), 0, true)], None)]).unwrap();
        }
        let mut gone = price(4, "DOGE", 1);
        gone.stream = "gone".into();
        ledger.commit(vec![batch("gone", vec![entry(gone, 0, true)], None)]).unwrap();
        let own = TileConfig { change: Some("/pct".to_owned()), ..TileConfig::default() };
        let config = Config {
            streams: vec![StreamConfig::new("s", "http://127.0.0.1:9/").into()],
            tiles: vec![TileConfig::default(), own],
            ..Config::default()
        };
        let told = told(&scratch, &config, 10);
        let told: Vec<_> = told
            .iter()
            .map(|tile| {
                (tile.feed, &*tile.key, &*tile.text, tile.change_pct, tile.spark.iter().flatten().copied().collect())
            })
            .collect();
        assert_eq!(
            told,
            [
                (0, "BTC", "30", Some(200.0), vec![10.0, 30.0]),
                (0, "ETH", "20", Some(0.0), vec![20.0]),
                (1, "BTC", "30", Some(30.0), vec![10.0, 30.0]),
                (1, "ETH", "20", Some(20.0), vec![20.0]),
            ]
        );
    }

    #[test]
    fn no_more_is_read_at_once_than_is_good_for_the_memory() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        for (minute, symbol) in [(1, "OLD"), (2, "BTC"), (3, "ETH")] {
            let mut event = price(minute, symbol, 1);
            event.data = event.data.replace("\"pct\"", &format!("\"text\":\"{}\",\"pct\"", "x".repeat(BYTES * 2 / 3)));
            ledger.commit(vec![batch("s", vec![entry(event, 0, true)], None)]).unwrap();
        }
        let config = Config {
            streams: vec![StreamConfig::new("s", "http://127.0.0.1:9/").into()],
            tiles: vec![TileConfig::default()],
            ..Config::default()
        };
        let told = told(&scratch, &config, 10);
        assert_eq!(told.iter().map(|tile| &*tile.key).collect::<Vec<_>>(), ["BTC", "ETH"], "the newest");
    }
}
