//! The window does not close over what would be lost with it before a person was asked.

use std::sync::atomic::{AtomicBool, Ordering};

use streambell_protocol::{LanguageForm, Text};
use tauri::{AppHandle, Manager as _, Window, WindowEvent};
use tokio::sync::oneshot;

use crate::dialog::{self, Words};
use crate::resident::Resident;
use crate::window;

/// What the page says of what is open in it. What may hold a secret is kept nowhere but in the page.
#[derive(Debug, Default)]
pub(crate) struct Unsaved {
    /// Whether something would be lost.
    held: AtomicBool,
    /// Whether a person is being asked.
    asking: AtomicBool,
}

impl Unsaved {
    /// Something would be lost with the window, or nothing any more.
    pub(crate) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::Relaxed);
    }
}

/// Somebody closes the window: where something would be lost, it stays until they said so again. Once it is closed, it
/// is said so: the process needs a moment more to end.
pub(crate) fn happened(window: &Window, event: &WindowEvent) {
    if let WindowEvent::Destroyed = event {
        let app = window.app_handle().clone();
        drop(tauri::async_runtime::spawn(async move { app.state::<Resident>().closed().await }));
    }
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let unsaved = window.state::<Unsaved>();
    if !unsaved.held.load(Ordering::Relaxed) {
        return;
    }
    api.prevent_close();
    if !unsaved.asking.swap(true, Ordering::Relaxed) {
        // Ends with the answer, or with the process.
        drop(tauri::async_runtime::spawn(ask(window.app_handle().clone())));
    }
}

/// Whether the window does not end with the resident, since something would be lost; a person is asked.
pub(crate) fn asks(app: &AppHandle) -> bool {
    let held = app.state::<Unsaved>().held.load(Ordering::Relaxed);
    if held && let Some(window) = app.get_webview_window(window::MAIN) {
        drop(window.close());
    }
    held
}

async fn ask(app: AppHandle) {
    let words = words(app.state::<Resident>().language().await);
    let (answer, answered) = oneshot::channel();
    let handle = app.clone();
    let asked_no_more = |app: &AppHandle| app.state::<Unsaved>().asking.store(false, Ordering::Relaxed);
    let show = move || {
        let app = handle.clone();
        dialog::show(&handle, &words, move |closes| {
            // At once: who closes the window as soon as the dialog is gone is asked again.
            asked_no_more(&app);
            answer.send(closes).ok();
        });
    };
    drop(app.run_on_main_thread(show));
    let closes = answered.await.unwrap_or_else(|_| {
        // Where nobody can be asked, a window must close all the same.
        asked_no_more(&app);
        true
    });
    if closes && let Some(window) = app.get_webview_window(window::MAIN) {
        drop(window.destroy());
    }
}

fn words(language: LanguageForm) -> Words {
    let all = [
        Text::new("Close without saving?", "不保存就关闭？"),
        Text::new(
            "The text of a stream is not saved. It may hold secrets, so it is kept nowhere else.",
            "有一个流的文本尚未保存。其中可能含有密钥，所以没有保留在别处。",
        ),
        Text::new("Close", "关闭"),
        Text::new("Go on writing", "继续编辑"),
    ];
    Words::read(all, language)
}
