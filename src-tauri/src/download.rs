//! A text of the page that a person keeps as a file: in the folder for downloads, under a name that nothing has yet.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use tauri::webview::DownloadEvent;
use tauri::{Emitter as _, EventTarget, Manager as _, Url, Webview};

use crate::window::{MAIN, is_own_page};

/// The page made a text of its own into a file, or that is done; says whether it may. The page is told where the file
/// is, or nothing where there is none, as the event `saved`.
pub(crate) fn decide(webview: &Webview, event: DownloadEvent<'_>) -> bool {
    match event {
        DownloadEvent::Requested { url, destination } => {
            let name = destination.file_name().filter(|name| is_own_text(&url) && is_in_sight(name));
            let (Some(folder), Some(name)) = (folder(webview), name) else { return false };
            *destination = unused(&folder, Path::new(name));
            true
        }
        DownloadEvent::Finished { path, success, .. } => {
            let saved = path.filter(|_| success).map(|path| path.display().to_string());
            // Fails only while the window closes, and then nobody is left to tell.
            drop(webview.emit_to(EventTarget::webview_window(MAIN), "saved", saved));
            true
        }
        _ => false,
    }
}

/// Whether an address is that of a text that our own page has made.
pub(crate) fn is_own_text(url: &Url) -> bool {
    url.scheme() == "blob" && Url::parse(url.path()).is_ok_and(|inner| is_own_page(&inner))
}

/// Whether a file of that name is seen by a person before any program reads it by itself, as a shell does `.profile`.
fn is_in_sight(name: &OsStr) -> bool {
    !name.as_encoded_bytes().starts_with(b".")
}

/// Where downloads go; where there is no such folder, the person's own.
fn folder(webview: &Webview) -> Option<PathBuf> {
    let paths = webview.path();
    let downloads = paths.download_dir().ok().filter(|folder| std::fs::create_dir_all(folder).is_ok());
    downloads.or_else(|| paths.home_dir().ok())
}

/// The path of a file in a folder; numbered where there is one of that name.
fn unused(folder: &Path, name: &Path) -> PathBuf {
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, end) = (part(name.file_stem()), part(name.extension()));
    let numbered = (1..).map(|number| folder.join(format!("{stem} ({number}).{end}")));
    std::iter::once(folder.join(name)).chain(numbered).find(|path| !path.exists()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn no_file_is_made_that_a_program_reads_unseen() {
        assert!(is_in_sight(OsStr::new("streambell-rules.toml")));
        assert!(!is_in_sight(OsStr::new(".bash_profile")));
    }

    #[test]
    fn only_a_text_of_our_own_page_becomes_a_file() {
        let own = |address| is_own_text(&Url::parse(address).unwrap());
        assert!(own("blob:tauri://localhost/0c9d6b9e-3c1f"));
        for other in
            ["blob:https://example.com/1", "https://example.com/a.toml", "data:text/plain,x", "tauri://localhost"]
        {
            assert!(!own(other), "{other}");
        }
    }
}
