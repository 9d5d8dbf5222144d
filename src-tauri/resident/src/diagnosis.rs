//! What a report of a fault needs: a text without secrets, addresses or events. [`Facts::text`] is pure.

mod system;

use std::path::{Path, PathBuf};

use streambell_engine::config::{Auth, Config};
use streambell_engine::ledger::{Indexer, Reader};
use streambell_engine::locale::Text;
use streambell_engine::profile::Profile;
use streambell_engine::snapshot::{Snapshot, StreamStatus};
use streambell_engine::uptime::Uptime;
use streambell_protocol::{Diagnosis, FileKind, FileView};

use crate::autostart::Autostart;
pub(crate) use system::System;

/// All that is told.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    /// The machine and its desktop.
    pub(crate) system: System,
    /// The running instance; `None` where none runs.
    pub(crate) running: Option<Running<'a>>,
    /// Where the files are.
    pub(crate) files: Vec<FileView>,
    /// About how many events and alerts are stored, or why that is not known.
    pub(crate) stored: Result<(i64, i64), String>,
    /// Whether it starts at login.
    pub(crate) at_login: bool,
}

/// What a running instance knows of itself.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    /// The state of everything.
    pub(crate) snapshot: &'a Snapshot,
    /// The configuration in force.
    pub(crate) config: &'a Config,
    /// How its streams have been connected.
    pub(crate) uptimes: &'a [Uptime],
}

impl Facts<'_> {
    /// As it is given out.
    pub(crate) fn told(self) -> Diagnosis {
        Diagnosis { text: self.text(), version: env!("CARGO_PKG_VERSION").to_owned(), files: self.files }
    }

    /// The text, a line a fact.
    fn text(&self) -> String {
        let mut text = format!("Streambell {}\n", env!("CARGO_PKG_VERSION"));
        let mut line = |name: &str, value: &str| {
            // A line feed in what other programs say must not look like a line of ours.
            let value = value.replace(char::is_control, " ");
            text.push_str(&format!("{name}: {}\n", without_home(&value)));
        };
        self.system.lines(&mut line);
        line("Starts at login", if self.at_login { "yes" } else { "no" });
        for file in &self.files {
            let size = file.bytes.map_or_else(|| "not there".to_owned(), |bytes| format!("{bytes} bytes"));
            line(&format!("File ({})", kind(file.kind)), &format!("{}, {size}", file.path));
        }
        match &self.stored {
            Ok((events, alerts)) => line("Stored", &format!("about {events} events, {alerts} alerts")),
            Err(trouble) => line("Stored", trouble),
        }
        match &self.running {
            Some(running) => running.lines(&mut line),
            None => line("Running", "no"),
        }
        text
    }
}

impl Running<'_> {
    fn lines(&self, line: &mut impl FnMut(&str, &str)) {
        let Self { snapshot, config, uptimes } = self;
        let well = |trouble: &Option<Text>| trouble.as_ref().map_or("well", |trouble| &trouble.english).to_owned();
        line("Running", if snapshot.demo { "yes, the demo" } else { "yes" });
        line("Showing notifications", &well(&snapshot.notifications_trouble));
        line("Writing the history", &well(&snapshot.ledger_trouble));
        // What is wrong with the configuration may quote it.
        let mistakes = snapshot.configuration_trouble.is_some();
        line("Configuration file", if mistakes { "has mistakes; the one before is in force" } else { "in force" });
        let enabled = config.rules.iter().filter(|rule| rule.enabled).count();
        line(
            "Configured",
            &format!(
                "{} streams, {} rules ({enabled} switched on), {} tiles, {} quiet hours; {} silences; paused: {}",
                config.streams.len(),
                config.rules.len(),
                config.tiles.len(),
                config.quiet_hours.len(),
                snapshot.silences.len(),
                if snapshot.pause.is_some() { "yes" } else { "no" },
            ),
        );
        line("Unread alerts", &snapshot.unread.to_string());
        for (number, status) in (1..).zip(&snapshot.streams) {
            let stream = config.streams.iter().find(|stream| stream.name == status.name);
            let uptime = uptimes.iter().find(|uptime| uptime.stream == status.name);
            let told = stream_line(status, stream.map(|stream| (stream.url.as_str(), &stream.auth)), uptime);
            line(&format!("Stream {number}"), &told);
        }
    }
}

/// A stream without its name and its address.
fn stream_line(status: &StreamStatus, configured: Option<(&str, &Auth)>, uptime: Option<&Uptime>) -> String {
    let mut parts = vec![status.state.as_str().to_owned()];
    if let Some((url, auth)) = configured {
        parts.push(url.split_once(':').map_or("?", |(scheme, _)| scheme).chars().take(5).collect());
        parts.push(format!("auth {}", auth_kind(auth)));
    }
    parts.push(format!("{} connections", status.connections));
    parts.push(format!("{} events, {} in the last minute", status.events, status.events_per_minute));
    if let Some(after) = status.first_byte_after {
        parts.push(format!("first byte after {} ms", after.as_millis()));
    }
    if status.gaps > 0 {
        parts.push(format!("{} gaps", status.gaps));
    }
    if let Some(share) = uptime.and_then(|uptime| uptime.share) {
        parts.push(format!("connected {:.1} % of a day", share * 100.0));
    }
    if let Some(last) = uptime.and_then(|uptime| uptime.last.as_ref()) {
        let status = last.status.map_or_else(String::new, |status| format!(", status {status}"));
        parts.push(format!("last end {} ({} tries{status})", last.cause.as_str(), last.tries));
    }
    parts.join(", ")
}

fn auth_kind(auth: &Auth) -> &'static str {
    match auth {
        Auth::None => "none",
        Auth::Bearer { .. } => "bearer",
        Auth::Basic { .. } => "basic",
        Auth::Header { .. } => "header",
        Auth::Query { .. } => "query",
        Auth::Cookie { .. } => "cookie",
        Auth::OAuth2(_) => "oauth2",
    }
}

fn kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Configuration => "configuration",
        FileKind::History => "history",
        FileKind::TextIndex => "text index",
        FileKind::Logs => "logs",
        FileKind::Autostart => "autostart",
    }
}

/// The files of a profile, with their sizes.
pub(crate) fn files(profile: &Profile, autostart: &Autostart) -> Vec<FileView> {
    let index = Indexer::file(&profile.ledger);
    let view = |kind, path: &Path, bytes| FileView { kind, path: path.display().to_string(), bytes };
    let mut files = vec![
        view(FileKind::Configuration, &profile.config, size(&profile.config)),
        view(FileKind::History, &profile.ledger, database_size(&profile.ledger)),
        view(FileKind::TextIndex, &index, database_size(&index)),
        view(FileKind::Logs, &profile.logs, folder_size(&profile.logs)),
    ];
    files.extend(autostart.file().map(|file| view(FileKind::Autostart, file, size(file))));
    files
}

/// About how many events and alerts are stored.
pub(crate) fn stored(ledger: &Path) -> Result<(i64, i64), String> {
    Reader::open(ledger).and_then(|reader| reader.sizes()).map_err(|error| error.to_string())
}

fn size(file: &Path) -> Option<u64> {
    std::fs::metadata(file).ok().map(|found| found.len())
}

/// A database with the files that SQLite keeps beside it.
fn database_size(file: &Path) -> Option<u64> {
    let beside = |suffix: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        size(&PathBuf::from(name)).unwrap_or(0)
    };
    size(file).map(|bytes| bytes + beside("-wal") + beside("-shm"))
}

fn folder_size(folder: &Path) -> Option<u64> {
    let files = std::fs::read_dir(folder).ok()?;
    Some(
        files
            .filter_map(|file| file.ok()?.metadata().ok())
            .filter(|found| found.is_file())
            .map(|found| found.len())
            .sum(),
    )
}

/// Without the name that a person has on this machine.
fn without_home(text: &str) -> String {
    let home = std::env::home_dir().filter(|home| home.parent().is_some());
    match home.as_ref().and_then(|home| home.to_str()) {
        Some(home) => text.replace(home, "~"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use streambell_engine::config;

    use super::*;
    use streambell_engine::locale::Text;

    const CONFIG: &str = r#"
version = 1
[[stream]]
name = "acme-internal"
url = "https://user.example.com/api/stream?key=abc"
auth = { kind = "header", name = "X-Secret-Name" }
headers = { X-Desk = "seven" }
[[rule]]
name = "Rule of the boss"
title = "Hello {{ data.person }}"
"#;

    #[test]
    fn the_text_names_no_stream_no_address_and_no_home() {
        let config = config::parse(CONFIG).unwrap();
        let status = StreamStatus {
            name: "acme-internal".into(),
            url: "https://user.example.com/api/stream".to_owned(),
            state: streambell_engine::connection::State::NeedsSignIn {
                message: Text::plain("user.example.com refuses"),
            },
            since: jiff::Timestamp::UNIX_EPOCH,
            retry_at: None,
            connections: 4,
            events: 181,
            events_per_minute: 12,
            first_byte_after: Some(std::time::Duration::from_millis(41)),
            last_event_at: None,
            last_event_id: "order-77".to_owned(),
            quiet_since: None,
            gaps: 0,
            last_gap: None,
            token: Default::default(),
            by_code: false,
            sign_in: None,
        };
        let line = stream_line(&status, Some((config.streams[0].url.as_str(), &config.streams[0].auth)), None);
        assert_eq!(
            line,
            "needs-sign-in, https, auth header, 4 connections, 181 events, 12 in the last minute, first byte after 41 ms"
        );
        let home = std::env::home_dir().unwrap();
        let facts = Facts {
            system: System::default(),
            running: None,
            files: vec![FileView {
                kind: FileKind::History,
                path: home.join("x/history.db").display().to_string(),
                bytes: Some(7),
            }],
            stored: Ok((3, 1)),
            at_login: true,
        };
        let text = facts.text();
        assert!(text.contains("File (history): ~/x/history.db, 7 bytes\n"), "{text}");
        assert!(text.contains("Stored: about 3 events, 1 alerts\n") && text.contains("Running: no\n"), "{text}");
    }
}
