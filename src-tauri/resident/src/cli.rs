//! The command line: what may be typed, and how a command ends. A file a command.

mod alerts;
mod app;
mod ask;
mod autostart;
mod check;
mod connection;
mod connections;
mod diagnosis;
mod doctor;
mod exchange;
mod history;
mod presets;
mod quiet;
mod replay;
mod rules;
mod settings;
mod status;
mod stdin;
mod tail;
mod token;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use streambell_engine::glob::{Glob, GlobError};
use streambell_engine::locale::Text;

pub(crate) use self::status::rfc3339;
use crate::logging::LogFormat;
use crate::output;
use crate::place::Place;

/// Turns server-sent events into desktop notifications.
#[derive(Debug, Parser)]
#[command(name = "streambell", version, args_conflicts_with_subcommands = false)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    /// Does not open the dashboard at the start
    #[arg(long)]
    hidden: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Keeps configuration, history and state under this folder instead of the platform's
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
    /// Runs on, or talks to, the embedded demo instead of one's own streams
    #[arg(long, global = true)]
    pub(crate) demo: bool,
    /// Logs more on stderr; twice for still more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How a log line looks
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the engine and notifications without a tray and a window
    Run(RunArguments),
    /// Opens the dashboard of the running instance
    Dashboard,
    /// Prints the events of one stream
    Tail(Box<tail::TailArguments>),
    /// Serves a recorded stream on this machine, with its own timing
    Replay(replay::ReplayArguments),
    /// Prints streams, rules and tiles of the configuration, to give them away; no secret is in them
    Export(exchange::ExportArguments),
    /// Adds streams, rules and tiles of a file to the configuration
    Import(exchange::ImportArguments),
    /// Prints a stream with its rules for a kind of server: ntfy, Mercure, Home Assistant …
    Presets(presets::PresetsArguments),
    /// Explains what is wrong between here and a server
    Doctor(Box<doctor::DoctorArguments>),
    /// Says what is wrong with the configuration
    Check,
    /// Keeps secrets in the keyring
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Shows stored events, newest last
    History(history::HistoryArguments),
    /// Shows when a stream was connected, and why each connection ended
    Connections(connections::Arguments),
    /// Explains how each rule judged one stored event
    Why(why::WhyArguments),
    /// Tries out the configured rules
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Shows what holds for everything: language, notifications, history, window; `settings set` changes it
    Settings {
        /// As one JSON object
        #[arg(long)]
        json: bool,
        #[command(subcommand)]
        command: Option<settings::SettingsCommand>,
    },
    /// Shows the state of the running instance
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows no notifications for a while, or until `resume`
    Pause(quiet::PauseArguments),
    /// Ends a pause
    Resume(quiet::ResumeArguments),
    /// Shows no alert of a kind for a while; critical ones neither
    Silence(quiet::SilenceArguments),
    /// Shows the silences in force
    Silences {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Ends a silence
    Unsilence {
        /// The silence's number
        id: i64,
    },
    /// Takes note of alerts: they are read, and their notifications go
    Acknowledge {
        /// The alerts' numbers, as `history --alerts` shows them
        #[arg(required = true)]
        alerts: Vec<i64>,
        /// Takes that back; the alerts stay read
        #[arg(long)]
        undo: bool,
    },
    /// Marks alerts as read, all of them where none is named
    Read {
        /// The alerts' numbers, as `history --alerts` shows them
        #[arg(required_if_eq("undo", "true"))]
        alerts: Vec<i64>,
        /// Marks them as not read
        #[arg(long)]
        undo: bool,
    },
    /// Connects at once: one stream, or all
    Reconnect {
        /// The stream's name
        stream: Option<String>,
    },
    /// Says whether Streambell starts at login, or changes that
    Autostart {
        /// What to do
        #[arg(value_enum, default_value_t = autostart::Switch::Status)]
        switch: autostart::Switch,
    },
    /// Prints what a report of a fault needs: no secrets, addresses or events
    Diagnosis,
    /// Ends the running instance
    Quit,
    /// Prints a completion script
    Completions {
        /// For this shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
struct RunArguments {
    /// No tray and no window; works without a display
    #[arg(long, required = true)]
    headless: bool,
    /// Also writes each notification to stdout
    #[arg(long, value_name = "FORMAT", value_enum, num_args = 0..=1, require_equals = true,
          default_missing_value = "text")]
    print: Option<PrintFormat>,
}

/// How `--print` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrintFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Why a command failed, and the exit status for it.
#[derive(Debug)]
pub(crate) struct Failure {
    status: u8,
    error: anyhow::Error,
}

impl Failure {
    /// Wrong usage or configuration: exit 2.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self { status: 2, error: error.into() }
    }

    /// Nothing to talk to: exit 3.
    pub(crate) fn nobody(error: impl Into<anyhow::Error>) -> Self {
        Self { status: 3, error: error.into() }
    }

    /// Whether somebody was asked and refused.
    pub(crate) fn is_refusal(&self) -> bool {
        self.status == 1
    }

    /// The reason in one line.
    pub(crate) fn line(&self) -> String {
        format!("{:#}", self.error).replace('\n', " ")
    }

    /// The exit status.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.status)
    }
}

impl From<Text> for Failure {
    fn from(why: Text) -> Self {
        anyhow::Error::from(why).into()
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self { status: 1, error }
    }
}

/// Does what was typed.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { global, hidden, command } = arguments;
    if hidden && command.is_some() {
        return Err(Failure::usage(anyhow!("--hidden is for the tray app: it goes with no command")));
    }
    let place = || Place::find(global.profile.as_deref(), global.demo);
    match command {
        None => app::tray(place()?, hidden).await,
        Some(Command::Run(run)) => app::headless(place()?, run.print).await,
        Some(Command::Dashboard) => ask::dashboard(&place()?).await,
        Some(Command::Replay(arguments)) => replay::run(arguments).await,
        Some(Command::Export(arguments)) => exchange::export(&place()?, arguments),
        Some(Command::Import(arguments)) => exchange::import(&place()?, &arguments),
        Some(Command::Tail(arguments)) => tail::run(*arguments).await,
        Some(Command::Doctor(arguments)) => doctor::run(place().ok().as_ref(), *arguments).await,
        Some(Command::Why(arguments)) => why::run(&place()?, &arguments).await,
        Some(Command::Presets(arguments)) => presets::run(&arguments),
        Some(Command::Rules(command)) => rules::run(&place()?, command).await,
        Some(Command::Check) => check::run(&place()?),
        Some(Command::Token(command)) => token::run(&place()?, command).await,
        Some(Command::History(arguments)) => history::run(&place()?, arguments),
        Some(Command::Settings { json, command }) => settings::run(&place()?, command, json),
        Some(Command::Status { json }) => status::run(&place()?, json).await,
        Some(Command::Pause(arguments)) => quiet::pause(&place()?, arguments).await,
        Some(Command::Resume(arguments)) => quiet::resume(&place()?, arguments).await,
        Some(Command::Silence(arguments)) => quiet::silence(&place()?, arguments).await,
        Some(Command::Silences { json }) => quiet::silences(&place()?, json).await,
        Some(Command::Unsilence { id }) => quiet::unsilence(&place()?, id).await,
        Some(Command::Acknowledge { alerts, undo }) => alerts::acknowledge(&place()?, alerts, undo).await,
        Some(Command::Read { alerts, undo }) => alerts::read(&place()?, alerts, undo).await,
        Some(Command::Connections(arguments)) => connections::run(&place()?, arguments).await,
        Some(Command::Reconnect { stream }) => ask::reconnect(&place()?, stream).await,
        Some(Command::Autostart { switch }) => autostart::run(&place()?, switch),
        Some(Command::Diagnosis) => diagnosis::run(&place()?).await,
        Some(Command::Quit) => ask::quit(&place()?).await,
        Some(Command::Completions { shell }) => Ok(completions(shell)),
    }
}

/// A pattern as it was typed, once it is one.
fn glob(text: &str) -> Result<String, GlobError> {
    Glob::new(text).map(|_| text.to_owned())
}

fn completions(shell: clap_complete::Shell) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "streambell", &mut script);
    output::say(String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn print_takes_its_format_only_after_an_equals_sign() {
        let format = |line: &str| match parse(line).unwrap().command {
            Some(Command::Run(run)) => run.print,
            other => panic!("{other:?}"),
        };
        assert_eq!(format("streambell run --headless"), None);
        assert_eq!(format("streambell run --headless --print"), Some(PrintFormat::Text));
        assert_eq!(format("streambell run --headless --print=json --demo"), Some(PrintFormat::Json));
    }

    #[test]
    fn global_options_go_before_and_after_the_command() {
        for line in ["streambell --profile x -v status --json", "streambell status --json -v --profile x"] {
            let arguments = parse(line).unwrap();
            assert_eq!(arguments.global.profile.as_deref(), Some(std::path::Path::new("x")));
            assert_eq!(arguments.global.verbose, 1);
        }
    }

    #[test]
    fn running_without_headless_is_wrong_usage() {
        assert_eq!(parse("streambell run").unwrap_err().exit_code(), 2);
    }
}
