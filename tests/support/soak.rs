//! Many streams of numbers through random faults into the real resident, which is killed now and then. In the end every
//! number is in the ledger once.

mod tally;

use std::path::{Path, PathBuf};
use std::time::Duration;

use streambell_protocol::{Call, Client};
use tokio::time::{Instant, sleep};

use crate::desktop::Desktop;
use crate::faults::{Faults, Newcomers};
use crate::numbers::Numbers;
use crate::process;
use crate::program::Resident;

pub use tally::Tally;

/// How long the last numbers may take once all is calm.
const CATCHING_UP: Duration = Duration::from_mins(2);

/// What is run.
#[derive(Debug, Clone, Copy)]
pub struct Soak {
    /// For how long there are faults.
    pub duration: Duration,
    /// How many streams.
    pub streams: usize,
    /// How often there is a new number, for all streams.
    pub every: Duration,
    /// How often the resident is killed, on average.
    pub kills: Duration,
    /// Of all that is left to chance.
    pub seed: u64,
}

/// How it went.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How many numbers each stream had.
    pub numbers: u64,
    /// What the ledger has of them.
    pub tally: Tally,
    /// Connections through the proxy.
    pub connections: u64,
    /// Kills of the resident.
    pub kills: u32,
    /// Faults to all connections at once.
    pub faults: u32,
    /// How long the last numbers took once all was calm.
    pub caught_up: Duration,
    /// The most memory (PSS) the resident was seen with, in MiB.
    pub memory: f64,
    /// Lines of its log that should not be there.
    pub complaints: Vec<String>,
}

impl Outcome {
    /// Whether every number is there once and nothing panicked.
    pub fn is_good(&self) -> bool {
        self.tally.is_complete() && self.complaints.is_empty()
    }
}

impl Soak {
    /// Runs it; `say` gets a line about every half minute.
    pub async fn run(self, mut say: impl FnMut(String)) -> Outcome {
        let mut run = Run::start(self).await;
        let start = Instant::now();
        let mut said = start;
        while start.elapsed() < self.duration {
            run.one_fault().await;
            run.memory = run.memory.max(process::pss(run.resident.pid()));
            if said.elapsed() > Duration::from_secs(30) {
                said = Instant::now();
                say(format!(
                    "{:>4} s: number {}, {} connections, {} kills, {} faults to all, {:.1} MiB",
                    start.elapsed().as_secs(),
                    run.numbers.newest(),
                    run.faults.connections(),
                    run.kills,
                    run.count,
                    run.memory,
                ));
            }
        }
        run.finish().await
    }
}

struct Run {
    soak: Soak,
    desktop: Desktop,
    profile: PathBuf,
    numbers: Numbers,
    faults: Faults,
    resident: Resident,
    random: fastrand::Rng,
    next_kill: Instant,
    kills: u32,
    count: u32,
    memory: f64,
}

impl Run {
    async fn start(soak: Soak) -> Self {
        let desktop = Desktop::bare();
        let numbers = Numbers::start(soak.every).await;
        let faults = Faults::in_front_of(numbers.address()).await;
        faults.random(soak.seed);
        let profile = desktop.path("soak");
        std::fs::create_dir_all(&profile).expect("a folder for the profile");
        std::fs::write(profile.join("config.toml"), config(&faults, soak.streams)).expect("a configuration file");
        let resident = start(&desktop, &profile);
        let mut random = fastrand::Rng::with_seed(soak.seed);
        let next_kill = Instant::now() + about(soak.kills, &mut random);
        Self { soak, desktop, profile, numbers, faults, resident, random, next_kill, kills: 0, count: 0, memory: 0.0 }
    }

    async fn one_fault(&mut self) {
        sleep(Duration::from_millis(self.random.u64(50..800))).await;
        if Instant::now() >= self.next_kill {
            self.resident.kill().await;
            self.resident = start(&self.desktop, &self.profile);
            self.kills += 1;
            self.next_kill = Instant::now() + about(self.soak.kills, &mut self.random);
            return;
        }
        match self.random.u8(..12) {
            0 => self.faults.cut(),
            1 => self.faults.reset(),
            2 => {
                self.faults.stall();
                sleep(Duration::from_millis(self.random.u64(10..1_500))).await;
                self.faults.flow();
            }
            3 => {
                self.faults.newcomers(Newcomers::Refuse);
                self.faults.reset();
                sleep(Duration::from_millis(self.random.u64(10..1_000))).await;
                self.faults.newcomers(Newcomers::Serve);
            }
            // Failures in a row make waits long, as they should; a person who is impatient keeps the streams busy.
            _ => {
                let stream = format!("s{}", self.random.usize(..self.soak.streams));
                return self.reconnect(Some(stream)).await;
            }
        }
        self.count += 1;
    }

    /// A resident that has just been started may not answer yet; the next time it will.
    async fn reconnect(&self, stream: Option<String>) {
        if let Ok((client, _pushes)) = Client::connect(&self.profile.join("control.sock")).await {
            drop(client.call(Call::Reconnect { stream }).await);
        }
    }

    async fn finish(mut self) -> Outcome {
        let numbers = self.numbers.stop_counting().await;
        self.faults.calm();
        let calm = Instant::now();
        let names: Vec<_> = (0..self.soak.streams).map(|number| format!("s{number}")).collect();
        let tally = loop {
            self.reconnect(None).await;
            sleep(Duration::from_secs(1)).await;
            let tally = Tally::take(&self.profile.join("history.db"), &names, numbers);
            if tally.missing == 0 || calm.elapsed() > CATCHING_UP {
                break tally;
            }
        };
        let caught_up = calm.elapsed();
        self.resident.terminate().await;
        let ended = self.resident.ended().await;
        let mut complaints: Vec<_> =
            self.resident.log().lines().filter(|line| line.contains("panic")).map(str::to_owned).collect();
        if !ended.success() {
            complaints.push(format!("the resident ended with {ended}"));
        }
        Outcome {
            numbers,
            tally,
            connections: self.faults.connections(),
            kills: self.kills,
            faults: self.count,
            caught_up,
            memory: self.memory,
            complaints,
        }
    }
}

fn start(desktop: &Desktop, profile: &Path) -> Resident {
    Resident::start(desktop, profile, &["run", "--headless"])
}

fn config(faults: &Faults, streams: usize) -> String {
    let mut text = "version = 1\n\n[history]\nmax_events = 100000000\n\n\
                    [[rule]]\nname = \"alert\"\nevent = \"market-alert\"\nbody = \"{{ data.message }}\"\n"
        .to_owned();
    for number in 0..streams {
        let url = faults.url(&format!("/{number}"));
        text.push_str(&format!(
            "\n[[stream]]\nname = \"s{number}\"\nurl = \"{url}\"\nretry = \"100ms\"\nidle_timeout = \"2s\"\n"
        ));
    }
    text
}

/// A half to one and a half times.
fn about(time: Duration, random: &mut fastrand::Rng) -> Duration {
    time.mul_f64(0.5 + random.f64())
}
