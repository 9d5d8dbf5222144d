//! Streams: looked at, edited, switched, paused, diagnosed, signed in to, removed and taken back.

use serde_json::json;
use streambell_tests::webdriver::Window;
use streambell_tests::{Authorization, Desktop, Notifications, Resident, Server, Services, eventually};

use super::{Look, Scene, in_both_looks};
use crate::{assert_in_no_file, market, market_with_code, profile};

in_both_looks!(
    a_stream_is_edited_switched_paused_diagnosed_removed_and_taken_back,
    a_stream_with_a_token_gets_a_new_one_and_loses_it_only_after_a_question,
    a_sign_in_by_code_shows_the_code_opens_its_page_and_is_given_up_or_done,
);

async fn a_stream_is_edited_switched_paused_diagnosed_removed_and_taken_back(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("streams").await;
    window.see("stream-detail", "market").await;
    window.find("connection").await;

    window.click("stream-reconnect").await;
    eventually("a second connection", async || (scene.status().await["streams"][0]["connections"] == 2).then_some(()))
        .await;
    scene.look("a stream").await;
    window.click("stream-switch").await;
    window.see("notice", &window.phrase("streams.switchedOff", json!(["market"])).await).await;
    scene.see_config("a stream that is off", |text| text.contains("enabled = false")).await;
    scene.resident.wait_for_state(&scene.desktop, "market", "paused").await;
    window.press("Control+z").await;
    scene.resident.wait_for_state(&scene.desktop, "market", "open").await;
    for (length, until) in [("15", true), ("60", true), ("tomorrow", true), ("open", false)] {
        window.click("stream-silence").await;
        window.see_focus("stream-silence-15").await;
        window.click(&format!("stream-silence-{length}")).await;
        // For a length it is stored, and so outlasts a restart.
        eventually("the stream silent", async || {
            let status = scene.status().await;
            let silent = if until { status["silences"] == 1 } else { status["paused_streams"][0] == "market" };
            silent.then_some(())
        })
        .await;
        window.find("row-silent").await;
        let words = window.word("quiet.silentUntilEnded").await;
        eventually("until when", async || (window.text("stream-silent").await.contains(&words) != until).then_some(()))
            .await;
        if length == "60" {
            scene.look("a silent stream").await;
        }
        // Ended beside its state, and in its row.
        window.click(if until { "stream-silent-end" } else { "row-silent-end" }).await;
        eventually("the stream heard again", async || {
            let status = scene.status().await;
            (status["silences"] == 0 && status["paused_streams"].as_array()?.is_empty()).then_some(())
        })
        .await;
        window.gone("stream-silent").await;
    }
    window.press_button(&window.word("first.copy").await).await;
    window.see_copied(scene.server.url()).await;

    // Diagnosed, for a moment only.
    window.choose("stream-pane", "diagnosis").await;
    window.select("diagnosis.length", "60").await;
    window.select("diagnosis.length", "15").await;
    window.click("diagnose").await;
    window.find("verdict").await;
    scene.look("a diagnosis").await;
    window.choose("stream-pane", "connections").await;
    window.find("connection-history").await;

    // Edited: tried before it is saved, with what is wrong said at its field.
    window.click("stream-edit").await;
    window.type_into("stream-url", "nowhere").await;
    window.click("stream-save").await;
    window.find_css("[data-testid=\"stream-url\"][aria-invalid=\"true\"]").await;
    window.type_into("stream-url", scene.server.url()).await;
    window.click("stream-test").await;
    window.find_css("[data-testid=\"test-result\"][data-ok=\"true\"]").await;
    scene.look("the stream's form").await;
    window.type_into("stream-name", "bourse").await;
    window.click("stream-save").await;
    window.undo(&window.phrase("streams.saved", json!(["bourse"])).await).await;
    scene.see_config("the old name everywhere", |text| !text.contains("bourse")).await;
    window.see("stream-detail", "market").await;
    window.click("stream-edit").await;
    window.type_into("stream-name", "bourse").await;
    window.click("stream-save").await;
    window.see("notice", &window.phrase("streams.saved", json!(["bourse"])).await).await;
    scene.resident.wait_for_state(&scene.desktop, "bourse", "open").await;
    scene.see_config("the new name everywhere", |text| !text.contains("\"market\"")).await;
    window.see("stream-detail", "bourse").await;
    window.click("stream-edit").await;
    window.click("stream-cancel").await;

    // Without a secret it is asked about because of what goes with it, and that is told again when it is done.
    window.click("stream-remove").await;
    window.see("removes-with", &window.phrase("streams.removesWith", json!([1, 1])).await).await;
    window.click("remove-confirmed").await;
    scene.see_config("no stream", |text| !text.contains("[[stream]]")).await;
    window.undo(&window.phrase("streams.removed", json!(["bourse", 1, 1])).await).await;
    scene.resident.wait_for_state(&scene.desktop, "bourse", "open").await;
    assert!(scene.config().contains("name = \"Market alert\""), "its rule stays");
    scene.done().await;
}

async fn a_stream_with_a_token_gets_a_new_one_and_loses_it_only_after_a_question(look: Look) {
    const OLD: &str = "tok-old-71c2";
    const NEW: &str = "tok-new-93fe-never-in-a-file";
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    desktop.spawn("openbox", &[]);
    let server = streambell_tests::Broadcast::start(Some(NEW)).await;
    let text = market(server.url()).replacen("[[rule]]", "auth = { kind = \"bearer\" }\n\n[[rule]]", 1);
    let profile = profile(&desktop, &look.spoken(&text));
    streambell_tests::program::run_with_input(&desktop, &profile, &["token", "set", "market"], OLD).await;
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.wait_for_state(&desktop, "market", "needs-sign-in").await;
    let window = Window::open(&mut desktop, &["--socket", profile.join("control.sock").to_str().unwrap()]).await;
    window.find_css("[data-testid=\"status-line\"][data-mark=\"sign-in\"]").await;
    look.give(&window).await;

    // From the sentence at the top to where it is typed.
    window.click("status-step").await;
    window.see_view("streams").await;
    window.find("new-token").await;
    let found = window.violations().await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.type_into("new-token-text", NEW).await;
    window.press("Enter").await;
    resident.wait_for_state(&desktop, "market", "open").await;
    assert!(!window.client.source().await.unwrap().contains(NEW), "the token is in the page");
    assert_in_no_file(&desktop, NEW);

    let tokens = async || {
        let listed = streambell_tests::program::run(&desktop, &profile, &["token", "list"]).await;
        String::from_utf8_lossy(&listed.stdout).into_owned()
    };
    // The question is answered with the keys alone; what is safe comes first, and the focus goes back.
    window.tab_to("stream-remove").await;
    window.press("Enter").await;
    window.see_focus("keep").await;
    let found = [window.violations().await, window.walk().await].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.press("Escape").await;
    window.gone("confirm-remove").await;
    window.see_focus("stream-remove").await;
    window.press("Enter").await;
    window.see_focus("keep").await;
    window.press("Enter").await;
    window.gone("confirm-remove").await;
    window.see_focus("stream-remove").await;
    window.click("stream-remove").await;
    window.click("keep").await;
    window.gone("confirm-remove").await;
    assert!(tokens().await.contains("market"));
    window.click("stream-remove").await;
    window.tab_to("remove-confirmed").await;
    window.press("Enter").await;
    window.find("undo").await;
    eventually("no token", async || (!tokens().await.contains("market")).then_some(())).await;
    window.press("Control+z").await;
    resident.wait_for_state(&desktop, "market", "open").await;
    assert!(tokens().await.contains("market"), "the token came back with its stream");
    assert_eq!(window.complaints().await, json!([]));
}

async fn a_sign_in_by_code_shows_the_code_opens_its_page_and_is_given_up_or_done(look: Look) {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    desktop.spawn("openbox", &[]);
    let opened = desktop.install_browser();
    let _daemon = Notifications::start(&desktop).await;
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.live_for(3_600);
    site.answer_with(&["authorization_pending"; 600]);
    let text = market_with_code(&server.url("/"), &site);
    let profile = profile(&desktop, &look.spoken(&text));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.wait_for_state(&desktop, "market", "needs-sign-in").await;
    let window = Window::open(&mut desktop, &["--socket", profile.join("control.sock").to_str().unwrap()]).await;
    window.find("status-line").await;
    look.give(&window).await;
    window.press("Control+4").await;
    site.answer_with(&["access_denied"]);
    window.click("detail-sign-in").await;
    window.find("sign-in-again").await;
    site.answer_with(&["authorization_pending"; 600]);
    window.click("sign-in-again").await;
    window.see("sign-in-code", "WDJB-MJHT").await;
    let found = window.violations().await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    desktop.screenshot("page-sign-in").await;
    window.press_button(&window.word("signIn.copy").await).await;
    window.see_copied("WDJB-MJHT").await;
    window.click("sign-in-open").await;
    let page = format!("{}?user_code=WDJB-MJHT", site.url("activate"));
    eventually("the page in the browser", async || {
        (std::fs::read_to_string(&opened).ok()?.trim() == page).then_some(())
    })
    .await;
    window.click("sign-in-cancel").await;
    window.gone("sign-in").await;
    site.answer_with(&["expired_token"]);
    window.click("stream-sign-in").await;
    window.click("sign-in-dismiss").await;
    window.gone("sign-in").await;
    site.answer_with(&[]);
    // From the sentence on top it goes on at once, because the stream has a code.
    window.click("status-step").await;
    let exchange = server.open().await;
    assert!(exchange.header("authorization").is_some_and(|value| value.starts_with("Bearer access-")));
    resident.wait_for_state(&desktop, "market", "open").await;
    window.gone("sign-in").await;
    let source = window.client.source().await.unwrap();
    assert!(!source.contains("access-") && !source.contains("refresh-"), "a token is in the page");
    assert_eq!(window.complaints().await, json!([]));
}
