//! Centrifugo, `uni_sse`: the connect command in the query, frames in JSON, pings that are `{}`.
//! <https://centrifugal.dev/docs/transports/uni_sse>

use streambell_engine::connection::State;
use streambell_tests::Server;
use streambell_tests::rig::ids;

use super::{filled, parameter, rests, rig};

#[tokio::test]
async fn it_connects_with_its_command_and_keeps_what_is_published() {
    let server = Server::start().await;
    let rig = rig(filled("centrifugo", &server, &[("channel", "news")], None)).await;
    let mut connection = server.request().await;
    assert!(connection.path.starts_with("/connection/uni_sse?"), "{}", connection.path);
    let command = parameter(&connection.path, "cf_connect").unwrap();
    assert_eq!(command, r#"{"token":"s3cret","subs":{"news":{}}}"#);
    connection.start_events().await;
    connection.send("\r\n").await;
    let connect = r#"{"connect":{"client":"9ac9de4e","version":"6.0.0","subs":{"news":{"offset":1}},"ping":25}}"#;
    connection.send(&format!("data: {connect}\n\n")).await;
    connection.send("data: {}\n\n").await;
    connection.send("data: {\"channel\":\"news\",\"pub\":{\"data\":{\"text\":\"a\"},\"offset\":2}}\n\n").await;
    connection.send("data: {}\n\n").await;
    connection.send("data: {\"channel\":\"news\",\"pub\":{\"data\":{\"text\":\"b\"},\"offset\":3}}\n\n").await;
    let shown = rig.host.wait_for(2).await;
    assert_eq!((shown[1].title.as_str(), shown[1].body.as_str()), ("news", r#"{"text": "b"}"#));
    assert_eq!(ids(&rig.history()), ["2", "3"]);
}

#[tokio::test]
async fn a_disconnect_for_its_token_asks_for_another() {
    let server = Server::start().await;
    let rig = rig(filled("centrifugo", &server, &[("channel", "news")], None)).await;
    let mut connection = server.open().await;
    connection.send("data: {\"disconnect\":{\"code\":3500,\"reason\":\"invalid token\"}}\n\n").await;
    let state = rests(&rig).await;
    assert!(matches!(&state, State::NeedsSignIn { message } if message.english.contains("invalid token")), "{state:?}");
}
