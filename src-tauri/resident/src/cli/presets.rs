//! `streambell presets`: what to paste into the configuration for the servers that many people run.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use serde_json::json;
use streambell_engine::config::Auth;
use streambell_engine::presets::{self, NAME, Preset};

use super::Failure;
use crate::output;

/// How wide comments are, in characters.
const WIDTH: usize = 100;

/// What `presets` takes.
#[derive(Debug, Args)]
pub(crate) struct PresetsArguments {
    /// The one to print, such as ntfy; all are listed without it
    preset: Option<String>,
    /// What it asks for, as KEY=VALUE; an example stands in for what is not given
    #[arg(value_parser = pair)]
    values: Vec<(String, String)>,
    /// The stream's name
    #[arg(long)]
    name: Option<String>,
    /// How to sign in, where not as usual: none, bearer, basic, header, query or cookie
    #[arg(long, value_name = "KIND")]
    auth: Option<String>,
    /// As JSON, one object a line
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("must be KEY=VALUE, such as topic=alerts")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Prints the list, or one preset.
pub(super) fn run(arguments: &PresetsArguments) -> Result<ExitCode, Failure> {
    match &arguments.preset {
        None => list(arguments.json),
        Some(key) => {
            let preset = presets::preset(key).map_err(|message| Failure::usage(anyhow!(message)))?;
            print(&preset, arguments).map_err(|message| Failure::usage(anyhow!(message)))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(as_json: bool) {
    for preset in presets::presets() {
        let keys: Vec<_> = preset.fields.iter().map(|field| field.key.as_str()).collect();
        if as_json {
            let field = |field: &presets::Field| json!({ "key": field.key, "label": field.label, "example": field.example, "default": field.default });
            let fields: Vec<_> = preset.fields.iter().map(field).collect();
            let auth: Vec<_> = preset.auth.iter().map(kind).collect();
            let Preset { key, name, help, docs, .. } = &preset;
            let line = json!({ "key": key, "name": name, "help": help, "docs": docs, "fields": fields, "auth": auth });
            output::say(&line.to_string());
        } else {
            output::say(&format!("{:<16}{:<30}{}", preset.key, preset.name.english, keys.join(", ")));
        }
    }
    if !as_json {
        output::say("\nWhat to paste into the configuration: streambell presets ntfy topic=alerts");
    }
}

fn print(preset: &Preset, arguments: &PresetsArguments) -> Result<(), String> {
    let mut values: BTreeMap<String, String> = arguments.values.iter().cloned().collect();
    values.extend(arguments.name.clone().map(|name| (NAME.to_owned(), name)));
    let mut examples = Vec::new();
    for field in &preset.fields {
        if field.default.is_empty() && !values.contains_key(&field.key) {
            values.insert(field.key.clone(), field.example.clone());
            examples.push(format!("{} ({:?})", field.label, field.example));
        }
    }
    let auth = arguments.auth.as_deref().map(|wanted| way(preset, wanted)).transpose()?;
    let filled = preset.fill(&values, auth).map_err(|why| why.english)?;
    if arguments.json {
        let line =
            json!({ "key": preset.key, "name": filled.stream.name, "url": filled.stream.url, "toml": filled.text });
        output::say(&line.to_string());
        return Ok(());
    }
    let mut head = comment(&format!("{}: {} {}", preset.name, preset.help, preset.docs));
    if !examples.is_empty() {
        head.push_str(&comment(&format!("Examples, for you to change: {}.", examples.join(", "))));
    }
    if filled.stream.auth != Auth::None {
        head.push_str(&comment(&format!("Then: streambell token set {}", shell_word(filled.stream.name.as_str()))));
    }
    output::say(&format!("{head}\n{}", filled.text.trim_end()));
    Ok(())
}

/// The place of a way to sign in.
fn way(preset: &Preset, wanted: &str) -> Result<usize, String> {
    preset.auth.iter().position(|auth| kind(auth) == wanted).ok_or_else(|| {
        let kinds: Vec<_> = preset.auth.iter().map(kind).collect();
        format!("{} takes no {wanted:?}, but {}", preset.key, kinds.join(", "))
    })
}

fn kind(auth: &Auth) -> &'static str {
    match auth {
        Auth::None => "none",
        Auth::Bearer { .. } => "bearer",
        Auth::Basic { .. } => "basic",
        Auth::Header { .. } => "header",
        Auth::Query { .. } => "query",
        Auth::Cookie { .. } => "cookie",
        Auth::OAuth2(_) => "oauth2",
    }
}

/// Lines that begin with `#`.
fn comment(text: &str) -> String {
    let mut lines = String::new();
    let mut width = WIDTH;
    for word in text.split(' ') {
        if width + 1 + word.chars().count() > WIDTH {
            lines.push_str(if lines.is_empty() { "#" } else { "\n#" });
            width = 1;
        }
        lines.push(' ');
        lines.push_str(word);
        width += 1 + word.chars().count();
    }
    lines.push('\n');
    lines
}

fn shell_word(word: &str) -> String {
    let plain = word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_wrapped_and_loses_no_word() {
        let text = "word ".repeat(50);
        let lines = comment(text.trim());
        assert!(lines.lines().all(|line| line.starts_with("# ") && line.len() <= WIDTH), "{lines}");
        assert_eq!(lines.matches("word").count(), 50);
    }

    #[test]
    fn values_are_pairs() {
        assert_eq!(pair("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(pair("a").is_err());
    }
}
