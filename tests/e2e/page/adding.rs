//! A stream added in the window: by a kind of server, with a code, by hand, and where nobody answers.

use serde_json::json;
use streambell_tests::{Authorization, Server, eventually};

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    a_known_kind_of_server_asks_its_few_questions_and_brings_its_rules,
    each_kind_of_server_and_of_secret_has_its_questions,
    a_server_that_asks_for_a_code_one_that_is_not_there_and_one_by_hand_are_added_too,
);

const SECRET: &str = "tok-77d0-never-in-the-page";

async fn a_known_kind_of_server_asks_its_few_questions_and_brings_its_rules(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    window.press("Control+n").await;
    window.see_focus("add-url").await;
    scene.look("the first step").await;
    window.press_css("[data-testid=\"add-preset\"][data-key=\"nchan\"]").await;
    window.click("add-other").await;
    window.press_css("[data-testid=\"add-preset\"][data-key=\"nchan\"]").await;
    let host = scene.server.url().trim_end_matches("/events").to_owned();
    window.type_into("add-field-host", &host).await;
    window.click("add-connect").await;
    window.find("add-refusal").await;
    window.type_into("add-field-channel", "ops").await;
    scene.look("the questions of a kind of server").await;
    window.click("add-connect").await;
    window.find_css("[data-testid=\"add-status\"][data-phase=\"open\"]").await;
    scene.server.event("deploy", "1", r#"{"service":"api","seconds":31}"#);
    let name = "[data-testid=\"add-event-name\"][data-name=\"deploy\"]";
    window.find_css(name).await;
    scene.look("the last step").await;
    window.unfold("[data-testid=\"add-stream-steps\"] details summary").await;
    window.find_css("[data-testid=\"add-stream-steps\"] details[open]").await;
    window.press_button(&window.word("back").await).await;
    window.find("add-field-host").await;
    window.click("add-connect").await;
    window.find_css("[data-testid=\"add-status\"][data-phase=\"open\"]").await;
    scene.server.event("deploy", "2", r#"{"service":"api","seconds":32,"steps":7}"#);
    window.find_css(name).await;
    // What shall ring and what shall be a tile is a tick each.
    for (tick, wanted) in [("add-ring", true), ("add-tile", true), ("add-suggested", false)] {
        window.check(tick, wanted).await;
    }
    // Of several values, the one that is chosen; a look back changes nothing of it.
    let values = "return [...document.querySelectorAll('[data-testid=add-tile-value] option')].map(({ textContent }) => textContent)";
    // What was seen before the look back is there at once, what comes now a moment later.
    let (values, steps) = eventually("a second value", async || {
        let values: Vec<String> = serde_json::from_value(window.evaluate(values, &[]).await).ok()?;
        let steps = values.iter().position(|value| value.contains("steps"))?;
        Some((values, steps))
    })
    .await;
    assert!(steps > 0, "another one is offered first: {values:?}");
    window.pick("add-tile-value", &steps.to_string()).await;
    window.type_into("add-name", "ops").await;
    window.click("add-finish").await;
    window.see("notice", &window.phrase("adding.added", json!(["ops", 1, 1])).await).await;
    scene.resident.wait_for_state(&scene.desktop, "ops", "open").await;
    // Not the other one, though the window is told of the new one a moment later.
    window.see("stream-detail", "ops").await;
    let config = scene.config();
    assert!(config.contains(&format!("{host}/sub/ops")), "{config}");
    assert_eq!(config.matches("[[rule]]").count(), 2, "{config}");
    assert_eq!(config.matches("[[tile]]").count(), 2, "{config}");
    assert!(config.contains("value = \"/steps\"") && !config.contains("\"/seconds\""), "{config}");
    scene.server.event("deploy", "3", r#"{"service":"api","seconds":33}"#);
    scene
        .daemon
        .wait_for("the new rule's notification", |notify| notify.body.contains("33") || notify.summary.contains("api"))
        .await;

    // Another one with a rule and a tile, taken back whole.
    let before = scene.config();
    window.press("Control+n").await;
    window.type_into("add-url", scene.server.url()).await;
    window.click("add-connect").await;
    window.find_css("[data-testid=\"add-status\"][data-phase=\"open\"]").await;
    scene.server.event("deploy", "4", r#"{"service":"api","seconds":34}"#);
    window.find_css(name).await;
    for tick in ["add-ring", "add-tile"] {
        window.check(tick, true).await;
    }
    window.type_into("add-name", "again").await;
    window.click("add-finish").await;
    window.undo(&window.phrase("adding.added", json!(["again", 1, 1])).await).await;
    scene.see_config("all as it was", |text| text == before).await;
    scene.done().await;
}

async fn a_server_that_asks_for_a_code_one_that_is_not_there_and_one_by_hand_are_added_too(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.live_for(3_600);
    site.answer_with(&["authorization_pending"]);

    // Nobody is there: it says so, and can be added all the same.
    let nowhere = Server::start().await;
    let address = nowhere.url("/events");
    let nowhere = nowhere.refuse();
    window.click("add-stream").await;
    window.type_into("add-url", &address).await;
    window.click("add-connect").await;
    window.find("add-trouble").await;
    scene.look("a server that is not there").await;
    window.click("add-diagnose").await;
    window.find_css("[data-testid=\"verdict\"][data-verdict=\"unreachable\"]").await;
    scene.look("what is wrong with it").await;
    window.click("add-anyway").await;
    window.type_into("add-name", "nowhere").await;
    window.click("add-finish").await;
    window.see("notice", &window.phrase("adding.added", json!(["nowhere", 0, 0])).await).await;
    eventually("the stream that waits", async || {
        scene.status().await["streams"].as_array()?.iter().any(|one| one["name"] == "nowhere").then_some(())
    })
    .await;

    let there = nowhere.listen_again();
    window.press_css("[data-name=\"nowhere\"] [data-testid=\"stream-retry\"]").await;
    // And from the sentence on top, where it would wait for an hour.
    there.request().await.answer(503, &[("Retry-After", "3600")], "later").await;
    window.click("status-step").await;
    let _there = there.open().await;
    scene.resident.wait_for_state(&scene.desktop, "nowhere", "open").await;

    // With a code.
    window.press("Control+n").await;
    window.type_into("add-url", &server.url("/feed")).await;
    window.click("add-connect").await;
    server.request().await.answer(401, &[("WWW-Authenticate", "Bearer")], "who are you?").await;
    window.find("add-asks").await;
    window.find_css("[data-testid=\"add-stream-steps\"][data-step=\"sign-in\"]").await;
    window.pick("add-auth", "oauth2").await;
    window.pick("stream-grant", "device").await;
    window.type_into("stream-token-url", &site.url("token")).await;
    window.type_into("stream-device-url", &site.url("device")).await;
    window.type_into("stream-client-id", "me").await;
    scene.look("signing in with a code").await;
    site.answer_with(&["access_denied"]);
    window.click("add-sign-in-go").await;
    window.find("sign-in-again").await;
    scene.look("a code that was refused").await;
    site.answer_with(&["authorization_pending"; 600]);
    window.click("sign-in-again").await;
    window.see("sign-in-code", "WDJB-MJHT").await;
    window.click("sign-in-open").await;
    window.press_button(&window.word("signIn.copy").await).await;
    window.see_copied("WDJB-MJHT").await;
    window.click("sign-in-cancel").await;
    window.gone("sign-in").await;
    window.find_css("[data-testid=\"add-sign-in-go\"]:enabled").await;
    site.answer_with(&["authorization_pending"; 600]);
    window.click("add-sign-in-go").await;
    window.see("sign-in-code", "WDJB-MJHT").await;
    assert_eq!(site.codes(), 3, "one each time that somebody asked for one");
    site.answer_with(&[]);
    let mut exchange = server.open().await;
    assert!(exchange.header("authorization").is_some_and(|value| value.starts_with("Bearer access-")));
    eventually("the stream that was signed in to", async || {
        let status = scene.status().await;
        status["streams"]
            .as_array()?
            .iter()
            .any(|one| one["name"] == "127.0.0.1" && one["state"] == "open")
            .then_some(())
    })
    .await;
    assert!(scene.config().contains("grant = \"device\""), "{}", scene.config());

    // The form goes on with what comes on the stream itself: another connection would spend its token.
    window.find_css("[data-testid=\"add-status\"][data-phase=\"open\"]").await;
    exchange.event("price-update", "1", r#"{"symbol":"ACME","price":7}"#).await;
    window.find_css("[data-testid=\"add-event-name\"][data-name=\"price-update\"]").await;
    scene.look("the last step after a code").await;
    window.check("add-ring", true).await;
    window.check("add-tile", true).await;
    window.dismiss().await;
    window.click("add-finish").await;
    window.see("notice", &window.phrase("adding.added", json!(["127.0.0.1", 1, 1])).await).await;
    window.gone("add-stream-steps").await;
    scene.see_config("the rule and the tile", |text| text.matches("stream = \"127.0.0.1\"").count() == 2).await;

    // By hand, and closed without saving.
    window.press("Control+n").await;
    window.click("add-by-hand").await;
    window.find("stream-form").await;
    window.click("stream-cancel").await;
    window.press("Control+n").await;
    window.click("add-close").await;
    window.gone("add-stream-steps").await;
    assert_eq!(scene.config().matches("[[stream]]").count(), 3);
    scene.done().await;
}

async fn each_kind_of_server_and_of_secret_has_its_questions(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    window.press("Control+n").await;
    let keys = "return [...document.querySelectorAll('[data-testid=add-preset]')].map(({ dataset }) => dataset.key)";
    window.find("add-preset").await;
    let kinds: Vec<String> = serde_json::from_value(window.evaluate(keys, &[]).await).unwrap();
    assert!(kinds.len() >= 8, "{kinds:?}");
    for kind in &kinds {
        window.press_css(&format!("[data-testid=\"add-preset\"][data-key=\"{kind}\"]")).await;
        window.find_css("[data-testid^=\"add-field-\"]").await;
        scene.look(kind).await;
        window.press_css("[data-testid=\"add-stream-steps\"] p button.link").await;
        eventually("its documentation in the browser", async || {
            let opened = std::fs::read_to_string(&scene.opened).ok()?;
            (opened.lines().count() == 1 && opened.starts_with("https://")).then_some(())
        })
        .await;
        std::fs::remove_file(&scene.opened).unwrap();
        window.dismiss().await;
        window.click("add-other").await;
    }

    // Each kind of secret goes where the server looks for it, and nowhere else.
    let server = Server::start().await;
    for (kind, name, header) in [
        ("basic", Some("me"), "authorization"),
        ("header", Some("X-Key"), "x-key"),
        ("cookie", Some("session"), "cookie"),
        ("query", Some("key"), ""),
        ("bearer", None, "authorization"),
    ] {
        window.press("Control+n").await;
        window.type_into("add-url", &server.url("/secret")).await;
        window.click("add-connect").await;
        server.request().await.answer(401, &[], "who are you?").await;
        window.find_css("[data-testid=\"add-stream-steps\"][data-step=\"sign-in\"]").await;
        window.pick("add-auth", kind).await;
        if let Some(name) = name {
            window.type_into("add-auth-name", name).await;
        }
        window.type_into("add-token", SECRET).await;
        window.click("add-sign-in-go").await;
        let exchange = server.open().await;
        if header.is_empty() {
            assert!(exchange.path.contains(&format!("key={SECRET}")), "{}", exchange.path);
        } else {
            assert!(exchange.header(header).is_some_and(|value| !value.is_empty()), "{kind}");
        }
        window.find_css("[data-testid=\"add-status\"][data-phase=\"open\"]").await;
        assert!(!window.client.source().await.unwrap().contains(SECRET), "{kind}: the secret is in the page");
        // From the last step on it can be written by hand, with what is known of it.
        if kind == "bearer" {
            window.press_button(&window.word("adding.byHand").await).await;
            window.see_value("stream-url", "/secret").await;
            window.click("stream-cancel").await;
            window.gone("stream-form").await;
        } else {
            window.click("add-close").await;
            window.gone("add-stream-steps").await;
        }
    }
    scene.done().await;
}
