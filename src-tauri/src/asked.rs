//! The calls that are the page's: whatever else there is, such as ending Streambell, is no business of a script in it.

use streambell_protocol::Call;

/// By name, sorted.
const ASKED: [&str; 56] = [
    "acknowledge",
    "alerts",
    "cancel-sign-in",
    "configuration",
    "connections",
    "diagnose",
    "diagnosis",
    "draft-rule",
    "draft-tile",
    "enable-rule",
    "export",
    "fill-preset",
    "forget-secret",
    "history",
    "import",
    "keep-watched",
    "last-tiles",
    "mark-read",
    "mark-read-where",
    "mark-unread",
    "move-rule",
    "move-tile",
    "pause",
    "presets",
    "preview-rule",
    "reconnect",
    "remove-rule",
    "remove-stream",
    "remove-tile",
    "resume",
    "rule-counts",
    "rule-text",
    "save-quiet-hours",
    "save-rule",
    "save-settings",
    "save-stream",
    "save-tile",
    "search",
    "set-start-at-login",
    "sign-in",
    "silence",
    "sounds",
    "start-at-login",
    "start-demo",
    "stored-secrets",
    "stream-text",
    "test-notification",
    "test-stream",
    "tile-history",
    "unacknowledge",
    "undo",
    "unsilence",
    "unwatch-stream",
    "uptime",
    "watch-stream",
    "why",
];

/// Whether the page has a use for a call.
pub(crate) fn is_asked(call: &Call) -> bool {
    ASKED.binary_search(&call.name()).is_ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    /// All that the page is made of but its doubles of the resident and what is generated.
    fn read(folder: &Path, sources: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("lib/backend") {
                read(&path, sources);
            } else if path.is_file() && !path.ends_with("protocol.ts") {
                sources.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// The words in quotes that follow on this.
    fn words<'a>(sources: &'a str, after: &'a str) -> BTreeSet<&'a str> {
        sources.split(after).skip(1).filter_map(|rest| rest.split('\'').next()).collect()
    }

    #[test]
    fn the_page_may_ask_what_it_asks_and_nothing_else() {
        let (mut sources, page) = (String::new(), Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src"));
        read(&page, &mut sources);
        let marks = fs::read_to_string(page.join("lib/marks.svelte.ts")).unwrap();
        let table = marks.lines().find(|line| line.starts_with("const CALLS")).unwrap();
        let named = &words(&sources, "call: '") | &words(table, ": '");
        for name in ASKED {
            assert!(named.contains(name), "the page never asks for {name}");
        }
        for name in words(&sources, "call: '") {
            assert!(ASKED.contains(&name), "the page asks for {name} and may not");
        }
        assert!(ASKED.is_sorted(), "it is searched");
        for call in [Call::Quit, Call::Snapshot, Call::OpenDashboard { alert: None }] {
            assert!(!is_asked(&call), "{}", call.name());
        }
        assert!(is_asked(&Call::Resume { stream: None }));
    }
}
