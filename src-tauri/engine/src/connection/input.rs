//! What a connection is told and what it asks for.

use std::time::Duration;

use crate::locale::Text;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The stream begins.
    Start,
    /// The server answered with an event stream.
    Opened,
    /// Bytes of the body came, comments too.
    Bytes,
    /// The time since the last bytes was ours, not the server's: we were busy with them.
    Busy,
    /// The server named its reconnection time.
    Retry(Duration),
    /// The body ended as it should.
    EndOfBody,
    /// A connect came to nothing, or the body broke off.
    Failed(Refusal),
    /// A refresh is over: there is a new secret, or not.
    Refreshed(Result<(), Refusal>),
    /// [`Connection::deadline`](super::Connection::deadline) may have passed. Early or late does no harm.
    Timer,
    /// A person changed a secret of the stream.
    SecretChanged,
    /// A person asked to connect at once.
    Reconnect,
    /// The machine woke from sleep.
    Woke,
    /// The network came back, or is another one than before.
    NetworkUp,
    /// The system says that there is no network.
    NetworkDown,
}

impl Input {
    /// Whether it proves that the server can be reached. Bytes do not: they may have lain here already.
    pub(super) fn is_from_the_server(&self) -> bool {
        match self {
            Self::Opened | Self::EndOfBody => true,
            Self::Failed(refusal) | Self::Refreshed(Err(refusal)) => {
                matches!(refusal, Refusal::Status { .. } | Refusal::ContentType(_) | Refusal::Redirect(_))
            }
            Self::Refreshed(Ok(())) => true,
            Self::Start
            | Self::Bytes
            | Self::Busy
            | Self::Retry(_)
            | Self::Timer
            | Self::SecretChanged
            | Self::Reconnect
            | Self::Woke
            | Self::NetworkUp
            | Self::NetworkDown => false,
        }
    }
}

/// Why a connect, a body or a refresh came to nothing. Each message is one line that holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The network, or HTTP itself.
    Network(Text),
    /// TLS: the handshake, a certificate, or a file with one.
    Tls(Text),
    /// No answer came within the idle timeout.
    Idle(Text),
    /// An answer with this status, which opens no stream.
    Status {
        /// 200 to 599.
        status: u16,
        /// What the server asks to be waited (RFC 9110, 10.2.3).
        retry_after: Option<Duration>,
        /// The status in words, and what the server says of it.
        message: Text,
    },
    /// The answer is not an event stream, or (of a refresh) holds no token.
    ContentType(Text),
    /// A redirect that is not followed.
    Redirect(Text),
    /// An address that cannot be used.
    BadUrl(Text),
    /// The secret is missing or cannot be sent, or the keyring's prompt was closed: a person must see to it.
    Secret(Text),
    /// What gives the secret does not, for now: at a login it may come up after this program.
    NoVault(Text),
    /// There is no access token yet, or it has ended: one must be fetched.
    NoToken(Text),
    /// The server said in an event that the stream has ended for good.
    Finished(Text),
}

impl Refusal {
    /// The line for people.
    pub fn message(&self) -> &Text {
        match self {
            Self::Status { message, .. }
            | Self::Network(message)
            | Self::Tls(message)
            | Self::Idle(message)
            | Self::ContentType(message)
            | Self::Redirect(message)
            | Self::BadUrl(message)
            | Self::Secret(message)
            | Self::NoVault(message)
            | Self::NoToken(message)
            | Self::Finished(message) => message,
        }
    }
}

/// What to do, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Tell the new state.
    Report,
    /// Tell whether the open stream is overdue: see [`Connection::quiet_since`](super::Connection::quiet_since).
    ReportQuiet,
    /// Drop the connect or the body that runs.
    Close,
    /// Connect; answer with [`Input::Opened`] or [`Input::Failed`].
    Connect,
    /// Fetch a new token; answer with [`Input::Refreshed`].
    Refresh,
}
