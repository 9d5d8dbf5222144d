//! The options of `tail`, and the stream they describe.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use streambell_engine::config::{StreamConfig, parse_duration, parse_size};

use crate::cli::connection::ConnectionArguments;

/// What `tail` takes.
#[derive(Debug, Args)]
pub(crate) struct TailArguments {
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
    /// Resumes after this id
    #[arg(long, value_name = "ID", value_parser = id, allow_hyphen_values = true)]
    pub(super) last_event_id: Option<String>,
    /// Reconnect delay until the server names one
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "3s")]
    retry: Duration,
    /// Reconnects when no byte arrives for so long; 0 turns it off
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "90s")]
    idle_timeout: Duration,
    /// The HTML Standard to the letter: any status but 200 ends the stream for good
    #[arg(long)]
    strict: bool,
    /// Exits after so many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) events: Option<u64>,
    /// Exits after so long
    #[arg(long = "for", value_name = "DURATION", value_parser = parse_duration)]
    pub(super) length: Option<Duration>,
    /// Reports comment lines too
    #[arg(long)]
    pub(super) comments: bool,
    /// One JSON object a line
    #[arg(long)]
    pub(super) json: bool,
    /// Also writes each event with its time to this new file, for `replay` and `rules test`
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
    /// A larger event is skipped and reported
    #[arg(long, value_name = "SIZE", value_parser = parse_size, default_value = "16MiB")]
    max_event: usize,
}

impl TailArguments {
    /// The stream.
    pub(super) fn stream(&self) -> StreamConfig {
        StreamConfig {
            idle_timeout: (!self.idle_timeout.is_zero()).then_some(self.idle_timeout),
            // What it does must not depend on what came before.
            learn_idle: false,
            retry: self.retry,
            max_event: self.max_event,
            strict: self.strict,
            ..self.connection.stream(super::STREAM)
        }
    }
}

fn id(text: &str) -> Result<String, String> {
    if text.chars().any(|one| one.is_control() && one != '\t') {
        return Err("an id has no control characters".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_bare_address_has_the_documented_defaults() {
        #[derive(clap::Parser)]
        struct Only {
            #[command(flatten)]
            tail: TailArguments,
        }
        let only: Only = clap::Parser::try_parse_from(["tail", "http://localhost/"]).unwrap();
        let wanted =
            StreamConfig { learn_idle: false, insecure: true, ..StreamConfig::new("tail", "http://localhost/") };
        assert_eq!(only.tail.stream(), wanted);
    }
}
