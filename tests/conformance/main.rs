//! The HTML Standard's section 9.2 (server-sent events) and the contract of `streambell tail --json`, held against the
//! real program on real sockets. Each file is a subject; the tables in [`cases`] hold what is only bytes in, lines out.
#![expect(clippy::unwrap_used, reason = "tests")]

mod cases;
mod content_type;
mod dialogue;
mod events;
mod exit;
mod fields;
mod framing;
mod ids;
mod limits;
mod options;
mod random;
mod reconnect;
mod redirects;
mod reference;
mod request;
mod retry;
mod secrets;
mod status;
mod tls;
mod transfer;
mod utf8;

use std::time::Duration;

use serde_json::{Value, json};

/// An event with this name, data and last event id.
fn event(name: &str, data: &str, id: &str) -> Value {
    json!({"type": "event", "event": name, "data": data, "id": id})
}

/// An event without name and id.
fn message(data: &str) -> Value {
    event("message", data, "")
}

fn comment(text: &str) -> Value {
    json!({"type": "comment", "text": text})
}

/// An eighth more than a reconnection time, and what rounding may do.
fn eighth_more(retry: Duration) -> Duration {
    retry + retry / 8 + Duration::from_millis(1)
}

/// Makes sure that a delay is at least the reconnection time, and at most an eighth more.
fn assert_first_delay(delay: Duration, retry: Duration) {
    assert!(delay >= retry && delay <= eighth_more(retry), "{delay:?} is no first delay for {retry:?}");
}
