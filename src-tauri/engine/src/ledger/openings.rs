//! The first values of tiles on a local day, as stored events tell them: what a change counts from after a restart.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use jiff::Zoned;
use rusqlite::Connection;

use super::{last_values, rows, search};
use crate::config::Config;
use crate::model::StreamId;
use crate::tiles::{self, MAX_TILES, Open, Opening, Tile, Today};

/// So many of a day's first events are read in any case: a tile that was not among the newest may be.
const LEAST: usize = 100_000;

/// After so many events the time is looked at.
const STEP: usize = 500;

/// The first value of today of each tile that counts its change from it, looked for until that time.
pub(super) fn openings(
    conn: &Connection,
    config: &Config,
    now: &Zoned,
    until: Instant,
) -> rusqlite::Result<Vec<Opening>> {
    let known = last_values::newest(conn, config, now, until)?.list(now.timestamp());
    first(conn, config, &known, LEAST, &Today::of(now), until)
}

/// The same, where these are the tiles known of: the day's events are read from its first on, until each of them has
/// its first value and at least so many are read. Of one that has none when the time is up it is not known.
pub(super) fn first(
    conn: &Connection,
    config: &Config,
    known: &[Tile],
    least: usize,
    today: &Today,
    until: Instant,
) -> rusqlite::Result<Vec<Opening>> {
    let counted = |feed: u32| {
        let tile = usize::try_from(feed).ok().and_then(|feed| config.tiles.get(feed));
        tile.filter(|tile| tile.change.is_none())
    };
    let of_today = known.iter().filter(|tile| tile.value.is_some() && today.holds(tile.at));
    let of_today = of_today.filter(|tile| counted(tile.feed).is_some());
    let mut wanted: HashSet<_> = of_today.map(|tile| (tile.feed, tile.stream.clone(), tile.key.clone())).collect();
    let tx = conn.unchecked_transaction()?;
    let streams = rows::streams(&tx)?;
    let is_configured = |name: &&StreamId| config.streams.iter().any(|stream| stream.name == **name);
    let mut found: HashMap<(u32, StreamId, String), Open> = HashMap::new();
    let mut statement = tx.prepare("SELECT stream, at, name, data FROM events WHERE seq >= ?1 ORDER BY seq")?;
    let mut rows = statement.query([search::first_since(&tx, today.from().as_microsecond())?])?;
    let (mut looked, mut is_late) = (0_usize, false);
    while !is_late && (looked < least || !wanted.is_empty()) {
        let Some(row) = rows.next()? else {
            wanted.clear();
            break;
        };
        looked += 1;
        is_late = looked.is_multiple_of(STEP) && Instant::now() >= until;
        let Some(stream) = streams.get(&row.get(0)?).filter(is_configured) else { continue };
        let name = row.get_ref(2)?.as_str()?;
        let feeds = (0_u32..).zip(&config.tiles);
        let mut feeds = feeds.filter(|(_, tile)| tile.change.is_none() && tiles::wants(tile, stream, name)).peekable();
        let at = rows::time(row.get(1)?)?;
        if feeds.peek().is_none() || !today.holds(at) {
            continue;
        }
        let Ok(data) = serde_json::from_str(row.get_ref(3)?.as_str()?) else { continue };
        for (feed, tile) in feeds {
            let Some((key, value)) = tiles::taken(tile, name, &data) else { continue };
            let id = (feed, stream.clone(), key);
            wanted.remove(&id);
            if found.len() < MAX_TILES {
                found.entry(id).or_insert(Open { at, value: Some(value) });
            }
        }
    }
    found.extend(wanted.into_iter().map(|id| (id, Open { at: today.from(), value: None })));
    let opening = |((feed, stream, key), open)| Some(Opening { tile: counted(feed)?.clone(), stream, key, open });
    Ok(found.into_iter().filter_map(opening).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::config::{StreamConfig, TileConfig};
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};

    /// Prices by minute and symbol. The fixed time of the tests is at 14:13.
    fn filled(scratch: &Scratch, prices: impl IntoIterator<Item = (i64, &'static str, &'static str)>) {
        let entries = prices.into_iter().enumerate().map(|(n, (minute, symbol, price))| {
            let data = format!(r#"{{"symbol":"{symbol}","price":{price}}}"#);
            let mut event = sent(minute, &n.to_string(), &data);
            event.name = "price-update".to_owned();
            entry(event, 0, true)
        });
        scratch.ledger().commit(vec![batch("s", entries.collect(), None)]).unwrap();
    }

    fn config(tiles: Vec<TileConfig>) -> Config {
        let streams = vec![StreamConfig::new("s", "http://127.0.0.1:9/").into()];
        Config { streams, tiles, ..Config::default() }
    }

    fn told(scratch: &Scratch, config: &Config, now: i64, until: Instant) -> Vec<(String, Open)> {
        let now = minute(now).to_zoned(TimeZone::UTC);
        let told = scratch.reader().openings(config, &now, until).unwrap();
        let mut told: Vec<_> = told.into_iter().map(|opening| (opening.key, opening.open)).collect();
        told.sort_by(|one, other| one.0.cmp(&other.0));
        told
    }

    #[test]
    fn each_tile_counts_from_its_first_number_of_the_day() {
        let scratch = Scratch::new();
        let day = 24 * 60;
        filled(
            &scratch,
            [
                (0, "BTC", "1"),
                (day, "BTC", "\"halted\""),
                (day + 1, "BTC", "10"),
                (day + 2, "ETH", "20"),
                (day + 3, "BTC", "30"),
            ],
        );
        let own = TileConfig { change: Some("/pct".to_owned()), ..TileConfig::default() };
        let config = config(vec![TileConfig::default(), own]);
        let later = Instant::now() + Duration::from_secs(60);
        let of = |minutes, value| Open { at: minute(minutes), value: Some(value) };
        let of_day = [("BTC".to_owned(), of(day + 1, 10.0)), ("ETH".to_owned(), of(day + 2, 20.0))];
        assert_eq!(told(&scratch, &config, day + 4, later), of_day);
        assert_eq!(told(&scratch, &config, 2 * day, later), [], "a day without a value");
        let gone = Config { streams: Vec::new(), ..config };
        assert_eq!(told(&scratch, &gone, day + 4, later), []);
    }

    #[test]
    fn what_is_not_found_in_time_is_not_known() {
        let scratch = Scratch::new();
        let others = (0..3_000).map(|_| (0, "BTC", "1"));
        filled(&scratch, others.chain([(1, "RARE", "5"), (2, "RARE", "6")]));
        let config = config(vec![TileConfig::default()]);
        let told = told(&scratch, &config, 3, Instant::now());
        assert_eq!(told[0].1.value, Some(1.0));
        assert!(told.len() == 2 && told[1].0 == "RARE" && told[1].1.value.is_none(), "{told:?}");
    }
}
