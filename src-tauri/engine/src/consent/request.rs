//! A request that carries a secret: what else is in it decides what its server does with that, such as publish it.

use std::fmt::Write as _;

use reqwest::Url;
use sha2::{Digest as _, Sha256};

use crate::auth;
use crate::config::{Auth, HeaderValue, StreamConfig};
use crate::locale::Text;
use crate::text;
use crate::transport::redacted;

/// The longest address, in characters, and the longest body, in bytes, that a question shows whole.
const LONGEST: (usize, usize) = (150, 80);

/// A request of a stream. Two that are equal do the same with the secret that they carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    address: String,
    method: String,
    body: Option<String>,
    /// Those without a secret.
    headers: Vec<(String, String)>,
    carrier: Carrier,
}

/// Where in a request the secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Carrier {
    None,
    Bearer,
    Basic(String),
    Header(String),
    Query(String, Option<String>),
    Cookie(String),
    /// As the OAuth 2 standard has it.
    OAuth2,
}

impl Request {
    /// The one with which a stream connects, with what it signs in with.
    pub(super) fn of(stream: &StreamConfig) -> Self {
        let plain = stream.headers.iter().filter_map(|header| match &header.value {
            HeaderValue::Plain(value) => Some((header.name.clone(), value.clone())),
            HeaderValue::Secret(_) => None,
        });
        Self {
            address: address(&stream.url),
            method: stream.method.clone(),
            body: stream.body.clone(),
            headers: plain.collect(),
            carrier: Carrier::of(&stream.auth),
        }
    }

    /// The one with which a stream connects, with the secret of a header.
    pub(super) fn with_header(stream: &StreamConfig, name: &str) -> Self {
        Self { carrier: Carrier::Header(name.to_owned()), ..Self::of(stream) }
    }

    /// All that carry what a stream signs in with, or what is got for it.
    pub(super) fn of_main(stream: &StreamConfig) -> Vec<Self> {
        let renewal = stream.refresh.iter().map(|refresh| Self::to(&refresh.url, Carrier::of(&stream.auth)));
        [Self::of(stream)].into_iter().chain(renewal).chain(Self::of_client(stream)).collect()
    }

    /// Those to the authorization server.
    pub(super) fn of_client(stream: &StreamConfig) -> Vec<Self> {
        auth::client_goes_to(stream).into_iter().map(|url| Self::to(url, Carrier::OAuth2)).collect()
    }

    fn to(url: &str, carrier: Carrier) -> Self {
        Self { address: address(url), method: "POST".to_owned(), body: None, headers: Vec::new(), carrier }
    }

    /// In words that no other request has. What may be secret or is long stands in them as a digest only.
    pub(super) fn text(&self) -> Text {
        let Self { method, headers, .. } = self;
        let mut shown = redacted(&self.address);
        if let Some((end, _)) = shown.char_indices().nth(LONGEST.0) {
            shown.replace_range(end.., "…");
        }
        let mut is_whole = headers.is_empty() && shown == self.address;
        let mut parts = vec![Text::plain(method)];
        parts.extend(self.carrier.text());
        parts.extend(headers.iter().map(|(name, _)| text!("with {name:?}", "带有 {name:?}")));
        parts.extend(self.body.as_ref().map(|body| {
            let bytes = body.len();
            if bytes <= LONGEST.1 {
                return text!("body {body:?}", "正文 {body:?}");
            }
            is_whole = false;
            text!("body of {bytes} bytes", "正文 {bytes} 字节")
        }));
        if !is_whole {
            parts.push(Text::plain(format!("SHA-256 {}", self.digest())));
        }
        let parts = Text::joined(parts.into_iter(), (", ", "，"));
        text!("{shown} ({parts})", "{shown}（{parts}）", parts)
    }

    fn digest(&self) -> String {
        let digest = Sha256::digest(format!("{self:?}"));
        digest.iter().take(16).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl Carrier {
    fn of(auth: &Auth) -> Self {
        match auth {
            Auth::None => Self::None,
            Auth::Bearer { .. } | Auth::OAuth2(_) => Self::Bearer,
            Auth::Basic { user, .. } => Self::Basic(user.clone()),
            Auth::Header { name, .. } => Self::Header(name.clone()),
            Auth::Query { name, template, .. } => Self::Query(name.clone(), template.clone()),
            Auth::Cookie { name, .. } => Self::Cookie(name.clone()),
        }
    }

    fn text(&self) -> Option<Text> {
        Some(match self {
            Self::None => return None,
            Self::Bearer => Text::plain("bearer"),
            Self::Basic(user) => text!("password of {user:?}", "{user:?} 的密码"),
            Self::Header(name) => text!("header {name:?}", "请求头 {name:?}"),
            Self::Query(name, None) => text!("parameter {name:?}", "参数 {name:?}"),
            Self::Query(name, Some(template)) => {
                text!("parameter {name:?} as {template:?}", "参数 {name:?}，形式为 {template:?}")
            }
            Self::Cookie(name) => text!("cookie {name:?}", "Cookie {name:?}"),
            Self::OAuth2 => Text::plain("OAuth 2"),
        })
    }
}

/// As it is asked for.
fn address(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return String::new() };
    url.set_fragment(None);
    url.into()
}
