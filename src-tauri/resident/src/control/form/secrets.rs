//! Where secrets come from, between configuration and form. No form carries one.

use streambell_engine::auth::Typed;
use streambell_engine::config::{Header, HeaderValue, SecretSource as Source, StreamConfig};
use streambell_engine::locale::Text;
use streambell_engine::text;
use streambell_protocol::{MoreSecrets, SecretPlace, SecretSource, SecretText, StreamForm};

type Plain = Vec<(String, String)>;
type Secret = Vec<(String, SecretPlace)>;

/// A program and its arguments, as lines say them.
pub(in crate::control) fn as_lines(words: &[String]) -> bool {
    words.iter().all(|word| !word.is_empty() && word.trim() == word && !word.contains(['\n', '\r']))
}

/// Why a form does not change a program that it does not show as it is.
pub(in crate::control) fn not_as_lines(key: &str) -> Text {
    text!(
        "{key}: one of the program's words is empty, begins or ends with a space, or has several lines, which a form \
         cannot say: write it as TOML",
        "{key}：程序的某个参数是空的、首尾有空格，或有多行，表单无法表示：请用 TOML 原文来写"
    )
}

/// The program and its arguments, a line each.
fn words(lines: &str) -> Result<Vec<String>, Text> {
    let words: Vec<String> = lines.lines().map(str::to_owned).filter(|word| !word.trim().is_empty()).collect();
    if words.is_empty() {
        Err(text!("name the program that tells the secret", "请写明提供密钥的程序"))
    } else {
        Ok(words)
    }
}

/// Where one comes from, for editing.
pub(super) fn place(from: &Source) -> SecretPlace {
    let (source, place) = match from {
        Source::Keyring => (SecretSource::Keyring, String::new()),
        Source::Env(name) => (SecretSource::Env, name.clone()),
        Source::File(path) => (SecretSource::File, path.display().to_string()),
        Source::Command(words) => (SecretSource::Command, words.join("\n")),
    };
    SecretPlace { source, place }
}

/// The same as edited; what is shown as before is as before.
///
/// # Errors
/// Where a program is meant and none is named, or the one before is not one that a form shows as it is.
pub(super) fn source(form: &SecretPlace, base: Option<&Source>) -> Result<Source, Text> {
    let named = form.place.trim();
    match (base, form.source) {
        (Some(base), kind) if place(base).source == kind && place(base).place.trim() == named => Ok(base.clone()),
        (Some(Source::Command(old)), SecretSource::Command) if !as_lines(old) => Err(not_as_lines("command")),
        (_, SecretSource::Keyring) => Ok(Source::Keyring),
        (_, SecretSource::Env) => Ok(Source::Env(named.to_owned())),
        (_, SecretSource::File) => Ok(Source::File(named.into())),
        (_, SecretSource::Command) => words(named).map(Source::Command),
    }
}

/// The same of one that may be missing.
///
/// # Errors
/// As [`source`].
pub(super) fn maybe(form: Option<&SecretPlace>, base: Option<&Source>) -> Result<Option<Source>, Text> {
    form.map(|form| source(form, base)).transpose()
}

/// The plain headers of a stream, and where the values of the secret ones come from.
pub(super) fn headers_form(from: &StreamConfig) -> (Plain, Secret) {
    let (mut plain, mut secret) = (Vec::new(), Vec::new());
    for Header { name, value } in &from.headers {
        match value {
            HeaderValue::Plain(value) => plain.push((name.clone(), value.clone())),
            HeaderValue::Secret(from) => secret.push((name.clone(), place(from))),
        }
    }
    (plain, secret)
}

/// The headers as edited: the plain ones, then the secret ones; in their order where nothing was changed.
///
/// # Errors
/// As [`source`].
pub(super) fn headers(form: &StreamForm, base: &StreamConfig) -> Result<Vec<Header>, Text> {
    let (plain, secret) = headers_form(base);
    if (&plain, &secret) == (&form.headers, &form.secret_headers) {
        return Ok(base.headers.clone());
    }
    let before = |name: &str| {
        let header = base.headers.iter().find(|header| header.name == name)?;
        match &header.value {
            HeaderValue::Secret(source) => Some(source),
            HeaderValue::Plain(_) => None,
        }
    };
    let mut headers: Vec<Header> = Vec::new();
    for (name, value) in &form.headers {
        headers.push(Header { name: name.clone(), value: HeaderValue::Plain(value.clone()) });
    }
    for (name, place) in &form.secret_headers {
        headers.push(Header { name: name.clone(), value: HeaderValue::Secret(source(place, before(name))?) });
    }
    // In the file a header that is there twice would be one.
    let twice = |(at, header): (usize, &Header)| {
        headers[..at].iter().any(|other| other.name.eq_ignore_ascii_case(&header.name)).then(|| header.name.clone())
    };
    match headers.iter().enumerate().find_map(twice) {
        Some(name) => Err(text!("headers: the header {name} is there twice", "headers：请求头 {name} 出现了两次")),
        None => Ok(headers),
    }
}

/// What was typed, for the engine.
pub(in crate::control) fn typed(main: Option<SecretText>, more: MoreSecrets) -> Typed {
    Typed {
        main: main.map(SecretText::into_secret),
        headers: more.headers.into_iter().map(|(name, secret)| (name, secret.into_secret())).collect(),
        client_secret: more.client_secret.map(SecretText::into_secret),
        client_cert: more.client_cert.map(SecretText::into_secret),
    }
}
