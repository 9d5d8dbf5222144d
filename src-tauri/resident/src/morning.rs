//! When "tomorrow" begins.

use std::time::Duration;

use jiff::Zoned;

/// The hour at which a person who said "until tomorrow" is told again.
const MORNING: i8 = 8;

/// Who is awake before this hour means the day that is about to begin.
const NIGHT_ENDS: i8 = 4;

/// How long it is until the next morning: 8:00 of tomorrow, and of today before 4:00.
pub(crate) fn until_morning(now: &Zoned) -> Duration {
    let day = if now.hour() < NIGHT_ENDS { Ok(now.clone()) } else { now.tomorrow() };
    let morning = day.and_then(|day| day.with().hour(MORNING).minute(0).second(0).subsec_nanosecond(0).build());
    let length = morning.ok().and_then(|morning| Duration::try_from(morning.duration_since(now)).ok());
    length.unwrap_or(Duration::from_secs(12 * 3_600))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn tomorrow_begins_at_eight_also_over_a_clock_change() {
        for (now, hours) in [
            ("2026-11-20T20:00:00[Europe/Berlin]", 12),
            ("2026-11-20T04:00:00[Europe/Berlin]", 28),
            ("2026-11-20T03:00:00[Europe/Berlin]", 5),
            ("2027-03-27T20:00:00[Europe/Berlin]", 11),
        ] {
            let now: Zoned = now.parse().unwrap();
            assert_eq!(until_morning(&now), Duration::from_secs(hours * 3_600), "{now}");
        }
    }
}
