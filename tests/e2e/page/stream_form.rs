//! Each field of a stream's form: typed in the window it is found in the file, and in the form again.

use streambell_tests::eventually;

use super::{Look, Scene, Typed, in_both_looks};

in_both_looks!(each_field_of_a_streams_form_is_found_in_the_file, each_way_to_sign_in_is_found_in_the_file);

const PIN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

impl Scene {
    /// Opens the form of the one stream, with all of its fields.
    async fn edit_stream(&self) {
        self.window.click("stream-edit").await;
        self.window.unfold("[data-testid=\"stream-more\"] summary").await;
    }

    /// Saves the form of a stream, allows what is asked, and waits until it is gone.
    pub(super) async fn save_stream(&self) {
        self.window.click("stream-save").await;
        eventually("the form to be gone", async || {
            if self.is_asked().await {
                self.asked().await.allow().await;
            }
            (self.window.count("stream-form").await == 0).then_some(())
        })
        .await;
    }
}

async fn each_field_of_a_streams_form_is_found_in_the_file(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("streams").await;
    scene.edit_stream().await;
    // Nobody is to be asked for what is written here.
    window.tick("form.enabled", false).await;
    window.select("request.method", "POST").await;
    let typed = [
        ("form.url", "https://127.0.0.1:9/events"),
        ("request.body", "{\"all\":true}"),
        ("form.headers", "X-Desk: 7\nX-Floor: 2"),
        ("advanced.trust", "*.example.com"),
        ("form.idle", "120"),
        ("request.retry", "2.5"),
        ("request.caCert", "~/ca.pem"),
        ("form.clientCert", "~/client.p12"),
        ("request.proxy", "http://proxy.example.com:3128"),
        ("request.ignore", "heartbeat\nping"),
        ("request.maxEvent", "64"),
    ];
    scene.fill_all(&typed).await;
    window.click("add-secret-header").await;
    window.fill("advanced.headerName", "X-Api-Key").await;
    window.select("advanced.source", "env").await;
    window.fill("advanced.variable", "API_KEY").await;
    window.select("advanced.password", "env").await;
    window.type_into("client-cert-place", "P12").await;
    for (key, wanted) in [
        ("request.insecure", true),
        ("form.compression", true),
        ("request.http1", true),
        ("request.strict", true),
        ("request.notify", false),
    ] {
        window.tick(key, wanted).await;
    }
    window.select("form.store", "alerts").await;
    window.select("form.resumeFrom", "pointer").await;
    window.fill("form.pointer", "/seq").await;
    window.select("form.resumeSend", "query").await;
    window.fill("form.parameter", "since").await;
    window.select("request.outage", "after").await;
    window.fill("request.outageAfter", "300").await;
    scene.look("all of a stream's form").await;
    scene.save_stream().await;
    scene
        .see_written(&[
            "enabled = false",
            "method = \"POST\"",
            "X-Floor = \"2\"",
            "X-Api-Key = { env = \"API_KEY\" }",
            "trust = [\"*.example.com\"]",
            "idle_timeout = \"2m\"",
            "retry = \"2500ms\"",
            "ca_cert = \"~/ca.pem\"",
            "client_cert = \"~/client.p12\"",
            "client_cert_password = { env = \"P12\" }",
            "proxy = \"http://proxy.example.com:3128\"",
            "insecure = true",
            "compression = true",
            "http1 = true",
            "strict = true",
            "notify = false",
            "store = \"alerts\"",
            "from = \"/seq\"",
            "query = \"since\"",
            "ignore = [\"heartbeat\", \"ping\"]",
            "max_event = \"64KiB\"",
            "outage = \"5m\"",
        ])
        .await;

    // It stands in the form again; and what is taken out of it goes out of the file.
    scene.edit_stream().await;
    scene.see_all(&typed).await;
    window.press_button(&window.word("advanced.removeHeader").await).await;
    window.select("request.method", "GET").await;
    scene
        .fill_all(&[("request.body", ""), ("request.proxy", ""), ("request.caCert", ""), ("form.clientCert", "")])
        .await;
    scene.fill_all(&[("form.unixSocket", "/run/app.sock"), ("form.pins", PIN), ("form.headers", "")]).await;
    window.tick("request.redirects", false).await;
    scene.save_stream().await;
    scene
        .see_written(&[
            "method = \"GET\"",
            "unix_socket = \"/run/app.sock\"",
            "pin_sha256",
            "redirects = \"same-origin\"",
        ])
        .await;
    let config = scene.config();
    for gone in ["X-Api-Key", "X-Desk", "proxy", "ca_cert", "client_cert", "body = \"{\\\"all"] {
        assert!(!config.contains(gone), "{gone} is gone from {config}");
    }

    // What has no field is written as text, with a fault at its line.
    scene.edit_stream().await;
    window.click("stream-write").await;
    window.see_value("stream-text", "unix_socket").await;
    let text = window.find("stream-text").await.prop("value").await.unwrap().unwrap();
    window.type_into("stream-text", &format!("{}\nend_on = 7\n", text.trim_end())).await;
    window.find("stream-fault").await;
    window.type_into("stream-text", &format!("{}\nend_on = {{ data = \"[DONE]\" }}\n", text.trim_end())).await;
    window.gone("stream-fault").await;
    scene.save_stream().await;
    scene.see_written(&["end_on = { data = \"[DONE]\" }"]).await;
    scene.done().await;
}

async fn each_way_to_sign_in_is_found_in_the_file(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("streams").await;
    scene.edit_stream().await;
    window.tick("form.enabled", false).await;
    window.fill("form.url", "https://127.0.0.1:9/events").await;
    scene.save_stream().await;
    let sign_in = async |kind: &str, source: &str, fields: &Typed<'_>, written: &str| {
        scene.edit_stream().await;
        window.select("form.auth", kind).await;
        window.select("advanced.source", source).await;
        scene.fill_all(fields).await;
        scene.save_stream().await;
        scene.see_written(&[written]).await;
        scene.edit_stream().await;
        scene.see_all(fields).await;
        window.click("stream-cancel").await;
    };
    sign_in(
        "bearer",
        "env",
        &[("advanced.sources.env", "TOKEN")],
        "auth = { kind = \"bearer\", secret = { env = \"TOKEN\" } }",
    )
    .await;
    sign_in("basic", "file", &[("form.user", "me"), ("advanced.sources.file", "~/.pass")], "user = \"me\"").await;
    sign_in(
        "header",
        "env",
        &[
            ("form.headerName", "X-Key"),
            ("advanced.sources.env", "KEY"),
            ("form.refreshUrl", "https://127.0.0.1:9/refresh"),
            ("form.refreshPointer", "/new"),
        ],
        "refresh = { url = \"https://127.0.0.1:9/refresh\", token = \"/new\" }",
    )
    .await;
    sign_in(
        "query",
        "env",
        &[
            ("form.parameterName", "q"),
            ("advanced.template", "{\"token\":\"{secret}\"}"),
            ("form.refreshUrl", ""),
            ("advanced.sources.env", "KEY"),
        ],
        "template = ",
    )
    .await;
    sign_in("cookie", "env", &[("form.cookieName", "session"), ("advanced.sources.env", "KEY")], "name = \"session\"")
        .await;

    scene.edit_stream().await;
    window.select("form.auth", "oauth2").await;
    window.select("form.grant", "refresh-token").await;
    window.select("advanced.source", "env").await;
    let typed = [
        ("advanced.sources.env", "REFRESH"),
        ("form.tokenUrl", "https://127.0.0.1:9/token"),
        ("form.clientId", "me"),
        ("form.scope", "read"),
        ("advanced.audience", "https://api.example"),
    ];
    scene.fill_all(&typed).await;
    window.select("advanced.clientSecret", "env").await;
    window.type_into("client-secret-place", "CLIENT").await;
    window.tick("advanced.inBody", true).await;
    scene.look("the form of a sign-in with OAuth 2").await;
    scene.save_stream().await;
    scene
        .see_written(&[
            "grant = \"refresh-token\"",
            "token_url = \"https://127.0.0.1:9/token\"",
            "scope = \"read\"",
            "audience = \"https://api.example\"",
            "client_auth = \"body\"",
            "client_secret = { env = \"CLIENT\" }",
        ])
        .await;
    scene.edit_stream().await;
    scene.see_all(&typed).await;
    window.select("form.grant", "client-credentials").await;
    scene.save_stream().await;
    scene.see_written(&["grant = \"client-credentials\""]).await;
    scene.edit_stream().await;
    window.select("form.auth", "none").await;
    scene.save_stream().await;
    scene.see_config("no sign-in", |text| !text.contains("oauth2")).await;

    // A program that gives the secret can be changed, and left for the keyring.
    let program = "auth = { kind = \"bearer\", secret = { command = [\"pass\", \"market\"] } }";
    let with_program = scene.config().replacen("version = 1\n", "version = 1\nallow_commands = true\n", 1);
    let with_program = with_program.replacen("auth = { kind = \"none\" }", program, 1);
    assert!(with_program.contains(program), "{with_program}");
    std::fs::write(scene.profile.join("config.toml"), with_program).unwrap();
    eventually("the program in the form", async || {
        scene.edit_stream().await;
        let source = window.find("stream-source").await.prop("value").await.ok()??;
        if source != "command" {
            window.click("stream-cancel").await;
        }
        (source == "command").then_some(())
    })
    .await;
    // Another one is typed; a person is asked about it.
    window.see_value("stream-auth-program", "pass\nmarket").await;
    window.type_into("stream-auth-program", "echo\nan other").await;
    window.click("stream-save").await;
    scene.asked().await.allow().await;
    scene.see_config("another program", |text| text.contains("command = [\"echo\", \"an other\"]")).await;
    scene.edit_stream().await;
    window.press_button(&window.word("form.useKeyring").await).await;
    window.type_into("stream-token", "tok-in-the-keyring").await;
    scene.save_stream().await;
    scene.see_config("no program", |text| !text.contains("command = ") && text.contains("kind = \"bearer\"")).await;
    assert!(scene.ask(&["token", "list"]).await.contains("market"));
    scene.done().await;
}
