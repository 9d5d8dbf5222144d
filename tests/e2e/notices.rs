//! What a person is told about streams themselves, on the desktop and on standard output.

use streambell_tests::{Desktop, Notifications, Resident, Server, Services, eventually};

use crate::{market, profile};

#[tokio::test]
async fn a_sign_in_is_asked_for_on_the_desktop_and_withdrawn_when_it_is_mended() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless", "--print=json"]);
    server.request().await.answer(403, &[], "").await;
    let asked = daemon.wait_for("the sign-in notice", |notify| notify.summary == "market needs you to sign in").await;
    assert!(asked.body.contains("403"), "{}", asked.body);
    assert_eq!((asked.urgency, asked.action("default")), (Some(1), Some("Open")));
    let again = streambell_tests::program::run(&desktop, &profile, &["reconnect"]).await;
    assert!(again.status.success(), "{again:?}");
    let _open = server.open().await;
    eventually("the notice withdrawn", async || daemon.closed().contains(&asked.id).then_some(())).await;
    assert_eq!(daemon.all().len(), 1);
    let printed = eventually("both lines", async || {
        let lines = resident.output();
        let notices = lines.lines().filter(|line| line.contains(r#""type":"notice""#)).map(str::to_owned);
        Some(notices.collect::<Vec<_>>()).filter(|notices| notices.len() == 2)
    })
    .await;
    assert!(printed[0].contains(r#""kind":"sign-in","streams":["market"]"#), "{}", printed[0]);
    assert!(printed[0].contains(r#""withdrawn":false"#) && printed[1].contains(r#""withdrawn":true"#), "{printed:?}");
    assert!(!resident.output().contains(r#""type":"notification""#), "a notice is no alert's notification");
}

#[tokio::test]
async fn a_notice_waits_for_a_daemon_and_is_shown_once_it_is_there() {
    let desktop = Desktop::start(Services::None).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    server.request().await.answer(403, &[], "").await;
    resident.wait_for_state(&desktop, "market", "needs-sign-in").await;
    let daemon = Notifications::start(&desktop).await;
    daemon.wait_for("the sign-in notice", |notify| notify.summary == "market needs you to sign in").await;
}

#[tokio::test]
async fn the_status_tells_how_well_a_stream_is_connected() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let mut resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _open = server.open().await;
    let stream = resident.wait_for_state(&desktop, "market", "open").await;
    assert!(stream["connected_since"].is_string(), "{stream}");
    assert!(stream["uptime_24h"].is_number() && stream["last_cause"].is_null(), "{stream}");
    // Its opening is kept a moment later.
    eventually("the connection kept", async || {
        let reader = streambell_engine::ledger::Reader::open(&profile.join("history.db")).ok()?;
        reader.connections("market", 1).ok()?.pop()
    })
    .await;
    resident.kill().await;
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _again = server.open().await;
    let stream = resident.wait_for_state(&desktop, "market", "open").await;
    assert_eq!(stream["last_cause"], "killed", "{stream}");
}
