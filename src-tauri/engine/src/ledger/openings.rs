//! The first values of tiles on a local day: those that were kept when they were seen, and of tiles that are new what
//! stored events tell.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use jiff::Zoned;
use rusqlite::Connection;

use super::{kept_openings, last_values, prune, rows, search};
use crate::config::{Config, Store, TileConfig};
use crate::model::StreamId;
use crate::tiles::{self, MAX_TILES, Open, Opening, Source, Tile, Today};

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
    let kept = kept(conn, config, &Today::of(now))?;
    let mut openings = first(conn, config, &known, &kept, LEAST, &Today::of(now), until)?;
    openings.extend(kept);
    Ok(openings)
}

/// Those that were kept, of today and of tiles that are configured.
pub(super) fn kept(conn: &Connection, config: &Config, today: &Today) -> rusqlite::Result<Vec<Opening>> {
    let mut kept = kept_openings::all(conn)?;
    kept.retain(|Opening { source, open }| today.holds(open.at) && config.tiles.iter().any(|tile| source.is_of(tile)));
    Ok(kept)
}

/// What stored events tell, where these are the tiles known of and these first values are kept: the day's events are
/// read from its first on, until each of the others has its first value and at least so many are read. One that has
/// none when the time is up is not known; nor is one of a stream whose events are not all stored or are partly gone.
pub(super) fn first(
    conn: &Connection,
    config: &Config,
    known: &[Tile],
    kept: &[Opening],
    least: usize,
    today: &Today,
    until: Instant,
) -> rusqlite::Result<Vec<Opening>> {
    let source = |tile: &Tile| {
        let config = usize::try_from(tile.feed).ok().and_then(|feed| config.tiles.get(feed));
        let config = config.filter(|config| config.change.is_none())?;
        Some(Source::new(config, tile.stream.clone(), tile.key.clone()))
    };
    let of_today = known.iter().filter(|tile| tile.value.is_some() && today.holds(tile.at));
    let mut wanted: HashSet<_> = of_today.filter_map(source).collect();
    for opening in kept.iter().filter(|opening| opening.open.value.is_some()) {
        wanted.remove(&opening.source);
    }
    let unknown = Open { at: today.from(), value: None };
    let tx = conn.unchecked_transaction()?;
    let is_cut = prune::pruned_to(&tx)? >= today.from().as_microsecond();
    let streams = rows::streams(&tx)?;
    let stored = |name: &StreamId| config.streams.iter().find(|one| one.name == *name).map(|one| one.store);
    let mut found: HashMap<Source, Open> = HashMap::new();
    let mut statement = tx.prepare("SELECT stream, at, name, data FROM events WHERE seq >= ?1 ORDER BY seq")?;
    let mut rows = statement.query([search::first_since(&tx, today.from().as_microsecond())?])?;
    let (mut looked, mut is_late) = (0_usize, false);
    while !is_late && (looked < least || !wanted.is_empty()) {
        let Some(row) = rows.next()? else {
            break;
        };
        looked += 1;
        is_late = looked.is_multiple_of(STEP) && Instant::now() >= until;
        let Some((stream, store)) = streams.get(&row.get(0)?).and_then(|name| Some((name, stored(name)?))) else {
            continue;
        };
        let name = row.get_ref(2)?.as_str()?;
        let is_fed = |tile: &&TileConfig| tile.change.is_none() && tiles::wants(tile, stream, name);
        let mut feeds = config.tiles.iter().filter(is_fed).peekable();
        let at = rows::time(row.get(1)?)?;
        if feeds.peek().is_none() || !today.holds(at) {
            continue;
        }
        let Ok(data) = serde_json::from_str(row.get_ref(3)?.as_str()?) else { continue };
        for tile in feeds {
            let Some((key, value)) = tiles::data::taken(tile, name, &data) else { continue };
            let source = Source::new(tile, stream.clone(), key);
            wanted.remove(&source);
            if found.len() < MAX_TILES {
                let is_first = store == Store::All && !is_cut;
                let open = if is_first { Open { at, value: Some(value) } } else { unknown };
                // What was watched before there was the stream may stand behind what came later.
                found
                    .entry(source)
                    .and_modify(|first| *first = if at < first.at { open } else { *first })
                    .or_insert(open);
            }
        }
    }
    if is_late {
        found.extend(wanted.into_iter().map(|source| (source, unknown)));
    }
    Ok(found.into_iter().map(|(source, open)| Opening { source, open }).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::config::StreamConfig;
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
        let mut told: Vec<_> = told.into_iter().map(|opening| (opening.source.key, opening.open)).collect();
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

    #[test]
    fn the_first_of_a_day_is_the_one_that_came_first() {
        let scratch = Scratch::new();
        filled(&scratch, [(2, "BTC", "20"), (3, "BTC", "30")]);
        let seen = sent(1, "seen", r#"{"symbol":"BTC","price":10}"#);
        let seen = crate::model::Event { name: "price-update".to_owned(), ..seen };
        scratch.ledger().commit(vec![batch("s", vec![entry(seen, 0, true)], None)]).unwrap();
        let config = config(vec![TileConfig::default()]);
        let told = told(&scratch, &config, 4, Instant::now() + Duration::from_secs(60));
        assert_eq!(told, [("BTC".to_owned(), Open { at: minute(1), value: Some(10.0) })]);
    }

    fn opened(key: &str, at: i64, value: Option<f64>) -> Opening {
        let source = Source::new(&TileConfig::default(), "s".into(), key.to_owned());
        Opening { source, open: Open { at: minute(at), value } }
    }

    #[test]
    fn what_was_kept_counts_before_what_is_stored() {
        let scratch = Scratch::new();
        filled(&scratch, [(1, "BTC", "10"), (2, "ETH", "20")]);
        scratch.ledger().keep_openings(&[opened("BTC", 0, Some(7.0)), opened("GONE", 0, Some(8.0))]).unwrap();
        let config = config(vec![TileConfig::default()]);
        let now = minute(3).to_zoned(TimeZone::UTC);
        let until = Instant::now() + Duration::from_secs(60);
        let shown = scratch.reader().last_tiles(&config, &now, until).unwrap();
        let shown: Vec<_> = shown.into_iter().map(|tile| (tile.key, tile.change)).collect();
        assert_eq!(shown, [("BTC".to_owned(), Some(3.0)), ("ETH".to_owned(), Some(0.0))]);
        let told = scratch.reader().openings(&config, &now, until).unwrap();
        assert!(told.contains(&opened("GONE", 0, Some(8.0))) && told.contains(&opened("BTC", 0, Some(7.0))));
    }

    #[test]
    fn where_not_all_of_a_day_is_stored_its_first_value_is_not_known() {
        let later = Instant::now() + Duration::from_secs(60);
        let unknown = |told: Vec<(String, Open)>| told.len() == 1 && told[0].1.value.is_none();
        let scratch = Scratch::new();
        filled(&scratch, [(0, "BTC", "1"), (1, "BTC", "2"), (2, "BTC", "3")]);
        let whole = config(vec![TileConfig::default()]);
        let mut partly = whole.clone();
        let stream = StreamConfig { store: Store::Alerts, ..(*partly.streams[0]).clone() };
        partly.streams = vec![stream.into()];
        assert!(unknown(told(&scratch, &partly, 3, later)), "only what made an alert is stored");
        assert_eq!(told(&scratch, &whole, 3, later)[0].1.value, Some(1.0));
        let keep = crate::config::History { max_events: 2, ..Default::default() };
        scratch.ledger().prune(keep, minute(3)).unwrap();
        assert!(unknown(told(&scratch, &whole, 3, later)), "its first events are gone");
        let tomorrow = 24 * 60;
        filled(&scratch, [(tomorrow, "BTC", "4")]);
        assert_eq!(told(&scratch, &whole, tomorrow + 1, later)[0].1.value, Some(4.0));
    }
}
