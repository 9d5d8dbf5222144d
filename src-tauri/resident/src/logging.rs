//! Logs on stderr, and those of the resident in a file too: started with the session, nobody sees its stderr.
//!
//! ERROR: something this program promises is lost. WARN: a person should look. INFO (`-v`): what changed. DEBUG (`-vv`):
//! each step, and the only level at which event text may appear. A secret appears at none.

mod file;

use std::io;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{FilterExt as _, Targets, dynamic_filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::file::LogFile;

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
    let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let layer = match format {
        LogFormat::Text => layer.with_ansi(crate::output::stderr_is_terminal()).boxed(),
        LogFormat::Json => layer.json().boxed(),
    };
    let stderr = layer.with_filter(ours(level).with_target(SAID, LevelFilter::OFF));
    let is_kept = dynamic_filter_fn(|_, _| FILE.get().is_some()).with_max_level_hint(LevelFilter::INFO);
    let file = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Kept);
    let file = file.with_filter(ours(LevelFilter::INFO).and(is_kept));
    // Fails only where a logger is set already, and then that one is right.
    drop(tracing_subscriber::registry().with(stderr).with(file).try_init());
}

/// From now on keeps INFO and what is worse in a file in this folder too, whatever stderr is told. Never event text.
pub(crate) fn keep(folder: &Path) {
    // A process is resident in one profile.
    drop(FILE.set(Mutex::new(LogFile::in_folder(folder))));
}

/// Keeps a line that a person was told on stderr.
pub(crate) fn said(line: &str) {
    tracing::warn!(target: SAID, "{line}");
}

/// What is on stderr already.
const SAID: &str = "streambell::said";

static FILE: OnceLock<Mutex<LogFile>> = OnceLock::new();

fn ours(level: LevelFilter) -> Targets {
    Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_targets(["streambell", "streambell_engine", "streambell_protocol"].map(|name| (name, level)))
}

/// Writes to the file, while there is one.
struct Kept;

impl io::Write for Kept {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        if let Some(file) = FILE.get() {
            file.lock().unwrap_or_else(PoisonError::into_inner).append(lines);
        }
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
