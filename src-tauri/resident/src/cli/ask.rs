//! The commands that only ask something of the running instance.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use streambell_protocol::{Answer, Call, Client, ClientError, Spot};

use super::Failure;
use crate::dashboard;
use crate::output;
use crate::place::Place;

/// A running instance that has not answered by then counts as hanging.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes one call to the running instance.
///
/// # Errors
/// Exit 3 where none runs, exit 1 where it refuses or hangs.
pub(super) async fn ask(socket: &Path, call: Call) -> Result<Answer, Failure> {
    let name = call.name();
    let asking = async {
        let (client, _pushes) = Client::connect(socket).await?;
        client.call(call).await
    };
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error @ ClientError::NotRunning { .. })) => Err(Failure::nobody(error)),
        Ok(Err(error)) => Err(Failure::from(anyhow!(error))),
        Err(_) => Err(anyhow!("Streambell runs but does not answer (asked for {name})").into()),
    }
}

/// `streambell dashboard`: where the running instance has no display, the window is started here.
pub(super) async fn dashboard(place: &Place) -> Result<ExitCode, Failure> {
    match ask(&place.profile.socket, Call::OpenDashboard { alert: None }).await {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(failure) if failure.is_refusal() && dashboard::has_display() => {
            tracing::info!(reason = failure.line(), "opening the dashboard from here");
            let program = dashboard::Program::of(place);
            program.start(&Spot::default()).map(|_| ExitCode::SUCCESS).map_err(|error| anyhow!(error).into())
        }
        Err(failure) => Err(failure),
    }
}

/// `streambell reconnect [STREAM]`.
pub(super) async fn reconnect(place: &Place, stream: Option<String>) -> Result<ExitCode, Failure> {
    done(place, Call::Reconnect { stream }).await
}

/// `streambell quit`: returns when the instance has ended.
pub(super) async fn quit(place: &Place) -> Result<ExitCode, Failure> {
    let ending = async {
        let (client, mut pushes) = Client::connect(&place.profile.socket).await?;
        client.call(Call::Quit).await?;
        while pushes.recv().await.is_some() {}
        Ok::<_, ClientError>(())
    };
    match tokio::time::timeout(PATIENCE, ending).await {
        Ok(Ok(())) => Ok(ExitCode::SUCCESS),
        Ok(Err(error @ ClientError::NotRunning { .. })) => Err(Failure::nobody(error)),
        Ok(Err(error)) => Err(anyhow!(error).into()),
        Err(_) => Err(anyhow!("Streambell was asked to end but has not ended yet").into()),
    }
}

/// Makes a call of which only its refusal is told.
pub(super) async fn done(place: &Place, call: Call) -> Result<ExitCode, Failure> {
    ask(&place.profile.socket, call).await.map(|_| ExitCode::SUCCESS)
}

/// Rounded up: a pause is never shorter than asked for.
pub(super) fn whole_seconds(duration: Duration) -> u32 {
    let up = u64::from(duration.subsec_nanos() > 0);
    u32::try_from(duration.as_secs().saturating_add(up)).unwrap_or(u32::MAX)
}

/// Tells a running instance, if there is one, that the secret of a stream changed.
pub(super) async fn secret_changed(place: &Place, stream: &str) {
    let call = Call::Reconnect { stream: Some(stream.to_owned()) };
    match ask(&place.profile.socket, call).await {
        Ok(_) => output::say(&format!("the running Streambell connects \"{stream}\" anew")),
        // Nobody runs, or what runs does not have the stream yet: it reads the secret when it does.
        Err(failure) => tracing::debug!(reason = failure.line(), "no running instance took notice"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_never_shorter_than_asked_for() {
        assert_eq!(whole_seconds(Duration::from_millis(250)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(900)), 900);
        assert_eq!(whole_seconds(Duration::from_secs(u64::MAX)), u32::MAX);
    }
}
