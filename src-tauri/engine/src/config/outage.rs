//! `[outage]` and a stream's `outage`: after how long without a connection a person is told.

use std::time::Duration;

use super::field::Field;

/// The shortest and longest time.
const AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(7 * 86_400));

/// When a person is told that a stream has no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Never.
    Off,
    /// After so long without one while the machine was awake. 1 s to 7 days; default: 2 minutes.
    After(Duration),
}

impl Default for Outage {
    fn default() -> Self {
        Self::After(Duration::from_secs(2 * 60))
    }
}

/// `[outage]`.
pub(super) fn table(field: Field<'_>) -> Outage {
    let Some(mut fields) = field.table("outage", "{ after = \"2m\" }") else { return Outage::default() };
    let after = fields.get("after").and_then(outage);
    fields.finish();
    after.unwrap_or_default()
}

/// A time, or `off`.
pub(super) fn outage(field: Field<'_>) -> Option<Outage> {
    if field.is_text() && field.text() == Some("off") {
        return Some(Outage::Off);
    }
    field.duration(AFTER.0..=AFTER.1).map(Outage::After)
}
