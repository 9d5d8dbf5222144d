//! `make herd`: 100,000 clients after an outage of a minute, as Streambell waits and with a fixed delay.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::time::Duration;

use streambell_tests::herd::{Waiting, peak, stampede};

const CLIENTS: usize = 100_000;
const OUTAGE: Duration = Duration::from_mins(1);
const RETRY: Duration = Duration::from_secs(3);

fn main() {
    let streambell = stampede(CLIENTS, OUTAGE, Waiting::Streambell(RETRY), 1);
    let fixed = stampede(CLIENTS, OUTAGE, Waiting::Fixed(RETRY), 1);
    println!("{CLIENTS} clients, all cut off at one instant for {} s; reconnection time 3 s", OUTAGE.as_secs());
    println!("| | Streambell | fixed 3 s |\n|---|---|---|");
    let row = |what: &str, of: [String; 2]| println!("| {what} | {} | {} |", of[0], of[1]);
    let both = [&streambell, &fixed];
    row("peak of connects a second once the server is back", both.map(|herd| peak(&herd.welcome).to_string()));
    row("all connects while it was away", both.map(|herd| herd.in_vain.len().to_string()));
    row("their peak a second, at the first try", both.map(|herd| peak(&herd.in_vain).to_string()));
    for (what, share) in [("half of the clients are back after", 50), ("99 % after", 99), ("all after", 100)] {
        let back = |welcome: &[Duration]| (welcome[(welcome.len() * share).div_ceil(100) - 1] - OUTAGE).as_secs_f64();
        row(what, both.map(|herd| format!("{:.1} s", back(&herd.welcome))));
    }
}
