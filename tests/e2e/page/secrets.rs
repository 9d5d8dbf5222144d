//! Secrets of every kind that a form takes: typed in the window they are in the keyring, and nowhere else.

use streambell_tests::{Authorization, Server, eventually};

use super::{Look, Scene, in_both_looks};
use crate::assert_in_no_file;

in_both_looks!(a_secret_headers_value_and_a_clients_secret_go_to_the_keyring_only);

const HEADER: &str = "hdr-51f0c2-never-in-a-file";
const CLIENT: &str = "cli-93ab7e-never-in-a-file";
const TOKEN: &str = "tok-27d8e4-never-in-a-file";

impl Scene {
    /// That none of the secrets is where it must not be: in the page, in a file, in the log, in what is told of it.
    async fn see_no_secret(&self, when: &str) {
        let page = self.window.client.source().await.unwrap();
        let fields = self
            .window
            .evaluate("return [...document.querySelectorAll('input, textarea')].map(({ value }) => value).join()", &[])
            .await;
        let told =
            self.ask(&["diagnosis"]).await + &self.ask(&["status", "--json"]).await + &self.ask(&["export"]).await;
        let stored = self.window.evaluate("return JSON.stringify({ ...localStorage, ...sessionStorage })", &[]).await;
        for secret in [HEADER, CLIENT, TOKEN] {
            for (place, text) in [("page", &page), ("log", &self.resident.log()), ("what is told", &told)] {
                assert!(!text.contains(secret), "{when}: {secret} is in the {place}");
            }
            assert!(!fields.to_string().contains(secret), "{when}: {secret} is in a field");
            assert!(!stored.to_string().contains(secret), "{when}: {secret} is in the page's storage");
            assert_in_no_file(&self.desktop, secret);
        }
    }
}

async fn a_secret_headers_value_and_a_clients_secret_go_to_the_keyring_only(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    let asks = Server::start().await;
    let site = Authorization::start().await;
    scene.show("streams").await;

    // A header with a value that nobody may see, and a token beside it.
    window.click("stream-edit").await;
    window.fill("form.url", &asks.url("/events")).await;
    window.select("form.auth", "bearer").await;
    window.type_into("stream-token", TOKEN).await;
    window.unfold("[data-testid=\"stream-more\"] summary").await;
    window.click("add-secret-header").await;
    window.fill("advanced.headerName", "X-Api-Key").await;
    window.fill("advanced.value", HEADER).await;
    scene.save_stream().await;
    let exchange = asks.open().await;
    assert_eq!(exchange.header("x-api-key"), Some(HEADER));
    assert_eq!(exchange.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    scene.see_written(&["X-Api-Key = { keyring = true }"]).await;
    scene.see_no_secret("a secret header").await;

    // A client's own secret beside the token that it gets others for.
    window.click("stream-edit").await;
    window.see_value("stream-url", "/events").await;
    window.select("form.auth", "oauth2").await;
    window.select("form.grant", "refresh-token").await;
    window.fill("form.tokenUrl", &site.url("token")).await;
    window.fill("form.clientId", "me").await;
    window.type_into("stream-token", "refresh-0").await;
    window.unfold("[data-testid=\"stream-more\"] summary").await;
    window.pick("client-secret-source", "keyring").await;
    window.type_into("client-secret", CLIENT).await;
    scene.save_stream().await;
    let exchange = asks.open().await;
    assert!(exchange.header("authorization").is_some_and(|value| value.starts_with("Bearer access-")));
    assert_eq!(site.asked()[0].basic.as_deref(), Some(format!("me:{CLIENT}").as_str()));
    scene.see_written(&["grant = \"refresh-token\"", "client_secret = { keyring = true }"]).await;
    scene.see_no_secret("a client's secret").await;
    let listed = eventually("the keyring's list", async || {
        let listed = scene.ask(&["token", "list"]).await;
        listed.contains("market").then_some(listed)
    })
    .await;
    assert!(!listed.contains("never-in-a-file"), "{listed}");

    // The window lists the same, and forgets one after a question.
    let names = listed.lines().count();
    scene.show("settings").await;
    window.tab_to("list-secrets").await;
    window.press("Enter").await;
    window.see_count("forget-secret", names).await;
    scene.look("the stored secrets").await;
    window.tab_to("forget-secret").await;
    window.press("Enter").await;
    window.click("keep").await;
    window.see_count("forget-secret", names).await;
    window.tab_to("forget-secret").await;
    window.press("Enter").await;
    window.click("remove-confirmed").await;
    eventually("one secret fewer", async || {
        (scene.ask(&["token", "list"]).await.lines().count() == names - 1).then_some(())
    })
    .await;
    window.see_count("forget-secret", names - 1).await;
    scene.done().await;
}
