//! `streambell doctor`, and a diagnosis that the dashboard asks for.

use std::time::Duration;

use serde_json::Value;
use streambell_protocol::{Answer, Call, Client, FindingCode, MoreSecrets, Verdict};
use streambell_tests::program::{binary, run, run_with_input};
use streambell_tests::{Desktop, Resident, Server, Services, eventually};

use crate::profile;

/// Answers each request as an event stream with two events at once and one each 50 ms.
async fn serve(server: &Server, head: &str) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let mut exchange = server.request().await;
        let head = head.to_owned();
        connections.spawn(async move {
            exchange.send(&head).await;
            let after = exchange.header("last-event-id").and_then(|id| id.parse().ok()).unwrap_or(0_u32);
            for number in after + 1.. {
                exchange.send(&format!("id: {number}\ndata: {number}\n\n")).await;
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        });
    }
}

const WELL: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n";
const CACHED: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: public, max-age=60\r\n\r\n";

/// Runs the doctor on a server that answers so; gives status, output and errors.
async fn doctor(head: &str, more: &[&str], input: &str) -> (Option<i32>, String, String) {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let url = server.url("/events?token=s3cret-parameter");
    let unused = desktop.path("unused");
    let mut arguments = vec!["doctor", url.as_str(), "--for", "1500ms"];
    arguments.extend(more);
    tokio::select! {
        output = run_with_input(&desktop, &unused, &arguments, input) => {
            assert!(!unused.exists(), "the doctor needs no profile");
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
            (output.status.code(), text(output.stdout), text(output.stderr))
        }
        () = serve(&server, head) => unreachable!("it serves for ever"),
    }
}

#[tokio::test]
async fn a_finding_ends_with_1_and_is_one_json_object_without_a_secret() {
    let (status, output, errors) = doctor(CACHED, &["--json", "--auth", "bearer"], "s3cret-bearer\n").await;
    assert_eq!(status, Some(1), "{output}{errors}");
    let report: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(report["verdict"], "findings");
    let codes: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["cacheable", "token-in-url"]);
    for key in ["weight", "title", "evidence", "numbers", "certainty", "mends"] {
        assert!(!report["findings"][0][key].is_null(), "{key}");
    }
    assert_eq!((&report["figures"]["ids"], &report["figures"]["resume"]), (&"all".into(), &"works".into()));
    assert!(report["url"].as_str().unwrap().ends_with("token=***"));
    assert!(!format!("{output}{errors}").contains("s3cret"), "{output}{errors}");
}

#[tokio::test]
async fn a_healthy_stream_ends_with_0_and_a_clean_bill() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let url = server.url("/events");
    let unused = desktop.path("unused");
    let arguments = ["doctor", url.as_str(), "--for", "1500ms"];
    let output = tokio::select! {
        output = run(&desktop, &unused, &arguments) => output,
        () = serve(&server, WELL) => unreachable!("it serves for ever"),
    };
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.starts_with("This stream is well."), "{text}");
    assert!(text.contains("200 over HTTP/1.1") && text.contains("it resumes after the last one"), "{text}");
}

#[tokio::test]
async fn nobody_who_answers_ends_with_3_and_a_wrong_option_with_2() {
    let desktop = Desktop::bare();
    let unused = desktop.path("unused");
    let nobody = Server::start().await.refuse();
    let url = format!("http://127.0.0.1:{}/", nobody.port());
    let output = run(&desktop, &unused, &["doctor", &url, "--for", "1s", "--json"]).await;
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["verdict"], &report["findings"][0]["code"]), (&"unreachable".into(), &"unreachable".into()));
    let output = run(&desktop, &unused, &["doctor", &url, "--for", "soon"]).await;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[tokio::test]
async fn a_proxy_of_the_environment_that_is_in_the_way_is_found_and_one_that_is_left_out_is_not() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    // This machine by an address that is not one of its own, so that the environment's proxy is asked.
    let url = format!("http://0.0.0.0:{}/events", server.port());
    let nobody = Server::start().await.refuse();
    let dead = format!("http://127.0.0.1:{}", nobody.port());
    let doctor = async |left_out: &str| {
        let mut command = desktop.command(binary("streambell"));
        command.arg("--profile").arg(desktop.path("unused")).args(["doctor", &url, "--for", "1500ms", "--json"]);
        command.env("HTTP_PROXY", &dead).env("NO_PROXY", left_out);
        let output = command.output().await.unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), report)
    };
    let both = async { (doctor("example.com").await, doctor("example.com,0.0.0.0").await) };
    let ((status, report), (well, other)) = tokio::select! {
        both = both => both,
        () = serve(&server, WELL) => unreachable!("it serves for ever"),
    };
    assert_eq!((status, &report["findings"][0]["code"]), (Some(1), &"proxy".into()), "{report:#}");
    let evidence = report["findings"][0]["evidence"].as_str().unwrap();
    assert!(evidence.contains("HTTP_PROXY") && evidence.contains("Without it: 200"), "{evidence}");
    let paste = report["findings"][0]["mends"][0]["paste"].as_str().unwrap();
    assert_eq!(paste, "export NO_PROXY=\"$NO_PROXY,0.0.0.0\"");
    assert_eq!(well, Some(0), "{other:#}");
}

/// How many connections are cut, each after the same time; those after them stay.
const CUT: usize = 5;
const AGE: Duration = Duration::from_millis(1_500);

async fn cut(server: &Server) {
    let mut connections = tokio::task::JoinSet::new();
    for number in 1.. {
        let mut exchange = server.request().await;
        connections.spawn(async move {
            exchange.send(WELL).await;
            let after = exchange.header("last-event-id").and_then(|id| id.parse().ok()).unwrap_or(0_u32);
            let sending = async {
                for id in after + 1.. {
                    exchange.send(&format!("id: {id}\ndata: {id}\n\n")).await;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            if number <= CUT {
                tokio::time::timeout(AGE, sending).await.ok();
            } else {
                sending.await;
            }
        });
    }
}

#[tokio::test]
async fn what_is_kept_of_a_streams_connections_is_looked_at_by_the_dashboards_diagnosis_and_on_the_command_line() {
    let desktop = Desktop::without_display(Services::None).await;
    let server = Server::start().await;
    let url = server.url("/events");
    let config = format!("version = 1\n[[stream]]\nname = \"market\"\nurl = \"{url}\"\nretry = \"100ms\"\n");
    let profile = profile(&desktop, &config);
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let asks = async {
        let socket = profile.join("control.sock");
        let (client, _pushes) = eventually("a resident", async || Client::connect(&socket).await.ok()).await;
        eventually("the cuts in the history", async || {
            let call = Call::Connections { stream: "market".to_owned(), limit: 50 };
            let Answer::Connections(known) = client.call(call).await.unwrap() else { panic!("no connections") };
            (known.iter().filter(|one| one.end_ms.is_some()).count() == CUT).then_some(())
        })
        .await;
        let Answer::Configuration(configuration) = client.call(Call::Configuration).await.unwrap() else {
            panic!("no configuration")
        };
        let stream = configuration.streams[0].clone().into();
        let original = Some("market".to_owned());
        let call = Call::Diagnose { original, stream, secret: None, secrets: MoreSecrets::default(), seconds: Some(5) };
        let Answer::Diagnosed(report) = client.call(call).await.unwrap() else { panic!("no report") };
        assert_eq!(report.verdict, Verdict::Findings, "{report:#?}");
        let finding = &report.findings[0];
        assert_eq!(finding.code, FindingCode::CutByAge, "{report:#?}");
        assert!(finding.evidence.en.contains("5 connections of those in its history"), "{finding:?}");
        assert!((report.figures.watched_ms, report.figures.connections) == (5_000, 1), "{report:#?}");

        let doctor = async |url: &str| {
            let output = run(&desktop, &profile, &["doctor", url, "--for", "1s", "--json"]).await;
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            (output.status.code(), report)
        };
        // However the address is written; and by the stream's name, with its secrets.
        for known in [url.as_str(), &format!("{url}/?from=here"), "market"] {
            let (status, report) = doctor(known).await;
            assert_eq!((status, &report["findings"][0]["code"]), (Some(1), &"cut-by-age".into()), "{report:#}");
        }
        let output = run(&desktop, &profile, &["doctor", "market", "--http1"]).await;
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let (status, report) = doctor(&format!("{url}/of-no-stream")).await;
        assert_eq!(status, Some(0), "{report:#}");
    };
    tokio::select! {
        () = asks => {}
        () = cut(&server) => unreachable!("it serves for ever"),
    }
}
