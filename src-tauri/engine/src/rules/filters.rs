//! The filters for money, shares, units and times that minijinja lacks.
//!
//! Whatever a number comes as, JSON or text, it is taken; a time is RFC 3339, or seconds or milliseconds since 1970.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::number;
use crate::locale::Text;

/// What a filter says that wants a time, and a number before the kind of what it was given.
const NO_TIME: &str = "a time is needed, such as 2026-11-20T09:30:00Z";
const NO_NUMBER: &str = "a number is needed, not ";

/// More digits than a number has.
const MOST_DIGITS: usize = 20;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("fixed", fixed);
    environment.add_filter("percent", percent);
    environment.add_filter("thousands", thousands);
    environment.add_filter("money", money);
    environment.add_filter("signed", signed);
    environment.add_filter("bytes", bytes);
    environment.add_filter("duration", duration);
    environment.add_filter("time", time);
    environment.add_filter("ago", ago);
}

/// What a filter of ours says against what it was given, in every language: minijinja knows one only.
pub(super) fn fault(detail: &str) -> Option<Text> {
    let chinese = match detail.strip_prefix(NO_NUMBER) {
        Some(kind) => format!("需要数字，而不是 {kind}"),
        None if detail == NO_TIME => "需要时间，例如 2026-11-20T09:30:00Z".to_owned(),
        None => return None,
    };
    Some(Text { english: detail.to_owned(), chinese })
}

/// `64000.5|fixed(2)` is `64000.50`.
fn fixed(value: &Value, digits: Option<usize>) -> Result<String, Error> {
    Ok(format!("{:.*}", digits.unwrap_or(2).min(MOST_DIGITS), finite(value)?))
}

/// `3.14159|percent` is `3.14%`, as a tile shows it: the value is in percent already.
fn percent(value: &Value, digits: Option<usize>) -> Result<String, Error> {
    Ok(format!("{:.*}%", digits.unwrap_or(2).min(MOST_DIGITS), finite(value)?))
}

/// `1234567.891|thousands(2)` is `1,234,567.89`; without digits it keeps those that there are.
fn thousands(value: &Value, digits: Option<usize>) -> Result<String, Error> {
    let number = finite(value)?;
    let plain = match digits {
        Some(digits) => format!("{number:.*}", digits.min(MOST_DIGITS)),
        None => number.to_string(),
    };
    let start = usize::from(plain.starts_with('-'));
    let end = plain.find('.').unwrap_or(plain.len());
    let mut grouped = String::with_capacity(plain.len() * 4 / 3 + 1);
    for (place, c) in plain.char_indices() {
        if place > start && place < end && (end - place).is_multiple_of(3) && number.is_finite() {
            grouped.push(',');
        }
        grouped.push(c);
    }
    Ok(grouped)
}

/// `64000.5|money("USD")` is `$64,000.50`; a currency without a sign of its own follows: `5.00 CHF`.
fn money(value: &Value, currency: &str) -> Result<String, Error> {
    let digits = if ["JPY", "KRW", "VND", "CLP", "ISK"].contains(&currency) { 0 } else { 2 };
    let amount = thousands(value, Some(digits))?;
    let (minus, amount) = amount.strip_prefix('-').map_or(("", amount.as_str()), |amount| ("-", amount));
    let signs = [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("CNY", "CN¥"), ("INR", "₹"), ("KRW", "₩")];
    Ok(match signs.iter().find(|(code, _)| *code == currency) {
        Some((_, sign)) => format!("{minus}{sign}{amount}"),
        None => format!("{minus}{amount} {currency}"),
    })
}

/// `3|signed` is `+3`, `-0.5|signed(2)` is `-0.50`.
fn signed(value: &Value, digits: Option<usize>) -> Result<String, Error> {
    let number = finite(value)?;
    Ok(match digits {
        Some(digits) => format!("{number:+.*}", digits.min(MOST_DIGITS)),
        None => format!("{number:+}"),
    })
}

/// `1536|bytes` is `1.5 KiB`.
fn bytes(value: &Value) -> Result<String, Error> {
    let mut number = finite(value)?;
    let mut unit = "B";
    for larger in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if number.abs() < 1024.0 {
            break;
        }
        (number, unit) = (number / 1024.0, larger);
    }
    Ok(if unit == "B" { format!("{number} B") } else { format!("{number:.1} {unit}") })
}

/// `5400|duration`, of seconds, is `1 h 30 min`: the two largest units.
fn duration(value: &Value) -> Result<String, Error> {
    Ok(long(finite(value)?))
}

fn long(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let mut left = seconds.abs();
    if left < 1.0 && left > 0.0 {
        return format!("{sign}{:.0} ms", left * 1000.0);
    }
    left = left.floor();
    let mut parts = Vec::new();
    for (unit, length) in [("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0)] {
        let count = (left / length).floor();
        left -= count * length;
        if count > 0.0 {
            parts.push(format!("{count} {unit}"));
        } else if !parts.is_empty() {
            break;
        }
    }
    parts.truncate(2);
    if parts.is_empty() { "0 s".to_owned() } else { format!("{sign}{}", parts.join(" ")) }
}

/// `at|time` is `09:30`; `at|time("%a %d %b", "Europe/Berlin")` is `Fri 20 Nov`: written as strftime does, in that time
/// zone or the system's.
fn time(value: &Value, format: Option<&str>, zone: Option<&str>) -> Result<String, Error> {
    let wrong = |error: jiff::Error| Error::new(ErrorKind::InvalidOperation, error.to_string());
    let zone = zone.map_or_else(|| Ok(TimeZone::system()), TimeZone::get).map_err(wrong)?;
    let time = moment(value)?.to_zoned(zone);
    jiff::fmt::strtime::format(format.unwrap_or("%H:%M"), &time).map_err(wrong)
}

/// `data.started|ago` is `5 min ago`, against the time of the event.
fn ago(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    let now = state.lookup("at").ok_or_else(|| Error::from(ErrorKind::UndefinedError))?;
    let passed = moment(&now)?.duration_since(moment(value)?);
    let words = long(passed.abs().as_secs_f64().floor());
    Ok(if passed < SignedDuration::ZERO { format!("in {words}") } else { format!("{words} ago") })
}

fn moment(value: &Value) -> Result<Timestamp, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let read = match number::of(value) {
        // Seconds would be after the year 5000.
        Some(number) if number.abs() > 1e11 => Timestamp::from_millisecond(number as i64).ok(),
        Some(number) => Timestamp::from_millisecond((number * 1000.0) as i64).ok(),
        None => value.as_str().and_then(|text| text.trim().parse().ok()),
    };
    let wrong = || Error::new(ErrorKind::InvalidOperation, NO_TIME);
    read.ok_or_else(wrong)
}

/// A number, or a number written as text.
fn finite(value: &Value) -> Result<f64, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let message = || format!("{NO_NUMBER}{}", value.kind());
    number::of(value).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, message()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn numbers_are_written_as_people_expect() {
        let mut environment = Environment::new();
        add(&mut environment);
        for (template, wanted) in [
            ("{{ 64000.5|fixed(2) }}", "64000.50"),
            ("{{ 7|fixed }}", "7.00"),
            ("{{ '12.345'|fixed(1) }}", "12.3"),
            ("{{ 1|fixed(9999999) }}", "1.00000000000000000000"),
            ("{{ -3.14159|percent }} {{ 3|percent }}", "-3.14% 3.00%"),
            ("{{ 3|percent(0) }}", "3%"),
            ("{{ 1234567.891|thousands(2) }}", "1,234,567.89"),
            ("{{ 1234567.891|thousands }}", "1,234,567.891"),
            ("{{ -123456|thousands }}", "-123,456"),
            ("{{ 999|thousands }}", "999"),
            ("{{ '1000'|thousands(0) }}", "1,000"),
            ("{{ 64000.5|money('USD') }}", "$64,000.50"),
            ("{{ '-5'|money('CHF') }}", "-5.00 CHF"),
            ("{{ 1234.5|money('JPY') }}", "¥1,234"),
            ("{{ 3|signed }} {{ -0.456|signed(2) }}", "+3 -0.46"),
            ("{{ 1023|bytes }} {{ 1536|bytes }} {{ 5368709120|bytes }}", "1023 B 1.5 KiB 5.0 GiB"),
            ("{{ 5400|duration }} {{ 0|duration }} {{ 0.25|duration }}", "1 h 30 min 0 s 250 ms"),
            ("{{ 90061|duration }} {{ 86459|duration }}", "1 d 1 h 1 d"),
            ("{{ '2026-11-20T09:30:00Z'|time('%H:%M', 'UTC') }}", "09:30"),
            ("{{ 1795167000|time('%d %b', 'UTC') }} {{ 1795167000000|time('%H', 'UTC') }}", "20 Nov 09"),
            ("{% set at = '2026-11-20T09:30:00Z' %}{{ 1795166700|ago }}", "5 min ago"),
            ("{% set at = '2026-11-20T09:30:00Z' %}{{ '2026-11-20T11:30:00Z'|ago }}", "in 2 h"),
        ] {
            assert_eq!(environment.render_str(template, ()).unwrap(), wanted, "{template}");
        }
        for template in [
            "{{ 'x'|fixed }}",
            "{{ nothing|thousands }}",
            "{{ [1]|percent }}",
            "{{ 'inf'|thousands }}",
            "{{ 'x'|time }}",
            "{{ 1|time('%H', 'X/Y') }}",
        ] {
            assert!(environment.render_str(template, ()).is_err(), "{template}");
        }
    }
}
