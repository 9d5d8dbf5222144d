//! `streambell doctor URL`: what is wrong between here and a server. Needs no profile and no keyring; where the profile
//! has a stream with this address, its connections of before are looked at, too.

mod text;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use streambell_engine::auth::Credentials;
use streambell_engine::config::{self, parse_duration};
use streambell_engine::doctor::{LONGEST, Patient, Verdict, WATCH, diagnose};
use streambell_engine::ledger::Reader;
use streambell_engine::secrets::Vault;
use streambell_engine::uptime::Record;

use super::Failure;
use super::connection::ConnectionArguments;
use crate::output;
use crate::place::Place;
use crate::signals::{Asked, Signals};

/// The name of the stream, and of its secret in the vault in memory.
const STREAM: &str = "doctor";

/// The shortest and longest time to watch.
const LENGTHS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3_600));

/// How many connections of before are looked at.
const HISTORY: u32 = 50;

/// What `doctor` takes.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 healthy, 1 something was found, 3 no server answered.")]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    connection: ConnectionArguments,
    /// How long to watch, 15s by default, and on to 65s where nothing comes; 3m also finds what cuts a stream each minute
    #[arg(long = "for", value_name = "DURATION", value_parser = length)]
    length: Option<Duration>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Watches, asks again, and says what was found.
pub(super) async fn run(place: Option<&Place>, arguments: DoctorArguments) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen()?;
    let config = arguments.connection.stream(STREAM);
    let vault = Vault::memory();
    if arguments.connection.auth.is_some() {
        // On a thread of its own, so that a signal ends us while nobody types.
        let reading = tokio::task::spawn_blocking(super::stdin::secret);
        let secret = tokio::select! {
            read = reading => read.map_err(|error| anyhow!(error))?.map_err(Failure::usage)?,
            () = end(&mut signals) => return Err(anyhow!("it was ended before it was done").into()),
        };
        vault.set(STREAM, &secret).await.map_err(|error| anyhow!("the secret cannot be kept in memory: {error}"))?;
    }
    let credentials = Credentials::read(&config, &vault, None).await;
    let credentials = credentials.map_err(|refusal| Failure::usage(anyhow!("{}", refusal.message())))?;
    let (watch, longest) = arguments.length.map_or((WATCH, LONGEST), |length| (length, length));
    let history = place.map(|place| history(place, &config.url)).unwrap_or_default();
    if !arguments.json && output::stderr_is_terminal() {
        let on = if longest > watch {
            format!(" (up to {} s where nothing comes)", longest.as_secs())
        } else {
            String::new()
        };
        output::complain(&format!("watching for {} s{on} …", watch.as_secs()));
    }
    let patient = Patient { config, credentials, watch, longest, history };
    let report = tokio::select! {
        report = diagnose(patient) => report,
        () = end(&mut signals) => return Err(anyhow!("it was ended before it was done").into()),
    };
    let mut out = Vec::new();
    match arguments.json {
        true => output::json_line(&mut out, &report),
        false => out.extend(text::report(&report, output::stdout_is_coloured()).into_bytes()),
    }
    output::say_all(&out);
    Ok(match report.verdict {
        Verdict::Healthy => ExitCode::SUCCESS,
        Verdict::Findings => ExitCode::from(1),
        Verdict::Unreachable => ExitCode::from(3),
    })
}

/// The connections of the profile's stream with this address. Whatever stands in the way, there are none.
fn history(place: &Place, url: &str) -> Vec<Record> {
    let text = place.profile.read_config().ok().flatten();
    let Some(config) = text.and_then(|text| config::parse(&text).ok()) else { return Vec::new() };
    let Some(stream) = config.streams.iter().find(|stream| stream.url == url) else { return Vec::new() };
    if !place.profile.ledger.exists() {
        return Vec::new();
    }
    let read = Reader::open(&place.profile.ledger).and_then(|reader| reader.connections(stream.name.as_str(), HISTORY));
    read.unwrap_or_default()
}

fn length(text: &str) -> Result<Duration, String> {
    let length = parse_duration(text)?;
    let (least, most) = LENGTHS;
    if (least..=most).contains(&length) { Ok(length) } else { Err("between 1s and 1h".to_owned()) }
}

async fn end(signals: &mut Signals) {
    while signals.next().await != Asked::End {}
}
