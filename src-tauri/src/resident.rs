//! The connection to the resident.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use streambell_protocol::{
    Answer, Call, Client, ClientError, ErrorCode, LanguageForm, Link, Presence, Push, Pushes, Text, Topics,
};
use tauri::{AppHandle, Manager as _};

use crate::page::Page;
use crate::{closing, window};

/// How long after a lost connection, or a failed try, the next try is made.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A resident that has not said hello by then counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// A question to a person waits so long for the language it is put in.
const PATIENCE_FOR_WORDS: Duration = Duration::from_secs(1);

/// The resident, while it can be heard.
pub(crate) struct Resident {
    socket: PathBuf,
    /// Put in by [`follow`] for as long as the connection lasts.
    client: Mutex<Option<Arc<Client>>>,
    seen: AtomicBool,
    /// The window is closed, and the process about to end.
    closed: AtomicBool,
    /// That there is a window which may come back to it; none where that could not be held.
    presence: Mutex<Option<Presence>>,
}

impl Resident {
    /// The resident behind this control socket; not connected yet.
    pub(crate) fn new(socket: PathBuf) -> Self {
        // Where it cannot be held, the worst is a second window.
        let presence = Mutex::new(Presence::hold(&socket).ok());
        Self { socket, client: Mutex::new(None), seen: AtomicBool::new(true), closed: AtomicBool::new(false), presence }
    }

    /// Asks and waits for the answer.
    pub(crate) async fn ask(&self, call: Call) -> Result<Answer, ClientError> {
        self.connected()?.call(call).await
    }

    /// Asks again for what a person has agreed to.
    pub(crate) async fn ask_agreed(&self, call: Call, agreed: Text) -> Result<Answer, ClientError> {
        self.connected()?.call_agreed(call, agreed).await
    }

    /// Whether somebody can see the window.
    pub(crate) fn is_seen(&self) -> bool {
        self.seen.load(Ordering::Relaxed)
    }

    /// Subscribes to everything while somebody can see the window, and else to nothing but being called to the front.
    pub(crate) async fn seen(&self, seen: bool) -> Result<(), ClientError> {
        self.seen.store(seen, Ordering::Relaxed);
        self.ask(self.subscription(seen)).await.map(drop)
    }

    /// The window is closed: who wants one from now on wants another.
    pub(crate) async fn closed(&self) {
        self.closed.store(true, Ordering::Relaxed);
        drop(self.ask(self.subscription(false)).await);
    }

    /// What the window hears.
    fn subscription(&self, seen: bool) -> Call {
        let dashboard = !self.closed.load(Ordering::Relaxed);
        Call::Subscribe { topics: Topics { snapshots: seen, events: seen, dashboard } }
    }

    /// The language that was chosen; the system's where the resident does not say it soon.
    pub(crate) async fn language(&self) -> LanguageForm {
        match tokio::time::timeout(PATIENCE_FOR_WORDS, self.ask(Call::Configuration)).await {
            Ok(Ok(Answer::Configuration(configuration))) => configuration.settings.language,
            _ => LanguageForm::System,
        }
    }

    /// The resident does not wait for this window any more.
    fn stay_away(&self) {
        self.presence.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn connected(&self) -> Result<Arc<Client>, ClientError> {
        let not_running = || ClientError::NotRunning { socket: self.socket.display().to_string() };
        self.client().clone().ok_or_else(not_running)
    }

    /// Connects and subscribes. Tells whether that was as a window that somebody sees.
    async fn connect(&self) -> Result<(Arc<Client>, Pushes, bool), ClientError> {
        let connecting = async {
            let (client, pushes) = Client::connect(&self.socket).await?;
            let seen = self.is_seen();
            client.call(self.subscription(seen)).await?;
            Ok((Arc::new(client), pushes, seen))
        };
        let silent = || ClientError::Refused {
            code: ErrorCode::Failed,
            message: Text::new("Streambell does not answer", "Streambell 没有应答"),
        };
        tokio::time::timeout(PATIENCE, connecting).await.unwrap_or_else(|_| Err(silent()))
    }

    fn client(&self) -> std::sync::MutexGuard<'_, Option<Arc<Client>>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects, passes on what the resident says, and connects again when it is lost; until the resident says goodbye, or
/// another one is there that speaks otherwise, and nothing would be lost with the window.
pub(crate) async fn follow(app: AppHandle) {
    let resident = app.state::<Resident>();
    let page = app.state::<Page>();
    let (mut was_connected, mut stays) = (false, false);
    loop {
        let message = match resident.connect().await {
            Ok((client, pushes, seen)) => {
                was_connected = true;
                *resident.client() = Some(client);
                if resident.is_seen() != seen {
                    // It was shown or hidden meanwhile, and nobody could be told.
                    drop(resident.seen(!seen).await);
                }
                page.link(&app, Link::Connected);
                let goodbye = listen(&app, &page, pushes).await;
                *resident.client() = None;
                if goodbye && !closing::asks(&app) {
                    return app.exit(0);
                }
                Text::new("the connection to Streambell is lost", "与 Streambell 的连接断开了")
            }
            // It understood the one before: this one is newer than the window, or older, and to end it would not help.
            Err(ClientError::Refused { code: ErrorCode::Version, .. }) if was_connected => {
                if !stays && !closing::asks(&app) {
                    return app.exit(0);
                }
                // A person was asked once, and has something to save from the window.
                stays = true;
                resident.stay_away();
                Text::new(
                    "Streambell is of another version now: close this window and open it again",
                    "Streambell 已换成另一个版本：请关闭此窗口，再重新打开",
                )
            }
            Err(error) => error.text(),
        };
        page.link(&app, Link::Lost { message });
        tokio::time::sleep(RETRY_AFTER).await;
    }
}

/// Passes pushes on to the page until the connection ends; says whether that was announced.
async fn listen(app: &AppHandle, page: &Page, mut pushes: Pushes) -> bool {
    while let Some(push) = pushes.recv().await {
        match push {
            Push::Goodbye => return true,
            Push::Present(_) => window::present(app),
            Push::Snapshot(_) | Push::Events(_) | Push::Alerts(_) | Push::Watched(_) => (),
        }
        page.push(app, push);
    }
    false
}
