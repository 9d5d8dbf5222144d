//! The real program, without a display, with one stream and one rule, and what it shows.

use std::path::PathBuf;

use serde_json::Value;
use streambell_tests::eventually;
use streambell_tests::notifications::Notify;
use streambell_tests::program::{run, run_with_input};
use streambell_tests::{Desktop, Notifications, Resident, Services};

/// A running `streambell run --headless --print=json` on a session bus of its own. Dropping it kills it.
pub(crate) struct Streambell {
    resident: Resident,
    profile: PathBuf,
    notifications: Notifications,
    desktop: Desktop,
}

/// A stored event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: String,
    /// When it came, in milliseconds since 1970.
    pub(crate) at: i64,
}

impl Streambell {
    /// With a stream at `url` that tries again quickly, and notifications of its events of this name: the id is their
    /// title, the data their body.
    pub(crate) async fn start(url: &str, event: &str) -> Self {
        let desktop = Desktop::without_display(Services::None).await;
        Self::start_on(desktop, url, event, "").await
    }

    /// The same on a desktop with a keyring, that holds this token; `stream` are further lines of the stream.
    pub(crate) async fn start_with_token(url: &str, event: &str, stream: &str, token: &str) -> Self {
        let mut desktop = Desktop::without_display(Services::None).await;
        desktop.start_keyring().await;
        write_config(&desktop, url, event, stream);
        set_token(&desktop, token).await;
        Self::start_on(desktop, url, event, stream).await
    }

    async fn start_on(desktop: Desktop, url: &str, event: &str, stream: &str) -> Self {
        let notifications = Notifications::start(&desktop).await;
        let profile = write_config(&desktop, url, event, stream);
        let resident = Resident::start(&desktop, &profile, &["run", "--headless", "--print=json"]);
        Self { resident, profile, notifications, desktop }
    }

    /// Waits for so many notifications on the bus; standard output has the same.
    pub(crate) async fn shown(&self, count: usize) -> Vec<Notify> {
        let what = format!("{count} notifications");
        let shown = eventually(&what, async || Some(self.notifications.all()).filter(|all| all.len() >= count)).await;
        let printed = eventually(&format!("{what} on standard output"), async || {
            Some(self.printed("notification")).filter(|lines| lines.len() >= count)
        })
        .await;
        for (line, notify) in printed.iter().zip(&shown) {
            assert_eq!(line["title"], *notify.summary);
        }
        shown
    }

    /// Waits for the stream's state, and gives it.
    pub(crate) async fn state(&self, state: &str) -> Value {
        self.resident.wait_for_state(&self.desktop, "it", state).await
    }

    /// How often it has connected.
    pub(crate) async fn connections(&self) -> u64 {
        self.resident.status(&self.desktop).await["streams"][0]["connections"].as_u64().unwrap()
    }

    /// The lines of one type that were printed.
    pub(crate) fn printed(&self, kind: &str) -> Vec<Value> {
        let output = self.resident.output();
        let lines = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["type"] == kind).collect()
    }

    /// All that is stored, oldest first.
    pub(crate) async fn history(&self) -> Vec<Event> {
        let output = run(&self.desktop, &self.profile, &["history", "--json", "--limit", "10000"]).await;
        let output = String::from_utf8(output.stdout).unwrap();
        let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
        let event = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            let at: jiff::Timestamp = text(&line, "at").parse().unwrap();
            Event {
                name: text(&line, "event"),
                id: text(&line, "id"),
                data: text(&line, "data"),
                at: at.as_millisecond(),
            }
        };
        output.lines().map(event).collect()
    }

    /// Waits for so many stored events, and gives all there are; none is missing between the first and the last, and
    /// none is there twice.
    pub(crate) async fn numbered(&self, count: usize) -> Vec<Event> {
        let what = format!("{count} stored events");
        let events =
            eventually(&what, async || Some(self.history().await).filter(|events| events.len() >= count)).await;
        let ids: Vec<usize> = events.iter().map(|event| event.id.parse().unwrap()).collect();
        assert_eq!(ids, (ids[0]..ids[0] + ids.len()).collect::<Vec<_>>());
        events
    }

    /// Stores a token, as a person does.
    pub(crate) async fn set_token(&self, token: &str) {
        set_token(&self.desktop, token).await;
    }
}

fn write_config(desktop: &Desktop, url: &str, event: &str, stream: &str) -> PathBuf {
    let profile = desktop.path("profile");
    std::fs::create_dir_all(&profile).unwrap();
    let config = format!(
        r#"version = 1

[[stream]]
name = "it"
url = "{url}"
retry = "50ms"
{stream}

[[rule]]
name = "Each"
event = "{event}"
title = "{{{{ id }}}}"
body = "{{{{ text }}}}"
throttle = "off"
"#
    );
    std::fs::write(profile.join("config.toml"), config).unwrap();
    profile
}

async fn set_token(desktop: &Desktop, token: &str) {
    let set = run_with_input(desktop, &desktop.path("profile"), &["token", "set", "it"], token).await;
    assert!(set.status.success(), "{set:?}");
}
