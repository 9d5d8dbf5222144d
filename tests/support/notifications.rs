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
    /// The icon's name or address.
    pub icon: String,
    /// Milliseconds; -1 as the daemon likes, 0 for ever.
    pub timeout: i32,
    /// The names of its hints.
    pub hints: Vec<String>,
    /// When it came.
    pub at: Instant,
}

impl Notify {
    /// The label of an action.
    pub fn action(&self, key: &str) -> Option<&str> {
        self.actions.chunks(2).find(|pair| pair[0] == key).map(|pair| pair[1].as_str())
    }
}

/// How a daemon behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// As it should.
    #[default]
    Good,
    /// It refuses every second notification, as one that limits their rate does.
    RefusesEverySecond,
    /// It never answers the first one.
    HangsOnce,
    /// It reads no markup and shows no buttons.
    Plain,
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
    manner: Manner,
    calls: u32,
}

struct Daemon(Arc<Mutex<Log>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(clippy::too_many_arguments, reason = "the interface's signature")]
    async fn notify(
        &self,
        app_name: String,
        replaces_id: u32,
        app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expire_timeout: i32,
    ) -> zbus::fdo::Result<u32> {
        let (manner, call) = self.called();
        match manner {
            Manner::RefusesEverySecond if call.is_multiple_of(2) => {
                return Err(zbus::fdo::Error::LimitsExceeded("too many notifications".to_owned()));
            }
            Manner::HangsOnce if call == 1 => std::future::pending().await,
            Manner::Good | Manner::RefusesEverySecond | Manner::HangsOnce | Manner::Plain => {}
        }
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
            icon: app_icon,
            timeout: expire_timeout,
            hints: hints.keys().cloned().collect(),
            at: Instant::now(),
        });
        Ok(id)
    }

    fn close_notification(&self, id: u32) {
        self.0.lock().expect("no test thread panicked").closed.push(id);
    }

    fn get_capabilities(&self) -> Vec<&'static str> {
        match self.0.lock().expect("no test thread panicked").manner {
            Manner::Plain => vec!["body"],
            Manner::Good | Manner::RefusesEverySecond | Manner::HangsOnce => {
                vec!["body", "actions", "body-markup", "persistence"]
            }
        }
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

impl Daemon {
    /// Counts a call of `Notify`.
    fn called(&self) -> (Manner, u32) {
        let mut log = self.0.lock().expect("no test thread panicked");
        log.calls += 1;
        (log.manner, log.calls)
    }
}

impl Notifications {
    /// Puts the daemon on the desktop's bus.
    pub async fn start(desktop: &Desktop) -> Self {
        Self::start_with(desktop, Manner::Good).await
    }

    /// The same with manners of its own.
    pub async fn start_with(desktop: &Desktop, manner: Manner) -> Self {
        let log = Arc::new(Mutex::new(Log { manner, ..Log::default() }));
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

    /// Leaves the bus. Gives all that was notified.
    pub async fn stop(self) -> Vec<Notify> {
        self.connection.close().await.expect("the daemon leaves the bus");
        self.log.lock().expect("no test thread panicked").notified.clone()
    }
}
