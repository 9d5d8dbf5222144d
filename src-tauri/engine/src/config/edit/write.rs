//! Fields of streams, tiles, quiet hours and settings as TOML values.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use toml_edit::{Array, InlineTable, Value};

use crate::config::parse::LANGUAGES;
use crate::config::{
    Auth, ClientAuth, EventId, Fingerprint, Grant, Header, HeaderValue, OAuth2, Outage, QuietHours, Redirects, Refresh,
    Resume, ResumeFrom, ResumeSend, SecretSource, Sign, Store, StreamConfig, Subscribe, TileConfig, TilePlace, Timeout,
    format_duration, format_size,
};
use crate::locale::Locale;

/// A field as it is written.
pub(super) struct Written {
    /// Its key.
    pub(super) key: &'static str,
    /// Its value; `None` where it is not written.
    pub(super) value: Option<Value>,
    /// Whether that is what it would be without being written.
    pub(super) default: bool,
}

/// A field's key and value.
type Field = (&'static str, Option<Value>);

/// All fields of a stream, always in the same order.
pub(super) fn stream(stream: &StreamConfig) -> Vec<Written> {
    beside(values(stream), values(&StreamConfig::new("", "")))
}

/// Those of a tile.
pub(super) fn tile(tile: &TileConfig) -> Vec<Written> {
    let values = |tile: &TileConfig| {
        vec![
            ("stream", tile.stream.as_ref().map(|stream| stream.as_str().into())),
            ("event", Some((&tile.event).into())),
            ("key", Some((&tile.key).into())),
            ("value", Some((&tile.value).into())),
            ("change", tile.change.as_ref().map(Into::into)),
            ("unit", tile.unit.as_ref().map(Into::into)),
            ("label", tile.label.as_ref().map(Into::into)),
        ]
    };
    beside(values(tile), values(&TileConfig::default()))
}

/// Those of quiet hours.
pub(super) fn quiet_hours(hours: &QuietHours) -> Vec<Written> {
    let time = |time: &Time| time.strftime("%H:%M").to_string().into();
    let values = |hours: &QuietHours| {
        let days = hours.days.words().into_iter().collect::<Array>();
        vec![
            ("from", Some(time(&hours.from))),
            ("to", Some(time(&hours.to))),
            ("days", Some(Value::Array(days))),
            ("time_zone", hours.time_zone.as_ref().and_then(TimeZone::iana_name).map(Into::into)),
        ]
    };
    let mut fields = beside(values(hours), values(&QuietHours::daily(hours.from, hours.to)));
    // They have no default.
    fields.iter_mut().filter(|field| ["from", "to"].contains(&field.key)).for_each(|field| field.default = false);
    fields
}

fn beside(values: Vec<Field>, defaults: Vec<Field>) -> Vec<Written> {
    let text = |value: &Option<Value>| value.as_ref().map(ToString::to_string);
    let written = |((key, value), (_, default)): (Field, Field)| {
        let default = text(&value) == text(&default);
        Written { key, value, default }
    };
    values.into_iter().zip(defaults).map(written).collect()
}

fn values(stream: &StreamConfig) -> Vec<Field> {
    let path = |path: &Option<PathBuf>| path.as_deref().map(path_value);
    vec![
        ("name", Some(stream.name.as_str().into())),
        ("url", Some(stream.url.as_str().into())),
        ("enabled", Some(stream.enabled.into())),
        ("method", Some(stream.method.as_str().into())),
        ("body", stream.body.as_deref().map(Into::into)),
        ("auth", Some(auth(&stream.auth))),
        ("refresh", stream.refresh.as_ref().map(refresh)),
        ("headers", Some(headers(&stream.headers))),
        ("idle_timeout", Some(idle_timeout(stream))),
        ("retry", Some(duration(stream.retry))),
        ("resume", Some(resume(&stream.resume))),
        ("event_id", Some(event_id(&stream.dialect.event_id))),
        ("ignore", signs(&stream.dialect.ignore)),
        ("end_on", signs(&stream.dialect.end_on)),
        ("sign_in_on", signs(&stream.dialect.sign_in_on)),
        ("subscribe", stream.dialect.subscribe.as_ref().map(subscribe)),
        ("store", Some(store(stream.store).into())),
        ("redirects", Some(redirects(&stream.redirects))),
        ("max_event", Some(format_size(stream.max_event).into())),
        ("strict", Some(stream.strict.into())),
        ("ca_cert", path(&stream.ca_cert)),
        ("pin_sha256", (!stream.pin_sha256.is_empty()).then(|| pins(&stream.pin_sha256))),
        ("client_cert", path(&stream.client_cert)),
        ("client_cert_password", stream.client_cert_password.as_ref().map(source)),
        ("proxy", stream.proxy.as_deref().map(Into::into)),
        ("unix_socket", path(&stream.unix_socket)),
        ("compression", Some(stream.compression.into())),
        ("http1", Some(stream.http1.into())),
        ("insecure", Some(stream.insecure.into())),
        ("notify", Some(stream.notify.into())),
        ("outage", stream.outage.map(outage)),
    ]
}

fn table<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields.into_iter().filter_map(|(key, value)| Some((key, value?)));
    Value::InlineTable(fields.collect::<InlineTable>())
}

/// A duration.
pub(super) fn duration(duration: Duration) -> Value {
    format_duration(duration).into()
}

fn idle_timeout(stream: &StreamConfig) -> Value {
    match stream.idle_timeout {
        Some(idle) if stream.learn_idle && idle == StreamConfig::IDLE => "auto".into(),
        Some(idle) => duration(idle),
        None => "off".into(),
    }
}

/// How long a notification stays on screen.
pub(super) fn timeout(timeout: Timeout) -> Value {
    match timeout {
        Timeout::Desktop => "default".into(),
        Timeout::Never => "never".into(),
        Timeout::After(after) => duration(after),
    }
}

/// The language of the tray and of notifications.
pub(super) fn language(language: Option<Locale>) -> Value {
    choice(&LANGUAGES, &language)
}

/// One of several words.
pub(super) fn choice<T: PartialEq>(words: &[(&'static str, T)], chosen: &T) -> Value {
    words.iter().find(|(_, known)| known == chosen).map(|(word, _)| *word).unwrap_or_default().into()
}

/// Where tiles stand by hand.
pub(super) fn tile_places(places: &[TilePlace]) -> Value {
    let place = |place: &TilePlace| {
        let mut parts: Array = [place.stream.as_str(), place.key.as_str()].into_iter().collect();
        if place.feed > 0 {
            parts.push(i64::from(place.feed));
        }
        Value::Array(parts)
    };
    Value::Array(places.iter().map(place).collect())
}

/// When a person is told that there is no connection.
pub(super) fn outage(outage: Outage) -> Value {
    match outage {
        Outage::Off => "off".into(),
        Outage::After(after) => duration(after),
    }
}

/// A path that is no Unicode comes out wrong; reading the result again shows that.
fn path_value(path: &Path) -> Value {
    path.to_string_lossy().as_ref().into()
}

pub(super) fn auth(auth: &Auth) -> Value {
    let template = auth.template();
    let (kind, extra) = match auth {
        Auth::None => ("none", ("name", None)),
        Auth::Bearer { .. } => ("bearer", ("name", None)),
        Auth::Basic { user, .. } => ("basic", ("user", Some(user))),
        Auth::Header { name, .. } => ("header", ("name", Some(name))),
        Auth::Query { name, .. } => ("query", ("name", Some(name))),
        Auth::Cookie { name, .. } => ("cookie", ("name", Some(name))),
        Auth::OAuth2(settings) => return oauth2(settings),
    };
    let secret = auth.secret().filter(|source| **source != SecretSource::Keyring).map(source);
    let template = ("template", template.map(Into::into));
    table([("kind", Some(kind.into())), (extra.0, extra.1.map(Into::into)), template, ("secret", secret)])
}

fn oauth2(settings: &OAuth2) -> Value {
    let device_url = match &settings.grant {
        Grant::ClientCredentials | Grant::RefreshToken => None,
        Grant::Device { device_url } => Some(device_url.into()),
    };
    let kept_elsewhere = Some(&settings.secret).filter(|secret| **secret != SecretSource::Keyring);
    table([
        ("kind", Some("oauth2".into())),
        ("grant", Some(settings.grant.as_str().into())),
        ("token_url", Some((&settings.token_url).into())),
        ("device_url", device_url),
        ("client_id", Some((&settings.client_id).into())),
        ("secret", kept_elsewhere.map(source)),
        ("client_secret", settings.client_secret.as_ref().map(source)),
        ("client_auth", (settings.client_auth == ClientAuth::Body).then(|| "body".into())),
        ("scope", settings.scope.as_ref().map(Into::into)),
        ("audience", settings.audience.as_ref().map(Into::into)),
    ])
}

/// One as text, several as a list.
fn pins(pins: &[Fingerprint]) -> Value {
    match pins {
        [pin] => pin.to_string().into(),
        _ => Value::Array(pins.iter().map(ToString::to_string).collect::<Array>()),
    }
}

fn source(source: &SecretSource) -> Value {
    match source {
        SecretSource::Keyring => table([("keyring", Some(true.into()))]),
        SecretSource::Env(name) => table([("env", Some(name.into()))]),
        SecretSource::File(path) => table([("file", Some(path_value(path)))]),
        SecretSource::Command(words) => table([("command", Some(list(words)))]),
    }
}

fn refresh(refresh: &Refresh) -> Value {
    table([("url", Some((&refresh.url).into())), ("token", Some((&refresh.token).into()))])
}

fn headers(headers: &[Header]) -> Value {
    let value = |header: &Header| match &header.value {
        HeaderValue::Plain(text) => text.into(),
        HeaderValue::Secret(secret) => source(secret),
    };
    Value::InlineTable(headers.iter().map(|header| (header.name.as_str(), value(header))).collect::<InlineTable>())
}

fn resume(resume: &Resume) -> Value {
    let from = match &resume.from {
        ResumeFrom::Id => "id".into(),
        ResumeFrom::None => "none".into(),
        ResumeFrom::Pointer(pointer) if pointer.is_empty() => table([("pointer", Some(pointer.into()))]),
        ResumeFrom::Pointer(pointer) => pointer.into(),
    };
    let send = match &resume.send {
        ResumeSend::Header => "header".into(),
        ResumeSend::None => "none".into(),
        ResumeSend::Query(name) => table([("query", Some(name.into()))]),
    };
    let ignore = (!resume.ignore.is_empty()).then(|| list(&resume.ignore));
    table([("from", Some(from)), ("send", Some(send)), ("ignore", ignore)])
}

fn list(texts: &[String]) -> Value {
    Value::Array(texts.iter().collect::<Array>())
}

fn store(store: Store) -> &'static str {
    match store {
        Store::All => "all",
        Store::Alerts => "alerts",
        Store::None => "none",
    }
}

fn redirects(redirects: &Redirects) -> Value {
    match redirects {
        Redirects::Follow => "follow".into(),
        Redirects::SameOrigin => "same-origin".into(),
        Redirects::Trust(hosts) => table([("trust", Some(list(hosts)))]),
    }
}

fn event_id(id: &EventId) -> Value {
    match id {
        EventId::Id => "id".into(),
        EventId::None => "none".into(),
        EventId::Pointer(pointer) => pointer.into(),
    }
}

fn signs(signs: &[Sign]) -> Option<Value> {
    let sign = |sign: &Sign| match sign {
        Sign::Event(glob) => glob.into(),
        Sign::Data(data) => table([("data", Some(data.into()))]),
        Sign::Field { pointer, glob } => table([(pointer, Some(glob.into()))]),
    };
    (!signs.is_empty()).then(|| Value::Array(signs.iter().map(sign).collect::<Array>()))
}

fn subscribe(subscribe: &Subscribe) -> Value {
    let Subscribe { on, url, body } = subscribe;
    table([("on", Some(on.into())), ("url", Some(url.into())), ("body", Some(body.into()))])
}
