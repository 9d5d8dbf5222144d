//! `streambell doctor URL`: what is wrong between here and a server. Needs no profile and no keyring; where the profile
//! has a stream there, its connections of before are looked at, too. In place of an address it takes the name of such a
//! stream, with all its settings and secrets.

mod text;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use streambell_engine::auth::Credentials;
use streambell_engine::config::{self, StreamConfig, parse_duration};
use streambell_engine::doctor::{LONGEST, Patient, Verdict, WATCH, diagnose};
use streambell_engine::ledger::Reader;
use streambell_engine::secrets::Vault;
use streambell_engine::transport::{host, same_place};
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
#[command(
    after_help = "In place of the address: the name of a stream of the configuration, which is reached with its stored secret.\n\
                        Exit status: 0 healthy, 1 something was found, 3 no server answered."
)]
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
    let (watch, longest) = arguments.length.map_or((WATCH, LONGEST), |length| (length, length));
    let patient = async {
        let patient = patient(place, &arguments.connection, watch, longest).await?;
        if !arguments.json && output::stderr_is_terminal() {
            let on = match longest > watch {
                true => format!(" (up to {} s where nothing comes)", longest.as_secs()),
                false => String::new(),
            };
            output::complain(&format!("watching for {} s{on} …", watch.as_secs()));
        }
        Ok::<_, Failure>(diagnose(patient).await)
    };
    let report = tokio::select! {
        report = patient => report?,
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

/// What was typed, be it an address or the name of a stream.
async fn patient(
    place: Option<&Place>,
    typed: &ConnectionArguments,
    watch: Duration,
    longest: Duration,
) -> Result<Patient, Failure> {
    let config = typed.stream(STREAM);
    let streams = place.map(configured).unwrap_or_default();
    let named = streams.iter().find(|stream| stream.name.as_str() == config.url);
    if let (Some(place), Some(stream)) = (place, named) {
        if !typed.is_bare() {
            let message =
                "a stream of the configuration is reached as it stands there: only --for and --json go with it";
            return Err(Failure::usage(anyhow!(message)));
        }
        if place.demo {
            let message =
                "the demo's token is in its own memory: press \"Diagnose\" beside the stream on its dashboard";
            return Err(Failure::usage(anyhow!(message)));
        }
        let config = stream.as_ref().clone();
        let history = history(place, &config);
        let patient = Patient::of_stream(config, &Vault::Keyring, watch, longest, history).await;
        return patient.map_err(|message| anyhow!(message).into());
    }
    if host(&config.url).is_none() {
        // Not quoted: whoever mistypes an address may have typed a secret.
        let message = "this is neither an http or https address nor the name of a stream in the configuration";
        return Err(Failure::usage(anyhow!(message)));
    }
    let vault = Vault::memory();
    if typed.auth.is_some() {
        // On a thread of its own, so that a signal ends us while nobody types.
        let reading = tokio::task::spawn_blocking(super::stdin::secret);
        let secret = reading.await.map_err(|error| anyhow!(error))?.map_err(Failure::usage)?;
        vault.set(STREAM, &secret).await.map_err(|error| anyhow!("the secret cannot be kept in memory: {error}"))?;
    }
    let credentials = Credentials::read(&config, &vault, None).await;
    let credentials = credentials.map_err(|refusal| Failure::usage(anyhow!("{}", refusal.message())))?;
    // Of two streams at one place, the one with the same parameters.
    let there = streams.iter().filter(|stream| same_place(&stream.url, &config.url));
    let known = there.max_by_key(|stream| stream.url == config.url);
    let history = place.zip(known).map(|(place, stream)| history(place, stream)).unwrap_or_default();
    Ok(Patient { config, credentials, watch, longest, history })
}

/// The profile's streams. Whatever stands in the way, there are none.
fn configured(place: &Place) -> Vec<Arc<StreamConfig>> {
    let text = place.profile.read_config().ok().flatten();
    text.and_then(|text| config::parse(&text).ok()).map(|config| config.streams).unwrap_or_default()
}

/// The connections of a stream of the profile; as good as none where they cannot be read.
fn history(place: &Place, stream: &StreamConfig) -> Vec<Record> {
    if !place.profile.ledger.exists() {
        return Vec::new();
    }
    let read = Reader::open(&place.profile.ledger).and_then(|reader| reader.connections(stream.name.as_str(), HISTORY));
    read.unwrap_or_default()
}

fn length(text: &str) -> Result<Duration, String> {
    let length = parse_duration(text).map_err(|why| why.english)?;
    let (least, most) = LENGTHS;
    if (least..=most).contains(&length) { Ok(length) } else { Err("between 1s and 1h".to_owned()) }
}

async fn end(signals: &mut Signals) {
    while signals.next().await != Asked::End {}
}
