//! What the page has been told, and what it is to be told once it listens.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use streambell_protocol::{Link, Push, Spot, Text};
use tauri::{AppHandle, Emitter as _, EventTarget};

use crate::window::MAIN;

/// The page in the window. It may be reloaded at any time, and then says again that it is ready.
pub(crate) struct Page {
    known: Mutex<Known>,
}

struct Known {
    /// Whether the page has said that it listens.
    listens: bool,
    link: Link,
    /// The latest [`Push::Snapshot`].
    snapshot: Option<Push>,
    /// A [`Push::Present`] that came before the page listened.
    present: Option<Push>,
}

impl Page {
    /// A page that does not listen yet, and is to show this once it does.
    pub(crate) fn new(spot: Spot) -> Self {
        let link = Link::Lost { message: Text::new("connecting to Streambell", "正在连接 Streambell") };
        let present = (spot != Spot::Anywhere).then_some(Push::Present(spot));
        Self { known: Mutex::new(Known { listens: false, link, snapshot: None, present }) }
    }

    /// The page listens now: it hears the state of things, and what it missed.
    pub(crate) fn ready(&self, app: &AppHandle) {
        let mut known = self.known();
        known.listens = true;
        emit(app, "link", &known.link);
        if let Some(snapshot) = &known.snapshot {
            emit(app, "push", snapshot);
        }
        if let Some(present) = known.present.take() {
            emit(app, "push", &present);
        }
    }

    /// The link to the resident is so from now on.
    pub(crate) fn link(&self, app: &AppHandle, link: Link) {
        let mut known = self.known();
        if known.link != link {
            known.link = link;
            if known.listens {
                emit(app, "link", &known.link);
            }
        }
    }

    /// The resident said this. A page that does not listen yet reads events from the history later.
    pub(crate) fn push(&self, app: &AppHandle, push: Push) {
        let mut known = self.known();
        if known.listens {
            emit(app, "push", &push);
        }
        match push {
            Push::Snapshot(_) => known.snapshot = Some(push),
            Push::Present(_) if !known.listens => known.present = Some(push),
            Push::Present(_) | Push::Events(_) | Push::Alerts(_) | Push::Watched(_) | Push::Goodbye => (),
        }
    }

    /// Held while emitting too, so that the page hears things in the order in which they happened.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Emits to the page in the main window only.
fn emit<T: Serialize>(app: &AppHandle, event: &str, payload: &T) {
    // Fails only while the window closes, and then nobody is left to tell.
    drop(app.emit_to(EventTarget::webview_window(MAIN), event, payload));
}
