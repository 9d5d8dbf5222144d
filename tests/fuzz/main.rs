//! `make fuzz`: hostile bytes into the decoder of event streams, for a minute or as many seconds as the argument says; a
//! second argument is the seed.
//!
//! It is not guided by coverage: that needs a nightly compiler. Inputs are made from the words of the format and by
//! mutation of earlier inputs, with a seed that is printed. What must hold of each is in [`check`]; an input for which it
//! does not is written to a file, and the program ends with 1.
#![expect(clippy::print_stdout, reason = "a program that prints")]

mod check;
mod input;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use input::Inputs;

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().map_or(Ok(60), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(u64::from(std::process::id())), |text| text.parse())?;
    println!("decoding for {seconds} s, seed {seed}");
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut inputs = Inputs::new(seed);
    let (mut tried, mut bytes) = (0_u64, 0_u64);
    while Instant::now() < end {
        let input = inputs.next();
        let found = catch_unwind(AssertUnwindSafe(|| check::all(&input)));
        if let Err(fault) = found.unwrap_or_else(|_| Err("the decoder panicked".to_owned())) {
            let file = std::env::temp_dir().join(format!("streambell-fuzz-{seed}-{tried}"));
            std::fs::write(&file, &input.bytes)?;
            println!("{fault}\n{input:?}\nits bytes are in {}", file.display());
            return Ok(ExitCode::FAILURE);
        }
        tried += 1;
        bytes += input.bytes.len() as u64;
    }
    println!("{tried} inputs, {:.1} MB, {} a second: nothing found", bytes as f64 / 1e6, tried / seconds.max(1));
    Ok(ExitCode::SUCCESS)
}
