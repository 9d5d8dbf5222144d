//! The client's end of the control socket.

use std::collections::HashMap;
use std::path::Path;

use interprocess::local_socket::tokio::Stream;
use interprocess::local_socket::traits::tokio::Stream as _;
use interprocess::local_socket::{GenericFilePath, ToFsName as _};
use thiserror::Error;
use tokio::io::BufReader;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use crate::call::{Answer, Call, ErrorCode, Push};
use crate::text::Text;
use crate::wire::{LineError, Message, Request, read_line, write_line};

/// What the resident says unasked.
pub type Pushes = mpsc::Receiver<Push>;

/// How many pushes wait for a slow reader before the connection stops being read.
const PUSHES_HELD: usize = 64;

/// Why a call has no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Nobody listens there.
    #[error("no Streambell is running (nothing answers on {socket})")]
    NotRunning {
        /// The socket.
        socket: String,
    },
    /// The resident refused.
    #[error("{message}")]
    Refused {
        /// What kind of refusal.
        code: ErrorCode,
        /// Why.
        message: Text,
    },
    /// The connection ended before the answer.
    #[error("Streambell ended the connection before it answered")]
    Gone,
    /// The connection failed.
    #[error(transparent)]
    Line(#[from] LineError),
}

impl ClientError {
    /// The same in every language.
    pub fn text(&self) -> Text {
        let english = self.to_string();
        match self {
            Self::Refused { message, .. } => message.clone(),
            Self::NotRunning { socket } => {
                Text::new(english, format!("没有正在运行的 Streambell（{socket} 没有应答）"))
            }
            Self::Gone => Text::new(english, "Streambell 还没有应答就断开了连接"),
            Self::Line(error) => error.text(),
        }
    }
}

/// A connection to the resident. Calls may be made side by side; dropping it ends the connection.
///
/// Who subscribes must keep reading its [`Pushes`]: answers come behind them on the same connection.
#[derive(Debug)]
pub struct Client {
    calls: mpsc::Sender<Asked>,
    /// The task that owns the socket; ended by our drop.
    task: AbortHandle,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Client {
    /// Connects and says hello.
    ///
    /// # Errors
    /// [`ClientError::NotRunning`] where nobody listens; [`ClientError::Refused`] where the versions differ.
    pub async fn connect(socket: &Path) -> Result<(Self, Pushes), ClientError> {
        let not_running = || ClientError::NotRunning { socket: socket.display().to_string() };
        let name = socket.to_fs_name::<GenericFilePath>().map_err(LineError::Io)?;
        let stream = Stream::connect(name).await.map_err(|_| not_running())?;
        let (calls, asked) = mpsc::channel(16);
        let (pushed, pushes) = mpsc::channel(PUSHES_HELD);
        let task = tokio::spawn(serve(stream, asked, pushed)).abort_handle();
        let client = Self { calls, task };
        client.call(Call::Hello { version: crate::VERSION }).await?;
        Ok((client, pushes))
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with the resident's reason, or where the connection ends first.
    pub async fn call(&self, call: Call) -> Result<Answer, ClientError> {
        self.ask(call, None).await
    }

    /// The same once a person has agreed to what [`ErrorCode::Consent`] said.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn call_agreed(&self, call: Call, agreed: Text) -> Result<Answer, ClientError> {
        self.ask(call, Some(agreed)).await
    }

    async fn ask(&self, call: Call, agreed: Option<Text>) -> Result<Answer, ClientError> {
        let (reply, answer) = oneshot::channel();
        self.calls.send(Asked { call, agreed, reply }).await.map_err(|_| ClientError::Gone)?;
        answer.await.map_err(|_| ClientError::Gone)?
    }
}

/// A call on its way to the task that owns the socket.
#[derive(Debug)]
struct Asked {
    call: Call,
    agreed: Option<Text>,
    reply: oneshot::Sender<Result<Answer, ClientError>>,
}

type Waiting = HashMap<u64, oneshot::Sender<Result<Answer, ClientError>>>;

/// Owns the socket until either side ends.
async fn serve(stream: Stream, mut asked: mpsc::Receiver<Asked>, pushed: mpsc::Sender<Push>) {
    let (receive, mut send) = tokio::io::split(stream);
    let mut receive = BufReader::new(receive);
    let mut buffer = Vec::new();
    let mut waiting = Waiting::new();
    let mut id = 0;
    loop {
        tokio::select! {
            call = asked.recv() => {
                let Some(Asked { call, agreed, reply }) = call else { return };
                id += 1;
                waiting.insert(id, reply);
                if write_line(&mut send, &Request { id, call, agreed }).await.is_err() {
                    return;
                }
            }
            line = read_line::<Message>(&mut receive, &mut buffer) => match line {
                Ok(Some(Message::Answer { id, answer })) => settle(&mut waiting, id, Ok(answer)),
                Ok(Some(Message::Error { id, code, message })) => {
                    settle(&mut waiting, id, Err(ClientError::Refused { code, message }));
                }
                // A reader that went away only wanted answers.
                Ok(Some(Message::Push(push))) => drop(pushed.send(push).await),
                Ok(None) => return,
                Err(error) => {
                    tracing::debug!(%error, "control connection ended");
                    return;
                }
            }
        }
    }
}

fn settle(waiting: &mut Waiting, id: u64, result: Result<Answer, ClientError>) {
    if let Some(reply) = waiting.remove(&id) {
        // Who asked may have stopped waiting.
        drop(reply.send(result));
    }
}
