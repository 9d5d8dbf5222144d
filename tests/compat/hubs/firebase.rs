//! Firebase Realtime Database: a redirect to the machine with the data, and what the server says of access in events.
//! <https://firebase.google.com/docs/reference/rest/database#section-streaming>

use streambell_engine::config::{Config, Redirects};
use streambell_engine::connection::{EndReason, State};
use streambell_tests::{Exchange, Rig, Server};

use super::{change, data, filled, parameter, rests, rig};

/// The database's own address, and where its data are: another origin, `localhost`.
async fn database(trusted: bool) -> (Server, Server, Config) {
    let (front, machine) = (Server::start().await, Server::start().await);
    let mut config = filled("firebase", &front, &[("path", "messages")], None);
    if trusted {
        change(&mut config, |stream| stream.redirects = Redirects::Trust(vec!["localhost".to_owned()]));
    }
    (front, machine, config)
}

/// Leads the next request to the machine.
async fn led(front: &Server, machine: &Server) -> Exchange {
    let request = front.request().await;
    assert_eq!(parameter(&request.path, "auth").as_deref(), Some("s3cret"));
    let location = format!("http://localhost:{}/messages.json?ns=my-project", machine.port());
    request.answer(307, &[("Location", &location)], "").await;
    machine.open().await
}

#[tokio::test]
async fn the_token_follows_to_a_machine_that_is_trusted_and_to_no_other() {
    for trusted in [true, false] {
        let (front, machine, config) = database(trusted).await;
        let _rig = rig(config).await;
        let connection = led(&front, &machine).await;
        assert_eq!(parameter(&connection.path, "ns").as_deref(), Some("my-project"));
        assert_eq!(parameter(&connection.path, "auth").is_some(), trusted, "{}", connection.path);
    }
}

async fn open() -> (Server, Server, Rig, Exchange) {
    let (front, machine, config) = database(true).await;
    let rig = rig(config).await;
    let connection = led(&front, &machine).await;
    (front, machine, rig, connection)
}

#[tokio::test]
async fn changes_are_shown_and_what_was_there_before_is_not() {
    let (_front, _machine, rig, mut connection) = open().await;
    connection.send("event: put\ndata: {\"path\":\"/\",\"data\":{\"a\":1}}\n\n").await;
    connection.send("event: keep-alive\ndata: null\n\n").await;
    connection.send("event: put\ndata: {\"path\":\"/b\",\"data\":{\"x\":2}}\n\n").await;
    connection.send("event: patch\ndata: {\"path\":\"/b\",\"data\":{\"y\":3}}\n\n").await;
    assert_eq!(data(&rig.stored(3).await)[0], r#"{"path":"/","data":{"a":1}}"#);
    let shown = rig.host.wait_for(2).await;
    let told: Vec<_> = shown.iter().map(|one| (one.title.as_str(), one.body.as_str())).collect();
    assert_eq!(told, [("messages/b", r#"{"x": 2}"#), ("messages/b", r#"{"y": 3}"#)]);
}

#[tokio::test]
async fn a_token_that_is_revoked_is_asked_for_and_a_new_one_connects() {
    let (front, machine, rig, mut connection) = open().await;
    connection.send("event: auth_revoked\ndata: credential is no longer valid\n\n").await;
    let state = rests(&rig).await;
    assert!(matches!(&state, State::NeedsSignIn { message } if message.english.contains("auth_revoked")), "{state:?}");
    connection.closed().await;
    rig.engine.reconnect(None).await.unwrap();
    led(&front, &machine).await.send("event: put\ndata: {\"path\":\"/\",\"data\":null}\n\n").await;
    rig.stored(2).await;
}

#[tokio::test]
async fn a_cancelled_listener_is_the_end() {
    let (_front, _machine, rig, mut connection) = open().await;
    connection.send("event: cancel\ndata: Permission denied\n\n").await;
    let state = rests(&rig).await;
    assert!(matches!(state, State::Ended { reason: EndReason::Finished, .. }), "{state:?}");
    assert_eq!(data(&rig.stored(1).await), ["Permission denied"], "why can be read");
}
