//! A window and a resident that do not understand each other, after one of them was replaced.

use std::path::Path;

use serde_json::{Value, json};
use streambell_protocol::Presence;
use streambell_tests::webdriver::Window;
use streambell_tests::{Desktop, Dialog, Resident, Services, eventually};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::{Look, Scene, in_both_looks};
use crate::{market, profile};

in_both_looks!(
    a_window_ends_when_the_next_resident_is_of_another_version,
    a_window_with_something_to_lose_stays_and_says_what_to_do_when_the_next_resident_is_of_another_version
);

/// What a person is asked before something is lost; without a resident it is asked in the system's language.
const CLOSE: &str = "Close without saving?";

/// What a resident of another version says to a hello.
const REFUSED: &str = "the running Streambell speaks version 99: end it with `streambell quit`";

/// A resident of another version. Dropping it ends it.
struct Other {
    _accepting: JoinSet<()>,
}

impl Other {
    /// In the place of the one that listened here.
    fn listen(socket: &Path) -> Self {
        std::fs::remove_file(socket).ok();
        let listener = UnixListener::bind(socket).unwrap();
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // Who asked may have gone.
                drop(refuse(stream).await);
            }
        });
        Self { _accepting: accepting }
    }
}

async fn refuse(stream: UnixStream) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (mut asked, mut line) = (BufReader::new(stream), String::new());
    asked.read_line(&mut line).await?;
    let asked_for: Value = serde_json::from_str(&line)?;
    let message = json!({ "en": REFUSED, "zh": REFUSED });
    let told = json!({ "type": "error", "id": asked_for["id"], "code": "version", "message": message });
    asked.write_all(format!("{told}\n").as_bytes()).await?;
    Ok(())
}

async fn a_window_ends_when_the_next_resident_is_of_another_version(look: Look) {
    let scene = Scene::open(look, "").await;
    scene.resident.terminate().await;
    scene.window.find("lost-banner").await;
    let _other = Other::listen(&scene.profile.join("control.sock"));
    scene.see_closed().await;
    see_nobody_waited_for(&scene.profile).await;
}

async fn a_window_with_something_to_lose_stays_and_says_what_to_do_when_the_next_resident_is_of_another_version(
    look: Look,
) {
    let mut scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("streams").await;
    window.click("stream-edit").await;
    window.choose("stream-mode", "text").await;
    window.see_value("stream-text", "market").await;
    window.type_into("stream-text", "name = \"market\"\nurl = \"https://written.example/\"\n").await;
    window.see_value("stream-text", "written.example").await;
    scene.resident.kill().await;
    window.find("lost-banner").await;
    let _other = Other::listen(&scene.profile.join("control.sock"));
    Dialog::wait(&scene.desktop, CLOSE).await.press("Escape").await;
    let said = match look {
        Look::EnglishLight => "close this window and open it again",
        Look::ChineseDark => "请关闭此窗口，再重新打开",
    };
    window.see("lost-banner", said).await;
    window.see_value("stream-text", "written.example").await;
    // Nor does one that is opened anew wait for it.
    see_nobody_waited_for(&scene.profile).await;
    assert!(!Dialog::is_there(&scene.desktop, CLOSE).await, "a person is asked once");
    assert_eq!(window.complaints().await, json!([]));
    scene.close().await;
    Dialog::wait(&scene.desktop, CLOSE).await.allow().await;
    scene.see_closed().await;
}

async fn see_nobody_waited_for(profile: &Path) {
    let socket = profile.join("control.sock");
    eventually("no window that is waited for", async || (!Presence::is_held(&socket)).then_some(())).await;
}

#[tokio::test]
async fn a_new_window_says_what_an_older_resident_says_until_there_is_one_of_its_own_version() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let server = streambell_tests::Broadcast::start(None).await;
    let profile = profile(&desktop, &market(server.url()));
    let socket = profile.join("control.sock");
    let other = Other::listen(&socket);
    let window = Window::open(&mut desktop, &["--socket", socket.to_str().unwrap()]).await;
    window.see("lost-banner", REFUSED).await;
    drop(other);
    std::fs::remove_file(&socket).ok();
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.wait_for_state(&desktop, "market", "open").await;
    window.gone("lost-banner").await;
}
