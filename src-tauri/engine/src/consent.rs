//! What a page must not decide alone, since somebody may have taken it over: what of this machine a change gives away or
//! starts that the configuration does not give away or start already. Pure.
//!
//! Who edits the file or types a command is a person, and is not asked.

mod request;
mod words;

use std::path::PathBuf;
use std::sync::Arc;

use reqwest::Url;
use thiserror::Error;

use crate::auth;
use crate::config::{Config, HeaderValue, Redirects, RuleConfig, SecretSource, StreamConfig};
use crate::locale::Text;
use crate::secrets::Part;

pub use request::Request;
pub use words::question;

/// Something of this machine that a change gives away or starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// What a variable, a file or a program tells is sent there.
    Secret {
        /// Where it is read.
        source: SecretSource,
        /// Where it goes.
        to: Vec<Place>,
    },
    /// The key in a client certificate's file signs in there.
    Key {
        /// The file.
        certificate: PathBuf,
        /// Where it signs in.
        to: Vec<Place>,
    },
    /// What a variable, a file or a program tells is read to open a client certificate.
    Password {
        /// Where it is read.
        source: SecretSource,
        /// The certificate's file.
        certificate: PathBuf,
    },
    /// A socket of this machine is talked to.
    Socket {
        /// The socket.
        path: PathBuf,
        /// What whoever listens there is asked for: it can be to start something.
        request: Request,
    },
    /// Redirects of a server may take along what the keyring holds for it.
    Led {
        /// The server.
        from: String,
        /// A glob for hosts.
        to: String,
    },
    /// Rules may start programs from now on, and the dashboard brings streams that do.
    Programs,
    /// A rule starts a program.
    Program {
        /// The rule's name.
        rule: String,
        /// The program and its arguments.
        words: Vec<String>,
    },
    /// What the keyring holds for a stream is sent with another request than before.
    Kept {
        /// The stream's name.
        stream: String,
        /// Where it goes.
        to: Vec<Place>,
    },
    /// What the keyring holds under a stream's name, though no stream uses it, is used by that stream.
    Leftover {
        /// The stream's name.
        stream: String,
        /// Where it goes.
        to: Vec<Place>,
    },
}

/// Where a secret goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A server, by a request that carries the secret.
    Request(Request),
    /// A server, whatever it is asked for: scheme, host and port, the host as DNS knows it.
    Server(String),
    /// Whoever listens on a socket of this machine.
    Socket(PathBuf),
    /// A proxy that can read what is sent through it.
    Proxy(String),
    /// The hosts of a glob, where a server redirects there.
    Led(String),
}

/// Why a change is not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NeedsConsent {
    /// A person must agree to this first, in these words.
    #[error("a person must agree first: {0}")]
    Question(Text),
    /// More than a person can be asked about.
    #[error("{0}")]
    TooMuch(Text),
}

/// Whether a person has agreed to all of this; `agreed` is what they read, in English.
///
/// # Errors
/// [`NeedsConsent`] where they have not, or to something else.
pub fn check(reaches: &[Reach], agreed: Option<&str>) -> Result<(), NeedsConsent> {
    if reaches.is_empty() {
        return Ok(());
    }
    let question = question(reaches).map_err(NeedsConsent::TooMuch)?;
    if agreed == Some(question.english.as_str()) { Ok(()) } else { Err(NeedsConsent::Question(question)) }
}

/// What one configuration gives away or starts that another does not; what the keyring holds is not looked at.
pub fn reaches(old: &Config, new: &Config) -> Vec<Reach> {
    let mut changed = changed(old, new).peekable();
    let mut found: Vec<Reach> = Vec::new();
    if new.allow_commands && !old.allow_commands {
        found.push(Reach::Programs);
    }
    if changed.peek().is_some() {
        let before: Vec<Reach> = old.streams.iter().flat_map(|stream| of_stream(stream)).collect();
        for stream in changed {
            let fresh = of_stream(stream).into_iter().filter_map(|reach| beyond(reach, &before));
            for reach in fresh.chain(led_on(old, stream)).collect::<Vec<_>>() {
                if !found.contains(&reach) {
                    found.push(reach);
                }
            }
        }
    }
    let programs =
        new.rules.iter().filter(|rule| !rule.run.is_empty() && !old.rules.iter().any(|old| starts(old, rule)));
    found.extend(programs.map(|rule| Reach::Program { rule: rule.name.to_string(), words: rule.run.clone() }));
    found
}

/// What the keyring holds for a stream goes with other requests than before; `stays` tells which parts it still holds
/// then, neither typed anew nor forgotten.
pub fn kept(old: &StreamConfig, new: &StreamConfig, stays: impl Fn(Part<'_>) -> bool) -> Option<Reach> {
    let held = |stream| carried(stream).into_iter().filter(|(_, source, _)| **source == SecretSource::Keyring);
    let before: Vec<_> = held(old).collect();
    let mut to = Vec::new();
    for (part, _, requests) in held(new).filter(|(part, ..)| stays(*part)) {
        // Without one of its own it is what another stream left.
        let Some((_, _, known)) = before.iter().find(|(known, ..)| *known == part) else { continue };
        to.extend(requests.into_iter().filter(|request| !known.contains(request)).map(Place::Request));
    }
    (!to.is_empty()).then(|| Reach::Kept { stream: new.name.to_string(), to })
}

/// Whether a rule starts already what another one would, for the same events. One that is off starts nothing, but is
/// not asked about at each of its edits.
fn starts(old: &RuleConfig, new: &RuleConfig) -> bool {
    let is_same = old.name == new.name && old.run == new.run;
    is_same && (!new.enabled || (old.enabled && old.events == new.events && old.streams == new.streams))
}

/// The streams of a configuration that another does not have just so.
pub(crate) fn changed<'a>(old: &Config, new: &'a Config) -> impl Iterator<Item = &'a Arc<StreamConfig>> {
    new.streams.iter().filter(|stream| !old.streams.contains(stream))
}

/// Where what a stream signs in with goes, or what is got for it.
pub(crate) fn places(stream: &StreamConfig) -> Vec<Place> {
    reached(stream, Request::of_main(stream).into_iter().map(Place::Request))
}

/// All that a stream reads and talks to besides the keyring and its server.
fn of_stream(stream: &StreamConfig) -> Vec<Reach> {
    let told = carried(stream).into_iter().filter(|(_, source, _)| **source != SecretSource::Keyring);
    let mut found: Vec<Reach> = told
        .map(|(_, source, requests)| {
            let to = reached(stream, requests.into_iter().map(Place::Request));
            Reach::Secret { source: source.clone(), to }
        })
        .collect();
    if let Some(certificate) = &stream.client_cert {
        let addresses = auth::main_goes_to(stream);
        let servers = addresses.iter().filter_map(|address| origin(address)).map(Place::Server);
        found.push(Reach::Key { certificate: certificate.clone(), to: reached(stream, servers) });
        let password = stream.client_cert_password.iter().filter(|source| **source != SecretSource::Keyring);
        found.extend(
            password.map(|source| Reach::Password { source: source.clone(), certificate: certificate.clone() }),
        );
    }
    let socket = stream.unix_socket.clone();
    found.extend(socket.map(|path| Reach::Socket { path, request: Request::of(stream) }));
    found
}

/// Each secret of a stream that is sent, with the requests that carry it or what is got for it.
fn carried(stream: &StreamConfig) -> Vec<(Part<'_>, &SecretSource, Vec<Request>)> {
    let main = stream.auth.secret().map(|source| (Part::Main, source, Request::of_main(stream)));
    let headers = stream.headers.iter().filter_map(|header| match &header.value {
        HeaderValue::Plain(_) => None,
        HeaderValue::Secret(source) => {
            Some((Part::Header(&header.name), source, vec![Request::with_header(stream, &header.name)]))
        }
    });
    let client = stream.auth.oauth2().and_then(|oauth2| oauth2.client_secret.as_ref());
    let client = client.map(|source| (Part::ClientSecret, source, Request::of_client(stream)));
    main.into_iter().chain(headers).chain(client).collect()
}

/// What of this is new: where a secret or a key goes, the places where it did not go before.
fn beyond(reach: Reach, before: &[Reach]) -> Option<Reach> {
    match reach {
        Reach::Secret { source, to } => {
            let there = |known: &Reach, place: &Place| matches!(known, Reach::Secret { source: from, to } if *from == source && to.contains(place));
            let to = unknown(to, |place| before.iter().any(|known| there(known, place)))?;
            Some(Reach::Secret { source, to })
        }
        Reach::Key { certificate, to } => {
            let there = |known: &Reach, place: &Place| matches!(known, Reach::Key { certificate: of, to } if *of == certificate && to.contains(place));
            let to = unknown(to, |place| before.iter().any(|known| there(known, place)))?;
            Some(Reach::Key { certificate, to })
        }
        other @ (Reach::Password { .. }
        | Reach::Socket { .. }
        | Reach::Led { .. }
        | Reach::Programs
        | Reach::Program { .. }
        | Reach::Kept { .. }
        | Reach::Leftover { .. }) => (!before.contains(&other)).then_some(other),
    }
}

/// Those that are not known, where there are any.
fn unknown(places: Vec<Place>, is_known: impl Fn(&Place) -> bool) -> Option<Vec<Place>> {
    let fresh: Vec<Place> = places.into_iter().filter(|place| !is_known(place)).collect();
    (!fresh.is_empty()).then_some(fresh)
}

/// The hosts to which the secrets that the keyring holds for a stream's server were not led before.
fn led_on(old: &Config, stream: &StreamConfig) -> Vec<Reach> {
    let Redirects::Trust(globs) = &stream.redirects else { return Vec::new() };
    let Some(from) = origin(&stream.url).filter(|_| uses_keyring(stream)) else { return Vec::new() };
    let at_home = |known: &&StreamConfig| uses_keyring(known) && origin(&known.url).as_ref() == Some(&from);
    let known: Vec<&StreamConfig> = old.streams.iter().map(|known| &**known).filter(at_home).collect();
    let led = |glob: &String| {
        known.is_empty()
            || known.iter().any(|known| matches!(&known.redirects, Redirects::Trust(globs) if globs.contains(glob)))
    };
    let fresh = globs.iter().filter(|glob| !led(glob));
    fresh.map(|glob| Reach::Led { from: from.clone(), to: glob.clone() }).collect()
}

fn uses_keyring(stream: &StreamConfig) -> bool {
    stream.secret_sources().any(|source| *source == SecretSource::Keyring)
}

/// Where what is sent to these servers comes, each once.
fn reached(stream: &StreamConfig, servers: impl Iterator<Item = Place>) -> Vec<Place> {
    let led = match &stream.redirects {
        Redirects::Trust(globs) => globs.as_slice(),
        Redirects::Follow | Redirects::SameOrigin => &[],
    };
    let socket = stream.unix_socket.clone().map(Place::Socket);
    let proxy = auth::overhearing_proxy(stream).map(|proxy| Place::Proxy(proxy.to_owned()));
    let all = servers.chain(socket).chain(proxy).chain(led.iter().cloned().map(Place::Led));
    let mut places = Vec::new();
    for place in all {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

fn origin(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
