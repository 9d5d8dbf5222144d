//! The real programs on a headless desktop, with real services or doubles of them.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod absence;
mod command_line;
mod crash;
mod dashboard;
mod demo;
mod desk;
mod doctor;
mod exchange;
mod first_use;
mod hostile;
mod keyring;
mod look;
mod network;
mod notices;
mod page;
mod sign_in;
mod soak;
mod tiles;
mod tray;
mod window;

use std::path::{Path, PathBuf};

use streambell_tests::{Authorization, Desktop};

/// A profile in the test's folder with this configuration.
pub(crate) fn profile(desktop: &Desktop, config: &str) -> PathBuf {
    let folder = desktop.path("profile");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), config).unwrap();
    folder
}

/// A stream named `market` without sign-in, and a rule for `market-alert`.
pub(crate) fn market(url: &str) -> String {
    format!(
        r#"version = 1

[[stream]]
name = "market"
url = "{url}"

[[rule]]
name = "Market alert"
stream = "market"
event = "market-alert"
title = "{{{{ data.symbol }}}} moves"
body = "{{{{ data.message }}}}"
urgency = "critical"
link = "{{{{ data.url }}}}"

[[tile]]
stream = "market"
"#
    )
}

/// As [`market`], signed in to with a code that is given by `site`.
pub(crate) fn market_with_code(url: &str, site: &Authorization) -> String {
    let (token, device) = (site.url("token"), site.url("device"));
    let auth = format!(
        "auth = {{ kind = \"oauth2\", grant = \"device\", token_url = \"{token}\", device_url = \"{device}\", \
         client_id = \"me\" }}"
    );
    market(url).replacen("[[rule]]", &format!("{auth}\n\n[[rule]]"), 1)
}

/// That a secret is in no file of the desktop but its keyring.
pub(crate) fn assert_in_no_file(desktop: &Desktop, secret: &str) {
    for file in files_below(&desktop.path("")) {
        if file.components().any(|part| part.as_os_str() == "keyrings") {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap_or_default();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "the secret is in {}", file.display());
    }
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}
