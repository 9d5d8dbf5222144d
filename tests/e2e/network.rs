//! What logind and NetworkManager say, and what the streams do then.

use std::path::Path;

use streambell_tests::{Desktop, Resident, Server, SystemBus};

use crate::profile;

/// States of NetworkManager (`NMState`).
const DISCONNECTED: u32 = 20;
const CONNECTING: u32 = 40;
const CONNECTED: u32 = 70;

/// Streams by name and address that wait for an hour before they try again, whatever happened.
fn patient(streams: &[(&str, &str)]) -> String {
    let stream =
        |(name, url): &(&str, &str)| format!("[[stream]]\nname = \"{name}\"\nurl = \"{url}\"\nretry = \"1h\"\n");
    format!("version = 1\n{}", streams.iter().map(stream).collect::<String>())
}

fn headless(desktop: &Desktop, profile: &Path, bus: &SystemBus) -> Resident {
    Resident::start_with(desktop, profile, &["run", "--headless"], |command| bus.set_on(command))
}

/// An address of this machine that does not look like one.
fn elsewhere(port: u16) -> String {
    format!("http://0.0.0.0:{port}/")
}

#[tokio::test]
async fn after_a_sleep_what_waits_and_what_is_open_connects_anew_at_once() {
    let bus = SystemBus::start(CONNECTED).await;
    let desktop = Desktop::bare();
    let (waiting, open) = (Server::start().await, Server::start().await);
    let profile = profile(&desktop, &patient(&[("waiting", &waiting.url("/")), ("open", &open.url("/"))]));
    let resident = headless(&desktop, &profile, &bus);
    waiting.request().await.answer(503, &[], "").await;
    let mut exchange = open.open().await;
    exchange.event("price-update", "7", "{}").await;
    resident.wait_for_state(&desktop, "waiting", "waiting").await;
    resident.wait_for_state(&desktop, "open", "open").await;
    bus.heard(1).await;
    bus.wake().await;
    waiting.open().await;
    assert_eq!(open.open().await.header("last-event-id"), Some("7"));
    exchange.closed().await;
}

#[tokio::test]
async fn without_a_network_what_fails_is_offline_and_back_at_once_with_it() {
    let bus = SystemBus::start(DISCONNECTED).await;
    let desktop = Desktop::bare();
    let (near, far) = (Server::start().await.refuse(), Server::start().await.refuse());
    let streams = [("near", format!("http://127.0.0.1:{}/", near.port())), ("far", elsewhere(far.port()))];
    let profile = profile(&desktop, &patient(&streams.each_ref().map(|(name, url)| (*name, url.as_str()))));
    let resident = headless(&desktop, &profile, &bus);
    let offline = resident.wait_for_state(&desktop, "far", "offline").await;
    assert_eq!(offline["message"], "there is no network");
    resident.wait_for_state(&desktop, "near", "waiting").await;
    let far = far.listen_again();
    bus.network(CONNECTING).await;
    bus.network(CONNECTED).await;
    let _exchange = far.open().await;
    resident.wait_for_state(&desktop, "far", "open").await;
}

#[tokio::test]
async fn a_stream_that_is_open_stays_open_whatever_the_system_says_of_the_network() {
    let bus = SystemBus::start(CONNECTED).await;
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let profile = profile(&desktop, &patient(&[("far", &elsewhere(server.port()))]));
    let resident = headless(&desktop, &profile, &bus);
    let mut exchange = server.open().await;
    resident.wait_for_state(&desktop, "far", "open").await;
    bus.heard(1).await;
    bus.network(DISCONNECTED).await;
    exchange.event("price-update", "1", "{}").await;
    let status = streambell_tests::eventually("the event", async || {
        let status = resident.wait_for_state(&desktop, "far", "open").await;
        (status["events"] == 1).then_some(status)
    });
    assert_eq!(status.await["connections"], 1);
}

#[tokio::test]
async fn a_system_bus_that_restarts_is_heard_again() {
    let mut bus = SystemBus::start(CONNECTED).await;
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let profile = profile(&desktop, &patient(&[("market", &server.url("/"))]));
    let resident = headless(&desktop, &profile, &bus);
    let _first = server.open().await;
    bus.heard(1).await;
    bus.restart().await;
    bus.heard(2).await;
    bus.wake().await;
    let _second = server.open().await;
    resident.wait_for_state(&desktop, "market", "open").await;
}
