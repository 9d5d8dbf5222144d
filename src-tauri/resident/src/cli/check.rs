//! `streambell check`: what is wrong with the configuration.

use std::process::ExitCode;

use anyhow::anyhow;
use streambell_engine::config::{self, Config};
use streambell_engine::rules::Rules;

use super::Failure;
use super::status::count;
use crate::output;
use crate::place::Place;

/// Reads the configuration; complains line by line, exit 2, or says what it holds.
pub(super) fn run(place: &Place) -> Result<ExitCode, Failure> {
    let file = place.profile.config.display().to_string();
    let text = place.profile.read_config().map_err(Failure::usage)?;
    let Some(text) = text else {
        // As the app takes it: empty, and nothing wrong with it.
        output::say(&format!("no configuration yet: {file} does not exist"));
        return Ok(ExitCode::SUCCESS);
    };
    let problems = match config::parse(&text) {
        Ok(config) => match rule_problems(&config) {
            problems if problems.is_empty() => {
                output::say(&format!("{file}: {}", summary(&config)));
                return Ok(ExitCode::SUCCESS);
            }
            problems => problems.into_iter().map(|problem| format!("{file}: {problem}")).collect(),
        },
        Err(errors) => errors.iter().map(|error| format!("{file}:{error}")).collect::<Vec<_>>(),
    };
    let (last, first) = problems.split_last().ok_or_else(|| anyhow!("{file} is refused without a reason"))?;
    first.iter().for_each(|problem| output::complain(problem));
    Err(Failure::usage(anyhow!("{last}")))
}

fn rule_problems(config: &Config) -> Vec<String> {
    Rules::compile(&config.rules).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

fn summary(config: &Config) -> String {
    let parts =
        [count(config.streams.len(), "stream"), count(config.rules.len(), "rule"), count(config.tiles.len(), "tile")];
    format!("nothing wrong ({})", parts.join(", "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_configuration_that_is_not_there_yet_is_not_wrong_and_a_broken_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::find(Some(folder.path()), false).unwrap();
        assert_eq!(run(&place).unwrap(), ExitCode::SUCCESS);
        std::fs::write(&place.profile.config, "version = \n").unwrap();
        assert_eq!(run(&place).unwrap_err().code(), ExitCode::from(2));
    }
}
