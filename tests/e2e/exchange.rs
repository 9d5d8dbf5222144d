//! Streams that are recorded and served again, and rules that are given away.

use serde_json::Value;
use streambell_tests::program::{Resident, binary, run};
use streambell_tests::{Desktop, Server, eventually};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::{market, profile};

fn lines(output: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_recorded_stream_is_served_again_as_it_was() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let (unused, file, url) = (desktop.path("unused"), desktop.path("r.jsonl"), server.url("/"));
    let file = file.to_str().unwrap();
    let serving = async {
        let mut exchange = server.open().await;
        exchange.event("market-alert", "1", "one").await;
        exchange.send("id: 2\ndata: two\ndata: lines\n\n").await;
        exchange
    };
    let recording = ["tail", url.as_str(), "--json", "--events", "2", "--record", file];
    let (first, _exchange) = tokio::join!(run(&desktop, &unused, &recording), serving);
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    let recorded = lines(&std::fs::read(file).unwrap());
    assert!(recorded.iter().all(|line| line["type"] == "event" && line["at"].as_str().is_some()), "{recorded:?}");
    let again = run(&desktop, &unused, &recording).await;
    assert_eq!(again.status.code(), Some(2), "a recording is not written over: {again:?}");

    let mut replay = desktop.command(binary("streambell"));
    replay.args(["replay", file, "--speed", "1000"]).stdout(std::process::Stdio::piped());
    let mut replay = replay.spawn().unwrap();
    let mut served = String::new();
    BufReader::new(replay.stdout.take().unwrap()).read_line(&mut served).await.unwrap();
    let second = run(&desktop, &unused, &["tail", served.trim(), "--json", "--events", "2"]).await;
    assert_eq!(lines(&first.stdout)[1..], lines(&second.stdout)[1..], "but for the address it was opened at");
    let resumed = ["tail", served.trim(), "--json", "--events", "1", "--last-event-id", "1"];
    let resumed = run(&desktop, &unused, &resumed).await;
    assert_eq!(lines(&resumed.stdout)[1]["data"], "two\nlines");
    let status = run(&desktop, &unused, &["replay", "/nowhere.jsonl"]).await;
    assert_eq!(status.status.code(), Some(1), "{status:?}");
}

#[tokio::test]
async fn rules_that_were_exported_are_in_force_as_soon_as_they_are_imported() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let theirs = profile(&desktop, &market(&server.url("/")));
    let export = run(&desktop, &theirs, &["export", "--rules", "Market alert"]).await;
    assert!(export.status.success(), "{export:?}");
    let file = desktop.path("rules.toml");
    std::fs::write(&file, &export.stdout).unwrap();
    let file = file.to_str().unwrap();

    let mine = desktop.path("mine");
    std::fs::create_dir_all(&mine).unwrap();
    let own = format!("# mine\nversion = 1\n\n[[stream]]\nname = \"market\"\nurl = \"{}\"   # here\n", server.url("/"));
    std::fs::write(mine.join("config.toml"), &own).unwrap();
    let mut resident = Resident::start(&desktop, &mine, &["run", "--headless", "--print=json"]);
    let mut exchange = server.open().await;
    assert_eq!(run(&desktop, &mine, &["import", file]).await.status.code(), Some(2), "nobody can be asked");
    let import = run(&desktop, &mine, &["import", file, "--yes"]).await;
    assert_eq!(String::from_utf8_lossy(&import.stdout), "+ rule \"Market alert\"\n", "{import:?}");
    let text = std::fs::read_to_string(mine.join("config.toml")).unwrap();
    assert!(text.starts_with(&own) && text.contains("[[rule]]"), "{text}");
    let mut number = 0;
    eventually("an alert by the imported rule", async || {
        number += 1;
        exchange.event("market-alert", &number.to_string(), r#"{"symbol":"ACME","message":"m"}"#).await;
        resident.output().contains("ACME moves").then_some(())
    })
    .await;
    let again = run(&desktop, &mine, &["import", file, "--yes"]).await;
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("= rule"), "{again:?}");
    resident.terminate().await;
    assert!(resident.ended().await.success());
}

#[tokio::test]
async fn a_program_is_started_for_an_alert_only_where_the_configuration_allows_it() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let out = desktop.path("out");
    let run_line = format!("run = [\"sh\", \"-c\", \"cat > '{}'\"]\n", out.display());
    let rule = format!("[[rule]]\nname = \"r\"\nevent = \"market-alert\"\n{run_line}");
    let stream = format!("[[stream]]\nname = \"market\"\nurl = \"{}\"\nstore = \"none\"\n", server.url("/"));
    let profile = profile(&desktop, &format!("version = 1\n{stream}{rule}"));
    let check = run(&desktop, &profile, &["check"]).await;
    assert_eq!(check.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&check.stderr).contains("allow_commands = true"), "{check:?}");
    let file = desktop.path("rules.toml");
    std::fs::write(&file, &rule).unwrap();
    std::fs::write(profile.join("config.toml"), format!("version = 1\nallow_commands = true\n{stream}")).unwrap();
    let file = file.to_str().unwrap();
    let refused = run(&desktop, &profile, &["import", file, "--yes"]).await;
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(run(&desktop, &profile, &["import", file, "--yes", "--allow-commands"]).await.status.success());

    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    server.open().await.event("market-alert", "7", "{\"x\":\"$(id)\"}").await;
    let input = eventually("the program's input", async || {
        let text = std::fs::read_to_string(&out).ok()?;
        serde_json::from_str::<Value>(&text).ok()
    })
    .await;
    assert_eq!((&input["id"], &input["data"]), (&Value::from("7"), &Value::from("{\"x\":\"$(id)\"}")));
}
