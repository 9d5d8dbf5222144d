//! The engine, to those who use it: what can be asked of it and seen of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::cause::{Edit, Request, Shown};
use super::{EngineError, Sighting, StreamEdit, Trial};
use crate::auth::{DeviceCode, Typed};
use crate::config::edit::EditError;
use crate::config::{Config, StreamConfig};
use crate::connection::State;
use crate::delivery::Waiting;
use crate::doctor;
use crate::host::Notification;
use crate::locale::Text;
use crate::model::{Answer, Event, Said, StoredEvent, StreamId};
use crate::secrets::{Part, Secret, Vault};
use crate::silence::Matcher;
use crate::snapshot::Snapshot;
use crate::tiles::Opening;
use crate::uptime::{Record, Uptime};

/// How many sightings of a watched stream wait before the stream does.
const SIGHTINGS_HELD: usize = 16;

/// The engine, to those who use it. Cheap to clone; the engine runs until [`Handle::stop`] or until the last handle
/// is gone.
#[derive(Debug, Clone)]
pub struct Handle {
    pub(super) requests: mpsc::Sender<Request>,
    /// Never blocks the host; as many messages wait as notifications are under way.
    pub(super) shown: mpsc::UnboundedSender<Shown>,
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(super) config: watch::Receiver<Arc<Config>>,
    pub(super) feed: broadcast::Sender<Arc<Vec<StoredEvent>>>,
    pub(super) changed: broadcast::Sender<Arc<Vec<i64>>>,
    pub(super) states: broadcast::Sender<(StreamId, State)>,
    pub(super) vault: Vault,
}

impl Handle {
    /// The newest snapshot, now and at each change.
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// The configuration in force, now and at each change.
    pub fn config(&self) -> watch::Receiver<Arc<Config>> {
        self.config.clone()
    }

    /// Events as they are committed, in batches, and those that are not stored as they come. A reader that is too slow misses some and learns so.
    pub fn feed(&self) -> broadcast::Receiver<Arc<Vec<StoredEvent>>> {
        self.feed.subscribe()
    }

    /// The alerts that became something else (shown, read, answered, over), by number, once the ledger has it: at most
    /// four times a second and 200 at a time, the newest. A reader that is too slow misses some and learns so.
    pub fn changed_alerts(&self) -> broadcast::Receiver<Arc<Vec<i64>>> {
        self.changed.subscribe()
    }

    /// Each change of a stream's state, as it comes. A reader that is too slow misses some and learns so.
    pub fn states(&self) -> broadcast::Receiver<(StreamId, State)> {
        self.states.subscribe()
    }

    /// Shows no notification for so long, or until [`Handle::resume`]. Not kept over a restart: silence must be asked
    /// for.
    pub async fn pause(&self, length: Option<Duration>) {
        // Refused only where a stream is named that is not there.
        drop(self.ask(|reply| Request::Pause { stream: None, length, reply }).await);
    }

    /// The same for one stream.
    ///
    /// # Errors
    /// [`EngineError::NoStream`].
    pub async fn pause_stream(&self, stream: String, length: Option<Duration>) -> Result<(), EngineError> {
        self.ask(|reply| Request::Pause { stream: Some(stream), length, reply }).await
    }

    /// Ends a pause.
    pub async fn resume(&self) {
        drop(self.ask(|reply| Request::Resume { stream: None, reply }).await);
    }

    /// Ends the pause of one stream.
    ///
    /// # Errors
    /// [`EngineError::NoStream`].
    pub async fn resume_stream(&self, stream: String) -> Result<(), EngineError> {
        self.ask(|reply| Request::Resume { stream: Some(stream), reply }).await
    }

    /// Shows no alert that this matches for so long, at most a year; kept over a restart. Gives the silence's number.
    ///
    /// # Errors
    /// [`EngineError::Silence`].
    pub async fn silence(&self, matcher: Matcher, length: Duration, comment: String) -> Result<i64, EngineError> {
        self.ask(|reply| Request::Silence { matcher, length, comment, reply }).await
    }

    /// Ends a silence.
    ///
    /// # Errors
    /// [`EngineError::Silence`].
    pub async fn unsilence(&self, id: i64) -> Result<(), EngineError> {
        self.ask(|reply| Request::Unsilence { id, reply }).await
    }

    /// Records what a person answered to alerts, which are then read. Their notifications are closed. Gives its number:
    /// see [`Snapshot::said`].
    pub async fn answer(&self, alerts: Vec<i64>, answer: Answer) -> u64 {
        self.say(|reply| Request::Answer { alerts, answer, reply }).await
    }

    /// Connects a stream at once, or all of them.
    ///
    /// # Errors
    /// [`EngineError::NoStream`].
    pub async fn reconnect(&self, stream: Option<String>) -> Result<(), EngineError> {
        self.ask(|reply| Request::Reconnect { stream, reply }).await
    }

    /// The machine woke from sleep: streams connect anew at once.
    pub async fn woke(&self) {
        self.tell(Request::Woke).await;
    }

    /// The system says that there is a network (also: another than before), or none. Streams to this machine itself do
    /// not care; the others take it for likely, not for certain.
    pub async fn network(&self, up: bool) {
        self.tell(Request::Network { up }).await;
    }

    /// Says where the changes of the tiles of a configuration count from, as the ledger tells it.
    pub async fn open_tiles(&self, asked: Arc<Config>, openings: Vec<Opening>) {
        self.tell(Request::OpenTiles { asked, openings }).await;
    }

    /// How well each stream is connected, in the order of the configuration; none once the engine has ended.
    pub async fn uptimes(&self) -> Vec<Uptime> {
        let (reply, answer) = oneshot::channel();
        self.tell(Request::Uptimes(reply)).await;
        answer.await.unwrap_or_default()
    }

    /// What each of these alerts waits for that are still to be shown. None once the engine has ended.
    pub async fn waiting(&self, alerts: Vec<i64>) -> Vec<(i64, Waiting)> {
        let (reply, answer) = oneshot::channel();
        self.tell(Request::Waiting(alerts, reply)).await;
        answer.await.unwrap_or_default()
    }

    /// The number of an alert in the ledger, of one that was shown before it could be stored too; `None` where it is not
    /// stored yet, or nothing is known of it.
    pub async fn stored_as(&self, alert: i64) -> Option<i64> {
        let (reply, answer) = oneshot::channel();
        self.tell(Request::StoredAs(alert, reply)).await;
        answer.await.unwrap_or_default()
    }

    /// Marks alerts as read; all where none is named. Their notifications are closed. Gives its number: see
    /// [`Snapshot::said`].
    pub async fn mark_read(&self, alerts: Vec<i64>) -> u64 {
        self.say(|reply| Request::MarkRead(alerts, reply)).await
    }

    /// Takes back what a person said of alerts. Gives its number: see [`Snapshot::said`].
    pub async fn take_back(&self, alerts: Vec<i64>, said: Said) -> u64 {
        self.say(|reply| Request::TakeBack { alerts, said, reply }).await
    }

    /// Reads the configuration file again.
    pub async fn reload(&self) {
        self.tell(Request::Reload).await;
    }

    /// Adds a stream, or changes the one named `original`; writes the configuration file and the secret.
    ///
    /// # Errors
    /// Where the stream is not valid, the file cannot be written or the keyring refuses; then nothing changed.
    pub async fn save_stream(
        &self,
        original: Option<String>,
        stream: StreamConfig,
        secret: Option<Secret>,
    ) -> Result<(), EngineError> {
        self.edit_stream(StreamEdit { typed: secret.into(), ..StreamEdit::new(original, stream) }).await.map(drop)
    }

    /// The same with all that may go with it. Gives the edit's number.
    ///
    /// # Errors
    /// As [`Handle::save_stream`].
    pub async fn edit_stream(&self, edit: StreamEdit) -> Result<u32, EngineError> {
        self.ask(|reply| Request::SaveStream { edit: Box::new(edit), reply }).await
    }

    /// Changes the text of the configuration file as it is then. Gives the edit's number for [`Handle::undo`]; 0 where
    /// there is nothing to take back, because nothing changed, or only `[dashboard]`.
    ///
    /// # Errors
    /// Where `edit` refuses, what it gives is not valid, a person must agree to it first, or the file cannot be written;
    /// then nothing changed.
    pub async fn edit(
        &self,
        edit: impl FnOnce(&str) -> Result<String, EditError> + Send + 'static,
    ) -> Result<u32, EngineError> {
        self.edit_agreed(edit, None).await
    }

    /// The same with what a person has read and agreed to, in English: see [`consent`](crate::consent).
    ///
    /// # Errors
    /// As [`Handle::edit`].
    pub async fn edit_agreed(
        &self,
        edit: impl FnOnce(&str) -> Result<String, EditError> + Send + 'static,
        agreed: Option<String>,
    ) -> Result<u32, EngineError> {
        self.ask(|reply| Request::Edit { edit: Edit::new(edit, agreed), reply }).await
    }

    /// Takes back the last edit that can be, with the secrets that went with it; a change of `[dashboard]` since then
    /// stays. Gives a number as any edit; it cannot itself be taken back. `agreed` is as for [`Handle::edit_agreed`].
    ///
    /// # Errors
    /// [`EditError::Conflict`] where it is not the last one any more, is longer ago than 10 minutes, or the file has been
    /// changed since; [`EditError::NotThere`] for 0. Where a person must agree to it first it can be tried again.
    pub async fn undo(&self, edit: u32, agreed: Option<String>) -> Result<u32, EngineError> {
        self.ask(|reply| Request::Undo { edit, agreed, reply }).await
    }

    /// The text of the configuration in force; empty where there is no file.
    pub async fn config_text(&self) -> Arc<str> {
        let (reply, answer) = oneshot::channel();
        self.tell(Request::ConfigText(reply)).await;
        answer.await.unwrap_or_default()
    }

    /// Shows a notification of which nothing is kept, whatever the time: its `alerts` is [`TEST`](crate::host::TEST).
    pub async fn show_test(&self, notification: Notification) {
        self.tell(Request::ShowTest(Box::new(notification))).await;
    }

    /// Begins the sign-in of a stream with a code that a person types; what comes of it is in the snapshots. One that is
    /// under way for the stream ends.
    ///
    /// # Errors
    /// Where there is no such stream, or the authorization server gives no code.
    pub async fn sign_in(&self, stream: String) -> Result<DeviceCode, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.tell(Request::SignIn { stream, reply }).await;
        answer.await.unwrap_or(Err(EngineError::Ended))
    }

    /// Ends a sign-in, and forgets how the last one went.
    pub async fn cancel_sign_in(&self, stream: String) {
        self.tell(Request::CancelSignIn { stream }).await;
    }

    /// The names of the secrets that the vault holds, sorted: those of streams that are no longer there, too.
    ///
    /// # Errors
    /// Where the vault does not tell.
    pub async fn stored_secrets(&self) -> Result<Vec<String>, EngineError> {
        self.vault.ask_anew();
        Ok(self.vault.list().await?)
    }

    /// Deletes one of them, for good; fine where there is none. Its stream, if there is one, connects anew, and without
    /// the token that it may have got for it.
    ///
    /// # Errors
    /// Where the vault does not delete, or is in use.
    pub async fn forget_secret(&self, account: &str) -> Result<(), EngineError> {
        self.vault.ask_anew();
        // What a refresh brings that is under way is there before it is deleted.
        let changing = self.vault.change().await?;
        if self.vault.delete(account).await? {
            let stream = Part::of(account).0.to_owned();
            self.tell(Request::SecretForgotten { stream, changing }).await;
        }
        Ok(())
    }

    /// Removes a stream from the configuration file and its secrets from the vault. Gives the edit's number.
    ///
    /// # Errors
    /// As [`Handle::save_stream`].
    pub async fn remove_stream(&self, name: String) -> Result<u32, EngineError> {
        self.ask(|reply| Request::RemoveStream { name, reply }).await
    }

    /// Connects once with these settings, for 10 s at the most; stores nothing. Where no secret is given, the stored
    /// one of the stream named `original` is used.
    pub async fn try_stream(&self, original: Option<String>, stream: StreamConfig, typed: impl Into<Typed>) -> Trial {
        let (reply, answer) = oneshot::channel();
        self.tell(Request::Try { original, stream: Box::new(stream), typed: typed.into(), reply }).await;
        answer.await.unwrap_or_else(|_| Trial::failed(EngineError::Ended.text()))
    }

    /// Connects with these settings, again and again if need be, and tells what is seen until the receiver is dropped;
    /// stores nothing. Where no secret is given, the stored one of the stream named `original` is used.
    pub async fn watch_stream(
        &self,
        original: Option<String>,
        stream: StreamConfig,
        typed: impl Into<Typed>,
    ) -> mpsc::Receiver<Sighting> {
        let (sightings, seen) = mpsc::channel(SIGHTINGS_HELD);
        self.tell(Request::Watch { original, stream: Box::new(stream), typed: typed.into(), sightings }).await;
        seen
    }

    /// Keeps what was seen of a stream before it was saved as its first events. No rule is asked, because somebody saw
    /// them; a stream that does not store its events keeps none.
    ///
    /// # Errors
    /// [`EngineError::NoStream`].
    pub async fn keep_seen(&self, stream: String, events: Vec<Event>) -> Result<(), EngineError> {
        self.ask(|reply| Request::KeepSeen { stream, events, reply }).await
    }

    /// Watches a stream with these settings for so long, asks again in other ways, and says what is wrong; stores
    /// nothing. The secret is found as by [`Handle::try_stream`]; `history` has the connections of before.
    ///
    /// # Errors
    /// Where it cannot be tried, in one line.
    pub async fn diagnose(
        &self,
        original: Option<String>,
        stream: StreamConfig,
        typed: impl Into<Typed>,
        watch: Duration,
        history: Vec<Record>,
    ) -> Result<doctor::Report, Text> {
        let (reply, answer) = oneshot::channel();
        self.tell(Request::Diagnose { original, stream: Box::new(stream), typed: typed.into(), watch, history, reply })
            .await;
        answer.await.unwrap_or_else(|_| Err(EngineError::Ended.text()))
    }

    /// The host tells how a [`Host::show`](crate::host::Host::show) ended; `alerts` are the notification's.
    pub fn shown(&self, alerts: Vec<i64>, result: Result<(), Text>) {
        // An engine that has ended no longer marks anything: the alert is shown again at the next start.
        drop(self.shown.send(Shown::Answer { alerts, result }));
    }

    /// The host tells that showing became possible again.
    pub fn notifier_is_back(&self) {
        drop(self.shown.send(Shown::Back));
    }

    /// Ends everything: streams first, then the ledger; 5 s at the most.
    pub async fn stop(&self) {
        let (reply, ended) = oneshot::channel();
        self.tell(Request::Stop(reply)).await;
        // An error means that it has ended already.
        drop(ended.await);
    }

    async fn tell(&self, request: Request) {
        if self.requests.send(request).await.is_err() {
            tracing::debug!("a request came after the engine's end");
        }
    }

    /// Says something of alerts. 0 once the engine has ended.
    async fn say(&self, request: impl FnOnce(oneshot::Sender<u64>) -> Request) -> u64 {
        let (reply, number) = oneshot::channel();
        self.tell(request(reply)).await;
        number.await.unwrap_or_default()
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, EngineError>>) -> Request,
    ) -> Result<T, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.tell(request(reply)).await;
        answer.await.unwrap_or(Err(EngineError::Ended))
    }
}
