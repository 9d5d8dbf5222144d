//! Numbers in events: JSON numbers, and numbers written as text.

use minijinja::Value;

/// The number, where the value is one; finite.
pub(super) fn of(value: &Value) -> Option<f64> {
    let number = match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None if value.is_number() => f64::try_from(value.clone()).ok(),
        None => None,
    };
    number.filter(|number: &f64| number.is_finite())
}
