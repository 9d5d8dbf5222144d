//! The hubs people run, each with the stream and the rules of its preset: Nchan itself, and for the others a server that
//! speaks their dialect to the letter.

mod centrifugo;
mod firebase;
mod frameworks;
mod home_assistant;
mod llm;
mod mercure;
mod nchan;
mod ntfy;
mod pocketbase;
mod wikimedia;

use std::sync::Arc;
use std::time::Duration;

use streambell_engine::config::{self, Config, StreamConfig};
use streambell_engine::connection::State;
use streambell_engine::model::StoredEvent;
use streambell_engine::presets::preset;
use streambell_engine::secrets::{Secret, Vault};
use streambell_tests::{Rig, Server};

/// What a preset makes of these values for a server of the test, read again as it would be pasted; it tries again
/// quickly.
pub(crate) fn filled(key: &str, server: &Server, values: &[(&str, &str)], auth: Option<usize>) -> Config {
    let host = server.url("");
    filled_for(key, &[values, &[("host", &host)]].concat(), auth)
}

/// The same of a preset that has a server of its own, or for one of another kind.
pub(crate) fn filled_for(key: &str, values: &[(&str, &str)], auth: Option<usize>) -> Config {
    let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let text = preset(key).unwrap().fill(&values, auth).unwrap().text;
    let mut config = config::parse(&text).unwrap();
    change(&mut config, |stream| stream.retry = Duration::from_millis(20));
    config
}

pub(crate) fn change(config: &mut Config, change: impl FnOnce(&mut StreamConfig)) {
    change(Arc::make_mut(&mut config.streams[0]));
}

/// An engine with this configuration, and `s3cret` for its stream.
pub(crate) async fn rig(config: Config) -> Rig {
    let vault = Vault::memory();
    vault.set(config.streams[0].name.as_str(), &Secret::from("s3cret")).await.unwrap();
    Rig::start_in(tempfile::tempdir().unwrap(), config, vault, false)
}

/// Waits until the stream wants a sign-in or has ended, and says why.
pub(crate) async fn rests(rig: &Rig) -> State {
    let rests = |state: &State| matches!(state, State::NeedsSignIn { .. } | State::Ended { .. });
    let snapshot = rig.snapshot("rest", |snapshot| rests(&snapshot.streams[0].state)).await;
    snapshot.streams[0].state.clone()
}

/// The data of events.
pub(crate) fn data(events: &[StoredEvent]) -> Vec<&str> {
    events.iter().map(|stored| stored.event.data.as_str()).collect()
}

/// A query parameter of a request's path, decoded.
pub(crate) fn parameter(path: &str, name: &str) -> Option<String> {
    let (_, query) = path.split_once('?')?;
    let pair = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
    let mut bytes = Vec::new();
    let mut rest = pair.1.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex = String::from_utf8(rest.by_ref().take(2).collect()).unwrap();
                u8::from_str_radix(&hex, 16).unwrap()
            }
            other => other,
        });
    }
    Some(String::from_utf8(bytes).unwrap())
}
