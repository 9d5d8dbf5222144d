//! A request beside the stream: what a connection is told before it sends anything.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

use super::address::{authority, parse};
use super::classify::refused_status;
use super::failure::unreached;
use super::gate::HostGate;
use super::request::custom_headers;
use super::{refuse_plaintext, same_origin};
use crate::auth::Credentials;
use crate::config::StreamConfig;
use crate::connection::Refusal;
use crate::locale::Text;
use crate::text;

/// An answer that takes longer is none.
const DEADLINE: Duration = Duration::from_secs(15);

/// POSTs JSON to an address of the stream's own server, signed in as the stream is. Redirects are not followed.
///
/// # Errors
/// A [`Refusal`] that the stream can be told: one that asks for other credentials, or one to try again after.
pub(crate) async fn post(
    config: &StreamConfig,
    credentials: &Credentials,
    gate: &HostGate,
    url: &str,
    body: String,
) -> Result<(), Refusal> {
    let own = parse(&config.url)?;
    let unusable = |_| text!("subscribe has no address to be used", "subscribe 的地址无法使用");
    let mut url = own.join(url).map_err(unusable).map_err(Refusal::BadUrl)?;
    if !same_origin(&own, &url) {
        return Err(Refusal::BadUrl(text!(
            "subscribe has the address of another server",
            "subscribe 的地址属于另一台服务器"
        )));
    }
    refuse_plaintext(&url, config.insecure || config.unix_socket.is_some(), credentials)?;
    let client = gate.client(config, credentials, &url).await?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    custom_headers(config, &mut headers)?;
    credentials.put_on(&mut url, &mut headers)?;
    let host = authority(&url);
    let request = client.post(url).headers(headers).body(body).send();
    let response = match tokio::time::timeout(DEADLINE, request).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Err(unreached(&error, &Text::plain(host))),
        Err(_) => {
            let seconds = DEADLINE.as_secs();
            return Err(Refusal::Network(text!(
                "{host} did not answer the subscription within {seconds} s",
                "{host} 在 {seconds} 秒内没有应答订阅请求"
            )));
        }
    };
    if response.status().is_success() {
        return Ok(());
    }
    let who = text!("the server, asked to subscribe,", "服务器对订阅请求");
    let refused = refused_status(&who, response, credentials).await;
    if matches!(refused, Refusal::Status { status: 401 | 403 | 429 | 500..=599, .. }) {
        return Err(refused);
    }
    // Whoever it spoke to may be gone: another connection is another client.
    Err(Refusal::Network(refused.message().clone()))
}
