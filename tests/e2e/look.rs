//! Start at login, the demo beside one's own instance, and what a report of a fault says.

use streambell_protocol::{Answer, Call, Client};
use streambell_tests::program::{binary, run};
use streambell_tests::{Desktop, Notifications, Resident, Server, Services, Tray, eventually};

use crate::{market, profile};

#[tokio::test]
async fn start_at_login_is_a_file_that_a_desktop_obeys() {
    let desktop = Desktop::bare();
    let profile = profile(&desktop, "version = 1\n");
    let ask = async |switch: &str| {
        let output = run(&desktop, &profile, &["autostart", switch]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(ask("status").await.contains("does not start at login"));
    assert!(ask("on").await.contains("starts at login"));
    let file = desktop.path("home/.config/autostart/streambell.desktop");
    let text = std::fs::read_to_string(&file).unwrap();
    let exec = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
    let wanted = format!("{} --profile {} --hidden", binary("streambell").display(), profile.display());
    assert_eq!(exec, wanted);
    std::fs::write(&file, text + "Hidden=true\n").unwrap();
    assert!(ask("status").await.contains("does not start at login"));
    assert!(ask("on").await.contains("starts at login"), "and it can be switched on again");
    ask("off").await;
    assert!(!file.exists());
}

#[tokio::test]
async fn the_demo_runs_beside_ones_own_streams() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let _tray = Tray::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _exchange = server.open().await;
    resident.wait_for_state(&desktop, "market", "open").await;
    let (client, _pushes) = Client::connect(&profile.join("control.sock")).await.unwrap();
    client.call(Call::StartDemo).await.unwrap();
    let demo = desktop.path("run/streambell-demo/control.sock");
    let (demo, _pushes) = eventually("the demo to answer", async || Client::connect(&demo).await.ok()).await;
    let Answer::Snapshot(snapshot) = demo.call(Call::Snapshot).await.unwrap() else { panic!("no snapshot") };
    assert!(snapshot.demo);
    daemon.wait_for("an alert of the demo", |notify| notify.app == "Streambell").await;
    assert!(demo.call(Call::StartDemo).await.is_err(), "the demo is the demo");
    client.call(Call::StartDemo).await.unwrap();
    // Its own streams know nothing of it.
    let status = resident.status(&desktop).await;
    assert_eq!(status["streams"].as_array().unwrap().len(), 1);
    demo.call(Call::Quit).await.unwrap();
    eventually("the demo to be gone", async || {
        (!desktop.path("run/streambell-demo/control.sock").exists()).then_some(())
    })
    .await;
    assert_eq!(resident.status(&desktop).await["streams"][0]["state"], "open");
}

#[tokio::test]
async fn a_diagnosis_tells_of_the_desktop_and_nothing_private() {
    let desktop = Desktop::start(Services::None).await;
    let _daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let url = server.url("/secret-path?key=abc");
    let profile = profile(&desktop, &market(&url));
    let told = async || {
        let output = run(&desktop, &profile, &["diagnosis"]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = told().await;
    assert!(text.contains("Running: no"), "{text}");
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", r#"{"symbol":"PRIVATE","message":"private"}"#).await;
    resident.wait_for_state(&desktop, "market", "open").await;
    let text = eventually("a diagnosis with the event", async || {
        let text = told().await;
        text.contains("1 events, 1 in the last minute").then_some(text)
    })
    .await;
    for wanted in ["Streambell ", "Notification service: ", "Tray: none", "Running: yes", "Stream 1: open, http"] {
        assert!(text.contains(wanted), "{wanted} is in {text}");
    }
    let home = desktop.variable("HOME").unwrap();
    for private in ["market", "PRIVATE", "private", "127.0.0.1", "secret-path", "key=", home] {
        assert!(!text.contains(private), "{private} is in {text}");
    }
}
