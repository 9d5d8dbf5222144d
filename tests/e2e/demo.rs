//! `streambell --demo`: from its market server to a native notification.

use streambell_tests::program::run;
use streambell_tests::{Desktop, Notifications, Resident, Services, Tray};

#[tokio::test]
async fn the_demo_shows_a_market_alert_as_a_native_notification() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let tray = Tray::start(&desktop).await;
    let mut resident = Resident::start(&desktop, &desktop.path("demo"), &["--demo", "--hidden"]);
    let alert = daemon.wait_for("a market alert", |notify| notify.app == "Streambell").await;
    assert!(!alert.summary.is_empty() && !alert.body.is_empty(), "{alert:?}");
    assert!(alert.urgency.is_some(), "{alert:?}");
    assert_eq!(alert.action("open"), Some("Open"), "{alert:?}");
    assert!(alert.action("link").is_some_and(|label| label.starts_with("Open link (127.0.0.1:")), "{alert:?}");
    assert!(alert.actions.iter().any(|key| key == "default"), "{alert:?}");
    tray.entry("market").await;
    let doctor = run(&desktop, &desktop.path("demo"), &["--demo", "doctor", "market"]).await;
    assert_eq!(doctor.status.code(), Some(2), "a secret of the user's own is nothing for the demo: {doctor:?}");
    assert!(String::from_utf8_lossy(&doctor.stderr).contains("in its own memory"), "{doctor:?}");
    tray.choose("Quit").await;
    assert!(resident.ended().await.success());
}

#[tokio::test]
async fn dunst_shows_the_demos_alert_on_the_screen() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("dunst", &[]);
    desktop.wait_for_name("org.freedesktop.Notifications").await;
    let _resident = Resident::start(&desktop, &desktop.path("demo"), &["run", "--headless", "--demo", "--print"]);
    streambell_tests::eventually("a notification on dunst's screen", async || {
        let output = desktop.command("dunstctl").args(["count", "displayed"]).output().await.ok()?;
        (String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()? > 0).then_some(())
    })
    .await;
    let picture = desktop.screenshot("dunst-shows-the-demo").await;
    assert!(std::fs::metadata(picture).unwrap().len() > 1_000, "the picture is not empty");
}

#[tokio::test]
async fn without_a_display_and_a_bus_the_demo_prints_its_notifications() {
    let desktop = Desktop::bare();
    let resident = Resident::start(&desktop, &desktop.path("demo"), &["run", "--headless", "--demo", "--print=json"]);
    let line = streambell_tests::eventually("a printed notification", async || {
        resident.output().lines().find(|line| line.contains(r#""type":"notification""#)).map(str::to_owned)
    })
    .await;
    let printed: serde_json::Value = serde_json::from_str(&line).unwrap();
    for key in ["at", "stream", "rule", "title", "body", "urgency", "seq", "replaces"] {
        assert!(!printed[key].is_null(), "{key} is in {line}");
    }
    assert!(resident.output().contains(r#""type":"state""#), "{}", resident.output());
}
