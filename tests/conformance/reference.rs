//! The standard's 9.2.6 in its plainest form: a whole body at once, no bounds, no care for speed. Written from the
//! standard alone, so that two readings of it are compared.

use serde_json::Value;

use crate::{comment, event};

/// Interprets a body. `last_id` is the event source's last event ID string.
pub(crate) fn interpret(body: &[u8], last_id: &mut String) -> Vec<Value> {
    let decoded = String::from_utf8_lossy(body);
    let text = decoded.strip_prefix('\u{FEFF}').unwrap_or(&decoded);
    let (mut data, mut name, mut id) = (String::new(), String::new(), last_id.clone());
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(['\r', '\n']) {
        let (line, after) = rest.split_at(end);
        rest = after.strip_prefix("\r\n").unwrap_or(&after[1..]);
        if line.is_empty() {
            last_id.clone_from(&id);
            if !data.is_empty() {
                let data = data.strip_suffix('\n').unwrap_or(&data);
                lines.push(event(if name.is_empty() { "message" } else { &name }, data, last_id));
            }
            data.clear();
            name.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field.is_empty() {
            lines.push(comment(value));
            continue;
        }
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                data.push_str(value);
                data.push('\n');
            }
            "event" => value.clone_into(&mut name),
            "id" if !value.contains('\0') => value.clone_into(&mut id),
            _ => {}
        }
    }
    lines
}
