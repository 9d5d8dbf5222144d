//! Cuts that took place before anybody watched, found in what is kept of a stream's connections.

use std::time::Duration;

use streambell_engine::config::StreamConfig;
use streambell_engine::doctor::{Code, Report};
use streambell_engine::uptime::Cause;
use streambell_tests::eventually;

use super::scripted::Script;
use super::{certain, codes};
use crate::programs::{nginx, node};
use crate::{engine, settings};

/// Shorter than any connection of these tests lasts.
const GLANCE: Duration = Duration::from_secs(1);

/// Lets a stream be cut so often, then looks at the server at `now` with that history.
async fn looked_back(url: &str, cuts: usize, now: &str) -> Report {
    let rig = engine(settings(url));
    let history = eventually(&format!("{cuts} connections that ended"), async || {
        Some(rig.connections("market"))
            .filter(|records| records.iter().filter(|one| one.cause != Cause::Open).count() >= cuts)
    })
    .await;
    let config = StreamConfig { insecure: true, ..settings(now) };
    rig.engine.diagnose(Some("market".to_owned()), config, None, GLANCE, history).await.unwrap()
}

#[tokio::test]
async fn answers_that_a_server_always_ended_at_the_same_age_are_found() {
    let server = node("server.mjs", &[]).await;
    let url = server.url("/?total=1000000&pause=100&each=20");
    let report = looked_back(&url, 5, &url).await;
    let finding = certain(&report, Code::CutByAge);
    assert!(finding.evidence.english.contains("in its history"), "{finding:?}");
    assert!((1.8..2.6).contains(&finding.numbers["age_s"]), "{finding:?}");
}

#[tokio::test]
async fn silent_connections_that_nginx_always_cut_are_found() {
    let server = node("server.mjs", &[]).await;
    let proxy = nginx(server.port(), "", "", "proxy_read_timeout 1500ms;").await;
    let url = proxy.url("/?direct&total=0");
    let report = looked_back(&url, 5, &url).await;
    let finding = certain(&report, Code::CutBySilence);
    assert!((1.4..1.9).contains(&finding.numbers["silence_s"]), "{finding:?}");
    assert!(finding.mends.iter().any(|mend| mend.paste.contains("proxy_read_timeout")), "{finding:?}");
}

#[tokio::test]
async fn connections_that_ended_at_no_regular_age_are_not() {
    let restless = Script { each: &[3, 9, 21, 5, 15, 12], ..Script::well() }.start().await;
    let well = Script::well().start().await;
    assert_eq!(codes(&looked_back(&restless.url, 6, &well.url).await), []);
}
