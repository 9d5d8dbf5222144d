//! The sign-ins that wait for their person: one for a stream at the most, each a task owned here.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

use super::EngineError;
use crate::auth::{self, DeviceCode};
use crate::config::{Config, StreamConfig};
use crate::connection::Refusal;
use crate::model::StreamId;
use crate::secrets::Vault;
use crate::snapshot::SignIn;
use crate::text;
use crate::transport::HostGate;

/// How many run at a time.
const MOST: usize = 16;

/// Who waits for the code.
pub(super) type Reply = oneshot::Sender<Result<DeviceCode, EngineError>>;

#[derive(Debug)]
pub(super) struct SignIns {
    vault: Vault,
    gate: HostGate,
    shown: HashMap<StreamId, SignIn>,
    running: JoinSet<Result<(), Refusal>>,
    /// Which stream a task is for, as it was when it began. One that was cancelled is not among them.
    streams: HashMap<Id, (Arc<StreamConfig>, AbortHandle)>,
    codes: mpsc::Sender<(StreamId, DeviceCode)>,
    received: mpsc::Receiver<(StreamId, DeviceCode)>,
}

/// What became of one.
#[derive(Debug)]
pub(super) enum Step {
    /// There is a code to show.
    Code,
    /// The stream has a new token.
    Done(StreamId),
    /// Nothing came of it, or it was cancelled.
    Over,
}

impl SignIns {
    pub(super) fn new(vault: Vault) -> Self {
        let (codes, received) = mpsc::channel(MOST);
        let (shown, streams) = (HashMap::new(), HashMap::new());
        Self { vault, gate: HostGate::default(), shown, running: JoinSet::new(), streams, codes, received }
    }

    /// Begins one, in place of the one that may run for the stream. The code, or why there is none, goes to `reply`.
    pub(super) fn start(&mut self, config: Arc<StreamConfig>, reply: Reply) {
        let stream = config.name.clone();
        self.cancel(&stream);
        if auth::device_settings(&config).is_none() || self.running.len() >= MOST {
            let message = if self.running.len() >= MOST {
                text!("other sign-ins are still waiting: try again in a moment", "其他登录还在等待：请稍后再试")
            } else {
                text!(
                    "this stream does not sign in with a code: give it its token instead",
                    "这个流不用验证码登录：请直接提供令牌"
                )
            };
            // Who asked may be gone, here and below.
            drop(reply.send(Err(EngineError::Invalid(message))));
            return;
        }
        self.vault.ask_anew();
        self.shown.insert(stream, SignIn::Asking);
        let (vault, gate, codes) = (self.vault.clone(), self.gate.clone(), self.codes.clone());
        let signed_in = Arc::clone(&config);
        let task = self.running.spawn(async move {
            let started = auth::SignIn::start(&config, &vault, &gate).await;
            let sign_in = match started {
                Ok(sign_in) => sign_in,
                Err(refusal) => {
                    drop(reply.send(Err(EngineError::Invalid(refusal.message().clone()))));
                    return Err(refusal);
                }
            };
            drop(codes.send((config.name.clone(), sign_in.code().clone())).await);
            drop(reply.send(Ok(sign_in.code().clone())));
            sign_in.finish(&config, &vault, &gate).await?.store(&vault).await
        });
        self.streams.insert(task.id(), (signed_in, task));
    }

    /// Ends the one that runs for a stream, and forgets how the last one went.
    pub(super) fn cancel(&mut self, stream: &StreamId) {
        self.shown.remove(stream);
        self.streams.retain(|_, (config, task)| {
            let gone = config.name == *stream;
            if gone {
                task.abort();
            }
            !gone
        });
    }

    /// Ends those of streams that are no longer configured so, or whose token would go to another server than was said
    /// when it began.
    pub(super) fn configure(&mut self, config: &Config) {
        let is_other = |new: &StreamConfig| {
            let mut begun = self.streams.values().filter(|(old, _)| old.name == new.name);
            auth::device_settings(new).is_none() || begun.any(|(old, _)| auth::must_sign_in_again(old, new))
        };
        let is_over =
            |stream: &StreamId| config.streams.iter().find(|new| new.name == *stream).is_none_or(|new| is_other(new));
        let gone: Vec<_> = self.shown.keys().filter(|stream| is_over(stream)).cloned().collect();
        for stream in gone {
            self.cancel(&stream);
        }
    }

    /// Where the sign-in of a stream is.
    pub(super) fn of(&self, stream: &StreamId) -> Option<&SignIn> {
        self.shown.get(stream)
    }

    /// Waits for the next step of any; for ever while none runs.
    pub(super) async fn next(&mut self) -> Step {
        tokio::select! {
            biased;
            Some((stream, code)) = self.received.recv() => {
                // One that was cancelled meanwhile is not shown.
                if let Some(shown) = self.shown.get_mut(&stream) {
                    *shown = SignIn::Code(code);
                }
                Step::Code
            }
            Some(ended) = self.running.join_next_with_id() => self.ended(ended),
            else => std::future::pending().await,
        }
    }

    fn ended(&mut self, ended: Result<(Id, Result<(), Refusal>), JoinError>) -> Step {
        let (id, result) = match ended {
            Ok((id, result)) => (id, result.map_err(|refusal| refusal.message().clone())),
            Err(error) => {
                let message = text!("a fault inside Streambell ended the sign-in", "Streambell 内部故障，登录中断");
                (error.id(), Err(message))
            }
        };
        let Some((config, _)) = self.streams.remove(&id) else { return Step::Over };
        let stream = config.name.clone();
        match result {
            Ok(()) => {
                self.shown.remove(&stream);
                Step::Done(stream)
            }
            Err(message) => {
                self.shown.insert(stream, SignIn::Failed(message));
                Step::Over
            }
        }
    }
}
