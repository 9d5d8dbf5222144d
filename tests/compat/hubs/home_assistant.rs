//! Home Assistant's `/api/stream`: events without names and ids, pings that are data.
//! <https://developers.home-assistant.io/docs/api/rest/>

use streambell_tests::Server;

use super::{data, filled, rig};

fn changed(entity: &str, old: &str, new: &str) -> String {
    let state = |state: &str| {
        format!(r#"{{"entity_id":"{entity}","state":"{state}","attributes":{{"friendly_name":"Front door"}}}}"#)
    };
    let data = format!(r#"{{"entity_id":"{entity}","old_state":{},"new_state":{}}}"#, state(old), state(new));
    format!(
        r#"{{"event_type":"state_changed","data":{data},"origin":"LOCAL","time_fired":"2026-11-20T09:30:00+00:00","context":{{"id":"1","parent_id":null,"user_id":null}}}}"#
    )
}

#[tokio::test]
async fn a_change_is_shown_and_a_ping_is_not() {
    let server = Server::start().await;
    let rig = rig(filled("home-assistant", &server, &[("entity", "binary_sensor.*")], None)).await;
    let mut connection = server.open().await;
    assert_eq!(connection.path, "/api/stream?restrict=state_changed");
    assert_eq!(connection.header("authorization"), Some("Bearer s3cret"));
    let opened = changed("binary_sensor.front_door", "off", "on");
    let same = changed("binary_sensor.front_door", "on", "on");
    let other = changed("light.hall", "off", "on");
    connection.send("data: ping\n\n").await;
    for event in [&opened, &same, &other] {
        connection.send(&format!("data: {event}\n\ndata: ping\n\n")).await;
    }
    assert_eq!(data(&rig.stored(3).await), [&opened, &same, &other]);
    let shown = rig.host.wait_for(1).await;
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].title.as_str(), shown[0].body.as_str()), ("Front door", "on"));
    let tiles = rig.snapshot("tiles", |snapshot| snapshot.tiles.len() == 2).await;
    assert_eq!(tiles.tiles[0].key, "binary_sensor.front_door");
    drop(connection);
    assert_eq!(server.open().await.header("last-event-id"), None);
}
