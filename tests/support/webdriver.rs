//! The dashboard's window, driven through WebKitWebDriver.

use std::sync::atomic::{AtomicU32, Ordering};

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

use crate::desktop::Desktop;
use crate::eventually::eventually;
use crate::program::binary;

/// A dashboard that a driver controls. Dropping it ends with the desktop.
#[derive(Debug)]
pub struct Window {
    /// For what is not here.
    pub client: Client,
}

impl Window {
    /// Starts the driver and, through it, the dashboard with these arguments.
    pub async fn open(desktop: &mut Desktop, arguments: &[&str]) -> Self {
        let port = free_port();
        desktop.spawn_driver(port);
        let mut capabilities = serde_json::Map::new();
        capabilities.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({ "binary": binary("streambell-dashboard"), "args": arguments }),
        );
        let url = format!("http://127.0.0.1:{port}");
        let client = eventually("a WebDriver session", async || {
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
                .capabilities(capabilities.clone())
                .connect(&url)
                .await
                .ok()
        })
        .await;
        Self { client }
    }

    /// Waits for the element with this `data-testid`.
    pub async fn find(&self, id: &str) -> fantoccini::elements::Element {
        self.find_css(&format!("[data-testid=\"{id}\"]")).await
    }

    /// Waits for the element of a selector.
    pub async fn find_css(&self, selector: &str) -> fantoccini::elements::Element {
        // What is drawn anew in the moment in which it is found is an error of the driver's.
        eventually(&format!("{selector} in the window"), async || self.client.find(Locator::Css(selector)).await.ok())
            .await
    }

    /// Clicks the element with this `data-testid`.
    pub async fn click(&self, id: &str) {
        self.press_css(&format!("[data-testid=\"{id}\"]")).await;
    }

    /// Types into the element with this `data-testid`.
    pub async fn type_into(&self, id: &str, text: &str) {
        let element = eventually(&format!("{id} to be emptied"), async || {
            let element = self.find(id).await;
            self.ready(&element).await?;
            element.clear().await.ok()?;
            Some(element)
        })
        .await;
        // A line ends with the key that a person presses.
        element
            .send_keys(&text.replace('\n', "\u{e007}"))
            .await
            .unwrap_or_else(|error| panic!("typing into {id}: {error}"));
    }

    /// How many elements have this `data-testid`.
    pub async fn count(&self, id: &str) -> usize {
        let selector = format!("[data-testid=\"{id}\"]");
        eventually(&format!("how many {id} there are"), async || {
            self.client.find_all(Locator::Css(&selector)).await.ok().map(|found| found.len())
        })
        .await
    }

    /// Waits until the element with this `data-testid` says this, also where the driver counts it as cut off.
    pub async fn see(&self, id: &str, text: &str) {
        eventually(&format!("{text:?} in {id}"), async || {
            let element = self.client.find(Locator::Css(&format!("[data-testid=\"{id}\"]"))).await.ok()?;
            element.prop("textContent").await.ok()??.contains(text).then_some(())
        })
        .await;
    }

    /// The text of the element with this `data-testid`.
    pub async fn text(&self, id: &str) -> String {
        self.find(id).await.text().await.unwrap_or_default()
    }
}

impl Desktop {
    fn spawn_driver(&mut self, port: u16) {
        self.spawn_with("WebKitWebDriver", &[&format!("--port={port}")], &[("TAURI_WEBVIEW_AUTOMATION", "true")]);
    }
}

/// A free port. The driver takes it a moment later: it is none of those from 32768 on, which the system gives to whoever
/// asks for any, and each test has another one.
fn free_port() -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let next = || (std::process::id() * 100 + TAKEN.fetch_add(1, Ordering::Relaxed)) % 20_000;
    let ports = std::iter::repeat_with(|| 12_000 + next() as u16);
    let mut free = ports.filter(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.next().expect("a free port")
}
