//! Logs on stderr.
//!
//! ERROR: something this program promises is lost. WARN: a person should look. INFO (`-v`): what changed. DEBUG (`-vv`):
//! each step, and the only level at which event text may appear. A secret appears at none.

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging: warnings, with `verbose` 1 also INFO, with 2 or more also DEBUG. Other crates never log below WARN:
/// their lines may show an address with its secrets.
pub(crate) fn start(verbose: u8, format: LogFormat) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let targets = Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_targets(["streambell", "streambell_engine", "streambell_protocol"].map(|name| (name, level)));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(targets);
    // Fails only where a logger is set already, and then that one is right.
    drop(match format {
        LogFormat::Text => registry.with(layer.with_ansi(crate::output::stderr_is_terminal())).try_init(),
        LogFormat::Json => registry.with(layer.json()).try_init(),
    });
}
