//! What notices say. All of the engine's own notification texts are here, to be translated in one place.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::Back;
use super::board::Entry;
use crate::locale::{Locale, Text};
use crate::model::StreamId;
use crate::text;

/// Why a stream has no connection where the system has none.
pub(super) fn offline() -> Text {
    text!("there is no network", "没有网络")
}

/// How many streams are named.
const LISTED: usize = 5;

/// Streams without a connection: title and body.
pub(super) fn outage(entries: &BTreeMap<StreamId, Entry>, now: Instant, locale: Locale) -> (String, String) {
    let longest = entries.values().map(|entry| now.saturating_duration_since(entry.since)).max().unwrap_or_default();
    let (time, count) = (length(longest, locale), entries.len());
    match (locale, only(entries)) {
        (Locale::English, Some((name, entry))) => {
            (format!("{name} has had no connection for {time}"), because(entry, locale))
        }
        (Locale::English, None) => {
            (format!("{count} streams have had no connection for {time}"), reasons(entries, locale))
        }
        (Locale::Chinese, Some((name, entry))) => (format!("{name} 已断开 {time}"), because(entry, locale)),
        (Locale::Chinese, None) => (format!("{count} 个流已断开 {time}"), reasons(entries, locale)),
    }
}

/// Streams that are back: title and body.
pub(super) fn restored(back: &BTreeMap<StreamId, Back>, locale: Locale) -> (String, String) {
    let events: u64 = back.values().map(|back| back.events).sum();
    let longest = back.values().map(|back| back.after).max().unwrap_or_default();
    let (time, count) = (length(longest, locale), back.len());
    match locale {
        Locale::English => {
            let title = only(back)
                .map_or_else(|| format!("All {count} streams are back"), |(name, _)| format!("{name} is back"));
            let body = match events {
                0 => format!("After {time} without a connection"),
                1 => format!("1 event caught up after {time} without a connection"),
                _ => format!("{events} events caught up after {time} without a connection"),
            };
            (title, body)
        }
        Locale::Chinese => {
            let title =
                only(back).map_or_else(|| format!("全部 {count} 个流已恢复"), |(name, _)| format!("{name} 已恢复"));
            let body = match events {
                0 => format!("断开了 {time}"),
                _ => format!("断开了 {time}，已补收 {events} 个事件"),
            };
            (title, body)
        }
    }
}

/// Streams that need a sign-in: title and body.
pub(super) fn sign_in(entries: &BTreeMap<StreamId, Entry>, locale: Locale) -> (String, String) {
    let count = entries.len();
    match (locale, only(entries)) {
        (Locale::English, Some((name, entry))) => (format!("{name} needs you to sign in"), because(entry, locale)),
        (Locale::English, None) => (format!("{count} streams need you to sign in"), reasons(entries, locale)),
        (Locale::Chinese, Some((name, entry))) => (format!("{name} 需要登录"), because(entry, locale)),
        (Locale::Chinese, None) => (format!("{count} 个流需要登录"), reasons(entries, locale)),
    }
}

fn only<T>(entries: &BTreeMap<StreamId, T>) -> Option<(&StreamId, &T)> {
    entries.iter().next().filter(|_| entries.len() == 1)
}

fn because(entry: &Entry, locale: Locale) -> String {
    let unanswered = || text!("The server has not answered yet", "服务器还没有应答");
    let why = if entry.why.is_empty() { unanswered() } else { entry.why.clone() };
    why.read(locale).to_owned()
}

/// One reason for all of them, or one each.
fn reasons(entries: &BTreeMap<StreamId, Entry>, locale: Locale) -> String {
    let mut whys = entries.values().map(|entry| because(entry, locale));
    let first = whys.next().unwrap_or_default();
    let colon = colon(locale);
    if whys.all(|why| why == first) {
        let names: Vec<_> = entries.keys().map(StreamId::as_str).collect();
        return format!("{}{colon}{first}", list(&names, locale));
    }
    let mut lines: Vec<_> =
        entries.iter().take(LISTED).map(|(name, entry)| format!("{name}{colon}{}", because(entry, locale))).collect();
    if entries.len() > LISTED {
        let rest = entries.len() - LISTED;
        lines.push(match locale {
            Locale::English => format!("and {rest} more"),
            Locale::Chinese => format!("还有 {rest} 个"),
        });
    }
    lines.join("\n")
}

fn colon(locale: Locale) -> &'static str {
    match locale {
        Locale::English => ": ",
        Locale::Chinese => "：",
    }
}

fn list(names: &[&str], locale: Locale) -> String {
    let rest = names.len().saturating_sub(LISTED);
    match (locale, names) {
        (_, [one]) => (*one).to_owned(),
        (Locale::English, [many @ .., last]) if rest == 0 => format!("{} and {last}", many.join(", ")),
        (Locale::English, _) => format!("{} and {rest} more", names[..LISTED.min(names.len())].join(", ")),
        (Locale::Chinese, _) if rest == 0 => names.join("、"),
        (Locale::Chinese, _) => format!("{} 等 {} 个流", names[..LISTED].join("、"), names.len()),
    }
}

/// In the largest unit that says enough.
fn length(time: Duration, locale: Locale) -> String {
    let (count, english, chinese) = match time.as_secs() {
        seconds @ 0..120 => (seconds.max(1), "s", "秒"),
        seconds @ 120..7_200 => (seconds / 60, "min", "分钟"),
        seconds @ 7_200..172_800 => (seconds / 3_600, "h", "小时"),
        seconds => (seconds / 86_400, "days", "天"),
    };
    match locale {
        Locale::English => format!("{count} {english}"),
        Locale::Chinese => format!("{count} {chinese}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(whys: &[(&str, &str)], since: Instant) -> BTreeMap<StreamId, Entry> {
        let entry = |why: &str| Entry { since, why: Text::plain(why) };
        whys.iter().map(|(name, why)| (StreamId::from(*name), entry(why))).collect()
    }

    fn offline_entries(names: &[&str], since: Instant) -> BTreeMap<StreamId, Entry> {
        names.iter().map(|name| (StreamId::from(*name), Entry { since, why: offline() })).collect()
    }

    #[test]
    fn one_stream_is_named_with_its_reason() {
        let now = Instant::now();
        let one = entries(&[("market", "the server answered 503")], now);
        let told = outage(&one, now + Duration::from_secs(125), Locale::English);
        assert_eq!(told.0, "market has had no connection for 2 min");
        assert_eq!(told.1, "the server answered 503");
        assert_eq!(sign_in(&one, Locale::English).0, "market needs you to sign in");
    }

    #[test]
    fn many_streams_are_listed_with_one_reason_or_one_each() {
        let now = Instant::now();
        let same = offline_entries(&["a", "b", "c", "d", "e", "f", "g"], now);
        let told = outage(&same, now + Duration::from_secs(7_200), Locale::English);
        assert_eq!(told.0, "7 streams have had no connection for 2 h");
        assert_eq!(told.1, "a, b, c, d, e and 2 more: there is no network");
        let differ = entries(&[("a", "x"), ("b", "")], now);
        assert_eq!(outage(&differ, now, Locale::English).1, "a: x\nb: The server has not answered yet");
        assert_eq!(sign_in(&entries(&[("a", "x"), ("b", "x")], now), Locale::English).1, "a and b: x");
    }

    #[test]
    fn what_is_back_says_what_came_since() {
        let back = |events| Back { after: Duration::from_secs(420), events };
        let one = |events| restored(&BTreeMap::from([("market".into(), back(events))]), Locale::English);
        assert_eq!(one(17), ("market is back".into(), "17 events caught up after 7 min without a connection".into()));
        assert_eq!(one(1).1, "1 event caught up after 7 min without a connection");
        assert_eq!(one(0).1, "After 7 min without a connection");
        let two = restored(&BTreeMap::from([("a".into(), back(1)), ("b".into(), back(2))]), Locale::English);
        assert_eq!(two.0, "All 2 streams are back");
        assert!(two.1.starts_with("3 events"), "{}", two.1);
    }

    #[test]
    fn the_same_is_said_in_chinese() {
        let now = Instant::now();
        let one = offline_entries(&["market"], now);
        let told = outage(&one, now + Duration::from_secs(125), Locale::Chinese);
        assert_eq!(told, ("market 已断开 2 分钟".to_owned(), "没有网络".to_owned()));
        let many = entries(&["a", "b", "c", "d", "e", "f"].map(|name| (name, "")), now);
        let told = sign_in(&many, Locale::Chinese);
        assert_eq!(told, ("6 个流需要登录".to_owned(), "a、b、c、d、e 等 6 个流：服务器还没有应答".to_owned()));
        let back = BTreeMap::from([("a".into(), Back { after: Duration::from_secs(7_200), events: 3 })]);
        assert_eq!(
            restored(&back, Locale::Chinese),
            ("a 已恢复".to_owned(), "断开了 2 小时，已补收 3 个事件".to_owned())
        );
    }
}
