//! Somebody new to it, at the keyboard: from an empty window to a rule that keeps silent for an hour. They know no key of
//! the page's own: Tab, Enter, Space and the arrows bring them to what they see.

use streambell_tests::program::run;
use streambell_tests::webdriver::Window;
use streambell_tests::{Broadcast, Desktop, Notifications, Resident, Services, eventually};

use crate::page::{Look, in_both_looks};
use crate::{assert_in_no_file, profile};

in_both_looks!(a_stream_with_a_token_a_rule_from_an_event_and_an_hours_silence_take_a_keyboard_only);

const TOKEN: &str = "tok-8c2e41d7-never-in-a-file";

async fn a_stream_with_a_token_a_rule_from_an_event_and_an_hours_silence_take_a_keyboard_only(look: Look) {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    desktop.spawn("openbox", &[]);
    let daemon = Notifications::start(&desktop).await;
    let server = Broadcast::start(Some(TOKEN)).await;
    let profile = profile(&desktop, &look.spoken("version = 1\n"));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.status(&desktop).await;
    let socket = profile.join("control.sock");
    let window = Window::open(&mut desktop, &["--socket", socket.to_str().unwrap()]).await;
    look.give(&window).await;

    // Add a stream: its address, the token that its server asks for, what comes.
    window.tab_to("first-add-stream").await;
    desktop.screenshot("first-use-1-empty").await;
    window.press("Enter").await;
    window.find("add-url").await;
    focus_is_at(&window, "add-url").await;
    window.write(server.url()).await;
    window.press("Enter").await;
    focus_is_at(&window, "add-token").await;
    desktop.screenshot("first-use-2-token").await;
    window.write("a-wrong-one").await;
    window.press("Enter").await;
    window.see("add-asks", &window.word("adding.refused").await).await;
    window.tab_to("add-token").await;
    window.press("Control+a").await;
    window.write(TOKEN).await;
    window.press("Enter").await;
    window.find_css("[data-testid=\"add-status\"][data-phase=\"open\"]").await;
    // A quiet server: this is all that comes for an hour.
    server.event("price-alert", "1", r#"{"symbol":"ACME","message":"above 100","price":101.5}"#);
    window.find_css("[data-testid=\"add-event-name\"][data-name=\"price-alert\"]").await;
    desktop.screenshot("first-use-3-events").await;
    window.tab_to("add-name").await;
    window.press("Control+a").await;
    window.write("market").await;
    window.tab_to("add-finish").await;
    window.press("Enter").await;
    window.see("notice", &window.phrase("adding.added", serde_json::json!(["market", 0, 0])).await).await;
    resident.wait_for_state(&desktop, "market", "open").await;
    assert!(!window.client.source().await.unwrap().contains(TOKEN), "the token is in the page");
    assert_in_no_file(&desktop, TOKEN);
    let listed = run(&desktop, &profile, &["token", "list"]).await;
    assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "market");

    // A rule from the event that was seen then.
    window.tab_to("stream-events").await;
    window.press("Enter").await;
    window.see("feed-row", "above 100").await;
    window.tab_into("[role=listbox]").await;
    window.press("Enter").await;
    window.see("event-detail", "price-alert").await;
    desktop.screenshot("first-use-4-event").await;
    assert!(daemon.all().is_empty(), "without a rule nothing is shown");
    window.tab_to("make-rule").await;
    window.press("Enter").await;
    window.find("rule-editor").await;
    window.see("preview-summary", "1").await;
    desktop.screenshot("first-use-5-rule").await;
    window.tab_to("rule-save").await;
    window.press("Enter").await;
    window.find("rule-row").await;
    server.event("price-alert", "2", r#"{"symbol":"BETA","message":"above 50","price":50.25}"#);
    let shown = daemon.wait_for("the new rule's notification", |notify| says(notify, "BETA")).await;
    assert!(says(&shown, "above 50"), "{shown:?}");

    // An hour of silence for that rule, from where it was saved.
    window.tab_to("rule-silence").await;
    window.press("Enter").await;
    window.find("silence-panel").await;
    focus_is_at(&window, "silence-hour").await;
    desktop.screenshot("first-use-6-silence").await;
    window.press("Enter").await;
    window.find("rule-silent").await;
    focus_is_at(&window, "rule-silence").await;
    desktop.screenshot("first-use-7-silenced").await;
    let silence: serde_json::Value = eventually("the silence", async || {
        let listed = run(&desktop, &profile, &["silences", "--json"]).await;
        serde_json::from_slice(&listed.stdout).ok()
    })
    .await;
    let rules = std::fs::read_to_string(profile.join("config.toml")).unwrap();
    let rule = silence["rule"].as_str().unwrap();
    assert!(rules.contains(&format!("name = \"{rule}\"")), "{silence} is for a rule of {rules}");
    let until: jiff::Timestamp = silence["until"].as_str().unwrap().parse().unwrap();
    let left = until.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((3_400..=3_600).contains(&left), "an hour, not {left} s");

    // The event that was seen while the stream was added is the first of its history, the one that rang the second.
    server.event("price-alert", "3", r#"{"symbol":"GAMMA","message":"above 7","price":7.5}"#);
    eventually("why nothing was shown", async || {
        let why = run(&desktop, &profile, &["why", "3"]).await;
        String::from_utf8_lossy(&why.stdout).contains("silence").then_some(())
    })
    .await;
    assert!(!daemon.all().iter().any(|notify| says(notify, "GAMMA")), "it was silenced");
}

async fn focus_is_at(window: &Window, id: &str) {
    eventually(&format!("the focus at {id}"), async || (window.focused().await == id).then_some(())).await;
}

fn says(notify: &streambell_tests::notifications::Notify, text: &str) -> bool {
    notify.summary.contains(text) || notify.body.contains(text)
}
