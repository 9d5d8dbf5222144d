//! Signing in with a code, on the command line, next to a running instance.

use streambell_tests::program::run;
use streambell_tests::{Authorization, Desktop, Resident, Server, Services};

use crate::{market_with_code, profile};

#[tokio::test]
async fn a_sign_in_on_the_command_line_shows_the_code_and_the_running_instance_goes_on() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.live_for(3_600);
    site.answer_with(&["authorization_pending"]);
    let profile = profile(&desktop, &market_with_code(&server.url("/"), &site));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let stream = resident.wait_for_state(&desktop, "market", "needs-sign-in").await;
    assert!(stream["message"].as_str().unwrap().contains("streambell token login market"), "{stream}");

    let login = run(&desktop, &profile, &["token", "login", "market"]).await;
    assert!(login.status.success(), "{login:?}");
    let told = String::from_utf8_lossy(&login.stdout);
    assert!(told.starts_with(&format!("open {} and type the code WDJB-MJHT\n", site.url("activate"))), "{told}");
    let mut exchange = server.open().await;
    assert_eq!(exchange.header("authorization"), Some("Bearer access-2"));
    exchange.event("price-update", "1", "{}").await;
    let stream = resident.wait_for_state(&desktop, "market", "open").await;
    assert!(stream["token_expires_at"].is_string(), "{stream}");
    let listed = run(&desktop, &profile, &["token", "list"]).await;
    assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "market");
}
