//! What a rule or a tile for events like a given one may say. Pure; a person looks at it before it is used.

use serde_json::{Map, Value};

use crate::model::Event;

/// What fields of a name usually hold, the best first.
const TITLES: [&str; 10] =
    ["title", "subject", "headline", "summary", "symbol", "name", "service", "host", "device", "topic"];
const BODIES: [&str; 10] =
    ["message", "body", "text", "description", "msg", "detail", "details", "reason", "error", "status"];
const GROUPS: [&str; 10] = ["symbol", "host", "service", "device", "sensor", "job", "check", "name", "topic", "key"];
const LINKS: [&str; 5] = ["url", "link", "href", "click", "html_url"];
const VALUES: [&str; 10] =
    ["price", "value", "last", "temperature", "load", "count", "level", "amount", "usage", "percent"];
const CHANGES: [&str; 5] = ["change_pct", "changePercent", "change_percent", "pct_change", "change"];

/// How many tiles are offered to choose from.
pub const MOST_TILES: usize = 12;

/// A suggested rule: its templates, where the event has something for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SuggestedRule {
    /// A name that is free.
    pub name: String,
    /// The preset that knows such events; then nothing else is said.
    pub preset: Option<&'static str>,
    /// For the title.
    pub title: Option<String>,
    /// For the body.
    pub body: Option<String>,
    /// For the group.
    pub group: Option<String>,
    /// For the link.
    pub link: Option<String>,
}

/// A suggested tile: JSON pointers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedTile {
    /// To what the value is of.
    pub key: String,
    /// To the value.
    pub value: String,
    /// To its change in percent.
    pub change: Option<String>,
}

/// A rule for events like this one; `taken` tells which names are in use.
pub fn rule(event: &Event, taken: impl Fn(&str) -> bool) -> SuggestedRule {
    let name = free_name(event, taken);
    let Ok(Value::Object(data)) = serde_json::from_str(&event.data) else {
        return SuggestedRule { name, preset: Some("text"), ..SuggestedRule::default() };
    };
    if let Some(preset) = preset(event, &data) {
        return SuggestedRule { name, preset: Some(preset), ..SuggestedRule::default() };
    }
    let template = |key: &&str| format!("{{{{ data.{key} }}}}");
    let title = first(&data, &TITLES, is_word);
    let value = first(&data, &VALUES, Value::is_number);
    let title_text = match (title, value) {
        (Some(title), Some(value)) => Some(format!("{} {}", template(&title), template(&value))),
        (Some(key), None) | (None, Some(key)) => Some(template(&key)),
        (None, None) => None,
    };
    SuggestedRule {
        name,
        preset: None,
        title: title_text,
        body: first(&data, &BODIES, is_word).filter(|body| Some(*body) != title).map(|key| template(&key)),
        group: first(&data, &GROUPS, is_word).map(|key| template(&key)),
        link: first(&data, &LINKS, is_address).map(|key| template(&key)),
    }
}

/// A tile for events like this one; `None` where they have no number.
pub fn tile(event: &Event) -> Option<SuggestedTile> {
    tiles(event).into_iter().next()
}

/// The tiles for events like this one, one for each of its numbers, the likeliest first; at most [`MOST_TILES`].
pub fn tiles(event: &Event) -> Vec<SuggestedTile> {
    let Ok(Value::Object(data)) = serde_json::from_str(&event.data) else { return Vec::new() };
    let any_word = || data.iter().find(|(_, value)| value.is_string()).map(|(key, _)| key.as_str());
    let Some(key) = first(&data, &GROUPS, is_word).or_else(any_word) else { return Vec::new() };
    let usual = VALUES.into_iter().filter(|key| data.get(*key).is_some_and(Value::is_number));
    let others = data.iter().filter(|(_, value)| value.is_number()).map(|(key, _)| key.as_str());
    let others = others.filter(|key| !VALUES.contains(key));
    // A change is that of the value an event is about.
    let mut change = first(&data, &CHANGES, Value::is_number);
    let tile = |value: &str| SuggestedTile {
        key: pointer(key),
        value: pointer(value),
        change: change.take().filter(|change| *change != value).map(pointer),
    };
    usual.chain(others).take(MOST_TILES).map(tile).collect()
}

/// The preset that is made for such events.
fn preset(event: &Event, data: &Map<String, Value>) -> Option<&'static str> {
    let has = |key: &str| data.contains_key(key);
    if has("groupKey") && has("status") && data.get("alerts").is_some_and(Value::is_array) {
        return Some("alertmanager");
    }
    if data.get("event").and_then(Value::as_str) == Some("message") && has("topic") {
        return Some("ntfy");
    }
    if data.get("appid").is_some_and(Value::is_number) && has("message") {
        return Some("gotify");
    }
    (event.name == "market-alert").then_some("market-alert")
}

fn first<'a>(data: &Map<String, Value>, keys: &[&'a str], good: impl Fn(&Value) -> bool) -> Option<&'a str> {
    keys.iter().find(|key| data.get(**key).is_some_and(&good)).copied()
}

fn is_word(value: &Value) -> bool {
    value.is_string()
}

fn is_address(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("https://") || text.starts_with("http://"))
}

fn pointer(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The event's name in words; the stream's where the event has none of its own.
fn free_name(event: &Event, taken: impl Fn(&str) -> bool) -> String {
    let plain = if event.name == "message" { event.stream.as_str() } else { event.name.as_str() };
    let words: Vec<&str> = plain.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut letters = words.join(" ").chars().take(48).collect::<Vec<char>>().into_iter();
    let name: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    let name = if name.is_empty() { "Rule".to_owned() } else { name.trim_end().to_owned() };
    let numbered = (2..).map(|number| format!("{name} {number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> Event {
        Event {
            stream: "ops".into(),
            name: name.to_owned(),
            data: data.to_owned(),
            id_is_own: false,
            id: String::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn each_number_may_be_a_tile_and_the_likeliest_comes_first() {
        let quote = event("quote", r#"{"bid":1,"symbol":"A","ask":2,"change":0.1,"price":1.5,"open":true}"#);
        let found = tiles(&quote);
        let values: Vec<&str> = found.iter().map(|tile| tile.value.as_str()).collect();
        assert_eq!(values[0], "/price");
        assert_eq!(values.iter().filter(|value| ["/bid", "/ask", "/change"].contains(value)).count(), 3);
        assert_eq!(values.len(), 4);
        assert_eq!((found[0].key.as_str(), found[0].change.as_deref()), ("/symbol", Some("/change")));
        assert!(found[1..].iter().all(|tile| tile.change.is_none()), "a change is that of the price");
        assert_eq!(tile(&quote).as_ref(), found.first());
        let many: Map<String, Value> = (0..100).map(|n| (format!("n{n}"), n.into())).collect();
        let many = Value::Object(many).to_string().replacen('{', r#"{"host":"h","#, 1);
        assert_eq!(tiles(&event("many", &many)).len(), MOST_TILES);
        assert!(tiles(&event("none", r#"{"host":"h"}"#)).is_empty());
    }

    #[test]
    fn a_rule_says_what_the_event_has() {
        let backup = event("backup-done", r#"{"host":"db1","message":"ok","url":"https://h/1","n":3}"#);
        let wanted = SuggestedRule {
            name: "Backup done".to_owned(),
            preset: None,
            title: Some("{{ data.host }}".to_owned()),
            body: Some("{{ data.message }}".to_owned()),
            group: Some("{{ data.host }}".to_owned()),
            link: Some("{{ data.url }}".to_owned()),
        };
        assert_eq!(rule(&backup, |_| false), wanted);
        assert_eq!(rule(&backup, |name| name == "Backup done").name, "Backup done 2");
        let hostile = rule(&event("x\u{7}\n", r#"{"url":"javascript:1"}"#), |_| false);
        assert_eq!((hostile.name.as_str(), hostile.link), ("X", None));
    }

    #[test]
    fn events_of_a_known_shape_get_their_preset() {
        for (name, data, preset) in [
            ("message", r#"{"event":"message","topic":"t","message":"m"}"#, "ntfy"),
            ("message", r#"{"appid":3,"message":"m"}"#, "gotify"),
            ("message", r#"{"groupKey":"g","status":"firing","alerts":[]}"#, "alertmanager"),
            ("market-alert", "{}", "market-alert"),
            ("message", "disk full", "text"),
        ] {
            assert_eq!(rule(&event(name, data), |_| false).preset, Some(preset), "{data}");
        }
    }

    #[test]
    fn a_tile_needs_a_number_and_what_it_is_of() {
        let tile_of = |data: &str| tile(&event("tick", data)).map(|tile| (tile.key, tile.value, tile.change));
        let words = |key: &str, value: &str, change: Option<&str>| {
            Some((key.to_owned(), value.to_owned(), change.map(str::to_owned)))
        };
        assert_eq!(
            tile_of(r#"{"symbol":"BTC","price":3,"change_pct":1.5}"#),
            words("/symbol", "/price", Some("/change_pct"))
        );
        assert_eq!(tile_of(r#"{"room/1":"a","n":3}"#), words("/room~11", "/n", None));
        assert_eq!((tile_of("3"), tile_of(r#"{"a":"b"}"#), tile_of(r#"{"n":1}"#)), (None, None, None));
    }
}
