//! `streambell-dashboard`: the window of Streambell.
//!
//! The resident starts it, it talks to the resident over the control socket, and it ends with its window. It owns no
//! truth: closed, crashed or never started, it changes nothing in the resident.
//!
//! - [`resident`]: the connection to the resident, made again whenever it is lost
//! - [`page`]: what the page in the window has been told and is still to be told
//! - [`commands`]: what the page may ask
//! - [`consent`], [`dialog`]: what it must not decide alone, and who is asked
//! - [`window`]: the window itself
//! - [`closing`]: that it does not close over what would be lost
//! - [`download`]: what the page gives to a person as a file

mod asked;
mod closing;
mod commands;
mod consent;
mod dialog;
mod download;
mod page;
mod resident;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;
use streambell_protocol::Spot;

use crate::closing::Unsaved;
use crate::consent::Consents;
use crate::page::Page;
use crate::resident::Resident;

/// The window of Streambell; `streambell` starts it.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The resident's control socket
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// Shows this alert
    #[arg(long, value_name = "N")]
    alert: Option<i64>,
    /// Shows the alerts that are not read yet
    #[arg(long, conflicts_with = "alert")]
    unread: bool,
    /// Shows this stream
    #[arg(long, value_name = "NAME", conflicts_with_all = ["alert", "unread"])]
    stream: Option<String>,
    /// Keeps the window's size and the page's settings in this folder instead of the platform's
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    window::need_display()?;
    let state = arguments.state.map(std::path::absolute).transpose().context("--state is no usable folder")?;
    let spot = match (arguments.alert, arguments.unread, arguments.stream) {
        (Some(alert), ..) => Spot::Alert { alert },
        (_, true, _) => Spot::Unread,
        (.., Some(stream)) => Spot::Stream { stream },
        _ => Spot::Anywhere,
    };
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(window::remember_place(state.as_deref()))
        .manage(Page::new(spot))
        .manage(Resident::new(arguments.socket))
        .manage(Consents::default())
        .manage(Unsaved::default())
        .on_window_event(closing::happened)
        .invoke_handler(tauri::generate_handler![
            commands::ask,
            commands::hold,
            commands::ready,
            commands::seen,
            commands::version
        ])
        .setup(move |app| {
            window::open(app.handle(), state)?;
            // Ends with the process.
            drop(tauri::async_runtime::spawn(resident::follow(app.handle().clone())));
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window cannot be opened")?;
    app.run(|_, _| ());
    Ok(())
}

/// One line for whoever started this program.
#[expect(clippy::print_stderr, reason = "the only line this program prints")]
fn say(line: &str) {
    eprintln!("streambell-dashboard: {line}");
}
