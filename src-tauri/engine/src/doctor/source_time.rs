//! When an event was made, as its id or its data say. Guessed, and so only used to compare events with each other.

use jiff::Timestamp;
use serde_json::Value;

/// Fields that are times by their names.
const FIELDS: [&str; 14] = [
    "timestamp",
    "time",
    "ts",
    "at",
    "date",
    "datetime",
    "created",
    "created_at",
    "createdAt",
    "published",
    "sent_at",
    "serverTime",
    "server_time",
    "eventTime",
];

/// The years 2001 to 2100, in seconds since 1970.
const SECONDS: std::ops::Range<f64> = 1e9..4.1e9;

/// Milliseconds since 1970 that an event names: its data's field of such a name, else its id.
pub(super) fn of_event(id: Option<&str>, data: &str) -> Option<f64> {
    of_data(data).or_else(|| of_id(id?))
}

fn of_data(data: &str) -> Option<f64> {
    let data = data.trim();
    if !data.starts_with('{') {
        return data.parse().ok().and_then(number).or_else(|| text(data));
    }
    let Ok(Value::Object(fields)) = serde_json::from_str(data) else { return None };
    FIELDS.iter().find_map(|name| match fields.get(*name)? {
        Value::Number(value) => number(value.as_f64()?),
        Value::String(value) => text(value).or_else(|| number(value.parse().ok()?)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// A number that is a time, alone or before a dash as Redis has it, or UUIDs of version 7 (RFC 9562, 5.7).
fn of_id(id: &str) -> Option<f64> {
    let first = id.split(['-', ':', '.', '_']).next()?;
    let plain = first.parse().ok().and_then(number);
    let uuid = || {
        let bare: String = id.rsplit(':').next()?.chars().filter(|one| *one != '-').collect();
        let is_seventh = bare.len() == 32 && bare.as_bytes().get(12) == Some(&b'7');
        let milliseconds = u64::from_str_radix(bare.get(..12)?, 16).ok().filter(|_| is_seventh)?;
        #[expect(clippy::cast_precision_loss, reason = "48 bits")]
        number(milliseconds as f64)
    };
    plain.or_else(uuid).or_else(|| text(id))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, by their size.
fn number(value: f64) -> Option<f64> {
    let scales = [1e3, 1.0, 1e-3, 1e-6];
    scales.iter().map(|scale| value * scale).find(|ms| SECONDS.contains(&(ms / 1e3)))
}

fn text(value: &str) -> Option<f64> {
    let time: Timestamp = value.parse().ok()?;
    let ms = time.as_duration().as_secs_f64() * 1e3;
    SECONDS.contains(&(ms / 1e3)).then_some(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_from_data_and_from_ids() {
        let wanted = Some(1_700_000_000_000.0);
        for (id, data) in [
            ("", r#"{"timestamp":1700000000}"#),
            ("", r#"{"ts":1700000000000}"#),
            ("", r#"{"at":"2023-11-14T22:13:20Z"}"#),
            ("1700000000000-0", r#"{"price":7}"#),
            ("1700000000", "hello"),
            ("urn:uuid:018bcfe5-6800-7000-8000-000000000000", "hello"),
            ("2023-11-14T22:13:20Z", "hello"),
        ] {
            assert_eq!(of_event(Some(id), data), wanted, "{id} {data}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for (id, data) in [("42", "42"), ("", ""), ("a-b", r#"{"time":"noon","ts":7}"#), ("", r#"{"time":[1]}"#)] {
            assert_eq!(of_event(Some(id), data), None, "{id} {data}");
        }
    }
}
