//! `streambell`: the resident part of Streambell and its whole command line.
//!
//! - [`cli`]: what a person may type; a file a command
//! - [`resident`]: the running instance: engine, tray, notifier, control socket and dashboard put together
//! - [`setup`]: what the engine is started with; with `--demo`, the market server inside
//! - [`control`]: the socket on which dashboard and command line talk to the running instance
//! - [`notifier`]: notifications on the desktop and on stdout
//! - [`tray`]: the icon and its menu
//! - [`autostart`]: start at login
//! - [`demo`]: starts the demo beside this instance
//! - [`diagnosis`]: what a report of a fault needs
//! - [`sounds`]: the names of the desktop's sounds
//! - [`network`]: what the system says of sleep and network
//! - [`limits`]: how many files may be open
//! - [`dashboard`]: starts the window, which is a program of its own
//!
//! Nothing here decides what is shown or when a stream is tried again: that is the engine's. No GTK and no WebKit.

mod autostart;
mod cli;
mod clipboard;
mod control;
mod dashboard;
mod demo;
mod diagnosis;
mod limits;
mod logging;
mod memory;
mod morning;
mod network;
mod notifier;
mod openings;
mod output;
mod place;
mod resident;
mod setup;
mod signals;
mod sounds;
mod tray;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Arguments, Failure};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    logging::start(arguments.global.verbose, arguments.global.log_format);
    let code = run(arguments).unwrap_or_else(|failure| {
        output::complain(&failure.line());
        failure.code()
    });
    if output::has_failed() { ExitCode::FAILURE } else { code }
}

/// One thread runs everything but the ledger's and the keyring's blocking calls.
fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| anyhow::anyhow!("the program cannot start: {error}"))?;
    let result = runtime.block_on(cli::run(arguments));
    // A call that blocks for ever, such as a locked keyring, must not hold the end back.
    runtime.shutdown_background();
    result
}
