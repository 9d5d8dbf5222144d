//! `[[stream]]`s that a person wrote: handed over as the TOML of one, with its comments.

use std::sync::Arc;

use toml_edit::Document;

use super::draft::{only_one, place, programs_are_not_allowed, put_in_place, put_new, tidy};
use super::{
    Config, ConfigError, EditError, Kind, StreamConfig, add, change, document, export, find, finish, parse_beside,
    plain, rename_everywhere, rename_in, valid, write,
};
use crate::config::SecretSource;
use crate::config::fault::{Faults, quoted};
use crate::locale::Text;
use crate::text;

/// Reads the TOML of one `[[stream]]` that is to stand in a configuration, in the place of the stream `original` where
/// one is named. A program that tells a secret is taken only where the configuration allows programs, or that stream
/// has it already.
///
/// # Errors
/// All that is wrong with it, at its place in `draft`; never empty.
pub fn check_stream(config: &Config, original: Option<&str>, draft: &str) -> Result<StreamConfig, Vec<ConfigError>> {
    let others = config.streams.iter().filter(|stream| Some(stream.name.as_str()) != original);
    let base = Config { streams: others.cloned().collect(), ..config.clone() };
    let read = parse_beside(draft, Some(&base))?;
    let draft = plain(draft);
    let faults = Faults::new(&draft);
    let table = Document::parse(draft.as_ref()).map(Document::into_table).unwrap_or_default();
    only_one(&table, "stream", &faults);
    let read = read.streams.into_iter().next();
    if let Some(stream) = &read {
        if base.streams.iter().any(|other| other.name == stream.name) {
            let at = place(&table, "stream", "name");
            let name = quoted(stream.name.as_str());
            faults.note(at, text!("name: another stream is named {name} too", "name：另一个流也叫 {name}"));
        }
        if check_programs(config, original, stream).is_err() {
            let at = ["auth", "headers", "client_cert_password"].map(|key| place(&table, "stream", key));
            let at = at.into_iter().find(|at| *at > 0).unwrap_or_default();
            faults.note(at, programs_are_not_allowed("command"));
        }
    }
    match (faults.into_errors(), read) {
        (errors, Some(stream)) if errors.is_empty() => Ok(Arc::unwrap_or_clone(stream)),
        (errors, _) => Err(errors),
    }
}

/// Whether a stream may get its secrets from the programs that it names: where the configuration allows programs, or
/// the stream `original` has them already.
///
/// # Errors
/// What to do.
pub fn check_programs(config: &Config, original: Option<&str>, stream: &StreamConfig) -> Result<(), Text> {
    let old = config.streams.iter().filter(|stream| Some(stream.name.as_str()) == original);
    let known: Vec<_> = old.flat_map(|old| programs(old)).collect();
    let allowed = config.allow_commands || programs(stream).all(|program| known.contains(&program));
    if allowed { Ok(()) } else { Err(programs_are_not_allowed("command")) }
}

/// Whether a stream may stand in a configuration, in the place of the stream `original` where one is named.
///
/// # Errors
/// What is wrong with it.
pub fn check_new_stream(config: &Config, original: Option<&str>, stream: &StreamConfig) -> Result<(), ConfigError> {
    let allowed = Config { allow_commands: true, ..config.clone() };
    let read = check_stream(&allowed, original, &stream_text(None, stream)?);
    let placeless = |error: ConfigError| ConfigError::placeless(error.message);
    read.map(drop).map_err(|mut errors| placeless(errors.swap_remove(0)))
}

/// How a stream is written. With another one and its text: as there, but for what differs.
///
/// # Errors
/// Where that text is not the TOML of one `[[stream]]`.
pub fn stream_text(base: Option<(&str, &StreamConfig)>, stream: &StreamConfig) -> Result<String, ConfigError> {
    let Some((text, old)) = base else {
        return Ok(tidy(&add("", "stream", write::stream(stream))?));
    };
    let mut document = document(&plain(text))?;
    change(&mut document, "stream", 0, write::stream(old), write::stream(stream));
    Ok(tidy(&document.to_string()))
}

/// The streams of a configuration as they are written, with the comments right above them, in order.
///
/// # Errors
/// Where the text is no TOML.
pub fn stream_texts(text: &str) -> Result<Vec<String>, ConfigError> {
    export::tables(&plain(text), Kind::Stream)
}

/// Adds a stream behind all others, or puts it in the place of the one named `original`. Where its name changes, rules
/// and tiles that name it follow. With `base`, the stream must still be written so.
///
/// # Errors
/// [`EditError`]; what is wrong with the stream has its place in `draft`.
pub fn save_stream_text(
    text: &str,
    original: Option<&str>,
    base: Option<&str>,
    draft: &str,
) -> Result<String, EditError> {
    let config = valid(text)?;
    let index = original.map(|original| find(&config, original)).transpose()?;
    let stream = check_stream(&config, original, draft).map_err(|mut errors| errors.swap_remove(0))?;
    let draft = tidy(draft);
    let text_now = plain(text);
    let mut wanted = config.clone();
    let (Some(index), Some(original)) = (index, original) else {
        wanted.streams.push(Arc::new(stream));
        return Ok(finish(text, put_new(&text_now, "stream", &draft)?, &wanted)?);
    };
    let Some(mut result) = put_in_place(&text_now, Kind::Stream, index, base, &draft)? else {
        return Ok(text.to_owned());
    };
    if stream.name.as_str() != original {
        let mut document = document(&result)?;
        rename_in(&mut document, original, stream.name.as_str());
        result = document.to_string();
    }
    rename_everywhere(&mut wanted, original, &stream);
    wanted.streams[index] = Arc::new(stream);
    Ok(finish(text, result, &wanted)?)
}

/// The programs that tell its secrets.
fn programs(stream: &StreamConfig) -> impl Iterator<Item = &Vec<String>> {
    stream.secret_sources().filter_map(|source| match source {
        SecretSource::Command(words) => Some(words),
        SecretSource::Keyring | SecretSource::Env(_) | SecretSource::File(_) => None,
    })
}
