//! Settings: how loud, when, in which language, and what is kept.

use serde_json::json;
use streambell_tests::eventually;
use streambell_tests::program::run;

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    how_loud_and_when_is_set_in_the_window_and_obeyed_by_the_resident,
    each_number_is_kept_and_taken_back_and_each_path_is_copied,
    what_a_person_likes_to_see_is_kept_and_start_at_login_is_a_file,
    a_lost_resident_is_told_of_across_the_top_and_the_window_comes_back_with_it,
    the_window_waits_for_a_resident_that_a_signal_ended_and_goes_with_one_that_is_quit,
    programs_are_allowed_by_a_person_outside_the_page_and_forbidden_once_nothing_starts_one,
);

async fn how_loud_and_when_is_set_in_the_window_and_obeyed_by_the_resident(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("settings").await;

    // Notifications are paused and resumed beside the sentence that says so.
    window.click("settings-pause-menu").await;
    window.press_named("menuitem", &window.word("pause.hour").await).await;
    eventually("a pause", async || (scene.status().await["paused"] == true).then_some(())).await;
    window.click("settings-resume").await;
    eventually("no pause", async || (scene.status().await["paused"] == false).then_some(())).await;

    // A silence says what for, and ends from its line.
    window.click("add-silence").await;
    window.click("silence-save").await;
    assert!(scene.lines(&["silences", "--json"]).await.is_empty(), "it asks what for");
    scene.look("the form of a silence").await;
    window.pick("silence-stream", "market").await;
    window.pick("silence-rule", "Market alert").await;
    window.type_into("silence-text", "maintenance").await;
    window.pick("silence-length", "4h").await;
    window.type_into("silence-comment", "planned").await;
    window.click("silence-save").await;
    window.find("silence").await;
    let made = scene.lines(&["silences", "--json"]).await;
    let about = |key: &str| made[0][key].as_str().unwrap_or_default().to_owned();
    assert_eq!(["stream", "rule", "text", "comment"].map(about), ["market", "Market alert", "maintenance", "planned"]);
    window.click("end-silence").await;
    window.gone("silence").await;
    assert!(scene.lines(&["silences", "--json"]).await.is_empty());

    // The week is painted with the keyboard, with the mouse, and by the buttons.
    window.tab_to("week").await;
    window.press("Space").await;
    scene
        .see_config("one quiet hour", |text| text.contains("from = \"22:00\"") && text.contains("to = \"23:00\""))
        .await;
    window.press("Shift+Left").await;
    scene
        .see_config("two quiet hours", |text| text.contains("from = \"21:00\"") && text.contains("to = \"23:00\""))
        .await;
    // Where the keys lead without Shift nothing is painted.
    let at = async |day: u8, hour: u8| {
        eventually(&format!("the focus on day {day}, hour {hour}"), async || {
            let here = "const { day, hour } = document.activeElement.dataset; return `${day} ${hour}`";
            (window.evaluate(here, &[]).await == format!("{day} {hour}")).then_some(())
        })
        .await;
    };
    let painted = scene.config();
    for (key, day, hour) in [("Down", 1, 21), ("Right", 1, 22), ("Up", 0, 22), ("End", 0, 23), ("Home", 0, 0)] {
        window.press(key).await;
        at(day, hour).await;
    }
    assert_eq!(scene.config(), painted);
    // Nothing is told of the strokes before.
    window.reload().await;
    scene.show("settings").await;
    // Before the page knows what is quiet the week cannot be painted.
    window.find_css("[data-testid=\"quiet-nights\"]:enabled").await;
    window.drag("[data-day=\"2\"][data-hour=\"12\"]", "[data-day=\"3\"][data-hour=\"14\"]").await;
    scene.see_config("quiet noons", |text| text.contains("from = \"12:00\"") && text.contains("to = \"15:00\"")).await;
    window.see("quiet-hours", "12:00").await;
    window.click("undo").await;
    scene.see_config("no quiet noons", |text| !text.contains("12:00") && text.contains("21:00")).await;
    eventually("the page without quiet noons", async || {
        (!window.text("quiet-hours").await.contains("12:00")).then_some(())
    })
    .await;
    window.click("quiet-weekends").await;
    scene.see_config("quiet week-ends", |text| text.contains("\"sat") && text.contains("\"sun")).await;
    window.see("quiet-hours", &window.word("quiet.days.5").await).await;
    window.pick("quiet-zone", "Asia/Tokyo").await;
    window.click("quiet-nights").await;
    scene.see_config("quiet nights elsewhere", |text| text.contains("Asia/Tokyo") && text.contains("\"07:00\"")).await;
    window.see("quiet-hours", "Tokyo").await;
    window.click("quiet-clear").await;
    scene.see_config("nothing for Tokyo", |text| !text.contains("Asia/Tokyo") && text.contains("21:00")).await;

    // Numbers are picked, or typed where none of those fits.
    window.pick("setting-timeoutLow", "30").await;
    scene.see_config("a timeout", |text| text.contains("30s")).await;
    window.pick("setting-outage", "600").await;
    scene.see_config("an outage", |text| text.contains("outage") && text.contains("10m")).await;
    window.pick("setting-age", "604800").await;
    scene.see_config("a week", |text| text.contains("7d")).await;
    window.pick("setting-events", "other").await;
    window.see_focus("setting-events-other").await;
    window.press("Control+a").await;
    window.write("12345").await;
    window.press("Tab").await;
    scene.see_config("events kept", |text| text.contains("12345") || text.contains("12_345")).await;
    assert!(run(&scene.desktop, &scene.profile, &["check"]).await.status.success(), "{}", scene.config());
    scene.done().await;
}

async fn what_a_person_likes_to_see_is_kept_and_start_at_login_is_a_file(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("settings").await;
    let other = look.other();
    window.choose("choose-theme", other.theme()).await;
    window.choose("choose-rise", "red").await;
    window.choose("choose-language", other.language()).await;
    scene
        .see_config("the language of tray and notifications", |text| {
            text.contains(&format!("language = \"{}\"", other.language()))
        })
        .await;
    let kept = format!("{}[data-rise=\"red\"]", other.shown());
    scene
        .see_config("how the page looks", |text| {
            text.contains(&format!("theme = \"{}\"", other.theme())) && text.contains("rise = \"red\"")
        })
        .await;
    window.find_css(&kept).await;
    window.reload().await;
    window.find_css(&kept).await;
    window.see("nav-alerts", &window.word("nav.alerts").await).await;
    scene.show("settings").await;
    window.choose("choose-rise", "green").await;
    window.choose("choose-language", look.language()).await;
    window.choose("choose-theme", "system").await;
    window.find_css(&format!("html[lang^=\"{}\"][data-theme=\"system\"][data-rise=\"green\"]", look.language())).await;
    window.choose("choose-language", "system").await;
    scene
        .see_config("the system's language", |text| !text.contains(&format!("language = \"{}\"", look.language())))
        .await;

    // Whoever writes the file or types a command changes the open window.
    for (key, value, shown) in [
        ("dashboard.theme", other.theme(), format!("html[data-theme=\"{}\"]", other.theme())),
        ("dashboard.rise", "red", "html[data-rise=\"red\"]".to_owned()),
        ("language", other.language(), format!("html[lang^=\"{}\"]", other.language())),
        ("language", look.language(), format!("html[lang^=\"{}\"]", look.language())),
        ("notifications.sounds", "false", "[data-testid=\"sounds\"]:not(:checked)".to_owned()),
    ] {
        assert_eq!(scene.ask(&["settings", "set", key, value]).await, "");
        window.find_css(&shown).await;
    }
    let told = scene.lines(&["settings", "--json"]).await;
    assert_eq!((&told[0]["dashboard.rise"], &told[0]["notifications.sounds"]), (&json!("red"), &json!(false)));
    window.click("sounds").await;
    scene.see_config("sounds", |text| text.contains("sounds = true")).await;
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(window.text("versions").await.matches(version).count(), 2, "the resident's and the window's");

    let file = scene.desktop.path("home/.config/autostart/streambell.desktop");
    window.click("start-at-login").await;
    eventually("the file of autostart", async || file.is_file().then_some(())).await;
    // What is pressed is the other of what is shown, which follows what is in force.
    window.find_css("[data-testid=\"start-at-login\"]:checked").await;
    assert!(scene.ask(&["autostart", "status"]).await.contains("starts at login"));
    window.click("start-at-login").await;
    eventually("no file of autostart", async || (!file.exists()).then_some(())).await;

    window.press_button(&window.word("settings.copyDiagnosis").await).await;
    let so = |text: &str| text.contains("Streambell ") && text.contains("Running: yes");
    let copied = window.copied("the diagnosis on the clipboard", so).await;
    assert!(!copied.contains("127.0.0.1"), "{copied}");
    window.unfold("[data-testid=\"diagnosis\"] summary").await;
    scene.look("the diagnosis").await;
    scene.done().await;
}

async fn a_lost_resident_is_told_of_across_the_top_and_the_window_comes_back_with_it(look: Look) {
    let mut scene = Scene::open(look, "").await;
    scene.alert(1, "ACME", "before");
    scene.show("alerts").await;
    scene.window.click("group-alerts").await;
    scene.window.find("alert-row").await;
    scene.resident.kill().await;
    scene.window.find("lost-banner").await;
    scene.look("the banner").await;
    scene.desktop.screenshot("page-lost").await;
    for view in ["now", "alerts", "feed", "streams", "rules", "settings"] {
        scene.show(view).await;
        let disabled = scene.window.find("add-stream").await.prop("disabled").await.unwrap();
        assert_eq!(disabled.as_deref(), Some("true"), "nothing can be told in {view}");
        scene.look(&format!("{view} without a resident")).await;
    }
    scene.resident = streambell_tests::Resident::start(&scene.desktop, &scene.profile, &["run", "--headless"]);
    scene.window.gone("lost-banner").await;
    scene.resident.wait_for_state(&scene.desktop, "market", "open").await;
    scene.alert(2, "BETA", "after");
    scene.show("alerts").await;
    scene.window.see_count("alert-row", 2).await;
    assert_eq!(scene.window.complaints().await, json!([]));
}

async fn each_number_is_kept_and_taken_back_and_each_path_is_copied(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("settings").await;
    let saved = window.word("settings.saved").await;
    for (setting, choice, written) in [
        ("setting-timeoutLow", "-2", "low = \"never\""),
        ("setting-timeoutNormal", "10", "normal = \"10s\""),
        ("setting-timeoutCritical", "60", "critical = \"1m\""),
        ("setting-sound", "30000", "sound_gap = \"30s\""),
        ("setting-outage", "-2", "outage"),
        ("setting-age", "7776000", "max_age = \"90d\""),
        ("setting-events", "100000", "max_events = 100000"),
    ] {
        let before = scene.config();
        let was = window.find(setting).await.prop("value").await.unwrap().unwrap();
        window.pick(setting, choice).await;
        scene.see_config(written, |text| text.contains(written)).await;
        window.undo(&saved).await;
        scene.see_config(&format!("no {written}"), |text| text == before).await;
        eventually("what it was before", async || {
            (window.find(setting).await.prop("value").await.ok()?? == was).then_some(())
        })
        .await;
        window.dismiss().await;
    }
    // A number that is not among them is refused outside its bounds.
    window.pick("setting-sound", "other").await;
    window.see_focus("setting-sound-other").await;
    window.press("Control+a").await;
    window.write("4000").await;
    window.press("Tab").await;
    window.find_css("[data-testid=\"setting-sound-other\"]:invalid").await;
    assert!(!scene.config().contains("sound_gap"), "{}", scene.config());
    window.tab_to("setting-sound").await;
    window.press("Tab").await;
    window.press("Control+a").await;
    window.write("7").await;
    window.press("Enter").await;
    scene.see_config("seven seconds", |text| text.contains("sound_gap = \"7s\"")).await;
    // What the file says is shown as it is, and can be typed, also in another unit.
    let part = scene.config().replacen("sound_gap = \"7s\"", "sound_gap = \"250ms\"", 1);
    std::fs::write(scene.profile.join("config.toml"), part).unwrap();
    window.find_css("[data-testid=\"setting-sound\"] option[value=\"250\"]:checked").await;
    window.pick("setting-age", "other").await;
    window.see_focus("setting-age-other").await;
    window.press("Control+a").await;
    window.write("36").await;
    window.press("Tab").await;
    window.see_focus("setting-age-unit").await;
    window.pick("setting-age-unit", "3600").await;
    window.press("Tab").await;
    scene.see_config("a day and a half", |text| text.contains("max_age = \"36h\"")).await;
    window.find_css("[data-testid=\"setting-age\"] option[value=\"129600\"]:checked").await;
    assert!(scene.config().contains("sound_gap = \"250ms\""), "{}", scene.config());

    for (file, end) in [("configuration", "config.toml"), ("history", "db"), ("logs", "")] {
        let name = format!(
            "{}: {}",
            window.word("settings.copyPath").await,
            window.word(&format!("settings.files.{file}")).await
        );
        window.press_button(&name).await;
        let so = |path: &str| path.starts_with('/') && path.ends_with(end);
        window.copied(&format!("the place of {file} on the clipboard"), so).await;
    }
    scene.done().await;
}

async fn the_window_waits_for_a_resident_that_a_signal_ended_and_goes_with_one_that_is_quit(look: Look) {
    let mut scene = Scene::open(look, "").await;
    scene.resident.terminate().await;
    assert!(scene.resident.ended().await.success());
    scene.window.find("lost-banner").await;
    // Who starts the program anew has the window that is there, and not a second one.
    scene.resident = streambell_tests::Resident::start(&scene.desktop, &scene.profile, &[]);
    scene.window.gone("lost-banner").await;
    scene.resident.wait_for_state(&scene.desktop, "market", "open").await;
    assert_eq!(scene.windows().await, 1);
    assert!(!scene.resident.log().contains("dashboard started"), "{}", scene.resident.log());
    assert_eq!(scene.window.complaints().await, json!([]));
    scene.ask(&["quit"]).await;
    assert!(scene.resident.ended().await.success());
    scene.see_closed().await;
}

async fn programs_are_allowed_by_a_person_outside_the_page_and_forbidden_once_nothing_starts_one(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("settings").await;
    window.click("allow-programs").await;
    let dialog = scene.asked().await;
    assert!(!scene.config().contains("allow_commands"), "a person is asked first");
    dialog.allow().await;
    scene.see_config("programs", |text| text.contains("allow_commands = true")).await;
    window.find_css("[data-testid=\"allow-programs\"]:checked").await;
    scene.look("programs are allowed").await;

    let rule = "[[rule]]\nname = \"Team\"\nrun = [\"true\"]\n";
    std::fs::write(scene.profile.join("config.toml"), format!("{}\n{rule}", scene.config())).unwrap();
    eventually("the rule in force", async || scene.ask(&["rules", "list"]).await.contains("Team").then_some(())).await;
    window.click("allow-programs").await;
    window.see("settings-programs", "Team").await;
    assert!(scene.config().contains("allow_commands = true"), "{}", scene.config());
    // The notice of what was allowed goes, so that the next one is of what is forbidden.
    window.gone("notice").await;
    let without = scene.config().replace(rule, "");
    std::fs::write(scene.profile.join("config.toml"), without).unwrap();
    eventually("no rule", async || (!scene.ask(&["rules", "list"]).await.contains("Team")).then_some(())).await;
    window.click("allow-programs").await;
    scene.see_config("no programs", |text| text.contains("allow_commands = false")).await;
    window.find_css("[data-testid=\"allow-programs\"]:not(:checked)").await;
    // Taking that back is not for the page to decide either, and not done by what was said before.
    window.click("undo").await;
    let dialog = scene.asked().await;
    assert!(scene.config().contains("allow_commands = false"), "a person is asked first");
    dialog.allow().await;
    scene.see_config("programs again", |text| text.contains("allow_commands = true")).await;
    window.find_css("[data-testid=\"allow-programs\"]:checked").await;
    window.click("allow-programs").await;
    scene.see_config("no programs again", |text| text.contains("allow_commands = false")).await;
    window.find_css("[data-testid=\"allow-programs\"]:not(:checked)").await;
    // What was forbidden again is not allowed by it.
    window.click("allow-programs").await;
    scene.asked().await.press("Escape").await;
    window.see("settings-programs", scene.declined()).await;
    window.find_css("[data-testid=\"allow-programs\"]:not(:checked)").await;
    assert!(scene.config().contains("allow_commands = false"), "{}", scene.config());
    scene.look("what was not allowed").await;
    scene.done().await;
}
