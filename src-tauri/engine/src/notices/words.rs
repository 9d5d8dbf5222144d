//! What notices say. All of the engine's own notification texts are here, to be translated in one place.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::Back;
use super::board::Entry;
use crate::model::StreamId;

/// Why a stream has no connection where the system has none.
pub(super) const OFFLINE: &str = "there is no network";

/// How many streams are named.
const LISTED: usize = 5;

/// Streams without a connection: title and body.
pub(super) fn outage(entries: &BTreeMap<StreamId, Entry>, now: Instant) -> (String, String) {
    let longest = entries.values().map(|entry| now.saturating_duration_since(entry.since)).max().unwrap_or_default();
    let time = length(longest);
    match entries.iter().next() {
        Some((name, entry)) if entries.len() == 1 => {
            (format!("{name} has had no connection for {time}"), because(entry).to_owned())
        }
        Some(_) | None => (format!("{} streams have had no connection for {time}", entries.len()), reasons(entries)),
    }
}

/// Streams that are back: title and body.
pub(super) fn restored(back: &BTreeMap<StreamId, Back>) -> (String, String) {
    let events: u64 = back.values().map(|back| back.events).sum();
    let longest = back.values().map(|back| back.after).max().unwrap_or_default();
    let title = match back.keys().next() {
        Some(name) if back.len() == 1 => format!("{name} is back"),
        Some(_) | None => format!("All {} streams are back", back.len()),
    };
    let gap = format!("{} without a connection", length(longest));
    let body = match events {
        0 => format!("After {gap}"),
        1 => format!("1 event caught up after {gap}"),
        _ => format!("{events} events caught up after {gap}"),
    };
    (title, body)
}

/// Streams that need a sign-in: title and body.
pub(super) fn sign_in(entries: &BTreeMap<StreamId, Entry>) -> (String, String) {
    match entries.iter().next() {
        Some((name, entry)) if entries.len() == 1 => (format!("{name} needs you to sign in"), entry.why.clone()),
        Some(_) | None => (format!("{} streams need you to sign in", entries.len()), reasons(entries)),
    }
}

fn because(entry: &Entry) -> &str {
    if entry.why.is_empty() { "The server has not answered yet" } else { &entry.why }
}

/// One reason for all of them, or one each.
fn reasons(entries: &BTreeMap<StreamId, Entry>) -> String {
    let mut whys = entries.values().map(because);
    let first = whys.next().unwrap_or_default();
    if whys.all(|why| why == first) {
        let names: Vec<_> = entries.keys().map(StreamId::as_str).collect();
        return format!("{}: {first}", list(&names));
    }
    let mut lines: Vec<_> =
        entries.iter().take(LISTED).map(|(name, entry)| format!("{name}: {}", because(entry))).collect();
    if entries.len() > LISTED {
        lines.push(format!("and {} more", entries.len() - LISTED));
    }
    lines.join("\n")
}

fn list(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        [many @ .., last] if names.len() <= LISTED => format!("{} and {last}", many.join(", ")),
        _ => format!("{} and {} more", names[..LISTED.min(names.len())].join(", "), names.len().saturating_sub(LISTED)),
    }
}

/// In the largest unit that says enough.
fn length(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{} s", seconds.max(1)),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(whys: &[(&str, &str)], since: Instant) -> BTreeMap<StreamId, Entry> {
        whys.iter().map(|(name, why)| (StreamId::from(*name), Entry { since, why: (*why).to_owned() })).collect()
    }

    #[test]
    fn one_stream_is_named_with_its_reason() {
        let now = Instant::now();
        let one = entries(&[("market", "the server answered 503")], now);
        let told = outage(&one, now + Duration::from_secs(125));
        assert_eq!(told.0, "market has had no connection for 2 min");
        assert_eq!(told.1, "the server answered 503");
        assert_eq!(sign_in(&one).0, "market needs you to sign in");
    }

    #[test]
    fn many_streams_are_listed_with_one_reason_or_one_each() {
        let now = Instant::now();
        let same = entries(&["a", "b", "c", "d", "e", "f", "g"].map(|name| (name, OFFLINE)), now);
        let told = outage(&same, now + Duration::from_secs(7_200));
        assert_eq!(told.0, "7 streams have had no connection for 2 h");
        assert_eq!(told.1, "a, b, c, d, e and 2 more: there is no network");
        let differ = entries(&[("a", "x"), ("b", "")], now);
        assert_eq!(outage(&differ, now).1, "a: x\nb: The server has not answered yet");
        assert_eq!(sign_in(&entries(&[("a", "x"), ("b", "x")], now)).1, "a and b: x");
    }

    #[test]
    fn what_is_back_says_what_came_since() {
        let back = |events| Back { after: Duration::from_secs(420), events };
        let one = |events| restored(&BTreeMap::from([("market".into(), back(events))]));
        assert_eq!(one(17), ("market is back".into(), "17 events caught up after 7 min without a connection".into()));
        assert_eq!(one(1).1, "1 event caught up after 7 min without a connection");
        assert_eq!(one(0).1, "After 7 min without a connection");
        let two = restored(&BTreeMap::from([("a".into(), back(1)), ("b".into(), back(2))]));
        assert_eq!(two.0, "All 2 streams are back");
        assert!(two.1.starts_with("3 events"), "{}", two.1);
    }
}
