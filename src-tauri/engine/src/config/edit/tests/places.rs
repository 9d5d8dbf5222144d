//! Where tiles stand by hand, when their `[[tile]]`s or streams become others.

use super::*;
use crate::config::TileConfig;

const TEXT: &str = r#"version = 1

[[stream]]
name = "m"
url = "https://h/"

[[stream]]
name = "n"
url = "https://h/"

[[tile]]
event = "price"
value = "/last"

[[tile]]
stream = "n"
event = "price"
value = "/bid"

[[tile]]
event = "load"
value = "/cpu"

[dashboard]
theme = "dark" # at night too
tile_places = [["m", "A", 2], ["n", "A", 1], ["m", "A"], ["m", "B"]]
"#;

fn tile(text: &str, number: usize) -> TileConfig {
    parse(text).unwrap().tiles[number].clone()
}

/// The places, each as it is told from the others.
fn places(text: &str) -> Vec<(String, String, u32)> {
    let places = parse(text).unwrap().dashboard.tile_places;
    places.into_iter().map(|place| (place.stream, place.key, place.feed)).collect()
}

fn place(stream: &str, key: &str, feed: u32) -> (String, String, u32) {
    (stream.to_owned(), key.to_owned(), feed)
}

#[test]
fn a_tile_that_is_moved_takes_its_places_along_and_leaves_the_others_theirs() {
    let down = move_tile(TEXT, &tile(TEXT, 0), 2).unwrap();
    assert_eq!(places(&down), [place("m", "A", 1), place("n", "A", 0), place("m", "A", 2), place("m", "B", 2)]);
    assert!(down.contains("theme = \"dark\" # at night too"), "{down}");
    let back = move_tile(&down, &tile(&down, 2), 0).unwrap();
    assert_eq!(parse(&back).unwrap(), parse(TEXT).unwrap());
    let up = move_tile(TEXT, &tile(TEXT, 2), 0).unwrap();
    assert_eq!(places(&up), [place("m", "A", 0), place("n", "A", 2), place("m", "A", 1), place("m", "B", 1)]);
}

#[test]
fn a_tile_that_is_removed_takes_only_its_own_places_along() {
    let removed = remove_tile(TEXT, &tile(TEXT, 0)).unwrap();
    assert_eq!(places(&removed), [place("m", "A", 1), place("n", "A", 0)]);
    let last = remove_tile(TEXT, &tile(TEXT, 2)).unwrap();
    assert_eq!(places(&last), [place("n", "A", 1), place("m", "A", 0), place("m", "B", 0)]);
}

#[test]
fn a_file_with_line_ends_of_two_bytes_keeps_them_and_a_file_without_places_gets_none() {
    let removed = remove_tile(&TEXT.replace('\n', "\r\n"), &tile(TEXT, 0)).unwrap();
    assert_eq!(removed.matches('\n').count(), removed.matches("\r\n").count(), "{removed}");
    let without = TEXT.split_once("\n[dashboard]").unwrap().0;
    assert!(!remove_tile(without, &tile(TEXT, 0)).unwrap().contains("dashboard"));
}

#[test]
fn a_stream_that_goes_takes_its_tiles_along_and_the_others_keep_their_places() {
    let removed = remove_stream(TEXT, "n").unwrap();
    assert_eq!(places(&removed), [place("m", "A", 1), place("m", "A", 0), place("m", "B", 0)]);
}

#[test]
fn a_stream_that_is_named_anew_keeps_the_places_of_its_tiles() {
    let renamed = changed(TEXT, |stream| stream.name = "market".into());
    let all = [place("market", "A", 2), place("n", "A", 1), place("market", "A", 0), place("market", "B", 0)];
    assert_eq!(places(&renamed), all);
    let text = stream_text(None, &StreamConfig::new("o", "https://h/")).unwrap();
    let written = save_stream_text(TEXT, Some("n"), None, &text).unwrap();
    assert_eq!(places(&written)[1], place("o", "A", 1));
}
