//! Views with nothing in them yet: each says what will be there, and offers the next step.

use serde_json::json;
use streambell_tests::webdriver::Window;
use streambell_tests::{Desktop, Resident, Services, eventually};

use super::{Look, in_both_looks};
use crate::profile;

in_both_looks!(
    an_empty_view_says_what_will_fill_it_and_leads_there,
    a_file_with_a_mistake_is_told_in_place_of_a_first_start,
);

/// The button of what is said in place of a list.
const OFFERED: &str = "main .empty button";

async fn an_empty_view_says_what_will_fill_it_and_leads_there(look: Look) {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let profile = profile(&desktop, &look.spoken("version = 1\n"));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.status(&desktop).await;
    let window = Window::open(&mut desktop, &["--socket", profile.join("control.sock").to_str().unwrap()]).await;
    look.give(&window).await;
    let mut found = Vec::new();
    for (view, says, offered, leads) in [
        ("now", "first.title", "[data-testid=\"first-add-stream\"]", "add-stream-steps"),
        ("alerts", "alerts.empty", OFFERED, "rule-add"),
        ("feed", "feed.empty", "", ""),
        ("streams", "streams.empty", OFFERED, "add-stream-steps"),
        ("rules", "rules.empty", OFFERED, "rule-editor"),
    ] {
        window.click(&format!("nav-{view}")).await;
        window.see_view(view).await;
        says_there(&window, says).await;
        found.extend(window.violations().await.into_iter().map(|one| format!("{view}: {one}")));
        found.extend(window.walk().await.into_iter().map(|one| format!("{view}: {one}")));
        if !offered.is_empty() {
            window.press_css(offered).await;
            window.find(leads).await;
        }
        if leads == "add-stream-steps" {
            window.click("add-close").await;
        }
    }
    window.click("rule-close").await;
    window.choose("rules-tab", "tiles").await;
    says_there(&window, "tileForm.empty").await;
    window.press_css(OFFERED).await;
    window.find("tile-editor").await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(window.complaints().await, json!([]));
}

async fn a_file_with_a_mistake_is_told_in_place_of_a_first_start(look: Look) {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let empty = look.spoken("version = 1\n");
    let profile = profile(&desktop, &empty);
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.status(&desktop).await;
    let window = Window::open(&mut desktop, &["--socket", profile.join("control.sock").to_str().unwrap()]).await;
    look.give(&window).await;
    window.find("first-start").await;
    let file = profile.join("config.toml");
    let line = empty.lines().count() + 3;
    std::fs::write(&file, format!("{empty}[[stream]]\nname = \"market\"\nurl = \"nowhere\"\n")).unwrap();
    let shown = file.display();
    let place = if look.language() == "zh" { format!("{shown}：第 {line} 行") } else { format!("{shown}:{line}:") };
    let mut found = Vec::new();
    for view in ["now", "streams", "rules"] {
        window.click(&format!("nav-{view}")).await;
        window.see_view(view).await;
        window.see("broken-file-fault", &place).await;
        found.extend(window.violations().await.into_iter().map(|one| format!("{view}: {one}")));
        found.extend(window.walk().await.into_iter().map(|one| format!("{view}: {one}")));
    }
    window.press_css("[data-testid=broken-file] button").await;
    window.see_copied(&file.display().to_string()).await;
    desktop.screenshot("page-broken-file").await;
    // Mended, it goes on by itself.
    std::fs::write(&file, &empty).unwrap();
    window.click("nav-now").await;
    window.find("first-start").await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(window.complaints().await, json!([]));
}

/// Waits until the view says this.
async fn says_there(window: &Window, key: &str) {
    let word = window.word(key).await;
    eventually(&format!("{word:?}"), async || {
        window.find_css("main").await.text().await.is_ok_and(|text| text.contains(&word)).then_some(())
    })
    .await;
}
