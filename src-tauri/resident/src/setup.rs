//! What the engine is started with: the user's own configuration, history and keyring, or those of the demo.

use std::path::Path;

use anyhow::{Result, anyhow};
use streambell_engine::config::{self, Config, ConfigError};
use streambell_engine::demo::{self, Demo, DemoOptions};
use streambell_engine::engine::Options;
use streambell_engine::ledger::Ledger;
use streambell_engine::locale::{Locale, Text};
use streambell_engine::profile;
use streambell_engine::secrets::Vault;
use streambell_engine::text;
use tokio_util::sync::CancellationToken;

use crate::cli::Failure;
use crate::place::Place;

/// Configuration and vault, and the demo's server while it lasts.
#[derive(Debug)]
pub(crate) struct Setup {
    config: Config,
    config_trouble: Option<Text>,
    vault: Vault,
    /// Ends when this is dropped.
    demo: Option<Demo>,
}

impl Setup {
    /// Reads the configuration; with `--demo` starts the demo's server and writes the configuration for it.
    ///
    /// # Errors
    /// Where the demo cannot be set up. A configuration that cannot be used is none: it leaves [`Setup::trouble`].
    pub(crate) async fn of(place: &Place, shutdown: &CancellationToken) -> Result<Self, Failure> {
        let file = &place.profile.config;
        let mut vault = Vault::Keyring;
        let mut demo = None;
        if place.demo {
            let server = demo::start(shutdown.clone(), DemoOptions::default()).await?;
            write_demo(file, &server.config_text())?;
            vault = Vault::memory();
            vault.set(demo::STREAM, &server.first_token()).await.map_err(|error| anyhow!(error))?;
            demo = Some(server);
        }
        let (config, config_trouble) = match read(file) {
            Ok(config) => (config, None),
            Err(Broken { trouble, language }) => (Config { language, ..Config::default() }, Some(trouble)),
        };
        Ok(Self { config, config_trouble, vault, demo })
    }

    /// Why the configuration cannot be used, in one line.
    pub(crate) fn trouble(&self) -> Option<&Text> {
        self.config_trouble.as_ref()
    }

    /// For the engine.
    pub(crate) fn options(&self, place: &Place) -> Options {
        Options {
            config: self.config.clone(),
            config_trouble: self.config_trouble.clone(),
            config_file: Some(place.profile.config.clone()),
            ledger: Ledger::open(&place.profile.ledger),
            locale: Locale::of_system(),
            vault: self.vault.clone(),
            demo: self.demo.is_some(),
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, PartialEq)]
struct Broken {
    /// Why, in one line.
    trouble: Text,
    /// The language that it asks for all the same.
    language: Option<Locale>,
}

/// Reads a configuration; one that does not exist is empty.
fn read(file: &Path) -> Result<Config, Broken> {
    let unread = |trouble| Broken { trouble, language: None };
    let text = profile::read_if_present(file).map_err(unread)?;
    let Some(text) = text else { return Ok(Config::default()) };
    config::parse(&text).map_err(|errors| {
        let (file, first) = (file.display(), errors.first().map(ConfigError::text).unwrap_or_default());
        Broken { trouble: text!("{file}:{first}", "{file}：{first}", first), language: config::language(&text) }
    })
}

/// Writes the demo's configuration, but never over one of a person: the demo's own begins with the same line.
fn write_demo(file: &Path, text: &str) -> Result<(), Failure> {
    let first = text.lines().next().unwrap_or_default();
    let before = profile::read_if_present(file)?;
    if before.is_some_and(|before| before.lines().next() != Some(first)) {
        let message = format!("{} is not the demo's: give --demo a folder of its own", file.display());
        return Err(Failure::usage(anyhow!(message)));
    }
    Ok(profile::write_atomically(file, text)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_demo_writes_over_its_own_configuration_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        write_demo(&file, "# demo\nversion = 1\n").unwrap();
        write_demo(&file, "# demo\nversion = 1 # newer\n").unwrap();
        std::fs::write(&file, "version = 1\n").unwrap();
        assert!(write_demo(&file, "# demo\nversion = 1\n").is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "version = 1\n");
    }

    #[test]
    fn a_missing_configuration_is_empty_and_a_broken_one_is_explained() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        assert_eq!(read(&file), Ok(Config::default()));
        std::fs::write(&file, "version = \n").unwrap();
        let Broken { trouble, language } = read(&file).unwrap_err();
        assert!(trouble.english.contains("config.toml:1:") && trouble.chinese.contains("第 1 行"), "{trouble:?}");
        assert_eq!(language, None);
        std::fs::write(&file, "version = 1\nlanguage = \"zh\"\nlangauge = 1\n").unwrap();
        assert_eq!(read(&file).unwrap_err().language, Some(Locale::Chinese));
    }
}
