//! ntfy: no ids in the stream, keepalives that are events, a second that comes again.
//! Frames as its server writes them: <https://docs.ntfy.sh/subscribe/api/>.

use streambell_engine::model::Urgency;
use streambell_tests::rig::ids;
use streambell_tests::{Exchange, Server};

use super::{filled, parameter, rig};

async fn opens(connection: &mut Exchange, time: u64) {
    connection.start_events().await;
    let open = format!(r#"{{"id":"open{time}","time":{time},"event":"open","topic":"alerts"}}"#);
    connection.send(&format!("event: open\ndata: {open}\n\n")).await;
}

fn message(id: &str, time: u64, more: &str) -> String {
    let message = format!(r#""event":"message","topic":"alerts","message":"Disk full"{more}"#);
    format!("data: {{\"id\":\"{id}\",\"time\":{time},\"expires\":{},{message}}}\n\n", time + 43_200)
}

#[tokio::test]
async fn it_goes_on_from_the_time_and_knows_again_what_comes_twice() {
    let server = Server::start().await;
    let config = filled("ntfy", &server, &[("topic", "alerts")], None);
    let rig = rig(config.clone()).await;
    let mut first = server.request().await;
    assert_eq!(first.path, "/alerts/sse?since=all");
    opens(&mut first, 1_635_528_898).await;
    first.send(&message("hwQ2YpKdmg", 1_635_528_909, "")).await;
    first.send("event: keepalive\ndata: {\"id\":\"k\",\"time\":1635528999,\"event\":\"keepalive\",\"topic\":\"alerts\"}\n\n").await;
    rig.stored(1).await;
    drop(first);

    // The same second again: what is known, and what is not.
    let mut second = server.request().await;
    assert_eq!(second.path, "/alerts/sse?since=1635528909");
    opens(&mut second, 1_635_529_100).await;
    second.send(&message("hwQ2YpKdmg", 1_635_528_909, "")).await;
    second.send(&message("p0M5y6gcCY", 1_635_528_909, "")).await;
    second.send(&message("VNxNIg5fpt", 1_635_528_950, "")).await;
    assert_eq!(ids(&rig.stored(3).await), ["hwQ2YpKdmg", "p0M5y6gcCY", "VNxNIg5fpt"]);
    drop(second);

    // And over a restart.
    drop(server.request().await);
    let rig = rig.restart(config).await;
    let mut third = server.request().await;
    assert_eq!(third.path, "/alerts/sse?since=1635528950");
    opens(&mut third, 1_635_529_200).await;
    third.send(&message("VNxNIg5fpt", 1_635_528_950, "")).await;
    third.send(&message("last", 1_635_529_201, "")).await;
    assert_eq!(ids(&rig.stored(4).await), ["hwQ2YpKdmg", "p0M5y6gcCY", "VNxNIg5fpt", "last"]);
}

#[tokio::test]
async fn priority_tags_click_actions_and_attachments_are_shown() {
    let server = Server::start().await;
    let rig = rig(filled("ntfy", &server, &[("topic", "alerts")], None)).await;
    let mut connection = server.request().await;
    opens(&mut connection, 1).await;
    let more = r#","title":"Backup","priority":5,"tags":["warning","db1"],"click":"https://a.test/1""#;
    connection.send(&message("1", 2, more)).await;
    let view = r#"{"id":"x","action":"view","label":"Open","clear":false,"url":"https://a.test/2"}"#;
    let other = r#"{"id":"y","action":"broadcast","label":"No","clear":false}"#;
    connection.send(&message("2", 3, &format!(r#","priority":1,"actions":[{other},{view}]"#))).await;
    let file = r#","attachment":{"name":"log.txt","type":"text/plain","size":3,"url":"https://a.test/3"}"#;
    connection.send(&message("3", 4, file)).await;
    let shown = rig.host.wait_for(3).await;
    let told: Vec<_> = shown.iter().map(|one| (one.title.as_str(), one.body.as_str(), one.link.as_str())).collect();
    let wanted = [
        ("⚠️ Backup", "Disk full\ndb1", "https://a.test/1"),
        ("alerts", "Disk full", "https://a.test/2"),
        ("alerts", "Disk full\nlog.txt", "https://a.test/3"),
    ];
    assert_eq!(told, wanted);
    let urgencies: Vec<_> = shown.iter().map(|one| one.urgency).collect();
    assert_eq!(urgencies, [Urgency::Critical, Urgency::Low, Urgency::Normal]);
}

#[tokio::test]
async fn a_token_goes_into_the_header_or_the_parameter() {
    for (auth, header, query) in [(1, Some("Bearer s3cret"), None), (2, None, Some("s3cret"))] {
        let server = Server::start().await;
        let _rig = rig(filled("ntfy", &server, &[("topic", "alerts")], Some(auth))).await;
        let request = server.request().await;
        assert_eq!((request.header("authorization"), parameter(&request.path, "auth").as_deref()), (header, query));
    }
}
