//! Whether the window has a place for every key that can be configured: what is asked for while configurations are read
//! stands in a table with the part of the page that sets it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use super::*;

thread_local! {
    static ASKED: RefCell<BTreeSet<(String, &'static str)>> = RefCell::default();
}

/// A table was asked for a key.
pub(in crate::config) fn asked(table: &str, key: &'static str) {
    ASKED.with_borrow_mut(|asked| asked.insert((table.to_owned(), key)));
}

/// Configurations in which every table stands.
fn samples() -> Vec<String> {
    let auth = |auth: &str| stream(&format!("auth = {{ {auth} }}"));
    let mut samples = vec![
        EXAMPLE.to_owned(),
        auth("kind = \"none\""),
        auth("kind = \"bearer\", secret = { env = \"A\" }"),
        auth("kind = \"basic\", user = \"me\""),
        auth("kind = \"header\", name = \"X\""),
        auth("kind = \"query\", name = \"x\""),
        auth("kind = \"cookie\", name = \"x\""),
        stream("subscribe = { on = \"a\", url = \"/\", body = \"{}\" }\nredirects = { trust = [\"*.example.com\"] }"),
        stream("resume = { from = { pointer = \"/a\" }, send = { query = \"b\" } }"),
        rule("crosses = { value = \"/a\", above = 1 }"),
        rule("change = { value = \"/a\", by = \"1%\", within = \"5m\" }"),
        rule("expect = { by = \"03:30\" }"),
        rule("buttons = [{ kind = \"copy-value\", value = \"a\" }, { kind = \"mute-rule\", for = \"1h\" }]"),
    ];
    for grant in ["client-credentials", "refresh-token", "device"] {
        let device = if grant == "device" { ", device_url = \"https://h/\"" } else { "" };
        let fields = format!("grant = \"{grant}\", token_url = \"https://h/\", client_id = \"c\"{device}");
        samples.push(auth(&format!("kind = \"oauth2\", {fields}")));
    }
    samples
}

/// A key, and what sets it: a file of the page, and what stands in it for the key.
type Place = (&'static str, &'static str, &'static str, &'static str);

/// What has no field of its own, but stands in the text of its stream, which the window edits too.
const AS_TEXT: (&str, &str) = ("components/StreamForm.svelte", "stream-text");

#[rustfmt::skip]
const STREAM: &[Place] = &[
    ("stream", "name", "components/StreamForm.svelte", "draft.name"),
    ("stream", "url", "components/StreamForm.svelte", "draft.url"),
    ("stream", "enabled", "components/StreamForm.svelte", "draft.enabled"),
    ("stream", "auth", "components/StreamForm.svelte", "draft.authKind"),
    ("stream", "refresh", "components/StreamFormSignIn.svelte", "draft.refreshUrl"),
    ("stream", "method", "components/StreamFormRequest.svelte", "request.method"),
    ("stream", "body", "components/StreamFormRequest.svelte", "request.body"),
    ("stream", "headers", "components/StreamFormRequest.svelte", "draft.secretHeaders"),
    ("stream", "redirects", "components/StreamFormRequest.svelte", "request.redirects"),
    ("stream", "insecure", "components/StreamFormRequest.svelte", "request.insecure"),
    ("stream", "idle_timeout", "components/StreamFormConnection.svelte", "draft.idleTimeoutS"),
    ("stream", "retry", "components/StreamFormConnection.svelte", "request.retryS"),
    ("stream", "pin_sha256", "components/StreamFormConnection.svelte", "connection.pins"),
    ("stream", "ca_cert", "components/StreamFormConnection.svelte", "request.caCert"),
    ("stream", "client_cert", "components/StreamFormConnection.svelte", "connection.clientCert"),
    ("stream", "client_cert_password", "components/StreamFormConnection.svelte", "connection.clientCertPassword"),
    ("stream", "proxy", "components/StreamFormConnection.svelte", "request.proxy"),
    ("stream", "unix_socket", "components/StreamFormConnection.svelte", "connection.unixSocket"),
    ("stream", "compression", "components/StreamFormConnection.svelte", "connection.compression"),
    ("stream", "http1", "components/StreamFormConnection.svelte", "request.http1"),
    ("stream", "strict", "components/StreamFormConnection.svelte", "request.strict"),
    ("stream", "notify", "components/StreamFormEvents.svelte", "request.notify"),
    ("stream", "store", "components/StreamFormEvents.svelte", "draft.store"),
    ("stream", "resume", "components/StreamFormEvents.svelte", "draft.resumeFrom"),
    ("stream", "max_event", "components/StreamFormEvents.svelte", "request.maxEventKiB"),
    ("stream", "outage", "components/StreamFormEvents.svelte", "request.outage"),
    ("stream", "event_id", AS_TEXT.0, AS_TEXT.1),
    ("stream", "ignore", AS_TEXT.0, AS_TEXT.1),
    ("stream", "end_on", AS_TEXT.0, AS_TEXT.1),
    ("stream", "sign_in_on", AS_TEXT.0, AS_TEXT.1),
    ("stream", "subscribe", AS_TEXT.0, AS_TEXT.1),
    ("subscribe", "on", AS_TEXT.0, AS_TEXT.1),
    ("subscribe", "url", AS_TEXT.0, AS_TEXT.1),
    ("subscribe", "body", AS_TEXT.0, AS_TEXT.1),
    ("auth", "kind", "components/StreamForm.svelte", "draft.authKind"),
    ("auth", "user", "components/StreamForm.svelte", "draft.authName"),
    ("auth", "name", "components/StreamForm.svelte", "draft.authName"),
    ("auth", "secret", "components/StreamFormSignIn.svelte", "draft.authSource"),
    ("auth", "template", "components/StreamFormSignIn.svelte", "draft.authTemplate"),
    ("auth", "grant", "components/StreamFormOAuth2.svelte", "oauth2.grant"),
    ("auth", "token_url", "components/StreamFormOAuth2.svelte", "oauth2.tokenUrl"),
    ("auth", "device_url", "components/StreamFormOAuth2.svelte", "oauth2.deviceUrl"),
    ("auth", "client_id", "components/StreamFormOAuth2.svelte", "oauth2.clientId"),
    ("auth", "scope", "components/StreamFormOAuth2.svelte", "oauth2.scope"),
    ("auth", "audience", "components/StreamFormSignIn.svelte", "oauth2.audience"),
    ("auth", "client_auth", "components/StreamFormSignIn.svelte", "oauth2.inBody"),
    ("auth", "client_secret", "components/StreamFormSignIn.svelte", "oauth2.clientSecret"),
    ("refresh", "url", "components/StreamFormSignIn.svelte", "draft.refreshUrl"),
    ("refresh", "token", "components/StreamFormSignIn.svelte", "draft.refreshTokenPointer"),
    ("the place of a secret", "keyring", "components/SecretPlace.svelte", "'keyring'"),
    ("the place of a secret", "env", "components/SecretPlace.svelte", "'env'"),
    ("the place of a secret", "file", "components/SecretPlace.svelte", "'file'"),
    ("the place of a secret", "command", "components/ProgramField.svelte", "program"),
    ("redirects", "trust", "components/StreamFormRequest.svelte", "request.trust"),
    ("resume", "from", "components/StreamFormEvents.svelte", "draft.resumeFrom"),
    ("resume", "send", "components/StreamFormEvents.svelte", "draft.resumeSend"),
    ("resume", "ignore", "components/StreamFormEvents.svelte", "request.ignore"),
    ("the cursor's origin", "pointer", "components/StreamFormEvents.svelte", "draft.resumePointer"),
    ("how the cursor is sent", "query", "components/StreamFormEvents.svelte", "draft.resumeParameter"),
];

#[rustfmt::skip]
const RULE: &[Place] = &[
    ("rule", "name", "components/RuleEditor.svelte", "rule-name"),
    ("rule", "enabled", "components/RuleRow.svelte", "enabled"),
    ("rule", "ignore", "components/RuleFormIgnore.svelte", "form.ignore"),
    ("rule", "stream", "components/RuleFormWhat.svelte", "rule-stream"),
    ("rule", "event", "components/RuleFormWhat.svelte", "rule-events"),
    ("rule", "match", "components/RuleFields.svelte", "rule-field-pointer"),
    ("rule", "text", "components/RuleFormWhat.svelte", "rule-contains"),
    ("rule", "when", "components/RuleFormMore.svelte", "rule-when"),
    ("rule", "preset", "components/RuleFormMore.svelte", "rule-preset"),
    ("rule", "stop", "components/RuleFormMore.svelte", "rule-stop"),
    ("rule", "group", "components/RuleFormMore.svelte", "rule-group"),
    ("rule", "cooldown", "components/RuleFormMore.svelte", "rule-cooldown"),
    ("rule", "throttle", "components/RuleFormMore.svelte", "rule-throttle"),
    ("rule", "quiet_hours", "components/RuleFormMore.svelte", "rule-quiet"),
    ("rule", "expires", "components/RuleFormMore.svelte", "rule-expires"),
    ("rule", "resolved_when", "components/RuleFormMore.svelte", "rule-resolved-when"),
    ("rule", "resolved", "components/RuleFormMore.svelte", "rule-resolved"),
    ("rule", "resolves", "components/RuleFormMore.svelte", "rule-resolves"),
    ("rule", "link", "components/RuleFormMore.svelte", "rule-link"),
    ("rule", "sound", "components/RuleSound.svelte", "rule-sound"),
    ("rule", "icon", "components/RuleFormMore.svelte", "rule-icon"),
    ("rule", "timeout", "components/RuleFormMore.svelte", "rule-timeout"),
    ("rule", "run", "components/RuleFormMore.svelte", "rule-run"),
    ("rule", "buttons", "components/RuleButtons.svelte", "rule-add-button"),
    ("rule", "title", "components/RuleFormSays.svelte", "rule-title"),
    ("rule", "body", "components/RuleFormSays.svelte", "rule-body"),
    ("rule", "urgency", "components/RuleFormSays.svelte", "rule-urgency"),
    ("rule", "crosses", "components/RuleFormTrigger.svelte", "crosses"),
    ("rule", "change", "components/RuleFormTrigger.svelte", "change"),
    ("rule", "expect", "components/RuleFormTrigger.svelte", "expect-by"),
    ("crosses", "value", "components/RuleFormTrigger.svelte", "trigger.value"),
    ("crosses", "above", "components/RuleFormTrigger.svelte", "trigger.side"),
    ("crosses", "below", "components/RuleFormTrigger.svelte", "trigger.side"),
    ("crosses", "rearm", "components/RuleFormTrigger.svelte", "trigger.rearm"),
    ("change", "value", "components/RuleFormTrigger.svelte", "trigger.value"),
    ("change", "by", "components/RuleFormTrigger.svelte", "trigger.by"),
    ("change", "within", "components/RuleFormTrigger.svelte", "trigger.within"),
    ("change", "rearm", "components/RuleFormTrigger.svelte", "trigger.rearm"),
    ("expect", "within", "components/RuleFormTrigger.svelte", "trigger.within"),
    ("expect", "by", "components/RuleFormTrigger.svelte", "trigger.by"),
    ("expect", "from", "components/RuleFormTrigger.svelte", "trigger.from"),
    ("expect", "days", "components/RuleFormTrigger.svelte", "trigger.days"),
    ("expect", "time_zone", "components/RuleFormTrigger.svelte", "trigger.timeZone"),
    ("a button", "kind", "components/RuleButtons.svelte", "button.kind"),
    ("a button", "label", "components/RuleButtons.svelte", "button.label"),
    ("a button", "value", "components/RuleButtons.svelte", "button.value"),
    ("a button", "for", "components/RuleButtons.svelte", "button.length"),
];

#[rustfmt::skip]
const REST: &[Place] = &[
    ("tile", "stream", "components/TileEditor.svelte", "tile.stream"),
    ("tile", "event", "components/TileEditor.svelte", "tile.event"),
    ("tile", "key", "components/TileEditor.svelte", "tile.key"),
    ("tile", "value", "components/TileEditor.svelte", "tile.value"),
    ("tile", "change", "components/TileEditor.svelte", "tile.change"),
    ("tile", "unit", "components/TileEditor.svelte", "tile.unit"),
    ("tile", "label", "components/TileEditor.svelte", "tile.label"),
    ("quiet_hours", "from", "components/settings/QuietWeek.svelte", "WeekGrid"),
    ("quiet_hours", "to", "components/settings/QuietWeek.svelte", "WeekGrid"),
    ("quiet_hours", "days", "components/settings/QuietWeek.svelte", "WeekGrid"),
    ("quiet_hours", "time_zone", "components/settings/QuietWeek.svelte", "quiet-zone"),
    ("notifications", "timeout", "components/settings/Quantities.svelte", "timeouts"),
    ("notifications", "sounds", "components/settings/Quantities.svelte", "sounds"),
    ("notifications", "sound_gap", "components/settings/Quantities.svelte", "soundGapMs"),
    ("timeout", "low", "components/settings/Quantities.svelte", "timeoutLow"),
    ("timeout", "normal", "components/settings/Quantities.svelte", "timeoutNormal"),
    ("timeout", "critical", "components/settings/Quantities.svelte", "timeoutCritical"),
    ("history", "max_age", "components/settings/Quantities.svelte", "maxAgeS"),
    ("history", "max_events", "components/settings/Quantities.svelte", "maxEvents"),
    ("outage", "after", "components/settings/Quantities.svelte", "outage"),
    ("the configuration", "stream", "components/AddStream.svelte", "add-stream-steps"),
    ("the configuration", "rule", "components/RuleEditor.svelte", "EditorFrame"),
    ("the configuration", "tile", "components/TileEditor.svelte", "EditorFrame"),
    ("the configuration", "quiet_hours", "components/settings/QuietWeek.svelte", "WeekGrid"),
    ("the configuration", "notifications", "components/settings/Quantities.svelte", "soundGapMs"),
    ("the configuration", "history", "components/settings/Quantities.svelte", "maxAgeS"),
    ("the configuration", "outage", "components/settings/Quantities.svelte", "outage"),
    ("the configuration", "language", "views/Settings.svelte", "choose-language"),
    ("the configuration", "allow_commands", "components/settings/Programs.svelte", "allowCommands"),
    ("the configuration", "dashboard", "views/Settings.svelte", "preferences"),
    ("dashboard", "theme", "views/Settings.svelte", "preferences.theme"),
    ("dashboard", "rise", "views/Settings.svelte", "preferences.rise"),
    ("dashboard", "tile_order", "components/TileGrid.svelte", "preferences.tileOrder"),
    ("dashboard", "tile_places", "components/TileGrid.svelte", "preferences.placeTiles"),
    ("dashboard", "group_alerts", "App.svelte", "preferences.grouped"),
];

/// What is no choice.
const NO_CHOICE: [(&str, &str); 1] = [("the configuration", "version")];

#[test]
fn every_key_has_a_place_in_the_window() {
    for sample in samples() {
        config(&sample);
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src");
    let mut places: BTreeSet<(&str, &str)> = NO_CHOICE.into_iter().collect();
    for (table, key, file, word) in [STREAM, RULE, REST].concat() {
        let text = std::fs::read_to_string(page.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(word), "{file} sets {key} of {table} no more: there is no {word} in it");
        places.insert((table, key));
    }
    let asked = ASKED.with_borrow(Clone::clone);
    // The fields of each kind of sign-in are those of one table.
    let asked =
        asked.iter().map(|(table, key)| (if table.starts_with("auth of") { "auth" } else { table.as_str() }, *key));
    let asked: BTreeSet<(&str, &str)> = asked.collect();
    let missing: Vec<_> = asked.difference(&places).collect();
    assert!(missing.is_empty(), "these keys can be set in the file only: {missing:?}");
    let gone: Vec<_> = places.difference(&asked).collect();
    assert!(gone.is_empty(), "these keys are read no more: {gone:?}");
}
