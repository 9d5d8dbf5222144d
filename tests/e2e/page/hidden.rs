//! A window that nobody sees.

use serde_json::json;
use streambell_tests::eventually;

use super::{Look, Scene};

#[tokio::test]
async fn a_window_that_nobody_sees_hears_nothing_and_reads_what_it_missed_once_it_is_seen() {
    let scene = Scene::open(Look::EnglishLight, "").await;
    let window = &scene.window;
    scene.alert(1, "ACME", "seen as it came");
    scene.show("feed").await;
    window.see("feed-row", "seen as it came").await;
    let visibility = async |wanted: &str| {
        eventually(&format!("a window that is {wanted}"), async || {
            (window.evaluate("return document.visibilityState", &[]).await == json!(wanted)).then_some(())
        })
        .await;
    };
    window.until_answered("/seen", async { window.client.minimize_window().await.unwrap() }).await;
    visibility("hidden").await;
    for last in 1..=2 {
        scene.alert(last + 1, "ACME", "while nobody looked");
        // That it was shown is recorded a quarter of a second later: by then it would long have been told.
        eventually("the alert to be shown", async || {
            let shown = scene.alerts().await.iter().filter(|alert| alert["state"] == "shown").count();
            (shown as u32 > last).then_some(())
        })
        .await;
    }
    assert_eq!(window.count("feed-row").await, 1, "nobody sees them, so nobody is told");
    let all = scene.alerts().await.len();

    window.client.set_window_size(1100, 720).await.unwrap();
    visibility("visible").await;
    window.see_count("feed-row", all).await;
    window.see("unread-count", &all.to_string()).await;
    scene.alert(1 + all as u32, "ACME", "heard again");
    window.see("feed-row", "heard again").await;
    scene.done().await;
}
