//! `make soak`: fifty streams of numbers through random faults, for ten minutes or as many seconds as the argument says;
//! a second argument is the seed. Ends with 1 where a number is lost or doubled.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::process::ExitCode;
use std::time::Duration;

use streambell_tests::soak::Soak;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().map_or(Ok(600), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(u64::from(std::process::id())), |text| text.parse())?;
    let soak = Soak {
        duration: Duration::from_secs(seconds),
        streams: 50,
        every: Duration::from_millis(100),
        kills: Duration::from_secs(15),
        seed,
    };
    println!("{} streams, a number each every {} ms, {seconds} s, seed {seed}", soak.streams, soak.every.as_millis());
    let outcome = soak.run(|line| println!("{line}")).await;
    let tally = &outcome.tally;
    println!("numbers sent on each stream      {}", outcome.numbers);
    println!("stored                           {} of {}", tally.stored, outcome.numbers * soak.streams as u64);
    println!("lost, doubled, out of order      {}, {}, {}", tally.missing, tally.doubled, tally.disordered);
    println!("never sent                       {}", tally.strange);
    println!("connections                      {}", outcome.connections);
    println!("kills, faults to all at once     {}, {}", outcome.kills, outcome.faults);
    println!("complete after the last fault    {:.1} s", outcome.caught_up.as_secs_f64());
    println!("most memory of the resident      {:.1} MiB", outcome.memory);
    for line in tally.examples.iter().chain(&outcome.complaints) {
        println!("  {line}");
    }
    println!("{}", if outcome.is_good() { "good: every number once" } else { "BAD" });
    Ok(if outcome.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
