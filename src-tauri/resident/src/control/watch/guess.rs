//! Which fields of an event look like a tile. Pure.

use serde_json::Value;
use streambell_protocol::TileGuess;

/// How many guesses are made.
const GUESSES: usize = 5;

/// How deep, and how many fields of an object, are looked at.
const DEPTH: usize = 3;
const FIELDS: usize = 64;

/// Names of what a value is of, the likeliest first.
const KEYS: [&str; 14] = [
    "symbol",
    "ticker",
    "pair",
    "key",
    "sensor",
    "device",
    "host",
    "node",
    "service",
    "entity_id",
    "topic",
    "name",
    "label",
    "id",
];

/// Names of values.
const VALUES: [&str; 16] = [
    "price",
    "last",
    "value",
    "temperature",
    "load",
    "cpu",
    "rate",
    "amount",
    "level",
    "state",
    "count",
    "progress",
    "percent",
    "change",
    "volume",
    "size",
];

/// Names of numbers that tell when or which, not how much.
const NO_VALUES: [&str; 9] = ["time", "timestamp", "ts", "at", "date", "id", "seq", "sequence", "version"];

/// Pairs of pointers, the likeliest first; none for data that is no object.
pub(super) fn tiles(data: &str) -> Vec<TileGuess> {
    let Ok(data) = serde_json::from_str::<Value>(data) else { return Vec::new() };
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    walk(&data, String::new(), DEPTH, &mut keys, &mut values);
    // Stable: of two that are as likely the first in the data stays first.
    keys.sort_by_key(|(rank, _)| *rank);
    values.sort_by_key(|(rank, _)| *rank);
    let key = keys.into_iter().next().map(|(_, pointer)| pointer).unwrap_or_default();
    values.into_iter().take(GUESSES).map(|(_, value)| TileGuess { key: key.clone(), value }).collect()
}

type Ranked = Vec<(usize, String)>;

fn walk(data: &Value, pointer: String, depth: usize, keys: &mut Ranked, values: &mut Ranked) {
    let Value::Object(fields) = data else { return };
    for (name, value) in fields.iter().take(FIELDS) {
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        let name = name.to_ascii_lowercase();
        match value {
            Value::Number(_) if !NO_VALUES.contains(&name.as_str()) => values.push((rank(&VALUES, &name), pointer)),
            Value::String(text) if text.len() <= 60 => {
                // Prices are often written as text.
                if VALUES.contains(&name.as_str()) && text.parse::<f64>().is_ok() {
                    values.push((rank(&VALUES, &name), pointer));
                } else if KEYS.contains(&name.as_str()) {
                    keys.push((rank(&KEYS, &name), pointer));
                }
            }
            Value::Object(_) if depth > 1 => walk(value, pointer, depth - 1, keys, values),
            Value::Number(_) | Value::String(_) | Value::Object(_) | Value::Null | Value::Bool(_) | Value::Array(_) => {
            }
        }
    }
}

fn rank(names: &[&str], name: &str) -> usize {
    names.iter().position(|known| *known == name).unwrap_or(names.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(data: &str) -> Vec<(String, String)> {
        tiles(data).into_iter().map(|guess| (guess.key, guess.value)).collect()
    }

    #[test]
    fn a_price_is_of_its_symbol() {
        let guessed = guessed(r#"{"time":1790000000,"volume":9,"symbol":"BTC","price":"64210.5","note":"x"}"#);
        let wanted = [("/symbol", "/price"), ("/symbol", "/volume")];
        assert_eq!(guessed, wanted.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn fields_within_fields_have_pointers() {
        assert_eq!(
            guessed(r#"{"a/b":{"sensor":"s1","~t":21.5}}"#),
            [("/a~1b/sensor".to_owned(), "/a~1b/~0t".to_owned())]
        );
    }

    #[test]
    fn what_has_no_number_makes_no_tile() {
        assert!(guessed("plain text").is_empty());
        assert!(guessed(r#"{"symbol":"BTC","message":"hi","id":7}"#).is_empty());
        assert!(guessed("[1,2]").is_empty());
    }
}
