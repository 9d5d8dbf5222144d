//! Streams, by form and by text, with the secrets that go with them.

use streambell_engine::config::edit::stream_texts;
use streambell_protocol::{MoreSecrets, SecretPlace, SecretSource, SecretText, StreamDraft, StreamTextView};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

/// Saves a stream; `original` is the one it changes.
fn save(original: Option<&str>, stream: impl Into<StreamDraft>) -> Call {
    Call::SaveStream {
        original: original.map(str::to_owned),
        stream: stream.into(),
        secret: None,
        secrets: MoreSecrets::default(),
        base: None,
    }
}

fn with_secret(call: Call, text: &str) -> Call {
    let Call::SaveStream { original, stream, secrets, base, .. } = call else { panic!("another call") };
    let secret = Some(SecretText::new(text.to_owned()));
    Call::SaveStream { original, stream, secret, secrets, base }
}

fn trial(original: Option<&str>, stream: impl Into<StreamDraft>) -> Call {
    let original = original.map(str::to_owned);
    Call::TestStream { original, stream: stream.into(), secret: None, secrets: MoreSecrets::default() }
}

fn written(text: &str) -> StreamDraft {
    StreamDraft::Text(text.to_owned())
}

async fn told(client: &Client, original: Option<&str>, stream: impl Into<StreamDraft>) -> StreamTextView {
    let call = Call::StreamText { original: original.map(str::to_owned), stream: stream.into() };
    let Answer::StreamText(told) = client.call(call).await.unwrap() else { panic!("another answer") };
    *told
}

async fn market(client: &Client) -> StreamForm {
    configuration(client).await.streams.swap_remove(0)
}

#[tokio::test]
async fn a_stream_goes_from_form_to_text_and_back_and_keeps_comments_and_what_no_field_shows() {
    let text = TEXT.replace("auth =", "end_on = \"bye\"   # for good\nauth =");
    let served = Served::written(&text, Vec::new());
    let (client, _pushes) = served.client().await;
    let view = told(&client, Some("market"), market(&client).await).await;
    let base = stream_texts(&text).unwrap().swap_remove(0);
    assert_eq!((view.text.as_str(), view.base.as_deref()), (base.as_str(), Some(base.as_str())));
    let by_hand = format!("{base}ignore = \"ping\"   # heartbeats\n");
    let view = told(&client, Some("market"), written(&by_hand)).await;
    assert_eq!(view.faults, []);
    let mut form = *view.form.unwrap();
    form.store = streambell_protocol::StoreForm::Alerts;
    assert_eq!(told(&client, Some("market"), form.clone()).await.text, format!("{by_hand}store = \"alerts\"\n"));
    client.call(save(Some("market"), form)).await.unwrap();
    assert_eq!(served.file(), text.replace(&base, &format!("{by_hand}store = \"alerts\"\n")));
    served.stop().await;
}

#[tokio::test]
async fn faults_of_a_stream_have_their_place_and_nothing_of_it_is_saved() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    for (text, line, field, words) in [
        ("[[stream]]\nname = \"n\"\nurl = \"https://a/\"\nmax_event = \"9\"", 4, Some("max_event"), "must be"),
        ("[[stream]]\nname = \"n\"", 1, Some("url"), "needs url"),
        ("[[stream]]\nname = \"market\"\nurl = \"https://a/\"", 2, Some("name"), "another stream"),
        ("version = 1\n[[stream]]\nname = \"n\"\nurl = \"https://a/\"", 1, None, "only one [[stream]]"),
        ("[[stream]]\nname = \"n\"\nurl = \"https://a/\"\n[[rule]]\nname = \"r\"", 4, None, "only one [[stream]]"),
        ("name = \"n\"", 1, None, ""),
        (
            "[[stream]]\nname = \"n\"\nurl = \"https://a/\"\nheaders = { X = { command = [\"x\"] } }",
            4,
            Some("headers"),
            "allow_commands = true",
        ),
        (
            "[[stream]]\nname = \"n\"\nurl = \"https://a/\"\nauth = { kind = \"bearer\", token = \"s3cret\" }",
            4,
            Some("auth"),
            "no secret is written",
        ),
    ] {
        let view = told(&client, None, written(text)).await;
        let fault = &view.faults[0];
        assert_eq!((fault.line, fault.field.as_deref(), view.form), (line, field, None), "{text}: {fault:?}");
        assert!(fault.message.en.contains(words), "{text}: {fault:?}");
        assert!(fault.message.zh.contains(|one| ('一'..='龥').contains(&one)), "{text}: {fault:?}");
        assert_eq!(refused(&client, save(None, written(text))).await.0, ErrorCode::Invalid, "{text}");
    }
    assert_eq!(served.file(), TEXT);
    served.stop().await;
}

#[tokio::test]
async fn a_program_that_tells_a_secret_stays_and_is_named_by_a_page_only_where_programs_are_allowed() {
    let program = "{ kind = \"bearer\", secret = { command = [\"pass\", \"show\"] } }";
    let text = TEXT.replace("{ kind = \"bearer\" }", program);
    let served = Served::written(&text, Vec::new());
    let (client, _pushes) = served.client().await;
    let base = stream_texts(&text).unwrap().swap_remove(0);
    let kept = base.replace("enabled = false", "enabled = false\nstrict = true");
    client.call(save(Some("market"), written(&kept))).await.unwrap();
    let other = kept.replace("\"show\"", "\"other\"");
    assert!(refused(&client, save(Some("market"), written(&other))).await.1.contains("allow_commands = true"));
    let mut form = market(&client).await;
    assert_eq!((form.auth.source, form.auth.place.as_str()), (SecretSource::Command, "pass\nshow"));
    form.auth.place = "rm\n-r".to_owned();
    assert!(refused(&client, save(Some("market"), form.clone())).await.1.contains("in the settings"));
    std::fs::write(served.folder.path().join("config.toml"), format!("allow_commands = true\n{text}")).unwrap();
    served.engine.reload().await;
    served.engine.config().wait_for(|config| config.allow_commands).await.unwrap();
    let (question, _) = agreed(&client, save(Some("market"), written(&other))).await;
    assert!(question.starts_with("The program \"pass\" \"other\" is started"), "{question}");
    let (question, _) = agreed(&client, save(Some("market"), form)).await;
    assert!(question.starts_with("The program \"rm\" \"-r\" is started"), "{question}");
    served.stop().await;
}

#[tokio::test]
async fn what_a_person_typed_for_a_header_and_others_goes_into_the_keyring_and_nowhere_else() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let mut form = market(&client).await;
    let keyring = || SecretPlace { source: SecretSource::Keyring, place: String::new() };
    let env = SecretPlace { source: SecretSource::Env, place: "KEY".to_owned() };
    form.secret_headers = vec![("X-Key".to_owned(), keyring()), ("X-Other".to_owned(), env)];
    form.connection.client_cert = "/c.p12".to_owned();
    form.connection.client_cert_password = Some(keyring());
    let typed = |header: &str| MoreSecrets {
        headers: vec![(header.to_owned(), SecretText::new("of-header".to_owned()))],
        client_cert: Some(SecretText::new("of-cert".to_owned())),
        ..MoreSecrets::default()
    };
    let saving = |header: &str| Call::SaveStream {
        original: Some("market".to_owned()),
        stream: form.clone().into(),
        secret: None,
        secrets: typed(header),
        base: None,
    };
    assert!(refused(&client, saving("X-Other")).await.1.contains("X-Other"), "its value is a variable's");
    let (question, _) = agreed(&client, saving("X-Key")).await;
    assert_eq!(
        question,
        "The environment variable \"KEY\" is read and sent to http://127.0.0.1:9/ (GET, header \"X-Other\").\n\
         The key in the file \"/c.p12\" signs in to http://127.0.0.1:9."
    );
    for account in ["market/header/X-Key", "market/secret/client-cert"] {
        assert!(served.vault.get(account).await.unwrap().is_some(), "{account}");
    }
    let file = served.file();
    assert!(file.contains("headers = { X-Key = { keyring = true }, X-Other = { env = \"KEY\" } }"), "{file}");
    assert!(!file.contains("of-header") && !file.contains("of-cert"), "{file}");
    assert_eq!(market(&client).await, form);
    served.stop().await;
}

#[tokio::test]
async fn what_the_keyring_holds_of_a_stream_that_is_gone_is_used_only_where_a_person_wants_it() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("old", &"left".to_owned().into()).await.unwrap();
    let new = StreamForm { name: "old".to_owned(), enabled: false, ..market(&client).await };
    assert_eq!(refused(&client, save(None, new.clone())).await.0, ErrorCode::Consent);
    assert_eq!(served.file(), TEXT);
    let mut none = new.clone();
    none.auth.kind = streambell_protocol::AuthKind::None;
    client.call(save(None, none)).await.unwrap();
    assert_eq!(refused(&client, save(Some("old"), new.clone())).await.0, ErrorCode::Consent, "nor later");
    client.call(with_secret(save(Some("old"), new.clone()), "own")).await.unwrap();
    client.call(save(Some("old"), new.clone())).await.unwrap();
    served.vault.set("other", &"left".to_owned().into()).await.unwrap();
    let (question, _) = agreed(&client, save(None, StreamForm { name: "other".to_owned(), ..new })).await;
    assert!(
        question.contains("left in the keyring as \"other\"") && question.contains("http://127.0.0.1:9"),
        "{question}"
    );
    served.stop().await;
}

#[tokio::test]
async fn what_the_keyring_holds_under_a_new_name_is_not_that_of_the_stream_which_gets_it() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("old", &"left".to_owned().into()).await.unwrap();
    let renamed = StreamForm { name: "old".to_owned(), ..market(&client).await };
    assert_eq!(refused(&client, save(Some("market"), renamed.clone())).await.0, ErrorCode::Consent);
    served.vault.set("market", &"own".to_owned().into()).await.unwrap();
    client.call(save(Some("market"), renamed)).await.unwrap();
    let held = served.vault.get("old").await.unwrap().unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&held), "own");
    served.stop().await;
}

#[tokio::test]
async fn a_saved_stream_is_taken_back_with_the_secret_it_had_and_the_one_renewed_under_another_name() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let held = async |account: &str| {
        let held = served.vault.get(account).await.unwrap();
        held.map(|secret| secrecy::ExposeSecret::expose_secret(&secret).to_owned())
    };
    let own = Some("own".to_owned());
    served.vault.set("market", &"own".to_owned().into()).await.unwrap();
    let undo = edited(&client, with_secret(save(Some("market"), market(&client).await), "typed")).await;
    assert_eq!(held("market").await.as_deref(), Some("typed"));
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!((held("market").await, served.file().as_str()), (own.clone(), TEXT));
    let renamed = StreamForm { name: "bourse".to_owned(), ..market(&client).await };
    let undo = edited(&client, save(Some("market"), renamed)).await;
    assert_eq!((held("market").await, held("bourse").await), (None, own));
    served.vault.set("bourse", &"renewed".to_owned().into()).await.unwrap();
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!((held("market").await.as_deref(), held("bourse").await), (Some("renewed"), None));
    assert_eq!(served.file(), TEXT);
    served.stop().await;
}

#[tokio::test]
async fn what_the_keyring_holds_is_sent_to_another_path_only_where_a_person_agrees() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("market", &"own".to_owned().into()).await.unwrap();
    let moved = StreamForm { url: "http://127.0.0.1:9/evil".to_owned(), ..market(&client).await };
    for call in [trial(Some("market"), moved.clone()), save(Some("market"), moved.clone())] {
        assert_eq!(refused(&client, call).await.0, ErrorCode::Consent);
    }
    assert_eq!(served.file(), TEXT);
    let (question, _) = agreed(&client, save(Some("market"), moved.clone())).await;
    let wanted = "The secret that the keyring holds for \"market\" is sent to http://127.0.0.1:9/evil (GET, bearer).";
    assert_eq!(question, wanted);
    client.call(save(Some("market"), moved)).await.unwrap();
    served.stop().await;
}

#[tokio::test]
async fn a_token_that_is_not_used_any_more_waits_for_no_other_server() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let bearer = market(&client).await;
    client.call(with_secret(save(Some("market"), bearer.clone()), "own")).await.unwrap();
    let mut none = StreamForm { url: "http://127.0.0.1:10/".to_owned(), ..bearer };
    none.auth.kind = streambell_protocol::AuthKind::None;
    client.call(save(Some("market"), none)).await.unwrap();
    assert!(served.vault.get("market").await.unwrap().is_none());
    served.stop().await;
}

#[tokio::test]
async fn a_trial_uses_of_the_keyring_only_what_its_stream_uses() {
    let text = TEXT.replace("{ kind = \"bearer\" }", "{ kind = \"none\" }");
    let served = Served::written(&text, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("market", &"left".to_owned().into()).await.unwrap();
    let mut bearer = market(&client).await;
    bearer.auth.kind = streambell_protocol::AuthKind::Bearer;
    let Answer::Tested(report) = client.call(trial(Some("market"), bearer)).await.unwrap() else { panic!() };
    assert!(!report.ok && report.message.en.contains("no secret is stored"), "{report:?}");
    served.stop().await;
}

#[tokio::test]
async fn a_stream_that_was_changed_by_hand_meanwhile_is_not_written_over() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let base = stream_texts(TEXT).unwrap().swap_remove(0);
    let Call::SaveStream { original, stream, secret, secrets, .. } =
        save(Some("market"), written(&base.replace("false", "true")))
    else {
        panic!()
    };
    let by_hand = TEXT.replace("enabled = false", "enabled = false   # for now");
    std::fs::write(served.folder.path().join("config.toml"), &by_hand).unwrap();
    let call = Call::SaveStream { original, stream, secret, secrets, base: Some(base) };
    assert_eq!(refused(&client, call).await.0, ErrorCode::Conflict);
    assert_eq!(served.file(), by_hand);
    served.stop().await;
}

#[tokio::test]
async fn what_could_not_be_saved_is_not_tried_either() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let form = market(&client).await;
    let mut small = form.clone();
    small.request.max_event = 5;
    let mut method = form.clone();
    method.request.method = "A B".to_owned();
    let unnamed = StreamForm { name: String::new(), url: "http://".to_owned(), ..form };
    for (original, form, words) in
        [(Some("market"), small, "max_event: must be"), (Some("market"), method, "method"), (None, unnamed, "url: ")]
    {
        let (code, message) = refused(&client, trial(original, form)).await;
        assert_eq!(code, ErrorCode::Invalid);
        assert!(message.contains(words), "{message}");
    }
    served.stop().await;
}

#[tokio::test]
async fn what_is_refused_of_a_form_is_told_with_the_key_that_it_is_about() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let mut form = market(&client).await;
    form.request.proxy = "nonsense".to_owned();
    for original in [Some("market"), None] {
        form.name = original.unwrap_or("other").to_owned();
        let refused = client.call(save(original, form.clone())).await.unwrap_err();
        assert!(matches!(refused, ClientError::Refused { code: ErrorCode::Invalid, .. }), "{refused}");
        let view = told(&client, original, form.clone()).await;
        let fields: Vec<_> = view.faults.iter().map(|fault| fault.field.as_deref()).collect();
        assert_eq!(fields, [Some("proxy")], "{:?}", view.faults);
    }
    let mut form = market(&client).await;
    form.secret_headers =
        vec![("X-Key".to_owned(), SecretPlace { source: SecretSource::Command, place: "rm".to_owned() })];
    let view = told(&client, Some("market"), form).await;
    assert_eq!(
        (view.text.as_str(), view.faults[0].field.as_deref()),
        ("", Some("headers")),
        "it cannot be written down"
    );
    served.stop().await;
}

/// A server that lets nobody in. Gives its address, and with what each came.
async fn bouncer() -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (came, with) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut said = vec![0; 8 << 10];
            let length = stream.read(&mut said).await.unwrap_or(0);
            let said = String::from_utf8_lossy(&said[..length]);
            came.send(said.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or("").to_owned()).ok();
            let answer = b"HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            drop(stream.write_all(answer).await);
        }
    });
    (url, with)
}

#[tokio::test]
async fn a_token_that_is_taken_back_is_used_no_more() {
    let (url, mut with) = bouncer().await;
    let text = TEXT.replace("http://127.0.0.1:9/", &url);
    let served = Served::written(&text, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("market", &"own".to_owned().into()).await.unwrap();
    let text = text.replace("enabled = false\n", "");
    std::fs::write(served.folder.path().join("config.toml"), &text).unwrap();
    served.engine.reload().await;
    let mut see = async |wanted: &str| {
        let came = async { while with.recv().await.unwrap() != wanted {} };
        tokio::time::timeout(Duration::from_secs(30), came).await.unwrap_or_else(|_| panic!("not with {wanted}"));
    };
    see("Bearer own").await;
    let undo = edited(&client, with_secret(save(Some("market"), market(&client).await), "typed")).await;
    assert_eq!(served.file(), text, "only the secret is another one");
    see("Bearer typed").await;
    edited(&client, Call::Undo { edit: undo }).await;
    see("Bearer own").await;
    served.stop().await;
}
