//! Streams between configuration and form. What a form does not carry stays as it is configured.

mod auth;
mod resume;
mod secrets;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use streambell_engine::config::edit;
use streambell_engine::config::{self, Config, Fingerprint, StreamConfig, parse_fingerprint};
use streambell_engine::engine::Trial;
use streambell_engine::locale::Text;
use streambell_engine::text;
use streambell_protocol::{Configuration, ConnectionForm, RuleForm, RuleView, StoreForm, StreamForm, TestReport};

use super::{request_form, rule_form, settings, view};

pub(super) use auth::to_form as auth_form;
pub(super) use secrets::{as_lines, not_as_lines, typed};

/// What is in force; `text` is how it is written.
pub(super) fn configuration(from: &Config, text: &str, file: &Path) -> Configuration {
    let texts = edit::rule_texts(text).unwrap_or_default();
    let texts = texts.into_iter().map(Some).chain(std::iter::repeat(None));
    Configuration {
        file: file.display().to_string(),
        streams: from.streams.iter().map(|stream| to_form(stream)).collect(),
        rules: from.rules.iter().zip(texts).map(|(from, text)| rule(from, text.unwrap_or_default())).collect(),
        quiet_hours: from.quiet_hours.iter().map(view::quiet_hours).collect(),
        tiles: from.tiles.iter().map(settings::tile).collect(),
        settings: settings::form(from),
        rule_presets: config::preset_names().map(str::to_owned).collect(),
    }
}

/// A stream for editing.
pub(super) fn to_form(from: &StreamConfig) -> StreamForm {
    let (headers, secret_headers) = secrets::headers_form(from);
    let refresh = from.refresh.as_ref();
    StreamForm {
        name: from.name.to_string(),
        url: from.url.clone(),
        enabled: from.enabled,
        auth: auth::to_form(&from.auth),
        refresh_url: refresh.map(|refresh| refresh.url.clone()).unwrap_or_default(),
        refresh_token_pointer: refresh.map(|refresh| refresh.token.clone()).unwrap_or_default(),
        headers,
        secret_headers,
        idle_timeout_s: from.idle_timeout.map_or(0, whole_seconds),
        resume: resume::to_form(&from.resume),
        store: match from.store {
            config::Store::All => StoreForm::All,
            config::Store::Alerts => StoreForm::Alerts,
            config::Store::None => StoreForm::None,
        },
        oauth2: auth::oauth2_form(&from.auth),
        connection: connection_form(from),
        request: request_form::to_form(from),
        preset: None,
        written: None,
    }
}

/// What a form cannot be made a stream with: the key of the file that it is about, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wrong {
    pub(super) key: &'static str,
    pub(super) why: Text,
}

/// A stream as edited; `base` is the one it changes.
///
/// # Errors
/// What cannot be set in a form. The rest is validated by the engine.
pub(super) fn to_config(form: &StreamForm, base: Option<&StreamConfig>) -> Result<StreamConfig, Wrong> {
    let at = |key: &'static str| move |why: Text| Wrong { key, why };
    let new = StreamConfig::new(&form.name, &form.url);
    let base = base.unwrap_or(&new);
    let base = request_form::onto(&form.request, base);
    let (idle_timeout, learn_idle) = idle_timeout(form.idle_timeout_s, &base);
    Ok(StreamConfig {
        name: form.name.as_str().into(),
        url: form.url.clone(),
        enabled: form.enabled,
        auth: auth::onto(form, &base.auth).map_err(at("auth"))?,
        refresh: refresh(form),
        headers: secrets::headers(form, &base).map_err(at("headers"))?,
        idle_timeout,
        learn_idle,
        resume: resume::onto(&form.resume, &base.resume),
        store: match form.store {
            StoreForm::All => config::Store::All,
            StoreForm::Alerts => config::Store::Alerts,
            StoreForm::None => config::Store::None,
        },
        pin_sha256: pins(&form.connection).map_err(at("pin_sha256"))?,
        client_cert_password: secrets::maybe(
            form.connection.client_cert_password.as_ref().filter(|_| !form.connection.client_cert.is_empty()),
            base.client_cert_password.as_ref(),
        )
        .map_err(at("client_cert_password"))?,
        client_cert: path(&form.connection.client_cert),
        unix_socket: path(&form.connection.unix_socket),
        compression: form.connection.compression,
        ..base
    })
}

/// How a trial went.
pub(super) fn report(trial: Trial) -> TestReport {
    let millis = |after: Duration| u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
    TestReport {
        ok: trial.ok,
        message: view::text(&trial.message),
        status: trial.status,
        header_ms: trial.header_after.map(millis),
        events: trial.events,
    }
}

fn connection_form(from: &StreamConfig) -> ConnectionForm {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    ConnectionForm {
        pin_sha256: from.pin_sha256.iter().map(ToString::to_string).collect(),
        client_cert: path(&from.client_cert),
        client_cert_password: from.client_cert_password.as_ref().map(secrets::place),
        unix_socket: path(&from.unix_socket),
        compression: from.compression,
    }
}

fn pins(form: &ConnectionForm) -> Result<Vec<Fingerprint>, Text> {
    let wrong = |why: Text| text!("the pinned certificate {why}", "固定的证书：{why}", why);
    let read = |pin: &String| parse_fingerprint(pin).map_err(wrong);
    form.pin_sha256.iter().map(read).collect()
}

fn path(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| text.into())
}

fn refresh(form: &StreamForm) -> Option<config::Refresh> {
    let token = match form.refresh_token_pointer.as_str() {
        "" => "/token",
        pointer => pointer,
    };
    (!form.refresh_url.is_empty()).then(|| config::Refresh { url: form.refresh_url.clone(), token: token.to_owned() })
}

/// The idle timeout, and whether the heartbeat counts too, as with the default. A duration that the form shows rounded
/// stays exact where the form did not change it.
fn idle_timeout(seconds: u32, base: &StreamConfig) -> (Option<Duration>, bool) {
    if seconds == base.idle_timeout.map_or(0, whole_seconds) {
        return (base.idle_timeout, base.learn_idle);
    }
    let idle = (seconds > 0).then(|| Duration::from_secs(seconds.into()));
    (idle, idle == Some(StreamConfig::IDLE))
}

/// At least 1: 0 means that it is off.
fn whole_seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX).max(1)
}

fn rule(from: &config::RuleConfig, text: String) -> RuleView {
    let said = rule_form::from_toml(&text).filter(|form| form.name == *from.name);
    RuleView {
        name: from.name.to_string(),
        stream: (!from.streams.is_empty()).then(|| from.streams.join(", ")),
        events: from.events.clone(),
        when: view::text(&Text::joined(from.conditions().into_iter(), (" and ", "，且 "))),
        enabled: from.enabled,
        urgency: view::urgency(from.urgency),
        form: Box::new(said.unwrap_or_else(|| RuleForm::new(&*from.name))),
        text,
    }
}
