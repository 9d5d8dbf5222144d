//! The engine with real servers and a recording host, in one process.
#![expect(clippy::unwrap_used, reason = "tests")]

mod alerts;
mod compression;
mod configuration;
mod connections;
mod faults;
mod hostile;
mod life;
mod notices;
mod renaming;
mod rules;
mod setup;
mod sign_in;
mod stream;
mod trouble;
mod unsaved;
mod ways;
