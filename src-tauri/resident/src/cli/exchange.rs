//! `streambell export` and `streambell import`: streams, rules and tiles as a text to give away.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use clap::Args;
use streambell_engine::config::edit::{self, Imported, Kind, Selection};
use streambell_engine::config::{self, Config, ConfigError, StreamConfig};
use streambell_engine::locale::Text;
use streambell_engine::profile;

use super::Failure;
use crate::output::{self, plain};
use crate::place::Place;

/// The largest file that is imported, in bytes.
const LARGEST: u64 = 1 << 20;

/// What `export` takes.
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// Only streams
    #[arg(long)]
    streams: bool,
    /// Only rules
    #[arg(long)]
    rules: bool,
    /// Only tiles
    #[arg(long)]
    tiles: bool,
    /// Only streams and rules of these names, and the tiles of these streams
    names: Vec<String>,
}

/// What `import` takes.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// A file that `export` wrote, or somebody by hand
    file: PathBuf,
    /// Adds without asking
    #[arg(long)]
    yes: bool,
    /// Also takes what starts programs or takes secrets of this machine; rules with `run` only where your configuration
    /// allows them
    #[arg(long)]
    allow_commands: bool,
}

/// Prints what is chosen.
pub(super) fn export(place: &Place, arguments: ExportArguments) -> Result<ExitCode, Failure> {
    let chosen = [(Kind::Stream, arguments.streams), (Kind::Rule, arguments.rules), (Kind::Tile, arguments.tiles)];
    let kinds: BTreeSet<Kind> = chosen.into_iter().filter_map(|(kind, chosen)| chosen.then_some(kind)).collect();
    let selection = Selection { kinds, names: arguments.names.into_iter().collect(), items: None };
    let text = place.profile.read_config().map_err(Failure::usage)?.unwrap_or_default();
    let text = edit::export(&text, &selection).map_err(|error| in_file(&place.profile.config, &error))?;
    output::say(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// What is wrong with a file, written as `check` does where it has a place in it.
fn in_file(file: &Path, error: &ConfigError) -> Failure {
    let file = file.display();
    Failure::usage(match error.line {
        0 => anyhow!("{file}: {error}"),
        _ => anyhow!("{file}:{error}"),
    })
}

/// Shows what would be added, asks, and adds it.
pub(super) fn import(place: &Place, arguments: &ImportArguments) -> Result<ExitCode, Failure> {
    let own = &place.profile.config;
    let name = arguments.file.display();
    let unreadable = || format!("{name} cannot be read");
    let size = std::fs::metadata(&arguments.file).with_context(unreadable)?.len();
    if size > LARGEST {
        return Err(anyhow!("{name} is larger than 1 MiB").into());
    }
    let other = std::fs::read_to_string(&arguments.file).with_context(unreadable)?;
    let text = place.profile.read_config().map_err(Failure::usage)?.unwrap_or_default();
    let import = edit::import(&text, &other).map_err(|error| in_file(own, &error))?;
    let import = import.map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(|error| format!("{name}:{error}")).collect();
        Failure::usage(anyhow!("{}", lines.join("; ")))
    })?;
    if !import.reaching.is_empty() && !arguments.allow_commands {
        let names = import.reaching.join(", ");
        let message =
            format!("{names}: starts programs or takes secrets of this machine: look at it, then add --allow-commands");
        return Err(anyhow!("{}", plain(&message, None)).into());
    }
    let whole = config::parse(&import.text).unwrap_or_default();
    import.items.iter().for_each(|item| output::say(&described(item, &whole)));
    if !import.items.iter().any(|(_, _, fate)| *fate == Imported::Added) {
        output::complain("there is nothing new in it");
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.yes && !agreed()? {
        return Ok(ExitCode::FAILURE);
    }
    write(place, &text, &import.text)?;
    Ok(ExitCode::SUCCESS)
}

/// One of them in a line; a new stream with where it goes.
fn described((kind, name, fate): &(Kind, Text, Imported), whole: &Config) -> String {
    let goes = |stream: &Arc<StreamConfig>| format!(" at {}", plain(&stream.url, None));
    let new = || whole.streams.iter().find(|stream| *kind == Kind::Stream && stream.name.as_str() == name.english);
    let place = new().map(goes).unwrap_or_default();
    let (kind, name) = (kind.as_str(), plain(&name.english, None));
    match fate {
        Imported::Added => format!("+ {kind} \"{name}\"{place}"),
        Imported::Present => format!("= {kind} \"{name}\" is there already"),
        Imported::Clash => {
            format!("! {kind} \"{name}\" is left out: yours of that name is another; rename one of them")
        }
    }
}

/// Asks on the terminal.
fn agreed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(anyhow!("nobody can be asked here: add --yes")));
    }
    output::say("Add these? [y/N]");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("no answer can be read")?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Writes the file, unless it changed meanwhile. A running instance reads it by itself.
pub(super) fn write(place: &Place, before: &str, after: &str) -> Result<(), Failure> {
    let now = place.profile.read_config()?.unwrap_or_default();
    if now != before {
        return Err(anyhow!("{} changed meanwhile: try again", place.profile.config.display()).into());
    }
    if let Some(folder) = place.profile.config.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    Ok(profile::write_atomically(&place.profile.config, after)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_stream_is_shown_with_where_it_goes() {
        let stream = StreamConfig::new("b", "https://h/\u{202e}x");
        let whole = Config { streams: vec![Arc::new(stream)], ..Config::default() };
        let line = |kind, fate| described(&(kind, Text::plain("b"), fate), &whole);
        assert_eq!(line(Kind::Stream, Imported::Added), "+ stream \"b\" at https://h/\\u{202e}x");
        assert_eq!(line(Kind::Rule, Imported::Added), "+ rule \"b\"");
        assert_eq!(line(Kind::Stream, Imported::Present), "= stream \"b\" is there already");
    }
}
