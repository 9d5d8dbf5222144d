//! The machine and its desktop, as far as a fault may come from there.

use std::time::Duration;

/// How long another program may take to answer.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known of it; empty where it is not.
#[derive(Debug, Default)]
pub(crate) struct System {
    /// Name and version of the system.
    os: String,
    /// Desktop and kind of session.
    desktop: String,
    /// The notification service and what it can do.
    notifications: String,
    /// Whether there is a tray.
    tray: String,
    /// The keyring.
    keyring: String,
}

impl System {
    /// Looks; a few seconds at the most. Starts no service, and asks for no password.
    pub(crate) async fn look() -> Self {
        let [notifications, tray, keyring] = services().await;
        Self { os: os(), desktop: desktop(), notifications, tray, keyring }
    }

    pub(super) fn lines(&self, line: &mut impl FnMut(&str, &str)) {
        line("System", &self.os);
        line("Desktop", &self.desktop);
        line("Notification service", &self.notifications);
        line("Tray", &self.tray);
        line("Keyring", &self.keyring);
    }
}

fn os() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).map(|name| name.trim_matches('"'));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let name = name.unwrap_or(std::env::consts::OS);
    format!("{name}, kernel {}, {}", kernel.trim(), std::env::consts::ARCH)
}

fn desktop() -> String {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let desktop = variable("XDG_CURRENT_DESKTOP").unwrap_or_else(|| "unknown".to_owned());
    let kind = variable("XDG_SESSION_TYPE").unwrap_or_else(|| "unknown session".to_owned());
    let displays = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().filter(|name| variable(name).is_some());
    let displays = displays.collect::<Vec<_>>();
    let displays = if displays.is_empty() { "no display".to_owned() } else { displays.join(" and ") };
    let language = variable("LC_ALL").or_else(|| variable("LC_MESSAGES")).or_else(|| variable("LANG"));
    format!("{desktop}, {kind}, {displays}, language {}", language.unwrap_or_else(|| "unknown".to_owned()))
}

/// Notification service, tray, keyring.
#[cfg(target_os = "linux")]
async fn services() -> [String; 3] {
    let connecting = async { zbus::connection::Builder::session()?.build().await };
    let bus = match tokio::time::timeout(PATIENCE, connecting).await {
        Ok(Ok(connection)) => Bus { connection },
        Ok(Err(_)) => return ["", "", ""].map(|_| "no session bus".to_owned()),
        Err(_) => return ["", "", ""].map(|_| "the session bus does not answer".to_owned()),
    };
    let within = async |asked: std::pin::Pin<Box<dyn Future<Output = zbus::Result<String>> + Send + '_>>| {
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(told)) => told,
            Ok(Err(error)) => format!("cannot be asked ({error})"),
            Err(_) => "does not answer".to_owned(),
        }
    };
    [
        within(Box::pin(bus.notifications())).await,
        within(Box::pin(bus.tray())).await,
        within(Box::pin(bus.keyring())).await,
    ]
}

#[cfg(not(target_os = "linux"))]
async fn services() -> [String; 3] {
    std::future::ready(["", "", ""].map(|_| "not known on this system".to_owned())).await
}

#[cfg(target_os = "linux")]
struct Bus {
    connection: zbus::Connection,
}

#[cfg(target_os = "linux")]
impl Bus {
    async fn notifications(&self) -> zbus::Result<String> {
        const NAME: &str = "org.freedesktop.Notifications";
        if !self.is_there(NAME).await? {
            return Ok("none runs".to_owned());
        }
        let path = "/org/freedesktop/Notifications";
        let server = self.connection.call_method(Some(NAME), path, Some(NAME), "GetServerInformation", &()).await?;
        let (name, vendor, version, spec): (String, String, String, String) = server.body().deserialize()?;
        let can = self.connection.call_method(Some(NAME), path, Some(NAME), "GetCapabilities", &()).await?;
        let can: Vec<String> = can.body().deserialize()?;
        Ok(format!("{name} {version} ({vendor}, specification {spec}): {}", can.join(" ")))
    }

    async fn tray(&self) -> zbus::Result<String> {
        const NAME: &str = "org.kde.StatusNotifierWatcher";
        if !self.is_there(NAME).await? {
            return Ok("none (no StatusNotifierWatcher)".to_owned());
        }
        let has_host = self.property(NAME, "/StatusNotifierWatcher", NAME, "IsStatusNotifierHostRegistered").await?;
        Ok(if has_host { "there" } else { "a watcher, and nothing that shows items" }.to_owned())
    }

    async fn keyring(&self) -> zbus::Result<String> {
        const NAME: &str = "org.freedesktop.secrets";
        if !self.is_there(NAME).await? {
            return Ok("none runs".to_owned());
        }
        let default = "/org/freedesktop/secrets/aliases/default";
        let locked = self.property(NAME, default, "org.freedesktop.Secret.Collection", "Locked").await;
        Ok(match locked {
            Ok(true) => "locked".to_owned(),
            Ok(false) => "open".to_owned(),
            Err(_) => "runs, and has no default collection".to_owned(),
        })
    }

    /// Whether somebody has a name; nobody is started for that.
    async fn is_there(&self, name: &str) -> zbus::Result<bool> {
        let bus = "org.freedesktop.DBus";
        let path = "/org/freedesktop/DBus";
        self.connection.call_method(Some(bus), path, Some(bus), "NameHasOwner", &name).await?.body().deserialize()
    }

    async fn property(&self, name: &str, path: &str, interface: &str, property: &str) -> zbus::Result<bool> {
        let properties = "org.freedesktop.DBus.Properties";
        let asked = (interface, property);
        let answer = self.connection.call_method(Some(name), path, Some(properties), "Get", &asked).await?;
        let body = answer.body();
        let value: zbus::zvariant::Value<'_> = body.deserialize()?;
        Ok(bool::try_from(value)?)
    }
}
