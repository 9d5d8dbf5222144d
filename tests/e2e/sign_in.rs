//! Signing in with a code, on the command line, next to a running instance.

use streambell_tests::program::run;
use streambell_tests::{Authorization, Desktop, Resident, Server, Services, eventually};

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

#[tokio::test]
async fn a_sign_in_on_the_command_line_stores_nothing_for_a_stream_that_was_moved_or_removed_meanwhile() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    let (site, other) = (Authorization::start().await, Authorization::start().await);
    let url = "http://127.0.0.1:9/";
    for (meanwhile, why) in [
        (market_with_code(url, &other), "the stream signs in elsewhere or otherwise by now: nothing was stored"),
        ("version = 1\n".to_owned(), "the stream was removed or renamed meanwhile: nothing was stored"),
    ] {
        site.answer_with(&["authorization_pending"; 100]);
        let profile = profile(&desktop, &market_with_code(url, &site));
        let asked = site.asked().len();
        let moving = async {
            eventually("a question after the code", async || (site.asked().len() > asked).then_some(())).await;
            std::fs::write(profile.join("config.toml"), meanwhile).unwrap();
            site.answer_with(&[]);
        };
        let (login, ()) = tokio::join!(run(&desktop, &profile, &["token", "login", "market"]), moving);
        let told = String::from_utf8_lossy(&login.stderr);
        assert!(!login.status.success() && told.contains(why), "{login:?}");
        let listed = run(&desktop, &profile, &["token", "list"]).await;
        assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "");
    }
}
