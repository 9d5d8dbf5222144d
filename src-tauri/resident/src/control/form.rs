//! Streams between configuration and form. What a form does not carry stays as it is configured.

use std::path::{Path, PathBuf};
use std::time::Duration;

use streambell_engine::config;
use streambell_engine::config::edit;
use streambell_engine::config::{
    Auth, Config, Fingerprint, Grant, Header, HeaderValue, OAuth2, StreamConfig, parse_fingerprint,
};
use streambell_engine::engine::Trial;
use streambell_protocol::{
    AuthForm, AuthKind, Configuration, ConnectionForm, GrantForm, OAuth2Form, ResumeForm, ResumeFrom, ResumeSend,
    RuleForm, RuleView, SecretSource, StoreForm, StreamForm, TestReport,
};

use super::{request_form, rule_form, settings, view};

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
    let plain = |header: &Header| match &header.value {
        HeaderValue::Plain(value) => Some((header.name.clone(), value.clone())),
        HeaderValue::Secret(_) => None,
    };
    let refresh = from.refresh.as_ref();
    StreamForm {
        name: from.name.to_string(),
        url: from.url.clone(),
        enabled: from.enabled,
        auth: auth_form(&from.auth),
        refresh_url: refresh.map(|refresh| refresh.url.clone()).unwrap_or_default(),
        refresh_token_pointer: refresh.map(|refresh| refresh.token.clone()).unwrap_or_default(),
        headers: from.headers.iter().filter_map(plain).collect(),
        idle_timeout_s: from.idle_timeout.map_or(0, whole_seconds),
        resume: resume_form(&from.resume),
        store: match from.store {
            config::Store::All => StoreForm::All,
            config::Store::Alerts => StoreForm::Alerts,
            config::Store::None => StoreForm::None,
        },
        oauth2: oauth2_form(&from.auth),
        connection: connection_form(from),
        request: request_form::to_form(from),
        preset: None,
    }
}

/// A stream as edited; `base` is the one it changes.
///
/// # Errors
/// What cannot be set in a form. The rest is validated by the engine.
pub(super) fn to_config(form: &StreamForm, base: Option<&StreamConfig>) -> Result<StreamConfig, String> {
    let new = StreamConfig::new(&form.name, &form.url);
    let base = base.unwrap_or(&new);
    let base = request_form::onto(&form.request, base);
    let (idle_timeout, learn_idle) = idle_timeout(form.idle_timeout_s, &base);
    Ok(StreamConfig {
        name: form.name.as_str().into(),
        url: form.url.clone(),
        enabled: form.enabled,
        auth: auth(form, &base.auth)?,
        refresh: refresh(form),
        headers: headers(form, &base),
        idle_timeout,
        learn_idle,
        resume: resume(&form.resume, &base.resume),
        store: match form.store {
            StoreForm::All => config::Store::All,
            StoreForm::Alerts => config::Store::Alerts,
            StoreForm::None => config::Store::None,
        },
        pin_sha256: pins(&form.connection)?,
        client_cert_password: base.client_cert_password.clone().filter(|_| !form.connection.client_cert.is_empty()),
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

/// How a stream signs in, for editing.
pub(super) fn auth_form(from: &Auth) -> AuthForm {
    let (kind, name) = match from {
        Auth::None => (AuthKind::None, ""),
        Auth::Bearer { .. } => (AuthKind::Bearer, ""),
        Auth::Basic { user, .. } => (AuthKind::Basic, user.as_str()),
        Auth::Header { name, .. } => (AuthKind::Header, name.as_str()),
        Auth::Query { name, .. } => (AuthKind::Query, name.as_str()),
        Auth::Cookie { name, .. } => (AuthKind::Cookie, name.as_str()),
        Auth::OAuth2(_) => (AuthKind::Oauth2, ""),
    };
    AuthForm { kind, name: name.to_owned(), source: source_form(from.secret()) }
}

fn source_form(from: Option<&config::SecretSource>) -> SecretSource {
    match from {
        None | Some(config::SecretSource::Keyring) => SecretSource::Keyring,
        Some(config::SecretSource::Env(_)) => SecretSource::Env,
        Some(config::SecretSource::File(_)) => SecretSource::File,
        Some(config::SecretSource::Command(_)) => SecretSource::Command,
    }
}

/// What the other kinds have does not show; where the kind is chosen, a person signs in on a page.
fn oauth2_form(from: &Auth) -> OAuth2Form {
    let Some(from) = oauth2_of(from) else {
        let empty = String::new;
        let grant = GrantForm::Device;
        return OAuth2Form { grant, token_url: empty(), device_url: empty(), client_id: empty(), scope: empty() };
    };
    let (grant, device_url) = match &from.grant {
        Grant::Device { device_url } => (GrantForm::Device, device_url.clone()),
        Grant::RefreshToken => (GrantForm::RefreshToken, String::new()),
        Grant::ClientCredentials => (GrantForm::ClientCredentials, String::new()),
    };
    let scope = from.scope.clone().unwrap_or_default();
    OAuth2Form { grant, token_url: from.token_url.clone(), device_url, client_id: from.client_id.clone(), scope }
}

fn oauth2_of(auth: &Auth) -> Option<&OAuth2> {
    match auth {
        Auth::OAuth2(oauth2) => Some(oauth2),
        Auth::None
        | Auth::Bearer { .. }
        | Auth::Basic { .. }
        | Auth::Header { .. }
        | Auth::Query { .. }
        | Auth::Cookie { .. } => None,
    }
}

fn oauth2(form: &OAuth2Form, secret: config::SecretSource, base: &Auth) -> Auth {
    let base = oauth2_of(base);
    let grant = match form.grant {
        GrantForm::Device => Grant::Device { device_url: form.device_url.clone() },
        GrantForm::RefreshToken => Grant::RefreshToken,
        GrantForm::ClientCredentials => Grant::ClientCredentials,
    };
    let client_secret = base.and_then(|base| base.client_secret.clone());
    Auth::OAuth2(Box::new(OAuth2 {
        // With these the client's secret is the main one.
        client_secret: client_secret.filter(|_| grant != Grant::ClientCredentials),
        grant,
        token_url: form.token_url.clone(),
        client_id: form.client_id.clone(),
        secret,
        client_auth: base.map(|base| base.client_auth).unwrap_or_default(),
        scope: Some(form.scope.clone()).filter(|scope| !scope.is_empty()),
        audience: base.and_then(|base| base.audience.clone()),
    }))
}

fn connection_form(from: &StreamConfig) -> ConnectionForm {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    ConnectionForm {
        pin_sha256: from.pin_sha256.iter().map(ToString::to_string).collect(),
        client_cert: path(&from.client_cert),
        unix_socket: path(&from.unix_socket),
        compression: from.compression,
    }
}

fn pins(form: &ConnectionForm) -> Result<Vec<Fingerprint>, String> {
    let read = |pin: &String| parse_fingerprint(pin).map_err(|message| format!("the pinned certificate {message}"));
    form.pin_sha256.iter().map(read).collect()
}

fn path(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| text.into())
}

fn auth(stream: &StreamForm, base: &Auth) -> Result<Auth, String> {
    let form = &stream.auth;
    let name = form.name.clone();
    if form.kind == AuthKind::None {
        return Ok(Auth::None);
    }
    let secret = match base.secret() {
        _ if form.source == SecretSource::Keyring => config::SecretSource::Keyring,
        Some(source) if source_form(Some(source)) == form.source => source.clone(),
        Some(_) | None => {
            return Err("only the keyring can be chosen here; env, file and command are set in the configuration file"
                .to_owned());
        }
    };
    Ok(match form.kind {
        AuthKind::None => Auth::None,
        AuthKind::Oauth2 => oauth2(&stream.oauth2, secret, base),
        AuthKind::Bearer => Auth::Bearer { secret },
        AuthKind::Basic => Auth::Basic { user: name, secret },
        AuthKind::Header => Auth::Header { name, secret },
        AuthKind::Query => Auth::Query { template: template(base, &name), name, secret },
        AuthKind::Cookie => Auth::Cookie { name, secret },
    })
}

/// What the form does not show of a query parameter, while that is the same.
fn template(base: &Auth, parameter: &str) -> Option<String> {
    match base {
        Auth::Query { name, template, .. } if name == parameter => template.clone(),
        Auth::Query { .. }
        | Auth::None
        | Auth::Bearer { .. }
        | Auth::Basic { .. }
        | Auth::Header { .. }
        | Auth::Cookie { .. }
        | Auth::OAuth2(_) => None,
    }
}

fn refresh(form: &StreamForm) -> Option<config::Refresh> {
    let token = match form.refresh_token_pointer.as_str() {
        "" => "/token",
        pointer => pointer,
    };
    (!form.refresh_url.is_empty()).then(|| config::Refresh { url: form.refresh_url.clone(), token: token.to_owned() })
}

/// The form's plain headers, then the secret ones that the form does not carry.
fn headers(form: &StreamForm, base: &StreamConfig) -> Vec<Header> {
    let plain = form
        .headers
        .iter()
        .map(|(name, value)| Header { name: name.clone(), value: HeaderValue::Plain(value.clone()) });
    let secret = base.headers.iter().filter(|header| match header.value {
        HeaderValue::Plain(_) => false,
        HeaderValue::Secret(_) => true,
    });
    plain.chain(secret.cloned()).collect()
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

fn resume_form(from: &config::Resume) -> ResumeForm {
    let (source, pointer) = match &from.from {
        config::ResumeFrom::Id => (ResumeFrom::Id, ""),
        config::ResumeFrom::Pointer(pointer) => (ResumeFrom::Pointer, pointer.as_str()),
        config::ResumeFrom::None => (ResumeFrom::None, ""),
    };
    let (send, parameter) = match &from.send {
        config::ResumeSend::Header => (ResumeSend::Header, ""),
        config::ResumeSend::Query(parameter) => (ResumeSend::Query, parameter.as_str()),
        config::ResumeSend::None => (ResumeSend::None, ""),
    };
    ResumeForm { from: source, pointer: pointer.to_owned(), send, parameter: parameter.to_owned() }
}

fn resume(form: &ResumeForm, base: &config::Resume) -> config::Resume {
    config::Resume {
        from: match form.from {
            ResumeFrom::Id => config::ResumeFrom::Id,
            ResumeFrom::Pointer => config::ResumeFrom::Pointer(form.pointer.clone()),
            ResumeFrom::None => config::ResumeFrom::None,
        },
        send: match form.send {
            ResumeSend::Header => config::ResumeSend::Header,
            ResumeSend::Query => config::ResumeSend::Query(form.parameter.clone()),
            ResumeSend::None => config::ResumeSend::None,
        },
        ignore: base.ignore.clone(),
    }
}

fn rule(from: &config::RuleConfig, text: String) -> RuleView {
    let said = rule_form::from_toml(&text).filter(|form| form.name == *from.name);
    RuleView {
        name: from.name.to_string(),
        stream: (!from.streams.is_empty()).then(|| from.streams.join(", ")),
        events: from.events.clone(),
        when: from.conditions().join(" and "),
        enabled: from.enabled,
        urgency: view::urgency(from.urgency),
        form: Box::new(said.unwrap_or_else(|| RuleForm::new(&*from.name))),
        text,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn full() -> StreamConfig {
        let header = |name: &str, value| Header { name: name.to_owned(), value };
        StreamConfig {
            auth: Auth::Basic { user: "ann".to_owned(), secret: config::SecretSource::Env("PASSWORD".to_owned()) },
            refresh: Some(config::Refresh { url: "https://a/refresh".to_owned(), token: "/new".to_owned() }),
            headers: vec![
                header("X-Desk", HeaderValue::Plain("7".to_owned())),
                header("X-Key", HeaderValue::Secret(config::SecretSource::Keyring)),
            ],
            idle_timeout: Some(Duration::from_millis(1_500)),
            retry: Duration::from_secs(9),
            resume: config::Resume {
                from: config::ResumeFrom::Pointer("/id".to_owned()),
                send: config::ResumeSend::Query("since".to_owned()),
                ignore: vec!["heartbeat".to_owned()],
            },
            store: config::Store::Alerts,
            max_event: 1_000,
            strict: true,
            proxy: Some("http://proxy/".to_owned()),
            insecure: true,
            ..StreamConfig::new("market", "https://a/stream")
        }
    }

    fn signed_in() -> StreamConfig {
        let settings = OAuth2 {
            grant: Grant::Device { device_url: "https://id/device".to_owned() },
            token_url: "https://id/token".to_owned(),
            client_id: "me".to_owned(),
            secret: config::SecretSource::Keyring,
            client_secret: Some(config::SecretSource::Env("SECRET".to_owned())),
            client_auth: config::ClientAuth::Body,
            scope: Some("read".to_owned()),
            audience: Some("x".to_owned()),
        };
        StreamConfig {
            auth: Auth::OAuth2(Box::new(settings)),
            pin_sha256: vec![Fingerprint([7; 32])],
            client_cert: Some("/c.p12".into()),
            client_cert_password: Some(config::SecretSource::Keyring),
            unix_socket: Some("/x.sock".into()),
            compression: true,
            ..StreamConfig::new("market", "https://a/stream")
        }
    }

    #[test]
    fn a_form_that_was_not_edited_changes_nothing() {
        for stream in [full(), signed_in(), StreamConfig::new("market", "https://a/stream")] {
            assert_eq!(to_config(&to_form(&stream), Some(&stream)), Ok(stream));
        }
    }

    #[test]
    fn a_form_never_carries_a_secret_header() {
        assert_eq!(to_form(&full()).headers, [("X-Desk".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn only_the_keyring_can_be_chosen() {
        let mut form = to_form(&full());
        form.auth.source = SecretSource::Keyring;
        let changed = to_config(&form, Some(&full())).unwrap();
        assert_eq!(changed.auth.secret(), Some(&config::SecretSource::Keyring));
        form.auth.source = SecretSource::Command;
        assert!(to_config(&form, Some(&full())).is_err());
        assert!(to_config(&form, None).is_err());
    }

    #[test]
    fn switching_things_off_takes_them_out() {
        let mut form = to_form(&full());
        form.auth.kind = AuthKind::None;
        form.refresh_url.clear();
        form.idle_timeout_s = 0;
        let changed = to_config(&form, Some(&full())).unwrap();
        assert_eq!((changed.auth, changed.refresh, changed.idle_timeout), (Auth::None, None, None));
    }

    #[test]
    fn the_default_idle_timeout_goes_by_the_heartbeat_too_and_any_other_holds_to_the_letter() {
        let new = StreamConfig::new("a", "http://a/");
        let (default, other) = (Some(StreamConfig::IDLE), Some(Duration::from_secs(60)));
        let kept = StreamConfig { learn_idle: false, ..new.clone() };
        for (base, seconds, wanted) in [
            (&new, 90, (default, true)),
            (&new, 60, (other, false)),
            (&full(), 90, (default, true)),
            (&kept, 90, (default, false)),
        ] {
            assert_eq!(idle_timeout(seconds, base), wanted, "{seconds}");
        }
        assert_eq!(idle_timeout(0, &new), (None, false));
    }
}
