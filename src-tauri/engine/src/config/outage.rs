//! Reads `[outage]` and a stream's `outage`: after how long without a connection a person is told.

use std::time::Duration;

use super::Outage;
use super::field::Field;

/// The shortest and longest time.
const AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(7 * 86_400));

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
