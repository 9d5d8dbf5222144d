//! Each field of a rule's form: typed in the window it is found in the file, and in the form again.

use streambell_tests::{Desktop, Services, eventually};

use super::{Look, Scene, Typed, in_both_looks};

in_both_looks!(
    each_field_of_a_rules_form_is_found_in_the_file,
    each_way_to_ring_is_found_in_the_file,
    what_is_being_typed_is_saved_and_what_means_nothing_is_marked,
);

impl Scene {
    /// Opens the form of a new rule, with all of its fields.
    async fn add_rule(&self, name: &str) {
        self.window.click("rule-add").await;
        self.window.fill("ruleForm.name", name).await;
        self.window.unfold("[data-testid=\"rule-more\"] summary").await;
    }

    async fn save_rule(&self) {
        self.window.click("rule-save").await;
        self.window.gone("rule-editor").await;
    }
}

async fn each_field_of_a_rules_form_is_found_in_the_file(look: Look) {
    let desktop = Desktop::start(Services::None).await;
    let sounds = desktop.path("home/.local/share/sounds/ours/stereo");
    std::fs::create_dir_all(&sounds).unwrap();
    std::fs::write(sounds.join("streambell-test.oga"), "").unwrap();
    let scene = Scene::open_on(look, desktop, "").await;
    let window = &scene.window;
    scene.server.event("disk", "d1", r#"{"host":"db1","used":97}"#);
    scene.show("rules").await;
    scene.add_rule("Disk").await;
    window.select("ruleForm.stream", "[\"market\"]").await;
    window.press_css("[data-testid=\"rule-events-known\"]").await;
    window.holds("ruleForm.events", "disk").await;
    let typed = [
        ("ruleForm.events", "disk, disk-*"),
        ("ruleForm.text", "db1\ndb2"),
        ("ruleForm.expression", "data.used > 90"),
        ("ruleForm.body", "full"),
        ("ruleForm.group", "{{ data.host }}"),
        ("ruleForm.cooldown", "5m"),
        ("ruleForm.throttle", "3 per 1m"),
        ("ruleForm.expires", "2h"),
        ("ruleForm.resolvedWhen", "data.used < 80"),
        ("ruleForm.resolved", "free again"),
        ("ruleForm.resolves", "Market alert"),
        ("ruleForm.link", "https://{{ data.host }}.example/"),
        ("ruleForm.sound", "bell"),
        ("ruleForm.icon", "dialog-warning"),
        ("ruleForm.timeout", "20s"),
    ];
    scene.fill_all(&typed).await;
    // A sound is picked from those of the desktop, and heard.
    window.pick("rule-sound-pick", "streambell-test").await;
    window.holds("ruleForm.sound", "streambell-test").await;
    window.click("rule-hear").await;
    let heard = window.word("ruleForm.soundTitle").await;
    let notify = scene.daemon.wait_for("a sound", |notify| notify.summary.contains(&heard)).await;
    assert!(notify.hints.contains(&"sound-name".to_owned()), "{:?}", notify.hints);
    window.fill("ruleForm.sound", "bell").await;
    // A field of the data is put where the text was last worked on.
    window.fill("ruleForm.title", "On ").await;
    window.press_button("host").await;
    window.holds("ruleForm.title", "On {{ data.host }}").await;
    window.select("ruleForm.urgency", "low").await;
    window.select("ruleForm.quietHours", "pass").await;
    window.tick("ruleForm.stop", true).await;
    let forbidden = window.field("ruleForm.run").await;
    assert_eq!(forbidden.prop("disabled").await.unwrap().as_deref(), Some("true"), "it is not allowed");

    // Buttons of its own: what each does, what it says, and what it takes.
    window.tick("ruleForm.ownButtons", true).await;
    window.press_button(&window.word("ruleForm.removeButton").await).await;
    window.press_button(&window.word("ruleForm.removeButton").await).await;
    for (kind, key, value) in
        [("mute-rule", "ruleForm.buttonFor", "4h"), ("copy-value", "ruleForm.buttonValue", "{{ data.host }}")]
    {
        window.click("rule-add-button").await;
        window.select("ruleForm.buttonDoes", kind).await;
        window.fill("ruleForm.buttonLabel", &format!("Now {kind}")).await;
        window.fill(key, value).await;
        scene.look(&format!("the button {kind}")).await;
        if kind == "mute-rule" {
            window.press_button(&window.word("ruleForm.removeButton").await).await;
        }
    }
    scene.look("all of a rule's form").await;
    window.click("rule-save").await;
    scene
        .see_written(&[
            "event = [\"disk\", \"disk-*\"]",
            "text = [\"db1\", \"db2\"]",
            "when = \"data.used > 90\"",
            "title = \"On {{ data.host }}\"",
            "body = \"full\"",
            "urgency = \"low\"",
            "group = \"{{ data.host }}\"",
            "cooldown = \"5m\"",
            "throttle = \"3 per 1m\"",
            "quiet_hours = \"pass\"",
            "expires = \"2h\"",
            "resolved_when = \"data.used < 80\"",
            "resolved = \"free again\"",
            "resolves = \"Market alert\"",
            "link = \"https://{{ data.host }}.example/\"",
            "sound = \"bell\"",
            "icon = \"dialog-warning\"",
            "timeout = \"20s\"",
            "stop = true",
            "kind = \"copy-value\"",
            "label = \"Now copy-value\"",
        ])
        .await;
    window.press_css("[data-testid=\"rule-row\"][data-name=\"Disk\"] [data-testid=\"rule-open\"]").await;
    window.unfold("[data-testid=\"rule-more\"] summary").await;
    scene.see_all(&typed).await;

    // From a ready-made rule, and one that only ignores.
    window.click("rule-close").await;
    scene.add_rule("Ready-made").await;
    window.type_into("rule-streams", "mark*").await;
    window.select("ruleForm.preset", "ntfy").await;
    scene.save_rule().await;
    scene.see_written(&["preset = \"ntfy\"", "stream = \"mark*\""]).await;
    scene.add_rule("Noise").await;
    window.fill("ruleForm.events", "noise").await;
    window.click("rule-ignore").await;
    scene.save_rule().await;
    scene.see_written(&["ignore = true"]).await;

    // Where rules may start programs, one is asked about before it is saved.
    assert!(scene.ask(&["settings", "set", "allow_commands", "true"]).await.is_empty());
    scene.add_rule("Starts").await;
    window.fill("ruleForm.events", "start").await;
    eventually("programs allowed", async || {
        (window.field("ruleForm.run").await.prop("disabled").await.ok()?.as_deref() == Some("false")).then_some(())
    })
    .await;
    window.fill("ruleForm.run", "true\nit started").await;
    window.click("rule-save").await;
    let dialog = scene.asked().await;
    assert!(!scene.config().contains("it started"), "a program is asked about");
    dialog.allow().await;
    window.gone("rule-editor").await;
    scene.see_written(&["run = [\"true\", \"it started\"]"]).await;
    scene.done().await;
}

async fn what_is_being_typed_is_saved_and_what_means_nothing_is_marked(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.server.event("disk", "d1", r#"{"host":"db1","note":"disk full"}"#);
    scene.server.event("disk", "d2", r#"{"host":"db2","note":"all is well"}"#);
    scene.show("rules").await;

    // The preview follows while the field is typed in, and the key that saves takes what stands there.
    scene.add_rule("Full").await;
    window.fill("ruleForm.events", "disk").await;
    window.type_into("rule-contains", "disk full").await;
    window.see_focus("rule-contains").await;
    eventually("the one event that it would ring for", async || {
        (window.find("rule-preview").await.attr("data-rang").await.ok()?.as_deref() == Some("1")).then_some(())
    })
    .await;
    window.press("Control+s").await;
    scene.see_written(&["text = \"disk full\""]).await;
    window.gone("rule-editor").await;
    window.press_css("[data-testid=\"rule-row\"][data-name=\"Full\"] [data-testid=\"rule-open\"]").await;
    window.type_into("rule-contains", "disk").await;
    window.press("Control+s").await;
    scene.see_written(&["text = \"disk\""]).await;
    window.gone("rule-editor").await;

    // A line with its thousands grouped; what is no number stays in sight with its fault, and out of the file.
    scene.add_rule("Line").await;
    window.fill("ruleForm.events", "reading").await;
    window.select("ruleForm.trigger", "crosses").await;
    window.fill("ruleForm.valueField", "/price").await;
    window.fill("ruleForm.threshold", "abc").await;
    let no_number = window.word("ruleForm.slips.number").await;
    window.see("rule-editor", &no_number).await;
    scene.look("a line that is no number").await;
    window.press("Control+s").await;
    window.see_focus("rule-threshold").await;
    window.holds("ruleForm.threshold", "abc").await;
    assert!(!scene.config().contains("\"Line\""), "it is not saved");
    window.fill("ruleForm.threshold", "70,000").await;
    window.holds("ruleForm.threshold", "70,000").await;

    // A condition without a value, too.
    window.click("rule-add-field").await;
    window.type_into("rule-field-pointer", "/symbol").await;
    window.press("Control+s").await;
    window.see("rule-field-wrong", &window.word("ruleForm.slips.value").await).await;
    window.see_focus("rule-field-value").await;
    scene.look("a condition without a value").await;
    assert!(!scene.config().contains("\"Line\""), "nor is this");
    window.write("BTC").await;
    window.press("Control+s").await;
    window.gone("rule-editor").await;
    scene.see_written(&["above = 70000", "\"/symbol\" = \"BTC\""]).await;
    scene.done().await;
}

async fn each_way_to_ring_is_found_in_the_file(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("rules").await;
    let ring = async |trigger: &str, side: Option<&str>, fields: &Typed<'_>, written: &[&str]| {
        scene.add_rule(trigger).await;
        window.fill("ruleForm.events", "reading").await;
        window.select("ruleForm.trigger", trigger).await;
        if let Some(side) = side {
            window.select("ruleForm.side", side).await;
        }
        scene.fill_all(fields).await;
        if trigger == "crosses" {
            window.press_button("value").await;
            window.holds("ruleForm.title", "{{ value }}").await;
        }
        if trigger == "expect-by" {
            for day in ["quiet.days.4", "quiet.days.0", "quiet.days.5", "quiet.days.5"] {
                window.press_button(&window.word(day).await).await;
            }
        }
        scene.look(trigger).await;
        scene.save_rule().await;
        scene.see_written(written).await;
        window
            .press_css(&format!("[data-testid=\"rule-row\"][data-name=\"{trigger}\"] [data-testid=\"rule-open\"]"))
            .await;
        scene.see_all(fields).await;
        window.click("rule-close").await;
        window.gone("rule-editor").await;
    };
    ring(
        "crosses",
        Some("below"),
        &[("ruleForm.valueField", "/free"), ("ruleForm.threshold", "10.5"), ("ruleForm.rearm", "20")],
        &["crosses = { value = \"/free\", below = 10.5, rearm = 20"],
    )
    .await;
    ring(
        "change",
        None,
        &[
            ("ruleForm.valueField", "/price"),
            ("ruleForm.by", "-3%"),
            ("ruleForm.within", "1h"),
            ("ruleForm.rearm", "-1%"),
        ],
        &["change = { value = \"/price\", by = \"-3%\", within = \"1h\", rearm = \"-1%\" }"],
    )
    .await;
    ring("expect-within", None, &[("ruleForm.missingFor", "26h")], &["expect = { within = \"26h\" }"]).await;
    ring(
        "expect-by",
        None,
        &[("ruleForm.missingBy", "09:00"), ("ruleForm.from", "06:00"), ("ruleForm.timeZone", "Europe/Berlin")],
        &["by = \"09:00\"", "from = \"06:00\"", "days = [\"mon\", \"fri\"]", "time_zone = \"Europe/Berlin\""],
    )
    .await;
    scene.done().await;
}
