//! The control socket with a real engine behind it and real clients before it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod edits;
mod look;
mod secrets;
mod watch;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use streambell_engine::config::{self, Config};
use streambell_engine::engine::{self, Handle, Options};
use streambell_engine::host::{Host, Notification};
use streambell_engine::ledger::{Batch, Ledger};
use streambell_engine::secrets::Vault;
use streambell_protocol::{Answer, Call, Client, ClientError, ErrorCode, Push, Topics};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::*;
use crate::autostart::Autostart;
use crate::place::Place;
use crate::resident::Order;

/// Remembers what it is asked to show.
#[derive(Default)]
struct Screen(Arc<Mutex<Vec<Notification>>>);

impl Host for Screen {
    fn show(&mut self, notification: Notification) {
        self.0.lock().unwrap().push(notification);
    }
    fn close(&mut self, _: &str) {}
}

struct Served {
    folder: TempDir,
    engine: Handle,
    dashboards: Dashboards,
    orders: mpsc::UnboundedReceiver<Order>,
    shutdown: CancellationToken,
    for_good: CancellationToken,
    task: JoinHandle<Vec<Parting>>,
    vault: Vault,
    shown: Arc<Mutex<Vec<Notification>>>,
}

impl Served {
    fn start() -> Self {
        Self::start_with(Config::default(), |_| {})
    }

    /// With this configuration, and a ledger that is filled before.
    fn start_with(config: Config, fill: impl FnOnce(&mut Ledger)) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), config, fill)
    }

    /// With this configuration file and history.
    fn written(text: &str, history: Vec<Batch>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), text).unwrap();
        Self::start_in(folder, config::parse(text).unwrap(), |ledger| drop(ledger.commit(history).unwrap()))
    }

    fn start_in(folder: TempDir, config: Config, fill: impl FnOnce(&mut Ledger)) -> Self {
        let file = folder.path().join("config.toml");
        let mut ledger = Ledger::open(&folder.path().join("history.db")).unwrap();
        fill(&mut ledger);
        let path = folder.path().join("control.sock");
        std::fs::write(&path, "left by a killed instance").unwrap();
        let (vault, screen) = (Vault::memory(), Screen::default());
        let shown = Arc::clone(&screen.0);
        let options = Options {
            config,
            config_trouble: None,
            config_file: file.exists().then(|| file.clone()),
            ledger: Ok(ledger),
            locale: streambell_engine::locale::Locale::English,
            vault: vault.clone(),
            demo: false,
        };
        let engine = engine::start(options, screen).unwrap();
        let (sender, orders) = mpsc::unbounded_channel();
        let dashboards = Dashboards::default();
        let for_good = CancellationToken::new();
        let place = Place::find(Some(folder.path()), false).unwrap();
        let shared = Shared {
            engine: engine.clone(),
            orders: sender,
            dashboards: dashboards.clone(),
            ledger: folder.path().join("history.db"),
            config_file: file,
            profile: place.profile.clone(),
            autostart: Autostart::of(&place),
            index: TextIndex::default(),
            previews: Arc::new(tokio::sync::Semaphore::new(1)),
            for_good: for_good.clone(),
            left: Arc::default(),
        };
        let shutdown = CancellationToken::new();
        let socket = Socket::listen(&path).unwrap();
        let task = tokio::spawn(serve(socket, shared, shutdown.clone()));
        Self { folder, engine, dashboards, orders, shutdown, for_good, task, vault, shown }
    }

    async fn client(&self) -> (Client, streambell_protocol::Pushes) {
        Client::connect(&self.folder.path().join("control.sock")).await.unwrap()
    }

    async fn stop(self) {
        self.shutdown.cancel();
        drop(self.task.await.unwrap());
        self.engine.stop().await;
    }
}

async fn paused(client: &Client) -> bool {
    let Answer::Snapshot(snapshot) = client.call(Call::Snapshot).await.unwrap() else { panic!("no snapshot") };
    snapshot.pause.is_some()
}

#[cfg(unix)]
#[tokio::test]
async fn the_socket_is_private_and_replaces_what_a_killed_instance_left() {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
    let served = Served::start();
    let found = std::fs::symlink_metadata(served.folder.path().join("control.sock")).unwrap();
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    served.stop().await;
}

#[tokio::test]
async fn who_pauses_sees_the_pause_in_the_next_snapshot() {
    let served = Served::start();
    let (client, _pushes) = served.client().await;
    client.call(Call::Pause { seconds: Some(60), stream: None }).await.unwrap();
    assert!(paused(&client).await);
    client.call(Call::Resume { stream: None }).await.unwrap();
    assert!(!paused(&client).await);
    served.stop().await;
}

#[tokio::test]
async fn a_refusal_has_a_code_and_words() {
    let served = Served::start();
    let (client, _pushes) = served.client().await;
    let refused = client.call(Call::Reconnect { stream: Some("nix".to_owned()) }).await.unwrap_err();
    let ClientError::Refused { code, message } = refused else { panic!("{refused:?}") };
    assert_eq!((code, message.en.as_str()), (ErrorCode::NotFound, "there is no stream named \"nix\""));
    served.stop().await;
}

#[tokio::test]
async fn a_subscriber_hears_the_state_at_once_then_wishes_and_goodbye() {
    let served = Served::start();
    let (client, mut pushes) = served.client().await;
    let topics = Topics { snapshots: true, events: true, dashboard: true };
    client.call(Call::Subscribe { topics }).await.unwrap();
    assert!(matches!(pushes.recv().await, Some(Push::Snapshot(_))));
    assert!(served.dashboards.present(&streambell_protocol::Spot::Alert { alert: 7 }));
    loop {
        match pushes.recv().await {
            Some(Push::Present(spot)) => break assert_eq!(spot, streambell_protocol::Spot::Alert { alert: 7 }),
            Some(Push::Snapshot(_) | Push::Events(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    served.for_good.cancel();
    served.shutdown.cancel();
    while !matches!(pushes.recv().await.unwrap(), Push::Goodbye) {}
    served.stop().await;
}

#[tokio::test]
async fn who_may_look_for_the_instance_to_come_back_hears_no_goodbye() {
    let served = Served::start();
    let (client, mut pushes) = served.client().await;
    client.call(Call::Subscribe { topics: Topics { dashboard: true, ..Topics::default() } }).await.unwrap();
    served.stop().await;
    assert!(pushes.recv().await.is_none(), "the connection ends without a word");
}

#[tokio::test]
async fn quit_is_answered_before_goodbye() {
    let mut served = Served::start();
    let (client, _pushes) = served.client().await;
    let asked = client.call(Call::Quit);
    let ordered = async {
        let order = served.orders.recv().await;
        served.shutdown.cancel();
        order
    };
    let (answer, order) = tokio::join!(asked, ordered);
    assert!(matches!((answer, order), (Ok(Answer::Done), Some(Order::Quit))));
    served.stop().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_holds_up_nobody() {
    let served = Served::start();
    let (slow, _unread) = served.client().await;
    slow.call(Call::Subscribe { topics: Topics { snapshots: true, ..Topics::default() } }).await.unwrap();
    let (client, _pushes) = served.client().await;
    let asking = async {
        for _ in 0..50 {
            client.call(Call::Pause { seconds: None, stream: None }).await.unwrap();
            client.call(Call::Snapshot).await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(10), asking).await.unwrap();
    served.stop().await;
}
