//! What is missing or broken is said in one line, and the rest goes on.

use std::os::unix::fs::PermissionsExt as _;

use streambell_tests::program::run;
use streambell_tests::{Desktop, Resident, Server, Services, eventually};

use crate::{market, profile};

#[tokio::test]
async fn without_a_bus_streams_are_stored_and_the_status_says_that_notifications_wait() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let mut resident = Resident::start(&desktop, &profile, &["--hidden"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", r#"{"symbol":"ACME","message":"m"}"#).await;
    eventually("the alert stored", async || (resident.status(&desktop).await["unread"] == 1).then_some(())).await;
    let history = run(&desktop, &profile, &["history", "--json"]).await;
    let line: serde_json::Value = serde_json::from_slice(&history.stdout).unwrap();
    assert_eq!(line["alerts"][0]["state"], "pending", "{line}");
    resident.terminate().await;
    assert_eq!(resident.ended().await.code(), Some(0));
    assert!(!resident.log().contains("panicked"), "{}", resident.log());
}

#[tokio::test]
async fn a_broken_configuration_is_explained_with_its_place_and_nothing_is_lost() {
    let desktop = Desktop::bare();
    let profile = profile(&desktop, "version = 1\n\n[[stream]]\nname = \"market\"\nurl = \"ftp://x/\"\n");
    let check = run(&desktop, &profile, &["check"]).await;
    assert_eq!(check.status.code(), Some(2));
    let message = String::from_utf8_lossy(&check.stderr).into_owned() + &String::from_utf8_lossy(&check.stdout);
    assert!(message.contains("config.toml:5:"), "{message}");
    let before = std::fs::read(profile.join("config.toml")).unwrap();
    let started = run(&desktop, &profile, &["run", "--headless"]).await;
    assert_eq!(started.status.code(), Some(2), "{started:?}");
    let message = String::from_utf8_lossy(&started.stderr);
    assert!(message.contains("config.toml:5:") && !message.contains("panicked"), "{message}");
    assert_eq!(std::fs::read(profile.join("config.toml")).unwrap(), before);
}

#[tokio::test]
async fn a_history_file_that_is_no_database_is_kept_and_alerts_come_all_the_same() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = streambell_tests::Notifications::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    std::fs::write(profile.join("history.db"), "somebody's notes").unwrap();
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    server.open().await.event("market-alert", "1", r#"{"symbol":"ACME","message":"m"}"#).await;
    daemon.wait_for("the alert", |notify| notify.summary == "ACME moves").await;
    assert!(resident.log().contains("history.db"), "{}", resident.log());
    assert_eq!(std::fs::read_to_string(profile.join("history.db")).unwrap(), "somebody's notes");
}

#[tokio::test]
async fn a_full_disk_delays_history_and_loses_nothing() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = streambell_tests::Notifications::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    // Only root can mount a small disk; elsewhere the ledger's own test of a full disk has to do.
    let Some(disk) = SmallDisk::mount(&profile).await else { return };
    std::fs::write(profile.join("config.toml"), market(&server.url("/"))).unwrap();
    let mut resident = Resident::start_with(&desktop, &profile, &["run", "--headless"], |command| {
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    });
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", r#"{"symbol":"ONE","message":"m"}"#).await;
    daemon.wait_for("the first alert", |notify| notify.summary == "ONE moves").await;
    disk.fill();
    let large = "x".repeat(200_000);
    exchange.event("price-update", "2", &large).await;
    exchange.event("market-alert", "3", r#"{"symbol":"TWO","message":"m"}"#).await;
    daemon.wait_for("an alert in spite of the full disk", |notify| notify.summary == "TWO moves").await;
    disk.free();
    eventually("all events stored once there is room", async || {
        let history = run(&desktop, &profile, &["history", "--json"]).await;
        (String::from_utf8_lossy(&history.stdout).lines().count() == 3).then_some(())
    })
    .await;
    resident.terminate().await;
    assert_eq!(resident.ended().await.code(), Some(0));
    assert_eq!(daemon.all().len(), 2, "each alert was shown once: {:#?}", daemon.all());
    drop(disk);
}

/// A tmpfs of 2 MiB on a folder; unmounted when dropped.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    async fn mount(folder: &std::path::Path) -> Option<Self> {
        let status = tokio::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(folder)
            .stderr(std::process::Stdio::null())
            .status()
            .await;
        if !status.is_ok_and(|status| status.success()) {
            return None;
        }
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
        Some(Self(folder.to_owned()))
    }

    /// Leaves no byte free.
    fn fill(&self) {
        use std::io::Write as _;
        let mut file = std::fs::File::create(self.0.join("filler")).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(std::process::Command::new("umount").arg("-l").arg(&self.0).status());
    }
}
