//! Reads one `[[stream]]`.

use std::path::PathBuf;
use std::time::Duration;

use super::field::{Field, Fields};
use super::pin::parse_fingerprint;
use super::size::{format_size, parse_size};
use super::{Auth, Redirects, Resume, ResumeFrom, ResumeSend, Store, StreamConfig, auth, check, outage};

/// The shortest and longest time without a byte.
const IDLE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(7 * 86_400));
/// The longest reconnection time.
const MAX_RETRY: Duration = Duration::from_secs(3_600);
/// The smallest and largest limit for an event, in bytes.
const MAX_EVENT: (usize, usize) = (1 << 10, 256 << 20);

/// A stream. Where a field is wrong that is noted and its default stands in.
pub(super) fn stream(fields: &mut Fields<'_>) -> StreamConfig {
    let name = fields.need("name").and_then(|field| field.read(check::name));
    let url = fields.need("url").and_then(|field| field.read(check::address));
    let mut stream = StreamConfig::new(name.unwrap_or_default(), url.as_deref().unwrap_or_default());

    set(&mut stream.enabled, fields.get("enabled").and_then(|field| field.flag()));
    set(&mut stream.method, fields.get("method").and_then(|field| field.read(check::method)));
    stream.body = fields.get("body").and_then(|field| field.text()).map(str::to_owned);
    sign_in(fields, &mut stream);
    idle_timeout(fields, &mut stream);
    set(&mut stream.retry, fields.get("retry").and_then(|field| field.duration(Duration::ZERO..=MAX_RETRY)));
    set(&mut stream.resume, fields.get("resume").and_then(resume));
    let stores = [("all", Store::All), ("alerts", Store::Alerts), ("none", Store::None)];
    set(&mut stream.store, fields.get("store").and_then(|field| field.choice(&stores)));
    let redirects = [("follow", Redirects::Follow), ("same-origin", Redirects::SameOrigin)];
    set(&mut stream.redirects, fields.get("redirects").and_then(|field| field.choice(&redirects)));
    set(&mut stream.max_event, fields.get("max_event").and_then(max_event));
    set(&mut stream.strict, fields.get("strict").and_then(|field| field.flag()));
    connection(fields, &mut stream);
    set(&mut stream.http1, fields.get("http1").and_then(|field| field.flag()));
    set(&mut stream.insecure, fields.get("insecure").and_then(|field| field.flag()));
    set(&mut stream.notify, fields.get("notify").and_then(|field| field.flag()));
    stream.outage = fields.get("outage").and_then(outage::outage);
    stream
}

fn connection(fields: &mut Fields<'_>, stream: &mut StreamConfig) {
    stream.ca_cert = fields.get("ca_cert").and_then(path);
    stream.client_cert = fields.get("client_cert").and_then(path);
    let password = fields.get("client_cert_password");
    stream.client_cert_password = password.and_then(auth::secret_source);
    if let (Some(password), None) = (password, &stream.client_cert) {
        password.wrong("goes with client_cert");
    }
    let pins = fields.get("pin_sha256");
    set(&mut stream.pin_sha256, pins.and_then(|pins| pins.texts(parse_fingerprint)));
    if let Some(pins) = pins
        && stream.url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
    {
        pins.wrong("goes with https: without TLS there is no certificate");
    }
    stream.proxy = fields.get("proxy").and_then(|field| field.read(check::proxy));
    let socket = fields.get("unix_socket");
    stream.unix_socket = socket.and_then(path);
    if let (Some(socket), Some(_)) = (socket, &stream.proxy) {
        socket.wrong("does not go with a proxy");
    }
    set(&mut stream.compression, fields.get("compression").and_then(|field| field.flag()));
}

fn sign_in(fields: &mut Fields<'_>, stream: &mut StreamConfig) {
    let auth = fields.get("auth").map(auth::auth);
    let refresh = fields.get("refresh");
    stream.refresh = refresh.and_then(auth::refresh);
    if let (Some(refresh), None | Some(Some(Auth::None))) = (refresh, &auth) {
        refresh.wrong("a token can only be refreshed where auth says how it is sent");
    }
    if let (Some(refresh), Some(Some(Auth::OAuth2(_)))) = (refresh, &auth) {
        refresh.wrong("does not go with oauth2, which asks token_url for new tokens");
    }
    set(&mut stream.auth, auth.flatten());
    if let Some(headers) = fields.get("headers") {
        stream.headers = auth::headers(headers, &stream.auth);
    }
}

fn idle_timeout(fields: &mut Fields<'_>, stream: &mut StreamConfig) {
    let Some(field) = fields.get("idle_timeout") else { return };
    match field.is_text().then(|| field.text()).flatten() {
        Some("auto") => {}
        Some("off" | "0") => (stream.idle_timeout, stream.learn_idle) = (None, false),
        Some(_) | None => {
            if let Some(idle) = field.duration(IDLE.0..=IDLE.1) {
                (stream.idle_timeout, stream.learn_idle) = (Some(idle), false);
            }
        }
    }
}

fn max_event(field: Field<'_>) -> Option<usize> {
    let (least, most) = MAX_EVENT;
    field.read(|text| match parse_size(text)? {
        bytes if (least..=most).contains(&bytes) => Ok(bytes),
        _ => Err(format!("must be {} to {}", format_size(least), format_size(most))),
    })
}

fn path(field: Field<'_>) -> Option<PathBuf> {
    field.word().map(PathBuf::from)
}

fn resume(field: Field<'_>) -> Option<Resume> {
    let mut fields = field.table("resume", "{ from = \"id\", send = \"header\" }")?;
    let from = fields.get("from").and_then(resume_from);
    let send = fields.get("send").and_then(resume_send);
    let ignore = fields.get("ignore").and_then(|ignore| ignore.texts(check::glob));
    fields.finish();
    Some(Resume { from: from.unwrap_or_default(), send: send.unwrap_or_default(), ignore: ignore.unwrap_or_default() })
}

fn resume_from(field: Field<'_>) -> Option<ResumeFrom> {
    if field.is_text() {
        return match field.text()? {
            pointer if pointer.starts_with('/') => field.read(check::pointer).map(ResumeFrom::Pointer),
            _ => field.choice(&[("id", ResumeFrom::Id), ("none", ResumeFrom::None)]),
        };
    }
    let mut fields = field.table("the cursor's origin", "{ pointer = \"/seq\" }")?;
    let pointer = fields.need("pointer").and_then(|pointer| pointer.read(check::pointer));
    fields.finish();
    pointer.map(ResumeFrom::Pointer)
}

fn resume_send(field: Field<'_>) -> Option<ResumeSend> {
    if field.is_text() {
        return field.choice(&[("header", ResumeSend::Header), ("none", ResumeSend::None)]);
    }
    let mut fields = field.table("how the cursor is sent", "{ query = \"since\" }")?;
    let query = fields.need("query").and_then(|query| query.word());
    fields.finish();
    query.map(ResumeSend::Query)
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
