//! The window: one, with our own page and nothing else in it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tauri::plugin::TauriPlugin;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::download;

/// The window's label.
pub(crate) const MAIN: &str = "main";

/// Opens the window; it is shown once its page is loaded, so that no empty frame flashes up.
pub(crate) fn open(app: &AppHandle, state: Option<PathBuf>) -> tauri::Result<()> {
    let mut builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Streambell")
        .inner_size(1100.0, 720.0)
        .min_inner_size(420.0, 480.0)
        .visible(false)
        .on_navigation(|url| is_own_page(url) || download::is_own_text(url))
        .on_download(|webview, event| download::decide(&webview, event))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, load| match load.event() {
            PageLoadEvent::Started => (),
            PageLoadEvent::Finished => show(&window),
        });
    if let Some(state) = state {
        builder = builder.data_directory(state.join("page"));
    }
    builder.build().map(drop)
}

/// Brings the window to the front.
pub(crate) fn present(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        drop(window.unminimize());
        show(&window);
    }
}

/// The plugin that remembers the window's size and position, in the given folder or the platform's.
pub(crate) fn remember_place(state: Option<&Path>) -> TauriPlugin<Wry> {
    let plugin = tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED);
    match state {
        Some(state) => plugin.with_filename(state.join("window.json").to_string_lossy()).build(),
        None => plugin.with_filename("window.json").build(),
    }
}

/// Says why where no window can be shown; GTK would panic.
#[cfg(target_os = "linux")]
pub(crate) fn need_display() -> Result<()> {
    let named = |variable| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    if !named("DISPLAY") && !named("WAYLAND_DISPLAY") {
        anyhow::bail!("there is no display to show the window on (neither DISPLAY nor WAYLAND_DISPLAY is set)");
    }
    gtk::init().map_err(|_| anyhow::anyhow!("the display named by DISPLAY or WAYLAND_DISPLAY cannot be opened"))
}

/// Says why where no window can be shown.
#[cfg(not(target_os = "linux"))]
pub(crate) fn need_display() -> Result<()> {
    Ok(())
}

/// Each of these fails only while the window closes.
fn show(window: &WebviewWindow) {
    drop(window.show());
    drop(window.set_focus());
}

/// Whether an address is that of our own page, on any platform.
pub(crate) fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_our_own_page_is_gone_to() {
        let own = |address| is_own_page(&Url::parse(address).unwrap());
        assert!(
            own("tauri://localhost") && own("tauri://localhost/index.html#streams") && own("http://tauri.localhost/")
        );
        for other in
            ["https://example.com", "http://localhost", "tauri://example.com", "file:///etc/passwd", "data:text/html,x"]
        {
            assert!(!own(other), "{other}");
        }
        assert!(!own("about:blank") && !own("javascript:alert(1)") && !own("https://tauri.localhost.example.com"));
    }
}
