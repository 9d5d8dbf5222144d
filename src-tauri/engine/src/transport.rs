//! Builds the authenticated request, follows redirects and classifies the answer.
//!
//! With [`auth`](crate::auth) the only room that puts a secret on a request. What it says of an address or a failure
//! holds none.

mod address;
mod classify;
mod client;
mod failure;
mod gap;
mod gate;
mod pace;
mod redirect;
mod request;

use std::time::Duration;

use reqwest::{Response, StatusCode};

use crate::auth::Credentials;
use crate::config::StreamConfig;
use crate::connection::Refusal;

pub use address::redacted;
pub(crate) use address::{is_loopback, parse, refuse_plaintext, same_origin, set_parameter, telling_parts};
pub(crate) use classify::refused_status;
pub use client::is_proxy;
pub use failure::lost;
pub(crate) use failure::unreached;
pub use gap::Gap;
pub use gate::HostGate;
pub(crate) use request::{custom_headers, legal_name};

/// A connect that takes longer has failed.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(10);
/// An answer's header that takes longer is not waited for.
pub const HEADER_DEADLINE: Duration = Duration::from_secs(30);

/// An event stream, at its first byte.
#[derive(Debug)]
pub struct Answer {
    /// The body is still to be read.
    pub response: Response,
    /// The status, 200.
    pub status: u16,
    /// The final address after redirects, its secrets replaced by `***`.
    pub url: String,
    /// `1.1`, `2` …
    pub http: &'static str,
    /// Where the server says that it cannot resume as asked.
    pub gap: Option<Gap>,
}

/// Asks for the stream once, resuming after `cursor` where it is not empty (HTML Standard, 9.2.2 and 9.2.4).
///
/// # Errors
/// A [`Refusal`] for whatever is not an open event stream. Dropping the future drops the connection.
pub async fn connect(
    config: &StreamConfig,
    credentials: &Credentials,
    cursor: &str,
    gate: &HostGate,
) -> Result<Answer, Refusal> {
    let mut hop = request::Hop::first(config)?;
    refuse_plaintext(&hop.url, config.insecure, credentials)?;
    for _ in 0..=redirect::MOST {
        let response = send(config, credentials, cursor, gate, &hop).await?;
        if !redirect::is_redirect(response.status()) {
            let mut answer = classify(response, &hop, credentials).await?;
            answer.gap = Gap::in_answer(&hop, config, cursor, answer.response.headers());
            return Ok(answer);
        }
        hop = redirect::follow(&hop, &response, config.redirects)?;
    }
    Err(Refusal::Redirect(format!("the server redirects more than {} times", redirect::MOST)))
}

async fn send(
    config: &StreamConfig,
    credentials: &Credentials,
    cursor: &str,
    gate: &HostGate,
    hop: &request::Hop,
) -> Result<Response, Refusal> {
    let client = gate.client(config, &hop.url).await?;
    let request = hop.request(&client, config, credentials, cursor)?;
    let host = address::authority(&hop.url);
    let _pass = gate.pass(&host).await;
    let host = if config.proxy.is_some() { format!("{host} through the proxy") } else { host };
    // An idle timeout that is shorter than the deadline holds for the header too: it is a time without a byte.
    let deadline = config.idle_timeout.map_or(HEADER_DEADLINE, |idle| idle.min(HEADER_DEADLINE));
    match tokio::time::timeout(deadline, client.execute(request)).await {
        Ok(answer) => answer.map_err(|error| unreached(&error, &host)),
        Err(_) if deadline < HEADER_DEADLINE => {
            Err(Refusal::Idle(format!("{host} did not answer within {} ms", deadline.as_millis())))
        }
        Err(_) => Err(Refusal::Network(format!("{host} did not answer within {} s", deadline.as_secs()))),
    }
}

async fn classify(response: Response, hop: &request::Hop, credentials: &Credentials) -> Result<Answer, Refusal> {
    if response.status() != StatusCode::OK {
        return Err(refused_status("the server", response, credentials).await);
    }
    classify::event_stream(response.headers())?;
    // The request's address has a secret parameter, but no longer user and password: those went into a header.
    let mut url = response.url().clone();
    redirect::carry_user(&hop.url, &mut url, hop.own);
    Ok(Answer {
        status: response.status().as_u16(),
        url: address::shown_to(&url, credentials, hop.own),
        http: classify::version(response.version()),
        gap: None,
        response,
    })
}
