//! `streambell settings`: what holds for everything, as it stands in the configuration file.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Subcommand;
use serde_json::{Map, Value};
use streambell_engine::config::edit;

use super::exchange::write;
use super::{Failure, why};
use crate::output::{self, plain};
use crate::place::Place;

/// What can be done with settings.
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Changes one; a running instance obeys at once
    Set {
        /// Its name, as `streambell settings` shows it
        key: String,
        /// Its new value, as it is written in the file; quotes may be missing
        value: String,
    },
}

/// Does what is asked; without a command, shows all of them.
pub(super) fn run(place: &Place, command: Option<SettingsCommand>, json: bool) -> Result<ExitCode, Failure> {
    match command {
        Some(SettingsCommand::Set { key, value }) => set(place, &key, &value),
        None => {
            let config = why::configuration(place)?;
            let mut chunk = Vec::new();
            if json {
                let all = edit::settings(&config).map(|(name, value)| (name, as_json(&value)));
                output::json_line(&mut chunk, &all.collect::<Map<String, Value>>());
            } else {
                for (name, value) in edit::settings(&config) {
                    chunk.extend(format!("{}\n", plain(&format!("{name} = {value}"), None)).into_bytes());
                }
            }
            output::say_all(&chunk);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn set(place: &Place, key: &str, value: &str) -> Result<ExitCode, Failure> {
    let change =
        edit::setting(key, value).map_err(|error| Failure::usage(anyhow!("{}", plain(&error.to_string(), None))))?;
    let text = place.profile.read_config().map_err(Failure::usage)?.unwrap_or_default();
    let file = place.profile.config.display();
    let changed = edit::save_settings(&text, &change)
        .map_err(|error| Failure::usage(anyhow!("{file}: {}", plain(&error.to_string(), None))))?;
    if changed != text {
        write(place, &text, &changed)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::Boolean(flag) => (*flag.value()).into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Array(list) => list.iter().map(as_json).collect(),
        // No setting is one of these.
        toml_edit::Value::Float(_) | toml_edit::Value::Datetime(_) | toml_edit::Value::InlineTable(_) => Value::Null,
    }
}
