//! A notification daemon that shows nothing and remembers everything.
#![expect(missing_docs, reason = "the interface macro makes methods of its own")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

use crate::desktop::Desktop;
use crate::eventually::eventually;

const PATH: &str = "/org/freedesktop/Notifications";
const NAME: &str = "org.freedesktop.Notifications";

/// One call of `Notify`.
#[derive(Debug, Clone)]
pub struct Notify {
    /// The id that was answered.
    pub id: u32,
    /// The id it replaces; 0 for none.
    pub replaces: u32,
    /// The program's name.
    pub app: String,
    /// The title.
    pub summary: String,
    /// The body.
    pub body: String,
    /// Keys and labels, in turn.
    pub actions: Vec<String>,
    /// 0 low, 1 normal, 2 critical.
    pub urgency: Option<u8>,
    /// When it came.
    pub at: Instant,
}

impl Notify {
    /// The label of an action.
    pub fn action(&self, key: &str) -> Option<&str> {
        self.actions.chunks(2).find(|pair| pair[0] == key).map(|pair| pair[1].as_str())
    }
}

/// The daemon. Dropping it takes it off the bus.
#[derive(Debug)]
pub struct Notifications {
    connection: zbus::Connection,
    log: Arc<Mutex<Log>>,
}

#[derive(Debug, Default)]
struct Log {
    notified: Vec<Notify>,
    closed: Vec<u32>,
    next: u32,
}

struct Daemon(Arc<Mutex<Log>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(clippy::too_many_arguments, reason = "the interface's signature")]
    fn notify(
        &self,
        app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut log = self.0.lock().expect("no test thread panicked");
        let id = if replaces_id > 0 {
            replaces_id
        } else {
            log.next += 1;
            log.next
        };
        let urgency = match hints.get("urgency").map(|value| &**value) {
            Some(Value::U8(urgency)) => Some(*urgency),
            _ => None,
        };
        log.notified.push(Notify {
            id,
            replaces: replaces_id,
            app: app_name,
            summary,
            body,
            actions,
            urgency,
            at: Instant::now(),
        });
        id
    }

    fn close_notification(&self, id: u32) {
        self.0.lock().expect("no test thread panicked").closed.push(id);
    }

    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["body", "actions", "body-markup", "persistence"]
    }

    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("double", "tests", "1", "1.2")
    }

    /// The signal of that name.
    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    /// The signal of that name.
    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

impl Notifications {
    /// Puts the daemon on the desktop's bus.
    pub async fn start(desktop: &Desktop) -> Self {
        let log = Arc::new(Mutex::new(Log::default()));
        let connection = zbus::connection::Builder::address(desktop.bus_address())
            .expect("the bus's address")
            .serve_at(PATH, Daemon(Arc::clone(&log)))
            .expect("the daemon's object")
            .name(NAME)
            .expect("the daemon's name")
            .build()
            .await
            .expect("the daemon is on the bus");
        Self { connection, log }
    }

    /// All that was notified so far.
    pub fn all(&self) -> Vec<Notify> {
        self.log.lock().expect("no test thread panicked").notified.clone()
    }

    /// The ids that were closed by the program.
    pub fn closed(&self) -> Vec<u32> {
        self.log.lock().expect("no test thread panicked").closed.clone()
    }

    /// Waits for a notification.
    pub async fn wait_for(&self, what: &str, wanted: impl Fn(&Notify) -> bool) -> Notify {
        eventually(what, async || self.all().into_iter().find(|notify| wanted(notify))).await
    }

    /// A person chooses an action; the daemon then closes the notification, as daemons do.
    pub async fn invoke(&self, id: u32, action: &str) {
        let emitter = SignalEmitter::new(&self.connection, PATH).expect("the daemon's path");
        Daemon::action_invoked(&emitter, id, action).await.expect("the signal is sent");
        Daemon::notification_closed(&emitter, id, 2).await.expect("the signal is sent");
    }

    /// Leaves the bus.
    pub async fn stop(self) {
        self.connection.close().await.expect("the daemon leaves the bus");
    }
}
