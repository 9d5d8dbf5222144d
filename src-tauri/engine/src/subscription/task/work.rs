//! What runs towards the server, and what ends a turn of the loop.

use std::future::{pending, poll_fn};
use std::mem;
use std::task::Poll;

use bytes::Bytes;
use reqwest::Response;

use super::Boxed;
use crate::connection::Refusal;
use crate::secrets::Secret;
use crate::sse::Decoder;
use crate::subscription::Command;
use crate::subscription::tokens::Fetched;
use crate::transport::{self, Answer, Seat};

/// What runs towards the server.
pub(super) enum Work {
    None,
    Connecting(Boxed<(Option<Secret>, Result<Answer, Refusal>)>),
    Open(Box<Body>),
}

pub(super) struct Body {
    pub(super) response: Response,
    pub(super) decoder: Decoder,
    /// Its place on a connection that it shares.
    pub(super) seat: Option<Seat>,
}

/// What ends a turn of the loop.
pub(super) enum Cause {
    Command(Command),
    Refreshed(Result<Fetched, Refusal>),
    Subscribed(Result<(), Refusal>),
    Answered(Option<Secret>, Box<Result<Answer, Refusal>>),
    Chunk(Bytes),
    EndOfBody,
    Lost(Refusal),
    Timer,
}

impl Work {
    /// Waits for the next thing; for ever where nothing runs. Dropping it loses nothing.
    pub(super) async fn next(&mut self) -> Cause {
        match self {
            Self::None => pending().await,
            Self::Connecting(connect) => {
                let (secret, answer) = connect.await;
                Cause::Answered(secret, Box::new(answer))
            }
            Self::Open(body) => match body.response.chunk().await {
                Ok(Some(bytes)) => Cause::Chunk(bytes),
                Ok(None) => Cause::EndOfBody,
                Err(error) => Cause::Lost(transport::lost(&error)),
            },
        }
    }
}

/// Lets every task run once that is ready, and nothing else: Tokio's own `yield_now` asks the system for news first,
/// which costs more than an event.
pub(super) async fn run_last() {
    let mut waited = false;
    poll_fn(|context| {
        if mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

pub(super) async fn maybe<T>(future: Option<&mut Boxed<T>>) -> T {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}
