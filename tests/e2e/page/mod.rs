//! The page in the real window: the actions of each view, and what each does in the resident.

mod adding;
mod alerts;
mod closing;
mod consent;
mod demo;
mod empty;
mod feed;
mod frame;
mod hidden;
mod hostile;
mod keyboard;
mod looks;
mod mouse;
mod now;
mod order;
mod pairs;
mod palette;
mod rule_form;
mod rules;
mod secrets;
mod settings;
mod silences;
mod stream_form;
mod streams;
mod trouble;
mod versions;
mod widths;

use std::path::PathBuf;

use serde_json::{Value, json};
use streambell_tests::program::run;
use streambell_tests::webdriver::Window;
use streambell_tests::{Broadcast, Desktop, Notifications, Resident, Services, eventually};

pub(crate) use self::looks::{Look, in_both_looks};
use crate::{market, profile};

/// What is typed into fields, by the keys of their labels.
pub(crate) type Typed<'a> = [(&'a str, &'a str)];

/// A desktop with a resident on it, whose one stream `market` is open, and its window.
pub(crate) struct Scene {
    pub(crate) look: Look,
    pub(crate) window: Window,
    pub(crate) resident: Resident,
    pub(crate) daemon: Notifications,
    pub(crate) server: Broadcast,
    pub(crate) profile: PathBuf,
    /// What was opened in the browser, a line each.
    pub(crate) opened: PathBuf,
    pub(crate) desktop: Desktop,
}

impl Scene {
    /// With the rule and the tile of [`market`], and this after them.
    pub(crate) async fn open(look: Look, more: &str) -> Self {
        Self::open_on(look, Desktop::start(Services::None).await, more).await
    }

    pub(crate) async fn open_on(look: Look, mut desktop: Desktop, more: &str) -> Self {
        desktop.spawn("openbox", &[]);
        desktop.start_keyring().await;
        let opened = desktop.install_browser();
        let daemon = Notifications::start(&desktop).await;
        let server = Broadcast::start(None).await;
        let profile = profile(&desktop, &look.spoken(&format!("{}\n{more}", market(server.url()))));
        let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
        resident.wait_for_state(&desktop, "market", "open").await;
        let window = Window::open(&mut desktop, &["--socket", profile.join("control.sock").to_str().unwrap()]).await;
        look.give(&window).await;
        Self { look, window, resident, daemon, server, profile, opened, desktop }
    }

    /// Sends an alert of a symbol. Each has a number of its own.
    pub(crate) fn alert(&self, number: u32, symbol: &str, message: &str) {
        let data = json!({ "symbol": symbol, "message": message, "url": format!("https://news.example/{number}") });
        self.server.event("market-alert", &format!("a{number}"), &data.to_string());
    }

    /// What `streambell` prints for these arguments.
    pub(crate) async fn ask(&self, arguments: &[&str]) -> String {
        let output = run(&self.desktop, &self.profile, arguments).await;
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The lines of JSON that it prints.
    pub(crate) async fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        self.ask(arguments).await.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Each stored alert, the oldest first.
    pub(crate) async fn alerts(&self) -> Vec<Value> {
        let events = self.lines(&["history", "--json", "--alerts"]).await;
        events.iter().flat_map(|event| event["alerts"].as_array().unwrap().clone()).collect()
    }

    /// `status --json`.
    pub(crate) async fn status(&self) -> Value {
        self.resident.status(&self.desktop).await
    }

    /// Waits until the configuration's text is so.
    pub(crate) async fn see_config(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        eventually(&format!("a configuration with {what}"), async || is_so(&self.config()).then_some(())).await;
    }

    pub(crate) async fn fill_all(&self, fields: &Typed<'_>) {
        for (key, text) in fields {
            self.window.fill(key, text).await;
        }
    }

    pub(crate) async fn see_all(&self, fields: &Typed<'_>) {
        for (key, text) in fields {
            self.window.holds(key, text).await;
        }
    }

    /// Waits until all of these stand in the file, and it is a good one.
    pub(crate) async fn see_written(&self, parts: &[&str]) {
        for part in parts {
            self.see_config(part, |text| text.contains(part)).await;
        }
        let checked = run(&self.desktop, &self.profile, &["check"]).await;
        assert!(checked.status.success(), "{}\n{}", String::from_utf8_lossy(&checked.stderr), self.config());
    }

    pub(crate) fn config(&self) -> String {
        std::fs::read_to_string(self.profile.join("config.toml")).unwrap_or_default()
    }

    /// Waits until this was opened in the browser, and nothing after it.
    pub(crate) async fn see_opened(&self, address: &str) {
        eventually(&format!("{address} in the browser"), async || {
            let opened = std::fs::read_to_string(&self.opened).ok()?;
            (opened.lines().last() == Some(address)).then_some(())
        })
        .await;
    }

    /// Opens a view by its key, and waits for it.
    pub(crate) async fn show(&self, view: &str) {
        let at = ["now", "alerts", "feed", "streams", "rules", "settings"].iter().position(|one| *one == view).unwrap();
        self.window.press(&format!("Control+{}", at + 1)).await;
        self.window.see_view(view).await;
    }

    /// That axe finds nothing wrong with what is shown.
    pub(crate) async fn look(&self, what: &str) {
        let found = self.window.violations().await;
        assert!(found.is_empty(), "{what}: {}", found.join("\n"));
    }

    /// That the page complained of nothing since it was loaded.
    pub(crate) async fn done(self) {
        assert_eq!(self.window.complaints().await, json!([]));
        assert!(!self.resident.log().contains("panicked"), "{}", self.resident.log());
    }
}
