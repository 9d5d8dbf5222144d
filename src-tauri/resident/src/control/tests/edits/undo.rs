//! What is taken back, and what a person must agree to then.

use streambell_protocol::{MoreSecrets, SecretText, StreamDraft, ThemeForm};

use super::*;

fn settings(change: SettingsChange) -> Call {
    Call::SaveSettings { change }
}

fn look() -> Call {
    settings(SettingsChange { theme: Some(ThemeForm::Dark), ..SettingsChange::default() })
}

#[tokio::test]
async fn what_a_person_forbade_or_removed_comes_back_only_where_they_agree() {
    let rule = "[[rule]]\nname = \"R\"\nrun = [\"x\"]\n";
    let file = "[[stream]]\nname = \"t\"\nurl = \"http://127.0.0.1:9/\"\nenabled = false\n\
                auth = { kind = \"bearer\", secret = { file = \"/nowhere\" } }\n";
    let text = format!("{}\n{file}", TEXT.replace("version = 1\n", "version = 1\nallow_commands = true\n"));
    let forbid = settings(SettingsChange { allow_commands: Some(false), ..SettingsChange::default() });
    let removed = |name: &str| Call::RemoveRule { name: name.to_owned() };
    let told = "The first line of the file \"/nowhere\" is read and sent to http://127.0.0.1:9/ (GET, bearer).";
    for (text, call, question) in [
        (text.clone(), forbid, "Rules and streams may start programs"),
        (format!("{text}{rule}"), removed("R"), "The rule \"R\" starts the program \"x\"."),
        (text, Call::RemoveStream { name: "t".to_owned() }, told),
    ] {
        let served = Served::written(&text, Vec::new());
        let (client, _pushes) = served.client().await;
        let undo = edited(&client, call).await;
        let without = served.file();
        assert_eq!(refused(&client, Call::Undo { edit: undo }).await.0, ErrorCode::Consent, "{question}");
        assert_eq!(served.file(), without, "{question}");
        let (asked, _) = agreed(&client, Call::Undo { edit: undo }).await;
        assert!(asked.starts_with(question), "{asked}");
        assert_eq!(served.file(), text);
        served.stop().await;
    }
}

#[tokio::test]
async fn a_token_goes_back_to_where_it_went_only_where_a_person_agrees_and_one_that_was_replaced_without() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("market", &"s3cret".to_owned().into()).await.unwrap();
    let elsewhere = |name: &str, secret: Option<SecretText>| Call::SaveStream {
        original: Some("market".to_owned()),
        stream: StreamDraft::Text(format!(
            "[[stream]]\nname = \"{name}\"\nurl = \"http://127.0.0.1:9/other\"\nenabled = false\nauth = {{ kind = \"bearer\" }}\n"
        )),
        secret,
        secrets: MoreSecrets::default(),
        base: None,
    };
    for name in ["market", "bazaar"] {
        let (_, answer) = agreed(&client, elsewhere(name, None)).await;
        let Answer::Edited { undo } = answer else { panic!("{answer:?}") };
        let (question, _) = agreed(&client, Call::Undo { edit: undo }).await;
        let wanted = "The secret that the keyring holds for \"market\" is sent to http://127.0.0.1:9/ (GET, bearer).";
        assert_eq!(question, wanted, "{name}");
        assert_eq!(served.file(), TEXT, "{name}");
    }
    let undo = edited(&client, elsewhere("market", Some(SecretText::new("typed".to_owned())))).await;
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!(served.file(), TEXT);
    served.stop().await;
}

#[tokio::test]
async fn what_the_window_looks_like_is_not_in_the_way_of_taking_back_what_matters() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("market", &"s3cret".to_owned().into()).await.unwrap();
    let undo = edited(&client, Call::RemoveStream { name: "market".to_owned() }).await;
    let nothing = edited(&client, look()).await;
    assert!(served.file().ends_with("[dashboard]\ntheme = \"dark\"\n"), "{}", served.file());
    let same = Call::EnableRule { name: "All".to_owned(), enabled: true };
    assert_eq!((nothing, edited(&client, same).await), (0, 0));
    let (code, said) = refused(&client, Call::Undo { edit: nothing }).await;
    assert_eq!((code, said.as_str()), (ErrorCode::NotFound, "there is nothing to take back"));
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!(served.file(), format!("{TEXT}\n[dashboard]\ntheme = \"dark\"\n"));
    assert!(served.vault.get("market").await.unwrap().is_some());
    served.stop().await;
}

#[tokio::test]
async fn a_stream_that_was_renamed_is_so_once_and_not_again_with_each_look() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let renamed = StreamForm { name: "bazaar".to_owned(), ..configuration(&client).await.streams.remove(0) };
    let save = Call::SaveStream {
        original: Some("market".to_owned()),
        stream: StreamDraft::Form(Box::new(renamed)),
        secret: None,
        secrets: MoreSecrets::default(),
        base: None,
    };
    let undo = edited(&client, save).await;
    edited(&client, look()).await;
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!(configuration(&client).await.streams[0].name, "market");
    served.stop().await;
}

#[tokio::test]
async fn a_stream_that_was_added_with_forty_rules_is_taken_back_whole() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let text = "[[stream]]\nname = \"new\"\nurl = \"http://127.0.0.1:9/\"\nenabled = false\n";
    let mut calls = vec![Call::SaveStream {
        original: None,
        stream: StreamDraft::Text(text.to_owned()),
        secret: None,
        secrets: MoreSecrets::default(),
        base: None,
    }];
    calls.extend((0..40).map(|number| Call::SaveRule {
        original: None,
        base: None,
        draft: RuleDraft::Text(format!("[[rule]]\nname = \"R{number}\"\nstream = \"new\"\n")),
    }));
    let rules = configuration(&client).await.rules.len();
    let mut edits = Vec::new();
    for call in calls {
        edits.push(edited(&client, call).await);
    }
    assert_eq!(configuration(&client).await.rules.len(), rules + 40);
    for edit in edits.into_iter().rev() {
        edited(&client, Call::Undo { edit }).await;
    }
    assert_eq!(served.file(), TEXT);
    served.stop().await;
}
