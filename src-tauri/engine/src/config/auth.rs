//! Reads how a stream signs in: `auth`, `refresh`, `headers`, and where secrets come from.

use std::path::PathBuf;

use super::check;
use super::fault::quoted;
use super::field::{Field, Fields};
use super::{Auth, Header, HeaderValue, Refresh, SecretSource, oauth2};

const SOURCES: &str =
    "{ keyring = true }, { env = \"NAME\" }, { file = \"PATH\" } or { command = [\"program\", \"argument\"] }";

/// `auth = { kind = "…", … }`.
pub(super) fn auth(field: Field<'_>) -> Option<Auth> {
    let mut fields = field.table("auth", "{ kind = \"bearer\" }")?;
    let kinds = ["none", "bearer", "basic", "header", "query", "cookie", "oauth2"].map(|kind| (kind, kind));
    let kind = fields.need("kind")?.choice(&kinds)?;
    fields = field.table(format!("auth of kind {kind:?}"), "")?;
    let _ = fields.get("kind");
    let auth = match kind {
        "bearer" => Some(Auth::Bearer { secret: secret(&mut fields) }),
        "basic" => {
            let user = fields.need("user").and_then(|user| user.read(check::user));
            let secret = secret(&mut fields);
            user.map(|user| Auth::Basic { user, secret })
        }
        "header" => {
            let name = fields.need("name").and_then(|name| name.read(check::header_name));
            let secret = secret(&mut fields);
            name.map(|name| Auth::Header { name, secret })
        }
        "query" => {
            let name = fields.need("name").and_then(|name| name.word());
            let secret = secret(&mut fields);
            name.map(|name| Auth::Query { name, secret })
        }
        "cookie" => {
            let name = fields.need("name").and_then(|name| name.read(check::token));
            let secret = secret(&mut fields);
            name.map(|name| Auth::Cookie { name, secret })
        }
        "oauth2" => oauth2::oauth2(&mut fields).map(|oauth2| Auth::OAuth2(Box::new(oauth2))),
        _ => Some(Auth::None),
    };
    fields.finish_with(|key| {
        ["token", "password", "value", "key", "refresh_token"].contains(&key).then(|| {
            "; no secret is written into this file: it comes from the keyring (streambell token set STREAM), or \
                 from secret = { env = \"NAME\" }"
                .to_owned()
        })
    });
    auth
}

/// `refresh = { url = "…", token = "/token" }`.
pub(super) fn refresh(field: Field<'_>) -> Option<Refresh> {
    let mut fields = field.table("refresh", "{ url = \"https://…\", token = \"/token\" }")?;
    let url = fields.need("url").and_then(|url| url.read(check::address));
    let token = fields.get("token").and_then(|token| token.read(check::pointer));
    fields.finish();
    Some(Refresh { url: url?, token: token.unwrap_or_else(|| "/token".to_owned()) })
}

/// `headers = { Name = "value", Name = { keyring = true } }`; `auth` may not set the same one.
pub(super) fn headers(field: Field<'_>, auth: &Auth) -> Vec<Header> {
    let Some(fields) = field.table("headers", "{ X-Desk = \"7\" }") else { return Vec::new() };
    let mut headers: Vec<Header> = Vec::new();
    for (at, entry) in fields.entries() {
        let note = |message: String| fields.faults.note(at, message);
        if let Err(message) = check::header_name(entry.key) {
            note(message);
            continue;
        }
        if headers.iter().any(|header| header.name.eq_ignore_ascii_case(entry.key)) {
            note(format!("the header {} is there already", entry.key));
        }
        if auth_header(auth).is_some_and(|name| name.eq_ignore_ascii_case(entry.key)) {
            note(format!("the header {} is set by auth already", entry.key));
        }
        if let Some(value) = header_value(entry) {
            headers.push(Header { name: entry.key.to_owned(), value });
        }
    }
    headers
}

fn header_value(entry: Field<'_>) -> Option<HeaderValue> {
    if !entry.is_text() {
        return secret_source(entry).map(HeaderValue::Secret);
    }
    match check::credential_header(entry.key) {
        None => entry.read(check::header_value).map(HeaderValue::Plain),
        Some(message) => {
            entry.wrong(message);
            None
        }
    }
}

fn auth_header(auth: &Auth) -> Option<&str> {
    match auth {
        Auth::None | Auth::Query { .. } => None,
        Auth::Bearer { .. } | Auth::Basic { .. } | Auth::OAuth2(_) => Some("Authorization"),
        Auth::Header { name, .. } => Some(name),
        Auth::Cookie { .. } => Some("Cookie"),
    }
}

fn secret(fields: &mut Fields<'_>) -> SecretSource {
    fields.get("secret").and_then(secret_source).unwrap_or_default()
}

/// Where a secret comes from.
pub(super) fn secret_source(field: Field<'_>) -> Option<SecretSource> {
    if field.is_text() {
        field.wrong(format!("no secret is written into this file: write {SOURCES}"));
        return None;
    }
    let mut fields = field.table("the place of a secret", SOURCES)?;
    let keyring = fields.get("keyring").map(|keyring| match keyring.flag() {
        Some(false) => {
            keyring.wrong(format!("can only be true; otherwise write {SOURCES}"));
            None
        }
        Some(true) => Some(SecretSource::Keyring),
        None => None,
    });
    let env = fields.get("env").map(|env| env.read(check::variable).map(SecretSource::Env));
    let file = fields.get("file").map(|file| file.word().map(|path| SecretSource::File(PathBuf::from(path))));
    let command = fields.get("command").map(|command| self::command(command).map(SecretSource::Command));
    fields.finish();
    let mut given: Vec<_> = [keyring, env, file, command].into_iter().flatten().collect();
    if given.len() != 1 {
        field.wrong(format!("a secret comes from one place: {SOURCES}"));
        return None;
    }
    given.pop().flatten()
}

fn command(field: Field<'_>) -> Option<Vec<String>> {
    if field.is_text() {
        field.wrong("must be a list, program first: no shell takes it apart");
        return None;
    }
    let words: Option<Vec<String>> = field.texts(|word| match word.contains('\0') {
        true => Err(format!("{} must not contain a NUL character", quoted(word))),
        false => Ok(word.to_owned()),
    });
    let words = words?;
    if words.first().is_none_or(String::is_empty) {
        field.wrong("must begin with a program");
        return None;
    }
    Some(words)
}
