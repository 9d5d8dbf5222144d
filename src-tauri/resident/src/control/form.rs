//! Streams between configuration and form. What a form does not carry stays as it is configured.

use std::path::Path;
use std::time::Duration;

use streambell_engine::config;
use streambell_engine::config::{Auth, Config, Header, HeaderValue, StreamConfig};
use streambell_engine::engine::Trial;
use streambell_protocol::{
    AuthForm, AuthKind, Configuration, ResumeForm, ResumeFrom, ResumeSend, RuleView, SecretSource, StoreForm,
    StreamForm, TestReport,
};

use super::view;

/// The streams and rules in force.
pub(super) fn configuration(from: &Config, file: &Path) -> Configuration {
    Configuration {
        file: file.display().to_string(),
        streams: from.streams.iter().map(|stream| to_form(stream)).collect(),
        rules: from.rules.iter().map(rule).collect(),
        quiet_hours: from.quiet_hours.iter().map(view::quiet_hours).collect(),
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
    }
}

/// A stream as edited; `base` is the one it changes.
///
/// # Errors
/// What cannot be set in a form. The rest is validated by the engine.
pub(super) fn to_config(form: &StreamForm, base: Option<&StreamConfig>) -> Result<StreamConfig, String> {
    let new = StreamConfig::new(&form.name, &form.url);
    let base = base.unwrap_or(&new);
    Ok(StreamConfig {
        name: form.name.as_str().into(),
        url: form.url.clone(),
        enabled: form.enabled,
        auth: auth(&form.auth, &base.auth)?,
        refresh: refresh(form),
        headers: headers(form, base),
        idle_timeout: idle_timeout(form.idle_timeout_s, base.idle_timeout),
        learn_idle: base.learn_idle && base.idle_timeout == idle_timeout(form.idle_timeout_s, base.idle_timeout),
        resume: resume(&form.resume, &base.resume),
        store: match form.store {
            StoreForm::All => config::Store::All,
            StoreForm::Alerts => config::Store::Alerts,
            StoreForm::None => config::Store::None,
        },
        ..base.clone()
    })
}

/// How a trial went.
pub(super) fn report(trial: Trial) -> TestReport {
    let millis = |after: Duration| u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
    TestReport {
        ok: trial.ok,
        message: trial.message,
        status: trial.status,
        header_ms: trial.header_after.map(millis),
        events: trial.events,
    }
}

fn auth_form(from: &Auth) -> AuthForm {
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

fn auth(form: &AuthForm, base: &Auth) -> Result<Auth, String> {
    let name = form.name.clone();
    match form.kind {
        AuthKind::None => return Ok(Auth::None),
        AuthKind::Oauth2 if auth_form(base) == *form => return Ok(base.clone()),
        AuthKind::Oauth2 => return Err("OAuth 2 is set up in the configuration file".to_owned()),
        AuthKind::Bearer | AuthKind::Basic | AuthKind::Header | AuthKind::Query | AuthKind::Cookie => {}
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
        AuthKind::None | AuthKind::Oauth2 => Auth::None,
        AuthKind::Bearer => Auth::Bearer { secret },
        AuthKind::Basic => Auth::Basic { user: name, secret },
        AuthKind::Header => Auth::Header { name, secret },
        AuthKind::Query => Auth::Query { name, secret },
        AuthKind::Cookie => Auth::Cookie { name, secret },
    })
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

/// A duration that the form shows rounded stays exact where the form did not change it.
fn idle_timeout(seconds: u32, base: Option<Duration>) -> Option<Duration> {
    if seconds == base.map_or(0, whole_seconds) {
        return base;
    }
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
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

fn rule(from: &config::RuleConfig) -> RuleView {
    RuleView {
        name: from.name.to_string(),
        stream: (!from.streams.is_empty()).then(|| from.streams.join(", ")),
        events: from.events.clone(),
        when: from.when.clone().unwrap_or_default(),
        urgency: view::urgency(from.urgency),
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

    #[test]
    fn a_form_that_was_not_edited_changes_nothing() {
        for stream in [full(), StreamConfig::new("market", "https://a/stream")] {
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
}
