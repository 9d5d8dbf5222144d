//! What a page is not told the answer to: a person must agree first, and nothing is read before.

use streambell_protocol::{MoreSecrets, Text};

use super::*;

/// A stream that sends the first line of a file, as text.
fn telling(file: &std::path::Path, url: &str) -> String {
    format!(
        "[[stream]]\nname = \"t\"\nurl = \"{url}\"\nauth = {{ kind = \"bearer\", secret = {{ file = {file:?} }} }}\n"
    )
}

/// Every way to have a stream connect.
fn ways(text: &str) -> Vec<Call> {
    let stream = || streambell_protocol::StreamDraft::Text(text.to_owned());
    let none = MoreSecrets::default;
    vec![
        Call::TestStream { original: None, stream: stream(), secret: None, secrets: none() },
        Call::Diagnose { original: None, stream: stream(), secret: None, secrets: none(), seconds: Some(5) },
        Call::WatchStream { watch: 1, original: None, stream: stream(), secret: None, secrets: none() },
        Call::SaveStream { original: None, stream: stream(), secret: None, secrets: none(), base: None },
        Call::Import { text: text.to_owned(), apply: true },
    ]
}

#[tokio::test]
async fn no_way_to_have_a_stream_connect_reads_a_file_before_a_person_agrees() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    // Whoever reads a pipe waits: a read would not come back.
    let pipe = served.folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for call in ways(&telling(&pipe, "http://127.0.0.1:9/")) {
        let name = call.name();
        let (code, question) = refused(&client, call.clone()).await;
        assert_eq!(code, ErrorCode::Consent, "{name}");
        let wanted =
            format!("The first line of the file {pipe:?} is read and sent to http://127.0.0.1:9/ (GET, bearer).");
        assert_eq!(question, wanted, "{name}");
        let other = Text::plain(wanted.replace(":9/", ":10/"));
        let refusal = client.call_agreed(call, other).await.unwrap_err();
        assert!(matches!(refusal, ClientError::Refused { code: ErrorCode::Consent, .. }), "{name}: {refusal:?}");
    }
    assert_eq!(served.file(), TEXT);
    served.stop().await;
}

#[tokio::test]
async fn what_was_agreed_to_stays_for_the_same_server_and_under_another_name() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let secret = served.folder.path().join("secret");
    std::fs::write(&secret, "s3cret").unwrap();
    let here = telling(&secret, "http://127.0.0.1:9/").replace("[[stream]]", "[[stream]]\nenabled = false");
    let saving = |original: Option<&str>, text: &str| Call::SaveStream {
        original: original.map(str::to_owned),
        stream: streambell_protocol::StreamDraft::Text(text.to_owned()),
        secret: None,
        secrets: MoreSecrets::default(),
        base: None,
    };
    let (_, answer) = agreed(&client, saving(None, &here)).await;
    assert!(matches!(answer, Answer::Edited { .. }), "{answer:?}");
    let renamed = here.replace("\"t\"", "\"u\"").replace("[[stream]]", "[[stream]]\nidle_timeout = \"2m\"");
    client.call(saving(Some("t"), &renamed)).await.unwrap();
    for (from, to) in
        [(":9/", ":10/"), (":9/", ":9/other"), ("enabled = false", "proxy = \"http://127.0.0.1:11\"\nenabled = false")]
    {
        let moved = renamed.replace(from, to);
        assert_eq!(refused(&client, saving(Some("u"), &moved)).await.0, ErrorCode::Consent, "{to}");
    }
    client.call(Call::RemoveStream { name: "u".to_owned() }).await.unwrap();
    assert_eq!(refused(&client, saving(None, &here)).await.0, ErrorCode::Consent, "it is not used any more");
    served.stop().await;
}

#[tokio::test]
async fn programs_are_allowed_only_where_a_person_agrees_and_forbidden_by_anybody_while_nothing_needs_them() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let switch = |on: bool| Call::SaveSettings {
        change: SettingsChange { allow_commands: Some(on), ..SettingsChange::default() },
    };
    assert_eq!(refused(&client, switch(true)).await.0, ErrorCode::Consent);
    assert_eq!(served.file(), TEXT);
    let (question, _) = agreed(&client, switch(true)).await;
    assert!(question.starts_with("Rules and streams may start programs of this computer"), "{question}");
    assert_eq!(served.file(), TEXT.replace("version = 1\n", "version = 1\nallow_commands = true\n"));
    let draft = RuleDraft::Text("[[rule]]\nname = \"R\"\nrun = [\"x\"]\n".to_owned());
    agreed(&client, Call::SaveRule { original: None, base: None, draft }).await;
    let (code, said) = refused(&client, switch(false)).await;
    assert_eq!(code, ErrorCode::Invalid);
    assert!(said.contains("the rule \"R\""), "{said}");
    edited(&client, Call::RemoveRule { name: "R".to_owned() }).await;
    edited(&client, switch(false)).await;
    assert!(served.file().contains("allow_commands = false"), "{}", served.file());
    served.stop().await;
}

#[tokio::test]
async fn a_rule_starts_a_program_for_a_page_only_where_a_person_agrees() {
    let text = TEXT.replace("version = 1\n", "version = 1\nallow_commands = true\n");
    let served = Served::written(&text, Vec::new());
    let (client, _pushes) = served.client().await;
    let running = |name: &str| Call::SaveRule {
        original: None,
        base: None,
        draft: RuleDraft::Text(format!("[[rule]]\nname = \"{name}\"\nrun = [\"sh\", \"-c\", \"x\"]\n")),
    };
    assert_eq!(refused(&client, running("R")).await.0, ErrorCode::Consent);
    assert_eq!(served.file(), text);
    let (question, _) = agreed(&client, running("R")).await;
    assert_eq!(question, "The rule \"R\" starts the program \"sh\" \"-c\" \"x\".");
    let enable = |enabled| Call::EnableRule { name: "R".to_owned(), enabled };
    edited(&client, enable(false)).await;
    let (again, _) = agreed(&client, enable(true)).await;
    assert_eq!(again, question);
    served.stop().await;
}

#[tokio::test]
async fn what_was_agreed_to_for_one_call_serves_no_other_that_starts_or_reaches_something() {
    let text = TEXT.replace("version = 1\n", "version = 1\nallow_commands = true\n")
        + "[[rule]]\nname = \"Off\"\nenabled = false\nrun = [\"off\"]\n";
    let served = Served::written(&text, Vec::new());
    let (client, _pushes) = served.client().await;
    let rule = |word: &str| format!("[[rule]]\nname = \"New\"\nrun = [\"{word}\"]\n");
    let saved = |word: &str| Call::SaveRule { original: None, base: None, draft: RuleDraft::Text(rule(word)) };
    let imported = |text: String| Call::Import { text, apply: true };
    let socket = "[[stream]]\nname = \"b\"\nurl = \"https://h/\"\nunix_socket = \"/run/x\"\n";
    let calls = [
        saved("a"),
        saved("b"),
        Call::EnableRule { name: "Off".to_owned(), enabled: true },
        imported(rule("c")),
        imported(socket.to_owned()),
    ];
    let mut questions = Vec::new();
    for call in &calls {
        let (code, question) = refused(&client, call.clone()).await;
        assert_eq!(code, ErrorCode::Consent, "{question}");
        questions.push(question);
    }
    for (at, call) in calls.iter().enumerate() {
        for (asked, question) in questions.iter().enumerate().filter(|(asked, _)| *asked != at) {
            let refusal = client.call_agreed(call.clone(), Text::plain(question)).await;
            let is_asked = matches!(refusal, Err(ClientError::Refused { code: ErrorCode::Consent, .. }));
            assert!(is_asked, "{at} with what was read of {asked}: {refusal:?}");
        }
    }
    assert_eq!(served.file(), text);
    for (call, question) in calls.into_iter().zip(questions).skip(2) {
        client.call_agreed(call, Text::plain(question)).await.unwrap();
    }
    served.stop().await;
}

#[tokio::test]
async fn programs_are_allowed_in_a_file_that_is_not_in_force_for_want_of_that() {
    let text = TEXT.replace("# loud\n[[rule]]\n", "# loud\n[[rule]]\nrun = [\"x\"]\n");
    // As it is written into the file of a running instance, and as an instance starts with it.
    for before in [TEXT, ""] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), if before.is_empty() { &text } else { before }).unwrap();
        let served = Served::start_in(folder, config::parse(before).unwrap(), |_| {});
        let (client, _pushes) = served.client().await;
        served.vault.set("market", &"s3cret".to_owned().into()).await.unwrap();
        std::fs::write(served.folder.path().join("config.toml"), &text).unwrap();
        let allow = SettingsChange { allow_commands: Some(true), ..SettingsChange::default() };
        let (question, _) = agreed(&client, Call::SaveSettings { change: allow }).await;
        assert!(question.starts_with("Rules and streams may start programs of this computer"), "{question}");
        assert_eq!(question.lines().count(), 1, "not about what a person wrote into the file: {question}");
        assert_eq!(served.file(), text.replace("version = 1\n", "version = 1\nallow_commands = true\n"));
        let told = configuration(&client).await;
        assert!(told.settings.allow_commands && told.rules.len() == 2, "it is in force: {told:?}");
        served.stop().await;
    }
}
