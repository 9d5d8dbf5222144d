//! Connections that are cut, and silences that are watched or will be.

use std::time::Duration;

use streambell_engine::auth::Credentials;
use streambell_engine::doctor::{Certainty, Code, LONGEST, Patient, WATCH, diagnose};

use super::delay::balanced;
use super::scripted::Script;
use super::{at, codes, found, watched};
use crate::programs::{apache, java, nginx, node};

#[tokio::test]
async fn silence_for_longer_than_a_timeout_is_near_is_found_and_a_heartbeat_ends_that() {
    let server = node("server.mjs", &[]).await;
    let proxy = nginx(server.port(), "", "", "proxy_read_timeout 1h;").await;
    let beats = Script { event: ":\n\n".to_owned(), pause: Duration::from_secs(10), ..Script::well() }.start().await;
    let watch = Duration::from_secs(32);
    let (silent, well) =
        tokio::join!(watched(at(&proxy.url("/?direct&total=0")), watch), watched(at(&beats.url), watch));
    assert_eq!(codes(&silent), [Code::NoHeartbeat], "{silent:#?}");
    let finding = &silent.findings[0];
    assert!(finding.certainty == Certainty::Likely && finding.numbers["silence_s"] > 30.0, "{finding:?}");
    assert!(finding.mends.iter().any(|mend| !mend.paste.is_empty()), "{finding:?}");
    assert_eq!((codes(&well), well.figures.heartbeat_s), (vec![], Some(10.0)), "{well:#?}");
}

#[tokio::test]
async fn silence_that_nginx_cuts_is_found() {
    let server = node("server.mjs", &[]).await;
    let proxy = nginx(server.port(), "", "", "proxy_read_timeout 1s;").await;
    let report = watched(at(&proxy.url("/?direct&hold=3&total=1000")), Duration::from_secs(8)).await;
    let finding = found(&report, Code::CutBySilence);
    assert!((0.9..1.5).contains(&finding.numbers["silence_s"]), "{finding:?}");
    assert!(finding.mends.iter().any(|mend| mend.paste.contains("proxy_read_timeout")), "{finding:?}");
}

#[tokio::test]
async fn silence_that_apache_and_haproxy_cut_is_found() {
    let server = node("server.mjs", &[]).await;
    let apache = apache(server.port(), "timeout=1 flushpackets=on").await;
    let haproxy = balanced(&server, "timeout server 700ms").await;
    for proxy in [apache, haproxy] {
        let report = watched(at(&proxy.url("/?hold=3&total=1000")), Duration::from_secs(7)).await;
        assert!(codes(&report).contains(&Code::CutBySilence), "{report:#?}");
    }
}

#[tokio::test]
async fn a_server_that_ends_each_answer_at_the_same_age_is_found() {
    let server = Script { each: &[8], ..Script::well() }.start().await;
    let report = watched(at(&server.url), Duration::from_secs(6)).await;
    let finding = found(&report, Code::CutByAge);
    assert!((0.7..1.3).contains(&finding.numbers["age_s"]), "{finding:?}");
}

#[tokio::test]
async fn the_async_timeout_of_spring_is_found_with_what_to_paste() {
    let server = java("systems/StockServer.java", &["timeout=2500"], 0).await;
    let report = watched(at(&server.url("/test/stock")), Duration::from_secs(13)).await;
    let finding = found(&report, Code::CutByAge);
    assert!((2.4..3.2).contains(&finding.numbers["age_s"]), "{finding:?}");
    assert!(finding.mends.iter().any(|mend| mend.paste.contains("new SseEmitter(0L)")), "{finding:?}");
}

/// As after `doctor --for 3m` of what is cut each minute, which is long enough for two cuts.
#[tokio::test]
async fn two_cuts_within_three_times_their_age_are_found_as_what_they_are() {
    let server = node("server.mjs", &[]).await;
    let proxy = nginx(server.port(), "", "", "proxy_read_timeout 1s;").await;
    let aged = Script { each: &[10], ..Script::well() }.start().await;
    let (silent, aged) = tokio::join!(
        watched(at(&proxy.url("/?direct&total=0")), Duration::from_secs(3)),
        watched(at(&aged.url), Duration::from_millis(3_100)),
    );
    assert_eq!((silent.figures.connections, codes(&silent)), (3, vec![Code::CutBySilence]), "{silent:#?}");
    assert_eq!((aged.figures.connections, codes(&aged)), (3, vec![Code::CutByAge]), "{aged:#?}");
    assert!(silent.summary.english.starts_with("Connections are cut when they are silent"), "{}", silent.summary);
}

/// One command and no option, as somebody does who knows nothing: "it drops every minute".
#[tokio::test]
#[ignore = "takes more than a minute; make compat runs it"]
async fn a_silence_that_nginx_cuts_after_its_own_minute_is_found_without_an_option() {
    let server = node("server.mjs", &[]).await;
    let proxy = nginx(server.port(), "", "", "").await;
    let config = at(&proxy.url("/?direct&total=3"));
    let patient =
        Patient { config, credentials: Credentials::default(), watch: WATCH, longest: LONGEST, history: Vec::new() };
    let report = diagnose(patient).await;
    assert_eq!(codes(&report), [Code::CutBySilence], "{report:#?}");
    let finding = &report.findings[0];
    assert_eq!(finding.certainty, Certainty::Likely);
    assert!(finding.evidence.english.contains("default of nginx (proxy_read_timeout)"), "{finding:?}");
    assert!(finding.mends.iter().any(|mend| mend.paste == "proxy_read_timeout 1h;"), "{finding:?}");
}

#[tokio::test]
async fn a_silence_is_watched_until_a_byte_ends_it() {
    let beats = Script { event: ":\n\n".to_owned(), pause: Duration::from_secs(2), ..Script::well() }.start().await;
    let (config, watch) = (at(&beats.url), Duration::from_secs(1));
    let longest = Duration::from_secs(20);
    let patient = Patient { config, credentials: Credentials::default(), watch, longest, history: Vec::new() };
    let report = diagnose(patient).await;
    assert_eq!(codes(&report), []);
    assert!((1_800..5_000).contains(&report.figures.watched_ms), "{report:#?}");
}
