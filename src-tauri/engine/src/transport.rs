//! Builds the authenticated request, follows redirects and classifies the answer.
//!
//! With [`auth`](crate::auth) the only room that puts a secret on a request. What it says of an address or a failure
//! holds none.

mod address;
mod ask;
mod classify;
mod client;
mod failure;
mod gap;
mod gate;
mod identity;
mod pace;
mod pool;
mod post;
mod redirect;
mod request;
mod tls;

use std::time::Duration;

use reqwest::{Response, StatusCode};

use crate::auth::Credentials;
use crate::config::StreamConfig;
use crate::connection::Refusal;
use crate::locale::Text;
use crate::text;

pub use address::{host, redacted, same_place};
pub(crate) use address::{
    is_loopback, is_telling, no_address, origin, parse, refuse_in_the_clear, refuse_plaintext, same_origin,
    set_parameter, telling_parts,
};
pub(crate) use ask::{Asked, Manner, ask, certificates};
pub use ask::{Turn, Unasked, Why};
pub(crate) use classify::{essence, one_line, refused_status, version};
pub use client::is_proxy;
pub use failure::{TlsTrouble, lost};
pub(crate) use failure::{io_message, unreached};
pub use gap::Gap;
pub use gate::HostGate;
pub(crate) use pool::Seat;
pub(crate) use post::post;
pub(crate) use request::{custom_headers, legal_name};

/// A connect that takes longer has failed.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(10);
/// An answer's header that takes longer is not waited for.
pub const HEADER_DEADLINE: Duration = Duration::from_secs(30);
/// For so long an answer is waited for on a connection that others share: the server may allow no further stream there,
/// or the connection be dead.
const SHARED_DEADLINE: Duration = Duration::from_secs(5);
/// Shared connections that are tried before a stream gets one of its own.
const SHARED_TRIES: u32 = 2;

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
    /// Whether the server was told after which event to go on.
    pub resumes: bool,
    /// Where the server says that it cannot resume as asked.
    pub gap: Option<Gap>,
    /// Its place on a connection that it shares; dropped with the body, or told that it ended well.
    pub(crate) seat: Option<Seat>,
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
    refuse_plaintext(&hop.url, config.insecure || config.unix_socket.is_some(), credentials)?;
    for _ in 0..=redirect::MOST {
        let (response, seat) = send(config, credentials, cursor, gate, &hop).await?;
        if !redirect::is_redirect(response.status()) {
            let mut answer = classify(response, seat, &hop, credentials).await?;
            answer.resumes = gap::was_asked(&hop, config, cursor);
            answer.gap = Gap::in_answer(&hop, config, cursor, answer.response.headers());
            return Ok(answer);
        }
        if let Some(seat) = seat {
            seat.leave();
        }
        hop = redirect::follow(&hop, &response, config, credentials)?;
    }
    Err(Refusal::Redirect(redirect::too_many()))
}

async fn send(
    config: &StreamConfig,
    credentials: &Credentials,
    cursor: &str,
    gate: &HostGate,
    hop: &request::Hop,
) -> Result<(Response, Option<Seat>), Refusal> {
    let host = address::authority(&hop.url);
    let told = match (&config.unix_socket, &config.proxy) {
        (Some(socket), _) => {
            let socket = socket.display();
            text!("{host} through {socket}", "{host}（经由 {socket}）")
        }
        (None, Some(_)) => text!("{host} through the proxy", "{host}（经由代理）"),
        (None, None) => Text::plain(&host),
    };
    // An idle timeout that is shorter than the deadline holds for the header too: it is a time without a byte.
    let deadline = config.idle_timeout.map_or(HEADER_DEADLINE, |idle| idle.min(HEADER_DEADLINE));
    for tries in 0.. {
        let mut way = gate.way(config, credentials, &hop.url, tries >= SHARED_TRIES).await?;
        let is_shared = way.seat.as_ref().is_some_and(Seat::is_shared);
        let request = hop.request(&way.client, config, credentials, cursor)?;
        let _pass = gate.pass(&host).await;
        let patience = if is_shared { deadline.min(SHARED_DEADLINE) } else { deadline };
        match tokio::time::timeout(patience, way.client.execute(request)).await {
            Ok(Ok(response)) => {
                gate.answered(&mut way, &hop.url, response.version());
                return Ok((response, way.seat));
            }
            Ok(Err(error)) => match way.seat {
                Some(seat) if failure::is_refused_stream(&error) => seat.refused(),
                // It broke for all who share it, perhaps long ago.
                Some(_) if is_shared => {}
                Some(_) | None => return Err(unreached(&error, &told)),
            },
            Err(_) if is_shared => {
                if let Some(seat) = way.seat {
                    seat.refused();
                }
            }
            Err(_) if deadline < HEADER_DEADLINE => {
                let time = deadline.as_millis();
                return Err(Refusal::Idle(text!(
                    "{told} did not answer within {time} ms",
                    "{told} 在 {time} 毫秒内没有应答",
                    told
                )));
            }
            Err(_) => break,
        }
        tracing::debug!(stream = %config.name, host, "the shared connection takes no further stream");
    }
    Err(Refusal::Network(unanswered(&told, deadline)))
}

/// Nothing came within this time.
pub(crate) fn unanswered(told: &Text, within: Duration) -> Text {
    let seconds = within.as_secs();
    text!("{told} did not answer within {seconds} s", "{told} 在 {seconds} 秒内没有应答", told)
}

async fn classify(
    response: Response,
    seat: Option<Seat>,
    hop: &request::Hop,
    credentials: &Credentials,
) -> Result<Answer, Refusal> {
    if response.status() != StatusCode::OK {
        if let Some(seat) = seat {
            seat.leave();
        }
        let who = text!("the server", "服务器");
        return Err(refused_status(&who, response, credentials).await);
    }
    classify::event_stream(response.headers(), credentials)?;
    // The request's address has a secret parameter, but no longer user and password: those went into a header.
    let mut url = response.url().clone();
    redirect::carry_user(&hop.url, &mut url, hop.own);
    Ok(Answer {
        status: response.status().as_u16(),
        url: address::shown_to(&url, credentials, hop.own),
        http: classify::version(response.version()),
        resumes: false,
        gap: None,
        seat,
        response,
    })
}
