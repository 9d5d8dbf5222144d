//! A window in which something is open that is kept nowhere else asks before it closes.

use streambell_tests::{Dialog, eventually};

use super::{Look, Scene, in_both_looks};

in_both_looks!(a_window_with_a_streams_text_that_is_not_saved_asks_before_it_closes);

fn title(look: Look) -> &'static str {
    match look {
        Look::EnglishLight => "Close without saving?",
        Look::ChineseDark => "不保存就关闭？",
    }
}

impl Scene {
    /// How many windows of ours there are.
    pub(super) async fn windows(&self) -> usize {
        let listed = self.desktop.command("wmctrl").arg("-l").output().await.unwrap();
        String::from_utf8_lossy(&listed.stdout).lines().filter(|line| line.contains("Streambell")).count()
    }

    /// Closes the window as its owner does.
    pub(super) async fn close(&self) {
        self.desktop.command("wmctrl").args(["-c", "Streambell"]).status().await.unwrap();
    }

    pub(super) async fn see_closed(&self) {
        eventually("the window to close", async || {
            let listed = self.desktop.command("wmctrl").arg("-l").output().await.ok()?;
            (!String::from_utf8_lossy(&listed.stdout).contains("Streambell")).then_some(())
        })
        .await;
    }
}

async fn a_window_with_a_streams_text_that_is_not_saved_asks_before_it_closes(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.show("streams").await;
    window.click("stream-edit").await;
    window.choose("stream-mode", "text").await;
    window.see_value("stream-text", "market").await;
    let text = window.find("stream-text").await.prop("value").await.unwrap().unwrap();
    let written = format!("{}\nstore = \"alerts\"\n", text.trim_end());
    window.type_into("stream-text", &written).await;
    scene.close().await;
    Dialog::wait(&scene.desktop, title(look)).await.press("Escape").await;
    window.see_value("stream-text", "store = \"alerts\"").await;
    assert!(!scene.config().contains("store"), "it was saved");
    assert_eq!(window.complaints().await, serde_json::json!([]));
    scene.close().await;
    Dialog::wait(&scene.desktop, title(look)).await.allow().await;
    scene.see_closed().await;
}
