//! Tiles as events feed them.

#![expect(clippy::unwrap_used, reason = "tests")]
use jiff::tz::TimeZone;

use super::*;

fn event(name: &str, data: &str, ms: i64) -> Event {
    Event {
        stream: "market".into(),
        name: name.to_owned(),
        data: data.to_owned(),
        id_is_own: false,
        id: String::new(),
        at: Timestamp::from_millisecond(ms).unwrap(),
    }
}

fn soon() -> Timestamp {
    Timestamp::from_second(1_000).unwrap()
}

/// Tiles on the first day of 1970.
fn tiles(config: &[TileConfig]) -> Tiles {
    let mut tiles = Tiles::new(config);
    tiles.begin(&soon().to_zoned(TimeZone::UTC));
    tiles
}

fn config() -> TileConfig {
    TileConfig {
        stream: Some("market".into()),
        event: "price-update".to_owned(),
        key: "/symbol".to_owned(),
        value: "/price".to_owned(),
        ..TileConfig::default()
    }
}

fn price(symbol: &str, price: &str, ms: i64) -> Event {
    event("price-update", &format!(r#"{{"symbol":"{symbol}","price":{price}}}"#), ms)
}

fn keys(tiles: &Tiles) -> Vec<String> {
    tiles.list(soon()).into_iter().map(|tile| tile.key).collect()
}

#[test]
fn a_tile_follows_its_value() {
    let mut tiles = tiles(&[config()]);
    for (text, value, change_pct, trend) in [
        ("200", Some(200.0), Some(0.0), Trend::Flat),
        ("210.5", Some(210.5), Some(5.25), Trend::Up),
        ("210.5", Some(210.5), Some(5.25), Trend::Flat),
        ("\" 190 \"", Some(190.0), Some(-5.0), Trend::Down),
        ("\"halted\"", None, None, Trend::Flat),
        ("true", None, None, Trend::Flat),
        ("\"inf\"", None, None, Trend::Flat),
        ("220", Some(220.0), Some(10.0), Trend::Flat),
    ] {
        assert!(tiles.observe(&price("BTC", text, 5)), "{text}");
        let tile = tiles.list(soon()).remove(0);
        assert_eq!((tile.text.as_str(), tile.value), (text.trim_matches('"'), value), "{text}");
        assert_eq!((tile.change_pct, tile.trend), (change_pct, trend), "{text}");
    }
}

#[test]
fn what_feeds_no_tile_changes_nothing() {
    let mut tiles = tiles(&[config()]);
    let mut elsewhere = price("BTC", "1", 0);
    elsewhere.stream = "other".into();
    let long = format!("\"{}\"", "x".repeat(MAX_TEXT + 1));
    for event in [
        elsewhere,
        event("market-alert", r#"{"symbol":"BTC","price":1}"#, 0),
        event("price-update", "no json", 0),
        event("price-update", "42", 0),
        event("price-update", r#"{"price":1}"#, 0),
        event("price-update", r#"{"symbol":{},"price":1}"#, 0),
        price("BTC", "null", 0),
        price("BTC", "[1]", 0),
        price("BTC", &long, 0),
    ] {
        assert!(!tiles.observe(&event), "{event:?}");
    }
    assert!(tiles.list(soon()).is_empty());
}

#[test]
fn the_change_of_the_server_wins_where_it_is_named() {
    let mut tiles = tiles(&[TileConfig { change: Some("/change".to_owned()), ..config() }]);
    for (change, wanted) in
        [(",\"change\":-1.5", -1.5), ("", -1.5), (",\"change\":\"+2.5 %\"", 2.5), (",\"change\":{}", 2.5)]
    {
        let data = format!(r#"{{"symbol":"A","price":7{change}}}"#);
        assert!(tiles.observe(&event("price-update", &data, 0)));
        assert_eq!(tiles.list(soon())[0].change_pct, Some(wanted), "{change}");
    }
}

#[test]
fn a_change_is_told_in_percent_and_in_the_values_own_unit() {
    for (first, last, percent, change) in [
        ("100", "110", Some(10.0), Some(10.0)),
        ("-10", "-5", Some(50.0), Some(5.0)),
        ("-10", "10", Some(200.0), Some(20.0)),
        ("5", "0", Some(-100.0), Some(-5.0)),
        ("0", "5", None, Some(5.0)),
        ("5", "\"halted\"", None, None),
    ] {
        let mut tiles = tiles(&[config()]);
        tiles.observe(&price("A", first, 0));
        tiles.observe(&price("A", last, 0));
        let tile = tiles.list(soon()).remove(0);
        assert_eq!((tile.change_pct, tile.change), (percent, change), "{first} to {last}");
    }
}

#[test]
fn a_servers_own_percentage_tells_the_change_of_what_is_above_zero() {
    for (price, percent, change) in
        [("110", "10", Some(10.0)), ("5", "-50", Some(-5.0)), ("-5", "50", None), ("0", "-100", None), ("0", "0", None)]
    {
        let mut tiles = tiles(&[TileConfig { change: Some("/pct".to_owned()), ..config() }]);
        tiles.observe(&event("price-update", &format!(r#"{{"symbol":"A","price":{price},"pct":{percent}}}"#), 0));
        let told = tiles.list(soon())[0].change;
        assert_eq!(told.map(f64::round), change, "{price} {percent}");
    }
}

#[test]
fn the_order_is_that_of_the_configuration_and_then_of_appearance() {
    let second =
        TileConfig { event: "rate".to_owned(), key: String::new(), value: String::new(), ..TileConfig::default() };
    let mut tiles = tiles(&[config(), second]);
    tiles.observe(&event("rate", "42", 0));
    for symbol in ["B", "A", "C", "A", "B"] {
        tiles.observe(&price(symbol, "1", 0));
    }
    assert_eq!(keys(&tiles), ["B", "A", "C", "rate"]);
}

#[test]
fn the_spark_is_bounded_and_spans_time() {
    let mut tiles = tiles(&[config()]);
    for step in 0..1_000 {
        tiles.observe(&price("A", &step.to_string(), step * 100));
    }
    let spark = tiles.list(soon()).remove(0).spark;
    assert_eq!(spark.len(), SPARK_LENGTH);
    let spark: Vec<f64> = spark.into_iter().flatten().collect();
    assert_eq!((spark.len(), spark.last()), (SPARK_LENGTH, Some(&999.0)));
    assert!(spark.windows(2).all(|pair| pair[1] - pair[0] <= 3.0 && pair[1] > pair[0]), "{spark:?}");
    assert!(spark[0] <= 999.0 - 2.5 * 119.0);
}

#[test]
fn a_clock_set_back_does_not_stop_the_spark() {
    let mut tiles = tiles(&[config()]);
    for (step, at) in [10_000_000, 0, 1_000, 2_000].into_iter().enumerate() {
        tiles.observe(&price("A", &step.to_string(), at));
    }
    assert_eq!(tiles.list(soon())[0].spark, [0.0, 1.0, 2.0, 3.0].map(Some));
}

#[test]
fn the_spark_breaks_where_its_stream_was_not_connected_and_keeps_its_length() {
    let mut tiles = tiles(&[config()]);
    let stream = event("price-update", "", 0).stream;
    tiles.interrupt(&stream);
    tiles.observe(&price("A", "1", 0));
    tiles.interrupt(&"another".into());
    tiles.interrupt(&stream);
    tiles.interrupt(&stream);
    tiles.observe(&price("A", "2", 100));
    assert_eq!(tiles.list(soon())[0].spark, [Some(1.0), None, Some(2.0)], "also where it came back at once");
    for step in 0..1_000 {
        tiles.observe(&price("A", "3", step * 1_000));
        tiles.interrupt(&stream);
    }
    assert_eq!(tiles.list(soon())[0].spark.len(), SPARK_LENGTH);
}

#[test]
fn keys_without_end_stop_at_the_limit_and_known_ones_go_on() {
    let mut tiles = tiles(&[config(), TileConfig { value: "/symbol".to_owned(), ..config() }]);
    for number in 0..1_000 {
        tiles.observe(&price(&number.to_string(), "1", 0));
    }
    assert_eq!((tiles.list(soon()).len(), tiles.left_out()), (MAX_TILES, 1_000), "more are not told apart");
    assert!(tiles.observe(&price("0", "2", 0)) && !tiles.observe(&price("999", "2", 0)));
}

#[test]
fn values_without_room_are_counted_once_each_until_there_is_another_configuration() {
    let mut tiles = tiles(&[config()]);
    for number in (0..MAX_TILES + 3).chain(0..MAX_TILES + 3) {
        tiles.observe(&price(&number.to_string(), "1", 0));
    }
    assert_eq!(tiles.left_out(), 3);
    tiles.configure(&[TileConfig { event: "rate".to_owned(), ..config() }]);
    assert_eq!(tiles.left_out(), 0);
}

#[test]
fn a_new_configuration_keeps_the_values_of_what_stays() {
    let rate = TileConfig { event: "rate".to_owned(), ..config() };
    let mut tiles = tiles(&[config(), rate.clone()]);
    tiles.observe(&price("A", "1", 0));
    tiles.observe(&event("rate", r#"{"symbol":"R","price":1}"#, 0));
    tiles.configure(&[rate.clone(), TileConfig { value: "/other".to_owned(), ..config() }]);
    assert_eq!(keys(&tiles), ["R"]);
    tiles.configure(&[config(), rate]);
    assert_eq!(keys(&tiles), ["R"]);
}

#[test]
fn another_unit_or_label_is_shown_at_once_with_the_values_that_are_there() {
    let mut tiles = tiles(&[config()]);
    tiles.observe(&price("A", "1", 0));
    tiles.observe(&price("A", "2", 1_000));
    let told = |tiles: &Tiles| {
        let Tile { label, unit, is_keyed, spark, .. } = tiles.list(soon()).remove(0);
        (label, unit, is_keyed, spark.len())
    };
    assert_eq!(told(&tiles), (None, None, true, 2));
    let (label, unit) = (Some("Price".to_owned()), Some("USD".to_owned()));
    tiles.configure(&[TileConfig { label: label.clone(), unit: unit.clone(), ..config() }]);
    assert_eq!(told(&tiles), (label, unit, true, 2));
}

#[test]
fn a_tile_whose_key_is_the_name_of_its_event_says_so() {
    let mut tiles = tiles(&[TileConfig { key: String::new(), ..config() }]);
    tiles.observe(&price("A", "1", 0));
    let tile = tiles.list(soon()).remove(0);
    assert_eq!((tile.key.as_str(), tile.is_keyed), ("price-update", false));
}

const DAY: i64 = 24 * 3_600 * 1_000;

fn opening(key: &str, ms: i64, value: Option<f64>) -> Opening {
    let at = Timestamp::from_millisecond(ms).unwrap();
    Opening { source: Source::new(&config(), "market".into(), key.to_owned()), open: Open { at, value } }
}

fn changes(tiles: &Tiles, ms: i64) -> Vec<Option<f64>> {
    tiles.list(Timestamp::from_millisecond(ms).unwrap()).into_iter().map(|tile| tile.change_pct).collect()
}

#[test]
fn a_change_counts_from_the_first_value_of_the_day_also_where_only_the_ledger_knows_it() {
    let mut tiles = tiles(&[config()]);
    tiles.observe(&price("A", "150", 5_000));
    assert_eq!(changes(&tiles, 5_000), [Some(0.0)]);
    tiles.open(
        &[config()],
        vec![opening("A", 1_000, Some(100.0)), opening("B", 2_000, Some(200.0)), opening("C", 3_000, None)],
    );
    assert_eq!(changes(&tiles, 5_000), [Some(50.0)], "told after a value came");
    tiles.open(
        &[config()],
        vec![opening("A", 6_000, Some(1.0)), opening("A", -5, Some(1.0)), opening("A", DAY, Some(1.0))],
    );
    assert_eq!(changes(&tiles, 5_000), [Some(50.0)], "later ones, and those of other days, say nothing");
    tiles.observe(&price("B", "100", 7_000));
    tiles.observe(&price("C", "100", 7_000));
    tiles.observe(&price("C", "200", 8_000));
    assert_eq!(changes(&tiles, 8_000), [Some(50.0), Some(-50.0), None], "none rather than a wrong one");
}

/// What would be written, and read again after a restart.
fn kept(tiles: &mut Tiles) -> Vec<(String, Option<f64>)> {
    let kept = tiles.take_openings();
    let mut kept: Vec<_> = kept.into_iter().map(|opening| (opening.source.key, opening.open.value)).collect();
    kept.sort_by(|one, other| one.0.cmp(&other.0));
    kept
}

#[test]
fn a_first_value_is_kept_once_and_no_sooner_than_the_ledger_was_asked_for_an_earlier_one() {
    let mut tiles = tiles(&[config()]);
    tiles.observe(&price("A", "150", 5_000));
    tiles.observe(&price("B", "7", 5_000));
    assert!(tiles.has_openings() && kept(&mut tiles).is_empty());
    tiles.open(&[config()], vec![opening("A", 1_000, Some(100.0)), opening("B", 0, None)]);
    assert_eq!(kept(&mut tiles), [("A".to_owned(), Some(100.0)), ("B".to_owned(), None)]);
    tiles.observe(&price("C", "3", 6_000));
    tiles.observe(&price("C", "4", 7_000));
    assert_eq!(kept(&mut tiles), [("C".to_owned(), Some(3.0))]);
    assert!(!tiles.has_openings() && kept(&mut tiles).is_empty());
}

#[test]
fn what_was_kept_holds_after_a_restart_whatever_the_ledger_still_has() {
    let mut tiles = tiles(&[config()]);
    tiles.restore(vec![
        opening("A", 1_000, Some(100.0)),
        opening("B", -DAY, Some(1.0)),
        opening("C", 0, None),
        opening("D", 0, None),
    ]);
    for key in ["A", "B", "C", "D"] {
        tiles.observe(&price(key, "150", 5_000));
    }
    assert_eq!(changes(&tiles, 5_000), [Some(50.0), Some(0.0), None, None]);
    tiles.open(
        &[config()],
        vec![opening("A", 0, None), opening("A", 4_000, Some(3.0)), opening("C", 2_000, Some(75.0))],
    );
    assert_eq!(changes(&tiles, 5_000), [Some(50.0), Some(0.0), Some(100.0), None]);
    tiles.configure(&[]);
    tiles.configure(&[config()]);
    tiles.observe(&price("A", "200", 6_000));
    assert_eq!(changes(&tiles, 6_000), [Some(100.0)], "nor is it forgotten when a tile is taken away and put back");
    tiles.rename_stream(&"market".into(), &"bourse".into());
    assert_eq!(kept(&mut tiles), [], "another's tiles are not of this configuration");
}

#[test]
fn first_values_of_a_day_are_bounded() {
    let mut openings = Openings::default();
    let today = Today::of(&soon().to_zoned(TimeZone::UTC));
    for number in 0..2 * MAX_OPENINGS {
        let of_one = opening(&number.to_string(), 0, Some(1.0));
        assert_eq!(openings.see(of_one.source, of_one.open, &today).1, number < MAX_OPENINGS);
    }
    assert_eq!(openings.take_new(|_| true).len(), MAX_OPENINGS);
}

#[test]
fn at_midnight_changes_begin_anew() {
    let own = TileConfig { event: "own".to_owned(), change: Some("/change".to_owned()), ..config() };
    let mut tiles = tiles(&[config(), own]);
    tiles.observe(&price("A", "100", 1_000));
    tiles.observe(&price("A", "110", DAY - 1));
    tiles.observe(&event("own", r#"{"symbol":"A","price":7,"change":3}"#, 1_000));
    assert_eq!(changes(&tiles, DAY - 1), [Some(10.0), Some(3.0)]);
    assert_eq!(changes(&tiles, DAY), [None, Some(3.0)], "no value today; what the server says stays");
    let midnight = Timestamp::from_millisecond(DAY).unwrap();
    assert!(!tiles.is_today(midnight));
    tiles.begin(&midnight.to_zoned(TimeZone::UTC));
    assert_eq!(changes(&tiles, DAY), [None, Some(3.0)]);
    for (value, ms, change) in [("200", DAY, 0.0), ("100", DAY + 5, -50.0)] {
        tiles.observe(&price("A", value, ms));
        assert_eq!(changes(&tiles, ms), [Some(change), Some(3.0)], "{value}");
    }
}

#[test]
fn a_day_is_the_local_one_also_where_it_has_an_hour_less() {
    let now: Zoned = "2026-03-29T12:00[Europe/Berlin]".parse().unwrap();
    let today = Today::of(&now);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!(today.from(), at("2026-03-28T23:00:00Z"));
    assert!(today.holds(at("2026-03-29T21:59:59Z")) && !today.holds(at("2026-03-29T22:00:00Z")));
    assert!(!Today::default().holds(now.timestamp()));
}

#[test]
fn a_day_lasts_until_the_next_one_begins_also_where_one_has_no_midnight() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let now: Zoned = "2024-04-26T12:00[Africa/Cairo]".parse().unwrap();
    let today = Today::of(&now);
    assert_eq!(today.from(), at("2024-04-26T01:00+03:00"), "its first hour is skipped");
    assert!(today.holds(at("2024-04-26T23:59:59+03:00")) && !today.holds(at("2024-04-27T00:00+03:00")));
    let before = Today::of(&now.yesterday().unwrap());
    assert!(before.holds(at("2024-04-25T23:59:59+02:00")) && !before.holds(today.from()));
}
