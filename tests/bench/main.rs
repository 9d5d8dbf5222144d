//! The figures of the README, measured on this machine: `make bench`.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a benchmark that prints")]

mod dashboard;
mod flood;
mod idle;
mod latency;
mod look;
mod many;
mod start;
mod throughput;

use std::path::{Path, PathBuf};
use std::time::Duration;

/// One line of the table.
pub(crate) struct Figure {
    what: &'static str,
    measured: String,
    aim: &'static str,
}

#[tokio::main]
async fn main() {
    let wanted = std::env::args().nth(1);
    let runs = |name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    println!("| figure | measured | aim |\n|---|---|---|");
    if runs("start") {
        print(start::measure().await);
    }
    if runs("latency") {
        print(latency::measure().await);
    }
    if runs("throughput") {
        print(throughput::measure().await);
    }
    if runs("look") {
        print(look::measure());
    }
    if runs("idle") {
        print(idle::measure().await);
    }
    if runs("many") {
        let streams = std::env::args().nth(2).and_then(|number| number.parse().ok());
        print(many::measure(streams).await);
    }
    if runs("dashboard") {
        print(dashboard::measure().await);
    }
    if runs("flood") {
        print(flood::measure().await);
    }
}

fn print(figures: Vec<Figure>) {
    for Figure { what, measured, aim } in figures {
        println!("| {what} | {measured} | {aim} |");
    }
}

/// A profile with this configuration.
pub(crate) fn profile(folder: &Path, config: &str) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("config.toml"), config).unwrap();
    folder.to_owned()
}

/// The middle of values.
pub(crate) fn median(mut values: Vec<Duration>) -> Duration {
    percentile(&mut values, 50)
}

/// So many hundredths of the values are not larger.
pub(crate) fn percentile(values: &mut [Duration], hundredths: usize) -> Duration {
    values.sort_unstable();
    values[(values.len() - 1) * hundredths / 100]
}

/// Milliseconds with two digits.
pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}
