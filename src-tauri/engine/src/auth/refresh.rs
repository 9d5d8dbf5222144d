//! A new token for an old one, from the stream's refresh endpoint.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Request, Response, Url};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{Credentials, same, sensitive};
use crate::config::{Auth, Refresh, StreamConfig};
use crate::connection::Refusal;
use crate::locale::Text;
use crate::secrets::{Secret, Vault};
use crate::text;
use crate::transport::{self, HostGate};

/// A refresh that takes longer has failed.
const DEADLINE: Duration = Duration::from_secs(15);
/// What an answer may hold at most, in bytes.
const MOST: usize = 64 * 1024;

/// What a refresh brought.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// The token to use from now on.
    pub secret: Secret,
    /// Whether the vault holds it. If not, it lives as long as whoever keeps it.
    pub stored: bool,
}

/// Fetches a new token for `used`, the one that was refused or is about to expire, and puts it into the vault. Where
/// the vault holds another by now, that is the new one and nobody is asked. It held `in_vault`, where `used` is one that
/// it did not take.
///
/// # Errors
/// A [`Refusal`] as of a stream; [`Refusal::ContentType`] where the answer holds no token.
pub async fn refresh(
    config: &StreamConfig,
    vault: &Vault,
    gate: &HostGate,
    used: &Secret,
    in_vault: Option<&Secret>,
) -> Result<Refreshed, Refusal> {
    let Some(endpoint) = &config.refresh else {
        return Err(Refusal::Secret(text!("there is nowhere to get a new token from", "没有可以获取新令牌的地方")));
    };
    let credentials = Credentials::read(config, vault, in_vault.and(Some(used))).await?;
    if in_vault.is_none()
        && let Some(stored) = credentials.secret()
        && !same(stored, used)
    {
        return Ok(Refreshed { secret: stored.clone(), stored: true });
    }
    let in_vault = in_vault.unwrap_or(used);
    let secret = match tokio::time::timeout(DEADLINE, ask(config, endpoint, &credentials, gate, used)).await {
        Ok(answer) => answer?,
        Err(_) => {
            return Err(Refusal::Network(transport::unanswered(&endpoint_words(), DEADLINE)));
        }
    };
    store(config, vault, in_vault, secret).await
}

/// Stores the new token, unless a person stored another meanwhile: then that is the one.
async fn store(config: &StreamConfig, vault: &Vault, in_vault: &Secret, secret: Secret) -> Result<Refreshed, Refusal> {
    let account = config.name.as_str();
    if let Ok(Some(stored)) = vault.get(account).await
        && !same(&stored, in_vault)
    {
        return Ok(Refreshed { secret: stored, stored: true });
    }
    let stored = match vault.set(account, &secret).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(stream = account, %error, "the new token cannot be stored; it is used until Streambell ends");
            false
        }
    };
    Ok(Refreshed { secret, stored })
}

async fn ask(
    config: &StreamConfig,
    endpoint: &Refresh,
    credentials: &Credentials,
    gate: &HostGate,
    used: &Secret,
) -> Result<Secret, Refusal> {
    let url = transport::parse(&endpoint.url)?;
    transport::refuse_plaintext(&url, config.insecure, credentials)?;
    let client = gate.client(config, credentials, &url).await?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let _pass = gate.pass(&host).await;
    let request = request(&client, url, config, credentials, used)?;
    let response = client.execute(request).await.map_err(|error| transport::unreached(&error, &Text::plain(&host)))?;
    let status = response.status();
    if status.is_redirection() {
        let (who, status) = (endpoint_words(), status.as_u16());
        return Err(Refusal::Redirect(text!(
            "{who} redirects ({status}), which is not followed",
            "{who}重定向（{status}），不会跟随",
            who
        )));
    }
    if !status.is_success() {
        return Err(transport::refused_status(&endpoint_words(), response, credentials).await);
    }
    token(response, &endpoint.token, &host).await
}

/// The old token goes where the stream has it, and into the body. The stream's other headers stay within its origin.
fn request(
    client: &Client,
    mut url: Url,
    config: &StreamConfig,
    credentials: &Credentials,
    used: &Secret,
) -> Result<Request, Refusal> {
    let mut headers = HeaderMap::new();
    if Url::parse(&config.url).is_ok_and(|own| transport::same_origin(&own, &url)) {
        transport::custom_headers(config, &mut headers)?;
        credentials.put_on(&mut url, &mut headers)?;
    } else {
        Credentials::with_secret(config, used.clone()).put_on(&mut url, &mut headers)?;
    }
    // A token is in a stream's address where a browser can put it nowhere else. Here it can, and is looked for.
    if matches!(config.auth, Auth::Query { .. }) && !headers.contains_key(AUTHORIZATION) {
        headers.insert(AUTHORIZATION, sensitive(format!("Bearer {}", used.expose_secret().trim()))?);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = json!({ "token": used.expose_secret() }).to_string();
    let request = client.post(url).headers(headers).body(body).build();
    let unusable = |_| text!("the refresh endpoint's address cannot be used", "令牌更新地址无法使用");
    request.map_err(unusable).map_err(Refusal::BadUrl)
}

async fn token(mut response: Response, pointer: &str, host: &str) -> Result<Secret, Refusal> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| transport::unreached(&error, &Text::plain(host)))? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST {
            return Err(Refusal::ContentType(text!(
                "the refresh endpoint's answer is too long",
                "令牌更新地址的应答过长"
            )));
        }
    }
    let no_json = |_| text!("the refresh endpoint's answer is not JSON", "令牌更新地址的应答不是 JSON");
    let answer: Value = serde_json::from_slice(&body).map_err(no_json).map_err(Refusal::ContentType)?;
    match answer.pointer(pointer).and_then(Value::as_str) {
        Some(token) if !token.trim().is_empty() => Ok(Secret::from(token)),
        _ => Err(Refusal::ContentType(text!(
            "the refresh endpoint's answer has no text at {pointer}",
            "令牌更新地址的应答在 {pointer} 处没有文本"
        ))),
    }
}

fn endpoint_words() -> Text {
    text!("the refresh endpoint", "令牌更新地址")
}
