//! The command line as scripts rely on it.

use serde_json::Value;
use streambell_tests::program::{binary, run};
use streambell_tests::{Desktop, Resident, Server, eventually};

use crate::{market, profile};

#[tokio::test]
async fn tail_prints_json_lines_and_exits_0_after_so_many_events() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let url = server.url("/events");
    let serving = async {
        let mut exchange = server.open().await;
        exchange.send(": ping\n\n").await;
        exchange.event("market-alert", "42", "one").await;
        exchange.send("data: two\n\n").await;
        exchange
    };
    let unused = desktop.path("unused");
    let arguments = ["tail", url.as_str(), "--json", "--comments", "--events", "2"];
    let (output, _exchange) = tokio::join!(run(&desktop, &unused, &arguments), serving);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["type"], "open");
    assert_eq!((&lines[0]["status"], &lines[0]["http"]), (&Value::from(200), &Value::from("1.1")));
    assert_eq!(lines[1], serde_json::json!({"type":"comment","text":" ping"}));
    assert_eq!(lines[2], serde_json::json!({"type":"event","event":"market-alert","data":"one","id":"42"}));
    assert_eq!(lines[3], serde_json::json!({"type":"event","event":"message","data":"two","id":"42"}));
    assert!(!unused.exists(), "tail needs no profile");
}

#[tokio::test]
async fn tail_ends_with_3_where_the_stream_has_ended_for_good() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let url = server.url("/");
    let unused = desktop.path("unused");
    let arguments = ["tail", url.as_str(), "--json"];
    let (output, ()) = tokio::join!(run(&desktop, &unused, &arguments), async {
        server.request().await.answer(204, &[], "").await;
    });
    assert_eq!(output.status.code(), Some(3));
    let last: Value = serde_json::from_str(String::from_utf8(output.stdout).unwrap().lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["reason"]), (&Value::from("stopped"), &Value::from("no-content")));
}

#[tokio::test]
async fn wrong_usage_ends_with_2_and_nothing_to_talk_to_with_3() {
    let desktop = Desktop::bare();
    let profile = profile(&desktop, "version = 1\n");
    assert_eq!(run(&desktop, &profile, &["--nonsense"]).await.status.code(), Some(2));
    assert_eq!(run(&desktop, &profile, &["tail", "x", "--retry", "soon"]).await.status.code(), Some(2));
    for command in [&["status"][..], &["pause"], &["resume"], &["reconnect"], &["quit"]] {
        let output = run(&desktop, &profile, command).await;
        assert_eq!(output.status.code(), Some(3), "{command:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim().lines().count(), 1, "{output:?}");
    }
    assert_eq!(run(&desktop, &profile, &["doctor", "http://127.0.0.1:1/"]).await.status.code(), Some(1));
}

#[tokio::test]
async fn status_history_pause_reconnect_and_quit_talk_to_the_running_instance() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let mut resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "42", r#"{"symbol":"ACME","message":"m"}"#).await;
    eventually("the event", async || (resident.status(&desktop).await["unread"] == 1).then_some(())).await;

    let status = resident.status(&desktop).await;
    let stream = &status["streams"][0];
    assert_eq!((&stream["name"], &stream["state"]), (&Value::from("market"), &Value::from("open")));
    assert_eq!((&stream["connections"], &stream["events"]), (&Value::from(1), &Value::from(1)));
    assert_eq!(stream["last_event_id"], "42");
    assert!(stream["last_event_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(status["pid"], resident.pid());

    let history = run(&desktop, &profile, &["history", "--json", "--alerts"]).await;
    let line: Value = serde_json::from_slice(&history.stdout).unwrap();
    assert_eq!((&line["event"], &line["id"]), (&Value::from("market-alert"), &Value::from("42")));
    assert_eq!(line["alerts"][0]["title"], "ACME moves");

    assert!(run(&desktop, &profile, &["pause", "30m"]).await.status.success());
    assert!(resident.status(&desktop).await["paused_until"].is_string());
    assert!(run(&desktop, &profile, &["resume"]).await.status.success());
    assert!(resident.status(&desktop).await["paused_until"].is_null());
    assert!(run(&desktop, &profile, &["reconnect", "market"]).await.status.success());
    server.open().await;
    assert_eq!(run(&desktop, &profile, &["reconnect", "nobody"]).await.status.code(), Some(1));
    assert!(run(&desktop, &profile, &["quit"]).await.status.success());
    assert_eq!(resident.ended().await.code(), Some(0));
}

#[tokio::test]
async fn a_second_start_hands_over_to_the_first_and_exits_0() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["--hidden"]);
    resident.status(&desktop).await;
    let second = run(&desktop, &profile, &["--hidden"]).await;
    assert_eq!(second.status.code(), Some(0), "{second:?}");
}

#[tokio::test]
async fn the_resident_links_nothing_of_a_desktop() {
    let desktop = Desktop::bare();
    let output = desktop.command("ldd").arg(binary("streambell")).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines() {
        let known = ["libc.so", "libm.so", "libgcc_s.so", "linux-vdso", "ld-linux"];
        assert!(known.iter().any(|name| line.contains(name)), "streambell links {line}");
    }
}
