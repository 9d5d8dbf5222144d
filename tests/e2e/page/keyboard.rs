//! With the Tab key alone a person comes to everything in every view, and sees where it is.

use streambell_tests::Server;

use super::{Look, Scene, in_both_looks};

in_both_looks!(the_tab_key_comes_to_everything_in_every_view, the_tab_key_comes_to_everything_in_every_form,);

/// What was found on a round through what is shown.
struct Rounds<'a> {
    scene: &'a Scene,
    found: Vec<String>,
}

impl Rounds<'_> {
    async fn walk(&mut self, what: &str) {
        let found = self.scene.window.walk().await;
        self.found.extend(found.into_iter().map(|one| format!("{what}: {one}")));
    }

    fn end(self) {
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

async fn the_tab_key_comes_to_everything_in_every_view(look: Look) {
    let scene = Scene::open(look, "[[rule]]\nname = \"Notes\"\nevent = \"note\"\n").await;
    let window = &scene.window;
    let mut rounds = Rounds { scene: &scene, found: Vec::new() };
    for (number, price) in [(1, 101), (2, 102), (3, 99)] {
        let data = format!(r#"{{"symbol":"ACME","price":{price}}}"#);
        scene.server.event("price-update", &format!("p{number}"), &data);
    }
    scene.server.event("price-update", "q1", r#"{"symbol":"BTC","price":5}"#);
    scene.alert(1, "ACME", "first");
    scene.alert(2, "BTC", "second");
    window.see_count("tile", 2).await;
    window.see("unread-count", "2").await;
    window.click("tile").await;
    window.find("plot").await;
    window.find("chart-alert").await;
    rounds.walk("now").await;

    scene.show("alerts").await;
    window.click("group-alerts").await;
    window.see_count("alert-row", 2).await;
    window.press("j").await;
    window.find("alert-detail").await;
    window.unfold("[data-testid=\"why\"] summary").await;
    window.find("why-rule").await;
    rounds.walk("alerts").await;
    window.press("x").await;
    window.see("checked", "1").await;
    rounds.walk("a checked alert").await;
    window.click("uncheck").await;
    window.click("silence").await;
    window.find("silence-panel").await;
    rounds.walk("the panel of a silence").await;

    scene.show("feed").await;
    window.find("feed-row").await;
    window.press("j").await;
    window.find("event-detail").await;
    rounds.walk("feed").await;

    scene.show("streams").await;
    window.find("connection").await;
    rounds.walk("streams").await;
    window.choose("stream-pane", "diagnosis").await;
    window.find("diagnose").await;
    rounds.walk("a diagnosis").await;

    scene.show("rules").await;
    window.find("rule-row").await;
    rounds.walk("rules").await;
    window.choose("rules-tab", "tiles").await;
    window.find("tile-row").await;
    rounds.walk("tiles").await;

    scene.show("settings").await;
    window.click("add-silence").await;
    window.unfold("[data-testid=\"diagnosis\"] summary").await;
    window.pick("setting-events", "other").await;
    rounds.walk("settings").await;

    window.press("Control+k").await;
    window.find("palette").await;
    rounds.walk("the palette").await;
    window.press("Escape").await;
    window.gone("palette").await;
    window.click("help").await;
    window.find("shortcuts").await;
    rounds.walk("the keys").await;
    rounds.end();
    scene.done().await;
}

async fn the_tab_key_comes_to_everything_in_every_form(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    let mut rounds = Rounds { scene: &scene, found: Vec::new() };
    scene.alert(1, "ACME", "first");
    scene.show("streams").await;
    window.click("stream-edit").await;
    window.unfold("[data-testid=\"stream-more\"] summary").await;
    window.select("form.auth", "oauth2").await;
    window.click("add-secret-header").await;
    window.fill("form.clientCert", "~/client.p12").await;
    rounds.walk("a stream's form").await;
    window.click("stream-write").await;
    window.find("stream-text").await;
    rounds.walk("a stream's text").await;
    window.click("stream-cancel").await;

    window.press("Control+n").await;
    window.see_focus("add-url").await;
    rounds.walk("adding: where").await;
    let asks = Server::start().await;
    window.type_into("add-url", &asks.url("/events")).await;
    window.click("add-connect").await;
    asks.request().await.answer(401, &[], "who are you?").await;
    window.find_css("[data-testid=\"add-stream-steps\"][data-step=\"sign-in\"]").await;
    rounds.walk("adding: who is there").await;
    window.pick("add-auth", "basic").await;
    window.find("add-auth-name").await;
    rounds.walk("adding: name and password").await;
    window.pick("add-auth", "oauth2").await;
    window.pick("stream-grant", "device").await;
    rounds.walk("adding: a code").await;
    window.tab_to("add-back").await;
    window.press("Enter").await;
    window.find("add-url").await;
    window.click("add-close").await;
    window.press("Control+n").await;
    window.type_into("add-url", scene.server.url()).await;
    window.click("add-connect").await;
    window.find_css("[data-testid=\"add-status\"][data-phase=\"open\"]").await;
    scene.server.event("reading", "r1", r#"{"sensor":"roof","celsius":21.5,"humidity":40}"#);
    window.find("add-event-name").await;
    rounds.walk("adding: what matters").await;
    window.click("add-close").await;

    scene.show("rules").await;
    window.click("rule-open").await;
    window.find("rule-editor").await;
    window.unfold("[data-testid=\"rule-more\"] summary").await;
    window.tick("ruleForm.ownButtons", true).await;
    window.click("rule-add-field").await;
    window.select("ruleForm.trigger", "expect-by").await;
    rounds.walk("a rule's form").await;
    window.choose("rule-mode", "text").await;
    window.find("rule-text").await;
    rounds.walk("a rule's text").await;
    window.click("rule-close").await;
    window.choose("rules-tab", "tiles").await;
    window.click("tile-open").await;
    window.find("tile-editor").await;
    rounds.walk("a tile's form").await;
    window.click("rules-export").await;
    window.see_value("export-text", "[[rule]]").await;
    rounds.walk("export").await;
    window.click("rules-import").await;
    window.type_into("import-text", "[[rule]]\nname = \"Given\"\nevent = \"gift\"\n").await;
    window.find("import-item").await;
    rounds.walk("import").await;
    rounds.end();
    scene.done().await;
}
