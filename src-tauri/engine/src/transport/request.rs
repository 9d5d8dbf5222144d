//! One request of a stream.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING,
};
use reqwest::{Client, Method, Request, Url};

use super::address::{parse, set_parameter};
use crate::auth::Credentials;
use crate::config::{self, ResumeFrom, ResumeSend, StreamConfig};
use crate::connection::Refusal;
use crate::text;

pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// One request on the way from the stream's address over its redirects.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) url: Url,
    /// Whether it is still the stream's own origin, and never was another: only then it gets what is the stream's.
    pub(super) own: bool,
    pub(super) method: Method,
    pub(super) with_body: bool,
}

impl Hop {
    pub(super) fn first(config: &StreamConfig) -> Result<Self, Refusal> {
        let method = Method::from_bytes(config.method.as_bytes())
            .map_err(|_| Refusal::BadUrl(text!("the method is none that HTTP knows", "HTTP 没有这种请求方法")))?;
        Ok(Self { url: parse(&config.url)?, own: true, method, with_body: config.body.is_some() })
    }

    pub(super) fn request(
        &self,
        client: &Client,
        config: &StreamConfig,
        credentials: &Credentials,
        cursor: &str,
    ) -> Result<Request, Refusal> {
        let mut url = self.url.clone();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(
            ACCEPT_ENCODING,
            HeaderValue::from_static(if config.compression { "gzip, br" } else { "identity" }),
        );
        let body = config.body.as_ref().filter(|_| self.with_body);
        if let Some(body) = body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(body)));
        }
        if self.own {
            custom_headers(config, &mut headers)?;
            credentials.put_on(&mut url, &mut headers)?;
            resume(config, cursor, &mut url, &mut headers);
        }
        if body.is_none() && config.body.is_some() {
            headers.remove(CONTENT_TYPE);
        }
        let mut request = client.request(self.method.clone(), url).headers(headers);
        if let Some(body) = body {
            request = request.body(body.clone());
        }
        // What could be wrong was parsed before.
        request.build().map_err(|error| Refusal::BadUrl(super::failure::root(&error)))
    }
}

/// Puts the stream's plain headers on: one that is set already is replaced, one that is given twice is sent twice.
pub(crate) fn custom_headers(config: &StreamConfig, headers: &mut HeaderMap) -> Result<(), Refusal> {
    let mut given = HeaderMap::new();
    for header in &config.headers {
        let config::HeaderValue::Plain(value) = &header.value else { continue };
        let name = legal_name(&header.name)?;
        // The body's length is the transport's business.
        if name == CONTENT_LENGTH || name == TRANSFER_ENCODING {
            continue;
        }
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            Refusal::BadUrl(text!("the header {name} has a value that no header may have", "请求头 {name} 的值不合法"))
        })?;
        given.append(name, value);
    }
    let mut replaced = None;
    for (name, value) in given {
        // The map gives a name once and then its further values without it.
        if let Some(name) = name {
            headers.insert(name.clone(), value);
            replaced = Some(name);
        } else if let Some(name) = &replaced {
            headers.append(name.clone(), value);
        }
    }
    Ok(())
}

/// A header's name.
pub(crate) fn legal_name(name: &str) -> Result<HeaderName, Refusal> {
    let shown = name.escape_debug();
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Refusal::BadUrl(text!("\"{shown}\" is no name for a header", "“{shown}”不能用作请求头的名称")))
}

/// A cursor that is no legal header value is not sent.
fn resume(config: &StreamConfig, cursor: &str, url: &mut Url, headers: &mut HeaderMap) {
    if cursor.is_empty() || config.resume.from == ResumeFrom::None {
        return;
    }
    match &config.resume.send {
        ResumeSend::Header => {
            if let Ok(value) = HeaderValue::from_bytes(cursor.as_bytes()) {
                headers.insert(LAST_EVENT_ID, value);
            }
        }
        ResumeSend::Query(name) => set_parameter(url, name, cursor),
        ResumeSend::None => {}
    }
}

fn content_type(body: &str) -> &'static str {
    if serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok() {
        "application/json"
    } else {
        "text/plain;charset=UTF-8"
    }
}
