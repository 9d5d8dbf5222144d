//! A keyring that is missing, locked or unlocked.

use streambell_tests::program::{run, run_with_input};
use streambell_tests::{Desktop, Resident, Server, Services};

use crate::{market, profile};

fn with_bearer(url: &str) -> String {
    market(url).replacen("[[rule]]", "auth = { kind = \"bearer\" }\n\n[[rule]]", 1)
}

#[tokio::test]
async fn a_token_set_on_the_command_line_is_used_listed_and_deleted() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    let server = Server::start().await;
    let profile = profile(&desktop, &with_bearer(&server.url("/")));
    let set = run_with_input(&desktop, &profile, &["token", "set", "market"], "a-token\n").await;
    assert!(set.status.success(), "{set:?}");
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    assert_eq!(server.open().await.header("authorization"), Some("Bearer a-token"));
    let listed = run(&desktop, &profile, &["token", "list"]).await;
    assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "market");
    let deleted = run(&desktop, &profile, &["token", "delete", "market"]).await;
    assert!(deleted.status.success(), "{deleted:?}");
    let listed = run(&desktop, &profile, &["token", "list"]).await;
    assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "");
}

#[tokio::test]
async fn without_a_keyring_the_stream_says_so_and_the_others_go_on() {
    let desktop = Desktop::start(Services::None).await;
    let (locked, open) = (Server::start().await, Server::start().await);
    let text = format!("{}\n[[stream]]\nname = \"open\"\nurl = \"{}\"\n", with_bearer(&locked.url("/")), open.url("/"));
    let profile = profile(&desktop, &text);
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _exchange = open.open().await;
    let stream = resident.wait_for_state(&desktop, "market", "needs-sign-in").await;
    assert!(stream["message"].as_str().unwrap().contains("keyring"), "{stream}");
    resident.wait_for_state(&desktop, "open", "open").await;
    let set = run_with_input(&desktop, &profile, &["token", "set", "market"], "never-stored\n").await;
    assert_eq!(set.status.code(), Some(1));
    let message = String::from_utf8_lossy(&set.stderr);
    assert!(message.contains("keyring") && message.trim().lines().count() == 1, "{message}");
}

#[tokio::test]
async fn a_token_that_is_set_later_signs_the_stream_in() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    let server = Server::start().await;
    let profile = profile(&desktop, &with_bearer(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.wait_for_state(&desktop, "market", "needs-sign-in").await;
    let set = run_with_input(&desktop, &profile, &["token", "set", "market"], "late\n").await;
    assert!(set.status.success(), "{set:?}");
    assert_eq!(server.open().await.header("authorization"), Some("Bearer late"));
}

#[tokio::test]
async fn a_locked_keyring_whose_prompt_nobody_answers_blocks_nothing() {
    let mut desktop = Desktop::start(Services::Installed).await;
    desktop.start_keyring().await;
    let (locked, open) = (Server::start().await, Server::start().await);
    let text = format!("{}\n[[stream]]\nname = \"open\"\nurl = \"{}\"\n", with_bearer(&locked.url("/")), open.url("/"));
    let profile = profile(&desktop, &text);
    let set = run_with_input(&desktop, &profile, &["token", "set", "market"], "a-token\n").await;
    assert!(set.status.success(), "{set:?}");
    lock_keyring(&desktop).await;
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _exchange = open.open().await;
    resident.wait_for_state(&desktop, "open", "open").await;
    let stream = resident.wait_for_state(&desktop, "market", "needs-sign-in").await;
    assert!(stream["message"].as_str().unwrap().contains("keyring"), "{stream}");
}

async fn lock_keyring(desktop: &Desktop) {
    let connection = desktop.connect().await;
    let proxy = zbus::Proxy::new(
        &connection,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service",
    )
    .await
    .unwrap();
    let collections = vec![zbus::zvariant::ObjectPath::try_from("/org/freedesktop/secrets/collection/login").unwrap()];
    let locked: (Vec<zbus::zvariant::OwnedObjectPath>, zbus::zvariant::OwnedObjectPath) =
        proxy.call("Lock", &(collections,)).await.unwrap();
    assert_eq!(locked.0.len(), 1, "the keyring is locked");
}
