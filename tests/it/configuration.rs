//! The configuration file while the engine runs.

mod moving;
mod namesake;

use streambell_engine::config::{Auth, SecretSource, StreamConfig};
use streambell_engine::connection::State;
use streambell_engine::consent::NeedsConsent;
use streambell_engine::engine::{EngineError, StreamEdit};
use streambell_tests::Server;

use crate::setup::Rig;

fn text(url: &str) -> String {
    format!("# mine\nversion = 1\n\n[[stream]]\nname = \"one\" # the first\nurl = \"{url}\"\n")
}

#[tokio::test]
async fn a_file_that_is_changed_by_hand_is_in_force_at_once() {
    let (one, two) = (Server::start().await, Server::start().await);
    let rig = Rig::start_with_file(&text(&one.url("/")));
    let mut kept = one.open().await;
    let more = format!("{}\n[[stream]]\nname = \"two\"\nurl = \"{}\"\n", text(&one.url("/")), two.url("/"));
    std::fs::write(rig.config_file(), more).unwrap();
    two.open().await;
    let snapshot = rig.snapshot("two streams", |snapshot| snapshot.streams.len() == 2).await;
    assert_eq!(snapshot.streams[0].connections, 1, "the stream that did not change was left alone");
    kept.event("price-update", "1", "{}").await;
    rig.stored(1).await;
}

#[tokio::test]
async fn a_broken_file_is_explained_and_does_not_replace_the_running_one() {
    let server = Server::start().await;
    let rig = Rig::start_with_file(&text(&server.url("/")));
    let mut exchange = server.open().await;
    std::fs::write(rig.config_file(), "version = 1\n[[stream]\n").unwrap();
    let snapshot = rig.snapshot("trouble", |snapshot| snapshot.configuration_trouble.is_some()).await;
    assert!(snapshot.configuration_trouble.as_ref().unwrap().english.contains("config.toml:2:"), "{snapshot:?}");
    assert!(snapshot.configuration_trouble.as_ref().unwrap().chinese.contains("第 2 行"), "{snapshot:?}");
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    std::fs::write(rig.config_file(), text(&server.url("/"))).unwrap();
    rig.snapshot("no trouble", |snapshot| snapshot.configuration_trouble.is_none()).await;
}

#[tokio::test]
async fn a_stream_is_added_with_its_token_in_the_vault_only() {
    let (one, two) = (Server::start().await, Server::start().await);
    let rig = Rig::start_with_file(&text(&one.url("/")));
    let mut stream = StreamConfig::new("two", &two.url("/"));
    stream.auth = Auth::Bearer { secret: SecretSource::Keyring };
    rig.engine.save_stream(None, stream, Some("s3cret-token".to_owned().into())).await.unwrap();
    assert_eq!(two.open().await.header("authorization"), Some("Bearer s3cret-token"));
    let written = std::fs::read_to_string(rig.config_file()).unwrap();
    assert!(written.starts_with("# mine\n") && written.contains("# the first"), "{written}");
    assert!(!written.contains("s3cret"), "{written}");
}

#[tokio::test]
async fn a_stream_that_is_not_valid_changes_nothing() {
    let server = Server::start().await;
    let rig = Rig::start_with_file(&text(&server.url("/")));
    let before = std::fs::read_to_string(rig.config_file()).unwrap();
    let result = rig.engine.save_stream(None, StreamConfig::new("two", "ftp://example.com/"), None).await;
    assert!(result.unwrap_err().to_string().contains("http"));
    assert_eq!(std::fs::read_to_string(rig.config_file()).unwrap(), before);
}

#[tokio::test]
async fn a_removed_stream_is_closed_and_its_token_deleted() {
    let server = Server::start().await;
    let rig = Rig::start_with_file(&text(&server.url("/")));
    rig.vault.set("one", &"token".to_owned().into()).await.unwrap();
    let mut exchange = server.open().await;
    rig.engine.remove_stream("one".to_owned()).await.unwrap();
    exchange.closed().await;
    rig.snapshot("no stream", |snapshot| snapshot.streams.is_empty()).await;
    assert!(rig.vault.get("one").await.unwrap().is_none());
}

#[tokio::test]
async fn a_renamed_stream_keeps_its_token_and_its_cursor() {
    let server = Server::start().await;
    let with_token = text(&server.url("/")).replace("# the first", "\nauth = { kind = \"bearer\" }");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), &with_token).unwrap();
    let vault = streambell_engine::secrets::Vault::memory();
    vault.set("one", &"token".to_owned().into()).await.unwrap();
    let config = streambell_engine::config::parse(&with_token).unwrap();
    let rig = Rig::start_in(folder, config.clone(), vault, true);
    server.open().await.event("price-update", "41", "{}").await;
    rig.stored(1).await;
    let mut stream = (*config.streams[0]).clone();
    stream.name = "uno".into();
    rig.engine.save_stream(Some("one".to_owned()), stream, None).await.unwrap();
    let exchange = streambell_tests::eventually("the renamed stream", async || {
        let mut exchange = server.request().await;
        exchange.start_events().await;
        let snapshot = rig.engine.snapshots().borrow().clone();
        snapshot.streams.iter().any(|stream| stream.name.as_str() == "uno").then_some(exchange)
    })
    .await;
    assert_eq!(exchange.header("authorization"), Some("Bearer token"));
    assert_eq!(exchange.header("last-event-id"), Some("41"));
}

fn with_secrets(url: &str) -> String {
    format!(
        "{}auth = {{ kind = \"bearer\" }}\nheaders = {{ X-Key = {{ keyring = true }}, X-Desk = \"7\" }}\n",
        text(url)
    )
}

async fn accounts(rig: &Rig) -> Vec<String> {
    rig.vault.list().await.unwrap()
}

#[tokio::test]
async fn the_secrets_of_headers_go_with_the_streams_own() {
    let server = Server::start().await;
    let (folder, text) = (tempfile::tempdir().unwrap(), with_secrets(&server.url("/")));
    std::fs::write(folder.path().join("config.toml"), &text).unwrap();
    let vault = streambell_engine::secrets::Vault::memory();
    for (account, secret) in [("one", "token"), ("one/header/X-Key", "key"), ("one/header/X-Other", "other")] {
        vault.set(account, &secret.to_owned().into()).await.unwrap();
    }
    let rig = Rig::start_in(folder, streambell_engine::config::parse(&text).unwrap(), vault, true);
    // Connected before it is renamed, so that the next request is that of the new name.
    let _first = server.open().await;
    let mut stream = (*rig.engine.config().borrow().streams[0]).clone();
    stream.name = "uno".into();
    rig.engine.save_stream(Some("one".to_owned()), stream.clone(), None).await.unwrap();
    let exchange = server.open().await;
    assert_eq!(exchange.header("x-key"), Some("key"));
    assert_eq!(exchange.header("authorization"), Some("Bearer token"));
    assert_eq!(accounts(&rig).await, ["one/header/X-Other", "uno", "uno/header/X-Key"]);
    rig.engine.remove_stream("uno".to_owned()).await.unwrap();
    assert_eq!(accounts(&rig).await, ["one/header/X-Other"]);
}

#[tokio::test]
async fn a_stored_secret_does_not_follow_a_stream_to_another_server() {
    let (server, other) = (Server::start().await, Server::start().await);
    let with_token = text(&server.url("/")).replace("# the first", "\nauth = { kind = \"bearer\" }");
    let rig = Rig::start_with_file(&with_token);
    rig.vault.set("one", &"token".to_owned().into()).await.unwrap();
    let mut stream = (*rig.engine.config().borrow().streams[0]).clone();
    let save = |stream: &StreamConfig, secret: Option<&str>| {
        let secret = secret.map(|secret| secret.to_owned().into());
        rig.engine.save_stream(Some("one".to_owned()), stream.clone(), secret)
    };
    stream.url = other.url("/");
    let refused = save(&stream, None).await.unwrap_err().to_string();
    assert!(refused.ends_with("the address is another server's: type its token again"), "{refused}");
    assert_eq!(std::fs::read_to_string(rig.config_file()).unwrap(), with_token);
    save(&stream, Some("its own")).await.unwrap();
    assert_eq!(other.open().await.header("authorization"), Some("Bearer its own"));
    // Another path of the same server is a person's to agree to: the server may publish what it gets there.
    stream.url = other.url("/elsewhere");
    let refused = save(&stream, None).await.unwrap_err();
    let EngineError::Consent(NeedsConsent::Question(question)) = refused else { panic!("{refused}") };
    assert!(question.english.contains(&stream.url), "{question}");
    let edit = StreamEdit { agreed: Some(question.english), ..StreamEdit::new(Some("one".to_owned()), stream) };
    rig.engine.edit_stream(edit).await.unwrap();
    assert_eq!(other.open().await.header("authorization"), Some("Bearer its own"));
}

#[tokio::test]
async fn a_trial_says_what_it_found_and_stores_nothing() {
    let server = Server::start().await;
    let rig = Rig::start_with_file("version = 1\n");
    let trying = rig.engine.try_stream(None, StreamConfig::new("new", &server.url("/")), None);
    let serving = async {
        let mut exchange = server.open().await;
        exchange.event("price-update", "1", "{}").await;
        exchange
    };
    let (trial, _exchange) = tokio::join!(trying, serving);
    assert!(trial.ok, "{}", trial.message);
    assert_eq!((trial.status, trial.events), (Some(200), 1));
    assert!(rig.history().is_empty());

    let trying = rig.engine.try_stream(None, StreamConfig::new("new", &server.url("/")), None);
    let serving = async { server.request().await.answer(403, &[], "").await };
    let (trial, ()) = tokio::join!(trying, serving);
    assert!(!trial.ok && trial.message.english.contains("403"), "{}", trial.message);
}

#[tokio::test]
async fn a_stream_that_is_switched_off_is_not_connected() {
    let server = Server::start().await;
    let rig = Rig::start_with_file(&format!("{}enabled = false\n", text(&server.url("/"))));
    rig.snapshot("a stream that is off", |snapshot| {
        snapshot.streams.first().is_some_and(|stream| stream.state == State::Paused)
    })
    .await;
    assert!(server.request_within(std::time::Duration::from_millis(200)).await.is_none());
}
