//! How a stream signs in: `auth`, `refresh`, `headers`.

use super::check;
use super::field::{AUTH_OF_KIND, Field, Fields};
use super::secret_source::{SecretSource, secret_source};
use super::{OAuth2, oauth2};
use crate::locale::Text;
use crate::text;

/// How a stream signs in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Auth {
    /// It does not.
    #[default]
    None,
    /// `Authorization: Bearer …`.
    Bearer {
        /// Where the token comes from.
        secret: SecretSource,
    },
    /// `Authorization: Basic …`.
    Basic {
        /// The user's name, without a colon.
        user: String,
        /// Where the password comes from.
        secret: SecretSource,
    },
    /// A header.
    Header {
        /// Its name.
        name: String,
        /// Where its value comes from.
        secret: SecretSource,
    },
    /// A query parameter.
    Query {
        /// Its name.
        name: String,
        /// Its value, with `{secret}` for the secret; the secret alone without one. In JSON the secret is quoted.
        template: Option<String>,
        /// Where its value comes from.
        secret: SecretSource,
    },
    /// A cookie.
    Cookie {
        /// Its name.
        name: String,
        /// Where its value comes from.
        secret: SecretSource,
    },
    /// `Authorization: Bearer …` with tokens that an authorization server gives.
    OAuth2(Box<OAuth2>),
}

impl Auth {
    /// Where the secret comes from, if there is one.
    pub fn secret(&self) -> Option<&SecretSource> {
        match self {
            Self::None => None,
            Self::Bearer { secret }
            | Self::Basic { secret, .. }
            | Self::Header { secret, .. }
            | Self::Query { secret, .. }
            | Self::Cookie { secret, .. } => Some(secret),
            Self::OAuth2(oauth2) => Some(&oauth2.secret),
        }
    }

    /// Where and as whom it signs in, where an authorization server gives the tokens.
    pub fn oauth2(&self) -> Option<&OAuth2> {
        match self {
            Self::OAuth2(oauth2) => Some(oauth2),
            Self::None
            | Self::Bearer { .. }
            | Self::Basic { .. }
            | Self::Header { .. }
            | Self::Query { .. }
            | Self::Cookie { .. } => None,
        }
    }

    /// What a query parameter holds around the secret, if it is more than that.
    pub fn template(&self) -> Option<&str> {
        match self {
            Self::Query { template, .. } => template.as_deref(),
            Self::None
            | Self::Bearer { .. }
            | Self::Basic { .. }
            | Self::Header { .. }
            | Self::Cookie { .. }
            | Self::OAuth2(_) => None,
        }
    }
}

/// Where a new token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// The address the old token is POSTed to, signed in with it as the stream is.
    pub url: String,
    /// The JSON pointer to the new token in the answer. Default: `/token`.
    pub token: String,
}

/// A request header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: HeaderValue,
}

/// A request header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderValue {
    /// As it stands in the file.
    Plain(String),
    /// A secret.
    Secret(SecretSource),
}

/// `auth = { kind = "…", … }`.
pub(super) fn auth(field: Field<'_>) -> Option<Auth> {
    let mut fields = field.table("auth", "{ kind = \"bearer\" }")?;
    let kinds = ["none", "bearer", "basic", "header", "query", "cookie", "oauth2"].map(|kind| (kind, kind));
    let kind = fields.need("kind")?.choice(&kinds)?;
    fields = field.table(format!("{AUTH_OF_KIND}{kind:?}"), "")?;
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
            let template = fields.get("template").and_then(|template| template.read(template_of));
            let secret = secret(&mut fields);
            name.map(|name| Auth::Query { name, template, secret })
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
            text!(
                "; no secret is written into this file: it comes from the keyring (streambell token set STREAM), or \
                 from secret = {{ env = \"NAME\" }}",
                "；密钥不写进这个文件：它来自密钥环（streambell token set STREAM），或来自 secret = {{ env = \"NAME\" }}"
            )
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
        let note = |message: Text| fields.faults.note(at, message);
        if let Err(message) = check::header_name(entry.key) {
            note(message);
            continue;
        }
        if headers.iter().any(|header| header.name.eq_ignore_ascii_case(entry.key)) {
            let key = entry.key;
            note(text!("the header {key} is there already", "请求头 {key} 已经有了"));
        }
        if auth_header(auth).is_some_and(|name| name.eq_ignore_ascii_case(entry.key)) {
            let key = entry.key;
            note(text!("the header {key} is set by auth already", "请求头 {key} 已由 auth 设置"));
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

fn template_of(text: &str) -> Result<String, Text> {
    if text.matches("{secret}").count() == 1 {
        Ok(text.to_owned())
    } else {
        Err(text!("must have {{secret}} in it, once", "里面必须有 {{secret}}，且只有一次"))
    }
}

fn secret(fields: &mut Fields<'_>) -> SecretSource {
    fields.get("secret").and_then(secret_source).unwrap_or_default()
}
