//! Mercure, 0.x and 1.0: three ways for the token, a clean end every few minutes, and an answer that admits a gap.
//! The Mercure Protocol: <https://mercure.rocks/spec>.

use streambell_engine::config::ResumeSend;
use streambell_tests::Server;
use streambell_tests::rig::ids;

use super::{change, filled, parameter, rig};

const TOPIC: &str = "https://example.com/books/1";

#[tokio::test]
async fn the_token_goes_into_the_header_the_query_or_the_cookie() {
    for auth in [0, 2, 3] {
        let server = Server::start().await;
        let _rig = rig(filled("mercure", &server, &[("topic", TOPIC)], Some(auth))).await;
        let request = server.request().await;
        assert_eq!(parameter(&request.path, "topic").as_deref(), Some(TOPIC), "for 0.x");
        assert_eq!(parameter(&request.path, "match").as_deref(), Some(TOPIC), "for 1.0");
        let seen = (
            request.header("authorization").map(str::to_owned),
            parameter(&request.path, "authorization"),
            request.header("cookie").map(str::to_owned),
        );
        let there = |is: bool, value: &str| is.then(|| value.to_owned());
        let wanted = (
            there(auth == 0, "Bearer s3cret"),
            there(auth == 2, "s3cret"),
            there(auth == 3, "mercureAuthorization=s3cret"),
        );
        assert_eq!(seen, wanted);
    }
}

fn update(number: u32) -> String {
    format!("id: urn:uuid:0000-{number}\ndata: {{\"status\": \"{number}\"}}\n\n")
}

fn answer(resumed: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: private, no-cache, no-store, \
         must-revalidate, max-age=0\r\nX-Accel-Buffering: no\r\nConnection: close\r\n{resumed}\r\n:\n"
    )
}

#[tokio::test]
async fn a_clean_end_is_no_failure_and_a_gap_is_told() {
    for (send, name) in [
        (ResumeSend::Header, None),
        (ResumeSend::Query("lastEventID".to_owned()), Some("lastEventID")),
        (ResumeSend::Query("last_event_id".to_owned()), Some("last_event_id")),
    ] {
        let server = Server::start().await;
        let mut config = filled("mercure", &server, &[("topic", TOPIC)], None);
        change(&mut config, |stream| stream.resume.send = send);
        let rig = rig(config).await;
        let mut first = server.request().await;
        first.send(&answer("")).await;
        first.send(&format!("{}{}", update(1), update(2))).await;
        rig.stored(2).await;
        drop(first);

        let mut second = server.request().await;
        let asked = match name {
            None => second.header("last-event-id").map(str::to_owned),
            Some(name) => parameter(&second.path, name),
        };
        assert_eq!(asked.as_deref(), Some("urn:uuid:0000-2"));
        second.send(&answer("Last-Event-ID: urn:uuid:0000-2\r\n")).await;
        second.send(&update(3)).await;
        rig.stored(3).await;
        assert_eq!(rig.engine.snapshots().borrow().streams[0].gaps, 0);
        drop(second);

        let mut third = server.request().await;
        third.send(&answer("Last-Event-ID: earliest\r\n")).await;
        third.send(&update(9)).await;
        let wanted = [1, 2, 3, 9].map(|number| format!("urn:uuid:0000-{number}"));
        assert_eq!(ids(&rig.stored(4).await), wanted);
        rig.snapshot("a gap", |snapshot| snapshot.streams[0].gaps == 1).await;
    }
}
