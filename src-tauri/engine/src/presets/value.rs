//! What a person typed, and how it stands in an address, in JSON, or as it is.

use std::collections::BTreeMap;

use reqwest::Url;

use super::{Field, NAME, Preset};
use crate::locale::Text;
use crate::text;

/// The longest value, in characters.
const LONGEST: usize = 2_000;

/// Where a value is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// An address.
    Url,
    /// Text in JSON.
    Json,
    /// Any text.
    Text,
}

/// The values of all fields.
#[derive(Debug)]
pub(super) struct Values {
    values: BTreeMap<String, String>,
    /// The server is reached without TLS.
    plain: bool,
}

impl Values {
    /// Takes what was typed.
    ///
    /// # Errors
    /// What is missing or cannot be, in one line.
    pub(super) fn of(preset: &Preset, typed: &BTreeMap<String, String>) -> Result<Self, Text> {
        let known: Vec<_> = preset.fields.iter().map(|field| field.key.as_str()).chain([NAME]).collect();
        if let Some(unknown) = typed.keys().find(|key| !known.contains(&key.as_str())) {
            let (key, known) = (preset.key, known.join(", "));
            return Err(text!(
                "{key} asks for no {unknown:?}, but for {known}",
                "{key} 不需要 {unknown:?}，而需要 {known}"
            ));
        }
        let mut values = BTreeMap::new();
        let mut plain = false;
        for field in &preset.fields {
            let mut value = one(field, typed)?;
            if field.key == "host" {
                (plain, value) = host(&value)?;
            }
            values.insert(field.key.clone(), value);
        }
        let name = typed.get(NAME).map(String::as_str).filter(|name| !name.is_empty());
        values.insert(NAME.to_owned(), name.unwrap_or(preset.key).to_owned());
        Ok(Self { values, plain })
    }

    /// Text with its gaps filled; what was typed is not looked at for gaps.
    pub(super) fn put_into(&self, text: &str, place: Place) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            filled.push_str(&rest[..start]);
            rest = &rest[start..];
            let gap = rest.find('}').and_then(|end| Some((end, self.values.get_key_value(&rest[1..end])?)));
            let Some((end, (key, value))) = gap else {
                filled.push('{');
                rest = &rest[1..];
                continue;
            };
            match place {
                Place::Url if key == "host" => filled.push_str(value),
                Place::Url if filled.contains('?') => filled.push_str(&in_query(value)),
                Place::Url => filled.push_str(&in_path(value)),
                Place::Json => {
                    let quoted = serde_json::Value::from(value.as_str()).to_string();
                    filled.push_str(&quoted[1..quoted.len() - 1]);
                }
                Place::Text => filled.push_str(value),
            }
            rest = &rest[end + 1..];
        }
        filled.push_str(rest);
        match filled.strip_prefix("https://") {
            Some(address) if self.plain && place == Place::Url && text.starts_with("https://{host}") => {
                format!("http://{address}")
            }
            Some(_) | None => filled,
        }
    }
}

fn one(field: &Field, typed: &BTreeMap<String, String>) -> Result<String, Text> {
    let (key, label) = (&field.key, &field.label);
    let value = typed.get(key).map(|value| value.trim()).filter(|value| !value.is_empty());
    let value = value.unwrap_or(&field.default);
    if value.is_empty() {
        return Err(text!("{key} is missing: {label}", "缺少 {key}：{label}", label));
    }
    if value.chars().count() > LONGEST || value.chars().any(char::is_control) {
        return Err(text!(
            "{key}: must be a line of {LONGEST} characters at most",
            "{key}：必须是一行，最多 {LONGEST} 个字符"
        ));
    }
    Ok(value.to_owned())
}

/// A server, perhaps with port and path, and whether it is reached without TLS.
fn host(typed: &str) -> Result<(bool, String), Text> {
    let (plain, rest) = match typed.strip_prefix("http://") {
        Some(rest) => (true, rest),
        None => (false, typed.strip_prefix("https://").unwrap_or(typed)),
    };
    let rest = rest.trim_end_matches('/');
    let fits = |c: char| c.is_alphanumeric() || "-._~:/[]".contains(c);
    let address = Url::parse(&format!("https://{rest}/"));
    if rest.contains("://") || !rest.chars().all(fits) || address.is_err() {
        return Err(text!(
            "host: must be a server such as example.com or example.com:8443",
            "host：必须是服务器，例如 example.com 或 example.com:8443"
        ));
    }
    Ok((plain, rest.to_owned()))
}

fn in_query(value: &str) -> String {
    value.bytes().map(|byte| escaped(byte, b"-._~")).collect()
}

fn in_path(value: &str) -> String {
    value.bytes().map(|byte| escaped(byte, b"-._~,:@/*")).collect()
}

/// A byte in an address (RFC 3986, 2.1).
fn escaped(byte: u8, plain: &[u8]) -> String {
    if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
