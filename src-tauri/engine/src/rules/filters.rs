//! The filters for money, shares and large numbers that minijinja lacks.

use minijinja::{Environment, Error, ErrorKind, Value};

/// More digits than a number has.
const MOST_DIGITS: usize = 20;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("fixed", fixed);
    environment.add_filter("percent", percent);
    environment.add_filter("thousands", thousands);
}

/// `64000.5|fixed(2)` is `64000.50`.
fn fixed(value: &Value, digits: Option<usize>) -> Result<String, Error> {
    Ok(format!("{:.*}", digits.unwrap_or(2).min(MOST_DIGITS), number(value)?))
}

/// `3.14159|percent` is `3.1%`: the value is in percent already.
fn percent(value: &Value, digits: Option<usize>) -> Result<String, Error> {
    Ok(format!("{:.*}%", digits.unwrap_or(1).min(MOST_DIGITS), number(value)?))
}

/// `1234567.891|thousands(2)` is `1,234,567.89`; without digits it keeps those that there are.
fn thousands(value: &Value, digits: Option<usize>) -> Result<String, Error> {
    let number = number(value)?;
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

/// A number, or a number written as text.
fn number(value: &Value) -> Result<f64, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let parsed = match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => f64::try_from(value.clone()).ok(),
    };
    parsed.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("a number is needed, not {}", value.kind())))
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
            ("{{ -3.14159|percent }}", "-3.1%"),
            ("{{ 3|percent(0) }}", "3%"),
            ("{{ 1234567.891|thousands(2) }}", "1,234,567.89"),
            ("{{ 1234567.891|thousands }}", "1,234,567.891"),
            ("{{ -123456|thousands }}", "-123,456"),
            ("{{ 999|thousands }}", "999"),
            ("{{ '1000'|thousands(0) }}", "1,000"),
            ("{{ 'inf'|thousands }}", "inf"),
        ] {
            assert_eq!(environment.render_str(template, ()).unwrap(), wanted, "{template}");
        }
        for template in ["{{ 'x'|fixed }}", "{{ nothing|thousands }}", "{{ [1]|percent }}"] {
            assert!(environment.render_str(template, ()).is_err(), "{template}");
        }
    }
}
