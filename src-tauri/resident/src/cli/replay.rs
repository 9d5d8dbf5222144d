//! `streambell replay FILE`: a recorded stream as a server on this machine.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use streambell_engine::config::format_duration;
use streambell_engine::replay::{Recording, Replay};
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::status::count;
use crate::output;
use crate::signals::{Asked, Signals};

/// What `replay` takes.
#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// A file that `tail --record` wrote
    file: PathBuf,
    /// So many times as fast as it was
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, value_name = "P", default_value_t = 0)]
    port: u16,
}

/// Serves until it is told to end. The address is the one line on standard output.
pub(super) async fn run(arguments: ReplayArguments) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen()?;
    let recording = Recording::read(&arguments.file)?;
    let length = format_duration(std::time::Duration::from_secs(recording.length().as_secs()));
    output::complain(&format!(
        "{} in {length}, from the beginning for each connection",
        count(recording.count(), "event")
    ));
    let shutdown = CancellationToken::new();
    let replay = Replay::bind(recording, arguments.speed, arguments.port, shutdown.clone()).await?;
    output::say(&replay.url());
    let mut serving = std::pin::pin!(replay.run());
    loop {
        tokio::select! {
            ended = &mut serving => return Ok(ended.map(|()| ExitCode::SUCCESS)?),
            asked = signals.next() => match asked {
                Asked::End => shutdown.cancel(),
                Asked::Reconnect => {}
            },
        }
    }
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| (0.001..=1_000_000.0).contains(speed));
    speed.ok_or_else(|| "a speed is a number from 0.001 to 1000000".to_owned())
}
