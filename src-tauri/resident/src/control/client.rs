//! One client of the control socket.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use interprocess::local_socket::tokio::Stream;
use streambell_engine::alarm::sleep_until;
use streambell_engine::model::StoredEvent;
use streambell_engine::snapshot::Snapshot;
use streambell_engine::text;
use streambell_protocol::{
    Answer, Call, LineError, Message, Push, Request, Spot, Topics, WatchView, read_line, write_line,
};
use tokio::io::{BufReader, ReadHalf, WriteHalf};
use tokio::sync::{broadcast, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::calls::{Office, hello};
use super::form;
use super::pace::Pace;
use super::refusal::Refusal;
use super::watch::Watch;

/// A client that has not said hello by then is sent away.
const HELLO_PATIENCE: Duration = Duration::from_secs(5);

/// A client that takes no line for so long is sent away.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);

/// How long a client may take to hear a last answer, and goodbye.
const LAST_PATIENCE: Duration = Duration::from_millis(250);

/// How many calls of a client run at a time; further ones wait on the socket.
const CALLS: usize = 16;

type Answers = FuturesUnordered<BoxFuture<'static, (u64, Result<Answer, Refusal>)>>;

/// A client that is told nothing more. Its connection lasts until this is dropped, so that it can see us end.
pub(crate) struct Parting {
    _client: Client,
}

/// Serves a client until it leaves, misbehaves or `shutdown`.
pub(super) async fn serve(stream: Stream, office: Office, shutdown: CancellationToken) -> Option<Parting> {
    let (receive, send) = tokio::io::split(stream);
    let mut client = Client {
        receive: BufReader::new(receive),
        send,
        buffer: Vec::new(),
        office,
        answers: Answers::new(),
        subscription: Subscription::default(),
        watch: None,
    };
    match client.run(&shutdown).await {
        Ok(()) if shutdown.is_cancelled() => return client.part().await,
        Ok(()) => tracing::debug!("control client left"),
        Err(error) => tracing::info!(%error, "a control client was sent away"),
    }
    None
}

struct Client {
    receive: BufReader<ReadHalf<Stream>>,
    send: WriteHalf<Stream>,
    /// The line that is being read.
    buffer: Vec<u8>,
    office: Office,
    /// The calls that run; dropped with the client.
    answers: Answers,
    subscription: Subscription,
    /// A stream that it watches, or watched last; ended by being dropped.
    watch: Option<Watch>,
}

/// What a client subscribed to.
#[derive(Default)]
struct Subscription {
    snapshots: Option<watch::Receiver<Arc<Snapshot>>>,
    events: Option<broadcast::Receiver<Arc<Vec<StoredEvent>>>>,
    changed: Option<broadcast::Receiver<Arc<Vec<i64>>>>,
    wishes: Option<mpsc::Receiver<Spot>>,
    pace: Pace,
}

/// What can come while a client is served.
enum Cause {
    Asked(Option<Request>),
    Answered(u64, Result<Answer, Refusal>),
    Wished(Spot),
    Watched(WatchView),
    /// These alerts became something else.
    Changed(Arc<Vec<i64>>),
    Due,
}

impl Client {
    async fn run(&mut self, shutdown: &CancellationToken) -> Result<(), LineError> {
        let greeted = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            greeted = tokio::time::timeout(HELLO_PATIENCE, self.greet()) => greeted.unwrap_or(Ok(false)),
        };
        if !greeted? {
            return Ok(());
        }
        loop {
            let cause = tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                line = read_line(&mut self.receive, &mut self.buffer), if self.answers.len() < CALLS => {
                    Cause::Asked(line?)
                }
                Some((id, result)) = self.answers.next() => Cause::Answered(id, result),
                cause = self.subscription.next() => cause,
                view = seen(self.watch.as_mut()) => Cause::Watched(view),
            };
            match cause {
                Cause::Asked(None) => return Ok(()),
                Cause::Asked(Some(request)) => self.begin(request).await?,
                Cause::Answered(id, result) => self.reply(id, result).await?,
                Cause::Wished(spot) => self.write(&Message::Push(Push::Present(spot))).await?,
                Cause::Watched(view) => self.push_watched(view).await?,
                Cause::Changed(alerts) => self.push_changed(alerts).await?,
                Cause::Due => self.push().await?,
            }
        }
    }

    /// Answers what is still asked, within a moment, and where the end is for good, says goodbye. Who hears none of it
    /// looks for us to come back.
    async fn part(mut self) -> Option<Parting> {
        let answering = async {
            while let Some((id, result)) = self.answers.next().await {
                self.reply(id, result).await?;
            }
            Ok::<_, LineError>(())
        };
        drop(tokio::time::timeout(LAST_PATIENCE, answering).await);
        if !self.office.shared.for_good.is_cancelled() {
            return Some(Parting { _client: self });
        }
        let goodbye = Message::Push(Push::Goodbye);
        let said = tokio::time::timeout(LAST_PATIENCE, write_line(&mut self.send, &goodbye)).await;
        matches!(said, Ok(Ok(()))).then_some(Parting { _client: self })
    }

    /// Tells whether the client may stay.
    async fn greet(&mut self) -> Result<bool, LineError> {
        let Some(Request { id, call, .. }) = read_line(&mut self.receive, &mut self.buffer).await? else {
            return Ok(false);
        };
        let result = if let Call::Hello { version } = call {
            hello(version)
        } else {
            Err(Refusal::invalid(&text!("the first call must be hello", "第一个调用必须是 hello")))
        };
        let welcome = result.is_ok();
        self.reply(id, result).await?;
        Ok(welcome)
    }

    async fn begin(&mut self, Request { id, call, agreed }: Request) -> Result<(), LineError> {
        tracing::debug!(id, call = call.name(), "control call");
        let agreed = agreed.map(|text| text.en);
        if let Call::Subscribe { topics } = call {
            self.subscription.change(topics, &self.office);
            return self.reply(id, Ok(Answer::Done)).await;
        }
        if let Call::WatchStream { watch, original, stream, secret, secrets } = call {
            // The one before ends before this one begins.
            self.watch = None;
            let begun = self.office.watch(watch, original, &stream, form::typed(secret, secrets), agreed).await;
            let result = begun.map(|begun| self.watch = Some(begun)).map(|()| Answer::Done);
            return self.reply(id, result).await;
        }
        if let Call::UnwatchStream { watch } = call {
            self.watch.take_if(|under_way| under_way.number() == watch);
            return self.reply(id, Ok(Answer::Done)).await;
        }
        let office = self.office.clone();
        if let Call::KeepWatched { watch, stream } = call {
            let Some(seen) = self.watch.take_if(|other| other.number() == watch) else {
                return self.reply(id, Ok(Answer::Done)).await;
            };
            self.answers.push(Box::pin(async move { (id, office.keep_watched(stream, seen).await) }));
            return Ok(());
        }
        self.answers.push(Box::pin(async move { (id, office.answer(call, agreed).await) }));
        Ok(())
    }

    async fn push(&mut self) -> Result<(), LineError> {
        let (snapshot, batch) = self.subscription.pace.take(Instant::now());
        if snapshot && self.subscription.snapshots.is_some() {
            let snapshot = Box::new(self.office.snapshot());
            self.write(&Message::Push(Push::Snapshot(snapshot))).await?;
        }
        if let Some(batch) = batch {
            self.write(&Message::Push(Push::Events(batch))).await?;
        }
        Ok(())
    }

    async fn push_changed(&mut self, alerts: Arc<Vec<i64>>) -> Result<(), LineError> {
        let alerts = self.office.alerts_now(alerts).await;
        self.write(&Message::Push(Push::Alerts(alerts))).await
    }

    async fn push_watched(&mut self, view: WatchView) -> Result<(), LineError> {
        if let Some(watch) = self.watch.as_mut().filter(|_| view.over) {
            watch.end();
        }
        self.write(&Message::Push(Push::Watched(Box::new(view)))).await
    }

    async fn reply(&mut self, id: u64, result: Result<Answer, Refusal>) -> Result<(), LineError> {
        let message = match result {
            Ok(answer) => Message::Answer { id, answer },
            Err(Refusal { code, message, .. }) => Message::Error { id, code, message },
        };
        self.write(&message).await
    }

    async fn write(&mut self, message: &Message) -> Result<(), LineError> {
        let writing = write_line(&mut self.send, message);
        tokio::time::timeout(WRITE_PATIENCE, writing)
            .await
            .unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))
    }
}

impl Subscription {
    /// From now on these topics; the current snapshot comes at once.
    fn change(&mut self, topics: Topics, office: &Office) {
        let shared = &office.shared;
        self.snapshots = topics.snapshots.then(|| shared.engine.snapshots());
        self.events = match self.events.take() {
            Some(events) => topics.events.then_some(events),
            None => topics.events.then(|| shared.engine.feed()),
        };
        self.changed = match self.changed.take() {
            Some(changed) => topics.events.then_some(changed),
            None => topics.events.then(|| shared.engine.changed_alerts()),
        };
        self.wishes = match self.wishes.take() {
            Some(wishes) => topics.dashboard.then_some(wishes),
            None => topics.dashboard.then(|| shared.dashboards.join()),
        };
        if topics.snapshots {
            self.pace = Pace::default();
            self.pace.snapshot_changed();
        }
    }

    /// Waits for something to tell. May be cancelled and called again.
    async fn next(&mut self) -> Cause {
        loop {
            let due = self.pace.due(Instant::now());
            tokio::select! {
                () = sleep_until(due) => return Cause::Due,
                Some(spot) = receive(self.wishes.as_mut()) => return Cause::Wished(spot),
                changed = changed(self.snapshots.as_mut()) => match changed {
                    true => self.pace.snapshot_changed(),
                    // The engine ended; so will we.
                    false => self.snapshots = None,
                },
                batch = batch(self.events.as_mut()) => match batch {
                    Ok(batch) => self.pace.events(batch),
                    Err(broadcast::error::RecvError::Lagged(batches)) => {
                        self.pace.missed(usize::try_from(batches).unwrap_or(usize::MAX));
                    }
                    Err(broadcast::error::RecvError::Closed) => self.events = None,
                },
                alerts = batch(self.changed.as_mut()) => match alerts {
                    Ok(alerts) => return Cause::Changed(alerts),
                    // What was missed is seen when it is looked at.
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => self.changed = None,
                },
            }
        }
    }
}

async fn receive<T>(from: Option<&mut mpsc::Receiver<T>>) -> Option<T> {
    match from {
        Some(from) => from.recv().await,
        None => std::future::pending().await,
    }
}

async fn seen(watch: Option<&mut Watch>) -> WatchView {
    match watch {
        Some(watch) => watch.next().await,
        None => std::future::pending().await,
    }
}

async fn changed<T>(from: Option<&mut watch::Receiver<T>>) -> bool {
    match from {
        Some(from) => from.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}

async fn batch<T: Clone>(from: Option<&mut broadcast::Receiver<T>>) -> Result<T, broadcast::error::RecvError> {
    match from {
        Some(from) => from.recv().await,
        None => std::future::pending().await,
    }
}
