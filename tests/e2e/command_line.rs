//! The command line as scripts rely on it.

use serde_json::Value;
use streambell_protocol::Presence;
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
async fn a_preset_that_is_pasted_is_a_valid_configuration() {
    let desktop = Desktop::bare();
    let unused = desktop.path("unused");
    let list = run(&desktop, &unused, &["presets", "--json"]).await;
    let keys: Vec<String> = String::from_utf8(list.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["key"].as_str().unwrap().to_owned())
        .collect();
    assert!(keys.contains(&"ntfy".to_owned()), "{keys:?}");
    for key in &keys {
        let pasted = run(&desktop, &unused, &["presets", key, "--name", "mine"]).await;
        let profile = profile(&desktop, &String::from_utf8(pasted.stdout).unwrap());
        let checked = run(&desktop, &profile, &["check"]).await;
        assert_eq!(checked.status.code(), Some(0), "{key}: {checked:?}");
    }
    let typed = run(&desktop, &unused, &["presets", "ntfy", "topic=a b", "--auth", "bearer", "--json"]).await;
    let typed: Value = serde_json::from_slice(&typed.stdout).unwrap();
    assert_eq!(typed["url"], "https://ntfy.sh/a%20b/sse?since=all");
    assert!(typed["toml"].as_str().unwrap().contains("auth = { kind = \"bearer\" }"), "{typed}");
    for wrong in [&["presets", "ntfi"][..], &["presets", "ntfy", "to=x"], &["presets", "ntfy", "--auth", "digest"]] {
        assert_eq!(run(&desktop, &unused, wrong).await.status.code(), Some(2), "{wrong:?}");
    }
    assert!(!unused.exists(), "presets needs no profile");
}

#[tokio::test]
async fn wrong_usage_ends_with_2_and_nothing_to_talk_to_with_3() {
    let desktop = Desktop::bare();
    let profile = profile(&desktop, "version = 1\n");
    assert_eq!(run(&desktop, &profile, &["--nonsense"]).await.status.code(), Some(2));
    for wrong in [
        &["tail", "x", "--retry", "soon"][..],
        // A misspelt one would be gone past, with the secret.
        &["tail", "http://127.0.0.1:1/", "--proxy", "sock5://127.0.0.1:1080"],
        &["history", "--event", "["],
        &["silence", "--rule", "["],
        &["token", "set", ""],
        &["token", "set", "a\nb"],
    ] {
        assert_eq!(run(&desktop, &profile, wrong).await.status.code(), Some(2), "{wrong:?}");
    }
    for command in [&["status"][..], &["pause"], &["resume"], &["reconnect"], &["quit"]] {
        let output = run(&desktop, &profile, command).await;
        assert_eq!(output.status.code(), Some(3), "{command:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim().lines().count(), 1, "{output:?}");
    }
    assert_eq!(run(&desktop, &profile, &["doctor", "http://127.0.0.1:1/"]).await.status.code(), Some(3));
    for typed in ["marke", "file:///etc/hosts"] {
        let output = run(&desktop, &profile, &["doctor", typed]).await;
        assert_eq!(output.status.code(), Some(2), "{typed}: {output:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains(typed), "it may be a secret: {output:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_written_ends_with_1_and_says_why_once() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let url = server.url("/events");
    let profile = profile(&desktop, "version = 1\n");
    let serving = async {
        let mut exchange = server.open().await;
        exchange.event("market-alert", "42", "one").await;
        exchange
    };
    let into_a_full_disk = async |arguments: &[&str]| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = desktop.command(binary("streambell"));
        command.arg("--profile").arg(&profile).args(arguments).stdout(full).stderr(std::process::Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert_eq!(said.matches("standard output cannot be written").count(), 1, "{arguments:?}: {said}");
    };
    for command in [&["presets"][..], &["settings"], &["export"], &["completions", "bash"]] {
        into_a_full_disk(command).await;
    }
    let tail = ["tail", url.as_str(), "--json", "--events", "1"];
    tokio::join!(into_a_full_disk(&tail), serving);
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
    let at = line["at"].as_str().unwrap();
    for (until, told) in [(at, 1), ("1h", 0), ("2020-01-01 09:30", 0)] {
        let history = run(&desktop, &profile, &["history", "--json", "--until", until]).await;
        assert_eq!(String::from_utf8_lossy(&history.stdout).lines().count(), told, "{until}: {history:?}");
    }
    assert_eq!(run(&desktop, &profile, &["history", "--until", "yesterday"]).await.status.code(), Some(2));

    for (words, code, left) in
        [(&["read", "1", "17"][..], 1, 0), (&["read", "1", "--undo"], 0, 1), (&["acknowledge", "1"], 0, 0)]
    {
        let output = run(&desktop, &profile, words).await;
        assert_eq!(output.status.code(), Some(code), "{words:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).contains("there is no alert 17:"), code == 1, "{output:?}");
        eventually(&format!("{left} unread"), async || {
            (resident.status(&desktop).await["unread"] == left).then_some(())
        })
        .await;
    }

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
async fn why_and_rules_test_explain_the_past_without_a_running_instance() {
    let desktop = Desktop::bare();
    let server = Server::start().await;
    let rules = "[[rule]]\nname = \"Fall\"\nevent = \"price\"\nwhen = \"data.change|abs >= 3\"\ntitle = \"{{ data.change }}\"\n";
    let text = format!("version = 1\n[[stream]]\nname = \"market\"\nurl = \"{}\"\n{rules}", server.url("/"));
    let profile = profile(&desktop, &text);
    assert_eq!(run(&desktop, &profile, &["why", "1"]).await.status.code(), Some(1), "there is no history yet");
    let mut resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    exchange.event("price", "1", r#"{"change":-2.1}"#).await;
    exchange.event("price", "2", r#"{"change":-3.5}"#).await;
    eventually("the alert", async || (resident.status(&desktop).await["unread"] == 1).then_some(())).await;
    let awaited = async || {
        let why = run(&desktop, &profile, &["why", "2", "--json"]).await;
        serde_json::from_slice::<Value>(&why.stdout).unwrap()["alerts"][0]["waits_for"].clone()
    };
    eventually("the missing bus", async || (awaited().await == "notification-daemon").then_some(())).await;
    assert!(run(&desktop, &profile, &["quit"]).await.status.success());
    resident.ended().await;
    assert_eq!(awaited().await, "streambell");

    let why = run(&desktop, &profile, &["why", "1"]).await;
    let text = String::from_utf8(why.stdout).unwrap();
    for line in [
        "Fall: does not match",
        "    no  when: data.change|abs >= 3  (2.1)",
        "No rule made an alert of it when it came.",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let why = run(&desktop, &profile, &["why", "2", "--json"]).await;
    let line: Value = serde_json::from_slice(&why.stdout).unwrap();
    let check = serde_json::json!({"condition":"when: data.change|abs >= 3","value":"3.5","holds":true});
    assert_eq!(line["rules"], serde_json::json!([{"rule":"Fall","verdict":"fired","checks":[check]}]));
    assert_eq!((&line["alerts"][0]["title"], &line["seq"]), (&Value::from("-3.5"), &Value::from(2)));
    let missing = run(&desktop, &profile, &["why", "99"]).await;
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no event 99 in the history"), "{missing:?}");
    assert_eq!(run(&desktop, &profile, &["why", "latest"]).await.status.code(), Some(2));

    let lines = async |arguments: &[&str]| -> Vec<Value> {
        let output = run(&desktop, &profile, arguments).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let rehearsed = lines(&["rules", "test", "--since", "1h", "--json"]).await;
    assert_eq!((&rehearsed[0]["type"], &rehearsed[0]["title"]), (&Value::from("notification"), &Value::from("-3.5")));
    assert_eq!(rehearsed[1], serde_json::json!({"type":"summary","events":2,"shown":1,"suppressed":0,"ignored":0}));
    let recording = desktop.path("recording.jsonl");
    let record = |second: u32, change: f64| {
        format!(
            "{{\"at\":\"2026-11-20T09:30:{second:02}.000Z\",\"type\":\"event\",\"event\":\"price\",\"data\":\"{{\\\"change\\\":{change}}}\",\"id\":\"\"}}\n"
        )
    };
    let open = "{\"type\":\"open\",\"status\":200}\n";
    std::fs::write(&recording, format!("{open}{}{}", record(1, 4.5), record(2, 1.5))).unwrap();
    let rehearsed = lines(&["rules", "test", recording.to_str().unwrap(), "--rule", "Fall", "--json"]).await;
    assert_eq!(
        (&rehearsed[0]["at"], &rehearsed[0]["title"]),
        (&Value::from("2026-11-20T09:30:01.000Z"), &Value::from("4.5"))
    );
    assert_eq!(rehearsed.len(), 2);
    let unknown = run(&desktop, &profile, &["rules", "test", "--since", "1h", "--rule", "Nobody"]).await;
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(run(&desktop, &profile, &["rules", "test"]).await.status.code(), Some(2));
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

#[tokio::test]
async fn settings_are_shown_and_changed_by_their_names_in_the_file() {
    let desktop = Desktop::bare();
    let profile = profile(&desktop, "# mine\nversion = 1\n");
    let text = || std::fs::read_to_string(profile.join("config.toml")).unwrap();
    let ask = async |arguments: &[&str]| run(&desktop, &profile, arguments).await;
    let shown = String::from_utf8(ask(&["settings"]).await.stdout).unwrap();
    assert!(shown.starts_with("language = \"system\"\nallow_commands = false\n"), "{shown}");
    for (key, value) in [("allow_commands", "true"), ("notifications.sounds", "false"), ("dashboard.theme", "dark")] {
        let set = ask(&["settings", "set", key, value]).await;
        assert!(set.status.success() && set.stdout.is_empty(), "{set:?}");
    }
    assert_eq!(
        text(),
        "# mine\nversion = 1\nallow_commands = true\n\n[notifications]\nsounds = false\n\n[dashboard]\ntheme = \"dark\"\n"
    );
    let told: Value = serde_json::from_slice(&ask(&["settings", "--json"]).await.stdout).unwrap();
    assert_eq!((&told["allow_commands"], &told["dashboard.theme"]), (&Value::from(true), &Value::from("dark")));
    assert_eq!(told["history.max_events"], Value::from(1_000_000));
    let before = text();
    for arguments in [["settings", "set", "dashboard.them", "dark"], ["settings", "set", "dashboard.theme", "pink"]] {
        let refused = ask(&arguments).await;
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("theme"), "{refused:?}");
    }
    std::fs::write(profile.join("config.toml"), format!("{before}\n[[rule]]\nname = \"R\"\nrun = [\"x\"]\n")).unwrap();
    let refused = ask(&["settings", "set", "allow_commands", "false"]).await;
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the rule \"R\""), "{refused:?}");
}

#[tokio::test]
async fn who_asks_for_a_window_is_told_when_none_can_be_opened_also_where_one_was_waited_for() {
    let desktop = Desktop::bare();
    let profile = profile(&desktop, &market("http://127.0.0.1:9/"));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.status(&desktop).await;
    let window = Presence::hold(&profile.join("control.sock")).unwrap();
    let (one, two) = tokio::join!(run(&desktop, &profile, &["dashboard"]), run(&desktop, &profile, &["dashboard"]));
    drop(window);
    for output in [one, two, run(&desktop, &profile, &["dashboard"]).await] {
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("the dashboard needs a display"), "{output:?}");
    }
}
