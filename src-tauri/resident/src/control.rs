//! The control socket: how dashboard and command line talk to the running instance.
//!
//! The socket file is private to the user (0600 in a folder of 0700) and every peer's user is checked besides. Each
//! client is a task of its own, so that a slow one holds up nobody.

mod about;
mod calls;
mod client;
mod dashboard_form;
mod dashboards;
mod doctor;
mod edits;
mod form;
mod look;
mod pace;
mod presets;
mod refusal;
mod request_form;
mod rule_form;
mod search;
mod settings;
mod streams;
mod trying;
mod uptime;
mod view;
mod watch;
mod why;

use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::traits::StreamCommon as _;
use interprocess::local_socket::traits::tokio::Listener as _;
use interprocess::local_socket::{GenericFilePath, ListenerOptions, ToFsName as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::calls::Office;
pub(crate) use self::calls::Shared;
pub(crate) use self::client::Parting;
pub(crate) use self::dashboards::Dashboards;
pub(crate) use self::search::TextIndex;
pub(crate) use self::view::{stream_message, stream_state};

/// How many clients may be connected at a time.
const CLIENTS: usize = 32;

/// How long to wait where a connection cannot be accepted, for example for want of file handles.
const ACCEPT_PAUSE: std::time::Duration = std::time::Duration::from_millis(200);

/// The listening socket; its file is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: Listener,
    /// Who may connect, on systems where users have numbers.
    owner: Option<u32>,
}

impl Socket {
    /// Listens, in a folder that [`Profile::prepare`](streambell_engine::profile::Profile::prepare) made. Only for the
    /// holder of the profile's lock: a file left there by a killed instance is replaced.
    ///
    /// # Errors
    /// Where the socket cannot be made.
    pub(crate) fn listen(path: &Path) -> Result<Self> {
        let bind = || -> io::Result<Self> {
            remove_stale(path)?;
            let options = ListenerOptions::new().name(path.to_fs_name::<GenericFilePath>()?);
            let listener = private(options).create_tokio()?;
            Ok(Self { listener, owner: owner(path)? })
        };
        bind().with_context(|| format!("the control socket {} cannot be made", path.display()))
    }
}

/// Serves clients until `shutdown`, then says goodbye to them. They are kept until the caller drops them.
pub(crate) async fn serve(socket: Socket, shared: Shared, shutdown: CancellationToken) -> Vec<Parting> {
    let mut clients = JoinSet::new();
    let left = Arc::clone(&shared.left);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            Some(ended) = clients.join_next() => {
                left.notify_one();
                if let Err(error) = ended {
                    tracing::error!(%error, "a control client's task failed");
                }
            }
            accepted = socket.listener.accept() => match accepted {
                Ok(stream) if clients.len() >= CLIENTS => {
                    tracing::warn!(clients = CLIENTS, "too many control clients: one is turned away");
                    drop(stream);
                }
                Ok(stream) if !is_owner(&stream, socket.owner) => {
                    tracing::warn!("a process of another user is turned away from the control socket");
                }
                Ok(stream) => {
                    clients.spawn(client::serve(stream, Office::new(shared.clone()), shutdown.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a control client cannot be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
    // No new client; those there are end by themselves.
    drop(socket);
    let mut partings = Vec::new();
    while let Some(ended) = clients.join_next().await {
        partings.extend(ended.ok().flatten());
    }
    partings
}

fn is_owner(stream: &Stream, owner: Option<u32>) -> bool {
    match (owner, peer(stream)) {
        (Some(owner), Some(peer)) => owner == peer,
        // A platform that cannot tell guards the socket itself.
        (None, _) => true,
        (Some(_), None) => false,
    }
}

#[cfg(unix)]
fn peer(stream: &Stream) -> Option<u32> {
    stream.peer_creds().ok()?.euid()
}

#[cfg(not(unix))]
fn peer(_: &Stream) -> Option<u32> {
    None
}

/// The user the socket's file belongs to: our own.
#[cfg(unix)]
fn owner(path: &Path) -> io::Result<Option<u32>> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(Some(std::fs::symlink_metadata(path)?.uid()))
}

#[cfg(not(unix))]
fn owner(_: &Path) -> io::Result<Option<u32>> {
    Ok(None)
}

#[cfg(unix)]
fn private(options: ListenerOptions<'_>) -> ListenerOptions<'_> {
    use interprocess::os::unix::local_socket::ListenerOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: ListenerOptions<'_>) -> ListenerOptions<'_> {
    options
}

/// Nobody listens there any more: whoever did held the lock that is ours now.
fn remove_stale(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests;
