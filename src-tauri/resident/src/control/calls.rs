//! What becomes of each call: one call to the engine, one answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use streambell_engine::config::edit;
use streambell_engine::engine::{EngineError, Handle};
use streambell_engine::ledger::{LedgerError, Query, Reader};
use streambell_engine::model::{self, AlertState};
use streambell_engine::profile::Profile;
use streambell_engine::silence::Matcher;
use streambell_engine::snapshot::Snapshot;
use streambell_engine::text;
use streambell_engine::why::why;
use streambell_protocol::{Answer, Call, ErrorCode, HistoryQuery, SilenceMatcher, VERSION};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::edits::place;
use super::refusal::Refusal;
use super::{Dashboards, TextIndex, form, presets, uptime, view};
use crate::autostart::Autostart;
use crate::resident::Order;

/// How many events a history answer has where the client does not say.
const HISTORY_DEFAULT: u32 = 200;
/// How many events a history answer has at most.
const HISTORY_MOST: u32 = 10_000;
/// How many connections an answer has at most.
const CONNECTIONS_MOST: u32 = 500;

/// How long it takes at the most until the state shows what was done.
const PUBLISHED_WITHIN: Duration = Duration::from_secs(1);

/// The same for what is said of alerts, which the ledger has to have: that may be tidying up, or the disk be slow.
const HEARD_WITHIN: Duration = Duration::from_secs(10);

/// What all clients share. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    /// The engine.
    pub(crate) engine: Handle,
    /// What only the running instance itself can do.
    pub(crate) orders: mpsc::UnboundedSender<Order>,
    /// The dashboards that are connected.
    pub(crate) dashboards: Dashboards,
    /// The ledger's file, for reading.
    pub(crate) ledger: PathBuf,
    /// The configuration's file, to name it.
    pub(crate) config_file: PathBuf,
    /// Where all files are, to tell of them.
    pub(crate) profile: Profile,
    /// Start at login.
    pub(crate) autostart: Autostart,
    /// What makes searches quick.
    pub(crate) index: TextIndex,
    /// One who has it may try a rule on the history.
    pub(crate) previews: Arc<Semaphore>,
    /// Cancelled before the end where nobody shall wait for this instance to come back.
    pub(crate) for_good: CancellationToken,
    /// Told when a client has gone.
    pub(crate) left: Arc<Notify>,
}

/// Answers one client's calls.
#[derive(Debug, Clone)]
pub(super) struct Office {
    pub(super) shared: Shared,
}

impl Office {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared }
    }

    /// Does what is asked, where it needs a person's consent as far as they have `agreed`, in English. [`Call::Hello`],
    /// [`Call::Subscribe`] and watches are the connection's own business.
    pub(super) async fn answer(self, call: Call, agreed: Option<String>) -> Result<Answer, Refusal> {
        let engine = &self.shared.engine;
        match call {
            Call::Hello { .. }
            | Call::Subscribe { .. }
            | Call::WatchStream { .. }
            | Call::UnwatchStream { .. }
            | Call::KeepWatched { .. } => Ok(Answer::Done),
            Call::Search { query } => self.search(query).await,
            Call::TileHistory { query } => self.tile_history(query).await,
            Call::LastTiles => self.last_tiles().await,
            Call::MarkReadWhere { query } => self.mark_read_where(query).await,
            Call::StartAtLogin => self.start_at_login(),
            Call::SetStartAtLogin { enabled } => self.set_start_at_login(enabled),
            Call::StoredSecrets => self.stored_secrets().await,
            Call::ForgetSecret { account } => Ok(engine.forget_secret(&account).await.map(|()| Answer::Done)?),
            Call::StartDemo => self.start_demo(),
            Call::Diagnosis => self.diagnosis().await,
            Call::Snapshot => Ok(Answer::Snapshot(Box::new(self.snapshot()))),
            Call::Pause { seconds, stream } => {
                self.pause(seconds.map(|seconds| Duration::from_secs(seconds.into())), stream).await
            }
            Call::Resume { stream } => self.resume(stream).await,
            Call::Silence { matcher, seconds, comment } => {
                let SilenceMatcher { stream, rule, group, text } = matcher;
                let matcher = Matcher { stream, rule, group, text };
                let id = engine.silence(matcher, Duration::from_secs(seconds.into()), comment).await?;
                self.seen(|snapshot| snapshot.silences.iter().any(|silence| silence.id == id)).await;
                Ok(Answer::Silenced { id })
            }
            Call::Unsilence { silence } => {
                engine.unsilence(silence).await?;
                self.seen(|snapshot| !snapshot.silences.iter().any(|other| other.id == silence)).await;
                Ok(Answer::Done)
            }
            Call::Reconnect { stream } => Ok(engine.reconnect(stream).await.map(|()| Answer::Done)?),
            Call::Quit => {
                drop(self.shared.orders.send(Order::Quit));
                Ok(Answer::Done)
            }
            Call::OpenDashboard { alert } => self.open_dashboard(alert).await,
            Call::History { query } => self.history(query).await,
            Call::Alerts { query } => self.alerts(query).await,
            Call::Why { seq } => self.why(seq).await,
            Call::Uptime => {
                let now = jiff::Timestamp::now();
                let uptimes = engine.uptimes().await;
                Ok(Answer::Uptime(uptimes.iter().map(|one| uptime::uptime(one, now)).collect()))
            }
            Call::Connections { stream, limit } => self.connections(stream, limit).await,
            Call::MarkRead { alerts } => {
                let said = engine.mark_read(alerts).await;
                self.heard(said).await;
                Ok(Answer::Done)
            }
            Call::Acknowledge { alerts } => {
                let said = engine.answer(alerts, model::Answer::Acknowledged).await;
                self.heard(said).await;
                Ok(Answer::Done)
            }
            Call::MarkUnread { alerts } => {
                let said = engine.take_back(alerts, model::Said::Read).await;
                self.heard(said).await;
                Ok(Answer::Done)
            }
            Call::Unacknowledge { alerts } => {
                let said = engine.take_back(alerts, model::Said::Acknowledged).await;
                self.heard(said).await;
                Ok(Answer::Done)
            }
            Call::Configuration => Ok(self.configuration().await),
            Call::SaveStream { original, stream, secret, secrets, base } => {
                self.save_stream(original, &stream, form::typed(secret, secrets), base, agreed).await
            }
            Call::StreamText { original, stream } => self.stream_text(original.as_deref(), &stream).await,
            Call::SignIn { stream } => Ok(engine.sign_in(stream).await.map(|_| Answer::Done)?),
            Call::CancelSignIn { stream } => {
                engine.cancel_sign_in(stream).await;
                Ok(Answer::Done)
            }
            Call::RemoveStream { name } => Ok(engine.remove_stream(name).await.map(|undo| Answer::Edited { undo })?),
            Call::TestStream { original, stream, secret, secrets } => {
                self.test_stream(original, &stream, form::typed(secret, secrets), agreed).await
            }
            Call::Diagnose { original, stream, secret, secrets, seconds } => {
                self.diagnose(original, &stream, form::typed(secret, secrets), seconds, agreed).await
            }
            Call::Presets => Ok(Answer::Presets(presets::list())),
            Call::FillPreset { choice } => {
                let filled = presets::fill(&choice).map_err(|why| Refusal::invalid(&why))?;
                Ok(Answer::FilledPreset(Box::new(filled)))
            }
            Call::RuleText { original, base, draft } => self.rule_text(original.as_deref(), base.as_deref(), &draft),
            Call::DraftRule { seq } => self.draft_rule(seq).await,
            Call::PreviewRule { original, draft } => self.preview_rule(original, draft).await,
            Call::TestNotification { draft, seq } => self.test_notification(draft, seq).await,
            Call::SaveRule { original, base, draft } => self.save_rule(original, base, draft, agreed).await,
            Call::RemoveRule { name } => self.edit(move |text| edit::remove_rule(text, &name)).await,
            Call::MoveRule { name, to } => self.edit(move |text| edit::move_rule(text, &name, place(to))).await,
            Call::EnableRule { name, enabled } => self.enable_rule(name, enabled, agreed).await,
            Call::Sounds => self.sounds().await,
            Call::RuleCounts => self.rule_counts().await,
            Call::DraftTile { seq } => self.draft_tile(seq).await,
            Call::SaveTile { original, tile } => self.save_tile(original, tile).await,
            Call::RemoveTile { tile } => self.remove_tile(&tile).await,
            Call::MoveTile { tile, to } => self.move_tile(&tile, to).await,
            Call::SaveQuietHours { base, hours } => self.save_quiet_hours(&base, &hours).await,
            Call::SaveSettings { change } => self.save_settings(&change, agreed).await,
            Call::Undo { edit } => Ok(Answer::Edited { undo: engine.undo(edit, agreed).await? }),
            Call::Export { kinds, names, items } => self.export(&kinds, names, items).await,
            Call::Import { text, apply } => self.import(text, apply, agreed).await,
        }
    }

    /// The state of everything, now.
    pub(super) fn snapshot(&self) -> streambell_protocol::Snapshot {
        view::snapshot(&self.shared.engine.snapshots().borrow())
    }

    async fn pause(&self, length: Option<Duration>, stream: Option<String>) -> Result<Answer, Refusal> {
        match stream {
            None => {
                self.shared.engine.pause(length).await;
                self.seen(|snapshot| snapshot.pause.is_some()).await;
            }
            Some(stream) => {
                self.shared.engine.pause_stream(stream.clone(), length).await?;
                self.seen(|snapshot| snapshot.stream_pauses.contains_key(stream.as_str())).await;
            }
        }
        Ok(Answer::Done)
    }

    async fn resume(&self, stream: Option<String>) -> Result<Answer, Refusal> {
        match stream {
            None => {
                self.shared.engine.resume().await;
                self.seen(|snapshot| snapshot.pause.is_none()).await;
            }
            Some(stream) => {
                self.shared.engine.resume_stream(stream.clone()).await?;
                self.seen(|snapshot| !snapshot.stream_pauses.contains_key(stream.as_str())).await;
            }
        }
        Ok(Answer::Done)
    }

    /// Waits until the published state knows what a person said of alerts.
    pub(super) async fn heard(&self, said: u64) {
        self.seen_within(HEARD_WITHIN, |snapshot| snapshot.said >= said).await;
    }

    /// Waits until the published state shows what was done, so that who asks next sees it.
    async fn seen(&self, done: impl FnMut(&Arc<Snapshot>) -> bool) {
        self.seen_within(PUBLISHED_WITHIN, done).await;
    }

    async fn seen_within(&self, at_most: Duration, done: impl FnMut(&Arc<Snapshot>) -> bool) {
        let mut snapshots = self.shared.engine.snapshots();
        let wait = tokio::time::timeout(at_most, snapshots.wait_for(done));
        if wait.await.is_err() {
            tracing::debug!("the state does not show yet what was done");
        }
    }

    async fn open_dashboard(&self, alert: Option<i64>) -> Result<Answer, Refusal> {
        let (reply, opened) = oneshot::channel();
        drop(self.shared.orders.send(Order::OpenDashboard { spot: alert.into(), reply: Some(reply) }));
        match opened.await {
            Ok(Ok(())) => Ok(Answer::Done),
            Ok(Err(message)) => Err(Refusal::failed(&message)),
            Err(_) => Err(EngineError::Ended.into()),
        }
    }

    async fn history(&self, asked: HistoryQuery) -> Result<Answer, Refusal> {
        let query = history_query(asked)?;
        let events = self.read(move |reader| reader.history(&query)).await?;
        Ok(Answer::History(view::bounded_history(&events)))
    }

    async fn connections(&self, stream: String, limit: u32) -> Result<Answer, Refusal> {
        let limit = limit.clamp(1, CONNECTIONS_MOST);
        let uptimes = self.shared.engine.uptimes().await;
        let Some(known) = uptimes.into_iter().find(|one| one.stream.as_str() == stream) else {
            return Err(EngineError::NoStream(stream).into());
        };
        let past = self.read(move |reader| reader.connections(&stream, limit)).await?;
        Ok(Answer::Connections(uptime::connections(known.open.as_ref(), &past, limit as usize)))
    }

    async fn why(&self, seq: i64) -> Result<Answer, Refusal> {
        let config = self.shared.engine.config().borrow().clone();
        let told = self.read(move |reader| why(reader, &config, seq, &TimeZone::system())).await?;
        let told = told.ok_or_else(Refusal::event_gone)?;
        let pending = told.alerts.iter().filter(|alert| alert.state == AlertState::Pending).map(|alert| alert.id);
        let waiting = self.shared.engine.waiting(pending.collect()).await;
        Ok(Answer::Why(Box::new(super::why::view(&told, &waiting))))
    }

    /// Reads the ledger on a thread that may block.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let path = self.shared.ledger.clone();
        let reading = tokio::task::spawn_blocking(move || read(&Reader::open(&path)?));
        let unreadable = text!("the history cannot be read: please report this", "无法读取历史记录：请报告这个问题");
        let failed = |_| Refusal::failed(&unreadable);
        Ok(reading.await.map_err(failed)??)
    }
}

/// Refuses a client of another version.
pub(super) fn hello(version: u32) -> Result<Answer, Refusal> {
    if version != VERSION {
        let message = text!(
            "the running Streambell speaks version {VERSION} of the control protocol, this program version {version}: \
             end the running one with `streambell quit` and start it anew",
            "正在运行的 Streambell 使用第 {VERSION} 版控制协议，而这个程序使用第 {version} 版：\
             请用 `streambell quit` 结束正在运行的那个，再重新启动"
        );
        return Err(Refusal::new(ErrorCode::Version, &message));
    }
    let program = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Answer::Hello { version: VERSION, program, pid: std::process::id() })
}

/// A time as it comes over the border.
pub(super) fn time(ms: i64) -> Result<jiff::Timestamp, Refusal> {
    jiff::Timestamp::from_millisecond(ms).map_err(|_| Refusal::invalid(&text!("{ms} is no time", "{ms} 不是时间")))
}

pub(super) fn history_query(asked: HistoryQuery) -> Result<Query, Refusal> {
    let since = asked.since_ms.map(time).transpose()?;
    let until = asked.until_ms.map(time).transpose()?;
    let limit = if asked.limit == 0 { HISTORY_DEFAULT } else { asked.limit.min(HISTORY_MOST) };
    Ok(Query {
        stream: asked.stream,
        event: asked.event,
        since,
        until,
        search: asked.search,
        alerts: asked.alerts,
        before: asked.before,
        limit,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn another_version_is_told_what_to_do() {
        let refusal = hello(VERSION + 1).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Version);
        assert!(refusal.message.en.contains("streambell quit"), "{}", refusal.message);
        assert!(matches!(hello(VERSION), Ok(Answer::Hello { version: VERSION, .. })));
    }

    #[test]
    fn a_history_answer_is_bounded() {
        let limit = |limit| history_query(HistoryQuery { limit, ..HistoryQuery::default() }).unwrap().limit;
        assert_eq!((limit(0), limit(7), limit(u32::MAX)), (200, 7, 10_000));
        let since = HistoryQuery { since_ms: Some(i64::MAX), ..HistoryQuery::default() };
        let until = HistoryQuery { until_ms: Some(i64::MIN), ..HistoryQuery::default() };
        for query in [since, until] {
            assert_eq!(history_query(query).unwrap_err().code, ErrorCode::Invalid);
        }
    }
}
