//! Durations as people write them: `250ms`, `30s`, `5m`, `2h`, `7d`.

use std::time::Duration;

use super::fault::quoted;
use crate::locale::Text;
use crate::text;

/// The units in milliseconds, longest first.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads a whole number with a unit (`ms`, `s`, `m`, `h`, `d`); `0` needs none.
///
/// # Errors
/// What is wrong and what would be right, in one line.
pub fn parse_duration(text: &str) -> Result<Duration, Text> {
    let given = quoted(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match UNITS.iter().find(|(name, _)| *name == unit) {
        Some((_, factor)) if !number.is_empty() => *factor,
        None if unit.is_empty() && !number.is_empty() && number.bytes().all(|digit| digit == b'0') => 0,
        None | Some(_) => {
            return Err(text!(
                "{given} is no duration: write 250ms, 30s, 5m, 2h or 7d",
                "{given} 不是时长：请写成 250ms、30s、5m、2h 或 7d"
            ));
        }
    };
    let millis = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    millis.map(Duration::from_millis).ok_or_else(|| text!("{given} is too long", "{given} 太长"))
}

/// Writes a duration so that [`parse_duration`] reads it again, in the longest unit that is exact. Parts of a
/// millisecond are dropped.
pub fn format_duration(duration: Duration) -> String {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let exact = UNITS.iter().find(|(_, factor)| millis > 0 && millis.is_multiple_of(*factor));
    exact.map_or_else(|| "0s".to_owned(), |(unit, factor)| format!("{}{unit}", millis / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_with_a_unit() {
        for (text, millis) in [
            ("250ms", 250),
            ("30s", 30_000),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("7d", 604_800_000),
            ("0", 0),
            ("000", 0),
            ("0ms", 0),
            ("007s", 7_000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in
            ["", "s", "90", "-1s", "+1s", "1.5s", "1 s", " 1s", "1S", "1h30m", "1w", "٣s", "99999999999999999999s"]
        {
            assert!(parse_duration(text).is_err(), "{text}");
        }
        assert!(parse_duration("18446744073709551615d").is_err_and(|message| message.english.contains("too long")));
    }

    #[test]
    fn a_written_duration_is_read_as_the_same() {
        for (millis, text) in
            [(0, "0s"), (1, "1ms"), (1_500, "1500ms"), (90_000, "90s"), (120_000, "2m"), (86_400_000, "1d")]
        {
            let duration = Duration::from_millis(millis);
            assert_eq!(format_duration(duration), text);
            assert_eq!(parse_duration(text), Ok(duration));
        }
    }
}
