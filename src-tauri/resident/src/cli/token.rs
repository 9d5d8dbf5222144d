//! `streambell token`: secrets in the OS keyring.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use streambell_engine::auth::{self, SignIn};
use streambell_engine::config::{self, Config, StreamConfig, check_name};
use streambell_engine::connection::Refusal;
use streambell_engine::secrets::{Part, Vault};
use streambell_engine::transport::HostGate;

use super::{Failure, ask, stdin};
use crate::output::{self, plain};
use crate::place::Place;

/// What `token` does.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Reads a secret from standard input into the keyring
    Set {
        /// The stream
        #[arg(value_parser = name)]
        stream: String,
        #[command(flatten)]
        which: Which,
    },
    /// Signs a stream in with a code to type on a page (grant = "device"), and keeps its token in the keyring
    Login {
        /// The stream
        stream: String,
    },
    /// Deletes a secret from the keyring
    Delete {
        /// The stream
        stream: String,
        #[command(flatten)]
        which: Which,
    },
    /// Lists whose secrets are in the keyring; never a secret
    List,
}

/// Which of a stream's secrets; the one it signs in with where nothing is said.
#[derive(Debug, Default, Args)]
#[group(multiple = false)]
pub(crate) struct Which {
    /// The secret is that of this request header
    #[arg(long, value_name = "NAME")]
    header: Option<String>,
    /// The secret is that of the OAuth 2 client
    #[arg(long)]
    client_secret: bool,
    /// The secret is the password of the client certificate
    #[arg(long)]
    client_cert: bool,
}

impl Which {
    /// Its name in the keyring.
    fn account(&self, stream: &str) -> String {
        let part = match &self.header {
            Some(header) => Part::Header(header),
            None if self.client_secret => Part::ClientSecret,
            None if self.client_cert => Part::ClientCert,
            None => Part::Main,
        };
        part.account(stream)
    }
}

/// Does it.
pub(super) async fn run(place: &Place, command: TokenCommand) -> Result<ExitCode, Failure> {
    if place.demo {
        return Err(Failure::usage(anyhow!("the demo keeps its token in memory: nothing to set")));
    }
    let vault = Vault::Keyring;
    match command {
        TokenCommand::Set { stream, which } => {
            hint(place, &stream);
            let secret = stdin::secret().map_err(Failure::usage)?;
            vault.set(&which.account(&stream), &secret).await.map_err(|error| anyhow!(error))?;
            ask::secret_changed(place, &stream).await;
        }
        TokenCommand::Login { stream } => login(place, &vault, &stream).await?,
        TokenCommand::Delete { stream, which } => {
            let account = which.account(&stream);
            if !vault.delete(&account).await.map_err(|error| anyhow!(error))? {
                return Err(anyhow!("the keyring holds no secret for \"{account}\"").into());
            }
            ask::secret_changed(place, &stream).await;
        }
        TokenCommand::List => {
            for account in vault.list().await.map_err(|error| anyhow!(error))? {
                output::say(&plain(&account, None));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A name that a stream can have: no other would ever ask for the secret.
fn name(text: &str) -> Result<String, String> {
    check_name(text).map(ToOwned::to_owned).map_err(|why| why.english)
}

/// Shows the code, waits until it was typed, and stores what comes of it.
async fn login(place: &Place, vault: &Vault, stream: &str) -> Result<(), Failure> {
    let found = configured(place, stream)?;
    let config = &found.ok_or_else(|| anyhow!("the configuration has no stream named \"{stream}\""))?;
    let gate = HostGate::default();
    let failed = |refusal: Refusal| anyhow!("{}", refusal.message());
    let sign_in = SignIn::start(config, vault, &gate).await.map_err(failed)?;
    let code = sign_in.code();
    output::say(&format!("open {} and type the code {}", plain(&code.url, None), plain(&code.code, None)));
    if let Some(url) = &code.complete_url {
        output::say(&format!("or open {}", plain(url, None)));
    }
    let finishing = async {
        let brought = sign_in.finish(config, vault, &gate).await.map_err(failed)?;
        // While it waited for its person, the running instance may have moved the stream.
        auth::check_still(config, configured(place, stream)?.as_deref()).map_err(|why| anyhow!("{why}"))?;
        brought.store(vault).await.map_err(failed)?;
        Ok::<_, Failure>(())
    };
    tokio::select! {
        finished = finishing => finished?,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted.map_err(|error| anyhow!(error))?;
            return Err(anyhow!("the sign-in was broken off").into());
        }
    }
    output::say(&format!("\"{}\" is signed in", plain(stream, None)));
    ask::secret_changed(place, stream).await;
    Ok(())
}

/// Says so where the secret is stored for a stream that does not exist: most likely its name is misspelt.
fn hint(place: &Place, stream: &str) {
    let known = configured(place, stream).is_ok_and(|found| found.is_some());
    if !known {
        output::complain(&format!("note: the configuration has no stream named \"{stream}\" yet"));
    }
}

/// The stream as the file has it now.
fn configured(place: &Place, stream: &str) -> Result<Option<Arc<StreamConfig>>, Failure> {
    let config = configuration(place)?;
    Ok(config.streams.into_iter().find(|one| one.name.as_str() == stream))
}

fn configuration(place: &Place) -> Result<Config, Failure> {
    let path = &place.profile.config;
    let Some(text) = place.profile.read_config()? else { return Ok(Config::default()) };
    config::parse(&text).map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        Failure::usage(anyhow!("{}:{first}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test]
    async fn the_demo_leaves_the_users_keyring_alone() {
        let place = Place::find(None, true).unwrap();
        let failure = run(&place, TokenCommand::List).await.unwrap_err();
        assert_eq!(failure.line(), "the demo keeps its token in memory: nothing to set");
    }

    #[test]
    fn every_secret_of_a_stream_has_a_name_of_its_own_in_the_keyring() {
        let which = Which::default;
        assert_eq!(which().account("market"), "market");
        let header = Which { header: Some("X-Key".to_owned()), ..which() };
        assert_eq!(header.account("market"), "market/header/X-Key");
        let client = Which { client_secret: true, ..which() };
        assert_eq!(client.account("market"), "market/secret/client-secret");
        let certificate = Which { client_cert: true, ..which() };
        assert_eq!(certificate.account("market"), "market/secret/client-cert");
    }
}
