//! PocketBase: each connection is told what to send, by a request of its own. <https://pocketbase.io/docs/api-realtime/>

use streambell_tests::{Exchange, Rig, Server};

use super::{data, filled, rig};

/// Takes a connection and what it subscribes to; answers with this status.
async fn connect(server: &Server, client: &str, status: u16) -> Exchange {
    let mut stream = server.request().await;
    assert_eq!((stream.method.as_str(), stream.path.as_str()), ("GET", "/api/realtime"));
    stream.start_events().await;
    stream.send(&format!("id:{client}\nevent:PB_CONNECT\ndata:{{\"clientId\":\"{client}\"}}\n\n")).await;
    let subscription = server.request().await;
    assert_eq!((subscription.method.as_str(), subscription.path.as_str()), ("POST", "/api/realtime"));
    assert_eq!(subscription.header("content-type"), Some("application/json"));
    assert_eq!(subscription.header("authorization"), Some("Bearer s3cret"));
    assert_eq!(subscription.body, format!(r#"{{"clientId":"{client}","subscriptions":["orders/*"]}}"#));
    subscription.answer(status, &[], "").await;
    stream
}

async fn record(connection: &mut Exchange, client: &str, data: &str) {
    connection.send(&format!("id:{client}\nevent:orders/*\ndata:{data}\n\n")).await;
}

async fn pocketbase(server: &Server) -> Rig {
    rig(filled("pocketbase", server, &[("topic", "orders/*")], Some(1))).await
}

#[tokio::test]
async fn each_connection_is_followed_by_its_subscriptions() {
    let server = Server::start().await;
    let rig = pocketbase(&server).await;
    let mut first = connect(&server, "aB3", 204).await;
    let created = r#"{"action":"create","record":{"id":"1"}}"#;
    record(&mut first, "aB3", created).await;
    // Its ids are the client's: the same again is another event.
    record(&mut first, "aB3", created).await;
    rig.stored(2).await;
    drop(first);
    let mut second = connect(&server, "cD4", 204).await;
    record(&mut second, "cD4", r#"{"action":"delete","record":{"id":"1"}}"#).await;
    let events = rig.stored(3).await;
    assert_eq!(data(&events)[..2], [created, created]);
    assert!(events.iter().all(|stored| stored.event.name == "orders/*" && stored.event.id.is_empty()));
    assert_eq!(rig.host.wait_for(3).await[2].title, "orders/*: delete");
}

#[tokio::test]
async fn where_the_subscription_is_refused_it_connects_anew() {
    let server = Server::start().await;
    let rig = pocketbase(&server).await;
    let mut refused = connect(&server, "gone", 404).await;
    refused.closed().await;
    let mut connection = connect(&server, "here", 204).await;
    record(&mut connection, "here", "{}").await;
    rig.stored(1).await;
}
