//! Changes to `[quiet_hours]`, however it is written.

use toml_edit::{Array, DocumentMut, Item, Value};

use super::{EditError, change, comments, document, finish, not_toml, plain, segments, valid, with_version, write};
use crate::config::QuietHours;
use crate::text;

const KEY: &str = "quiet_hours";

/// Sets the quiet hours, which must be as in `base` still.
///
/// # Errors
/// [`EditError`].
pub fn save_quiet_hours(text: &str, base: &[QuietHours], hours: &[QuietHours]) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    if wanted.quiet_hours != base {
        let changed = text!("the quiet hours have been changed meanwhile", "免打扰时段在此期间已被修改");
        return Err(EditError::Conflict(changed));
    }
    if base == hours {
        return Ok(text.to_owned());
    }
    wanted.quiet_hours = hours.to_vec();
    let mut document = document(&plain(text))?;
    if base.len() != hours.len() && document.get(KEY).is_some_and(Item::is_value) {
        rewrite(&mut document, hours);
        return Ok(finish(text, document.to_string(), &wanted)?);
    }
    for (index, (old, new)) in base.iter().zip(hours).enumerate() {
        change(&mut document, KEY, index, write::quiet_hours(old), write::quiet_hours(new));
    }
    let mut result = document.to_string();
    for index in (hours.len()..base.len()).rev() {
        result = segments::take(&result, KEY, index).map_err(not_toml)?.0;
    }
    for new in hours.iter().skip(base.len()) {
        let lines: String = written(new).map(|(key, value)| format!("{key} = {value}\n")).collect();
        result = segments::double(&with_version(&result), KEY).map_err(not_toml)?;
        result = segments::insert(&result, KEY, &format!("[[{KEY}]]\n{lines}")).map_err(not_toml)?;
    }
    Ok(finish(text, result, &wanted)?)
}

/// As a value in the document's root, which then is a list.
fn rewrite(document: &mut DocumentMut, hours: &[QuietHours]) {
    let mut lost = Vec::new();
    document.get(KEY).into_iter().for_each(|item| comments::of_item(item, &mut lost));
    if hours.is_empty() {
        document.remove(KEY);
    } else {
        let each = hours.iter().map(|hours| Value::InlineTable(written(hours).collect()));
        document.insert(KEY, Item::Value(Value::Array(each.collect::<Array>())));
    }
    if !lost.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{trailing}{}\n", lost.join("\n")));
    }
}

fn written(hours: &QuietHours) -> impl Iterator<Item = (&'static str, Value)> {
    let fields = write::quiet_hours(hours).into_iter().filter(|field| !field.default);
    fields.filter_map(|field| Some((field.key, field.value?)))
}
