//! `streambell doctor`, and a diagnosis that the dashboard asks for.

use serde_json::Value;
use streambell_tests::program::{run, run_with_input};
use streambell_tests::{Desktop, Server};

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
    let url = format!("http://127.0.0.1:{}/", Server::start().await.refuse());
    let output = run(&desktop, &unused, &["doctor", &url, "--for", "1s", "--json"]).await;
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["verdict"], &report["findings"][0]["code"]), (&"unreachable".into(), &"unreachable".into()));
    let output = run(&desktop, &unused, &["doctor", &url, "--for", "soon"]).await;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
