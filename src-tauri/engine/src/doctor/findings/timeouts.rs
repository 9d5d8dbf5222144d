//! Timeouts that are somebody's default.

use std::time::Duration;

/// For silence: how many seconds without a byte, and whose.
const SILENT: [(u64, &str); 10] = [
    (50, "HAProxy's example configuration ends a silent answer after 50 s"),
    (55, "Heroku ends a connection after 55 s without a byte"),
    (60, "60 s is the default of nginx (proxy_read_timeout), Apache and most load balancers"),
    (100, "Cloudflare ends a connection after 100 s without a byte"),
    (120, "IIS ends a connection after 120 s without a byte"),
    (180, "Traefik ends an idle connection after 180 s"),
    (230, "Azure's load balancer ends a connection after 230 s without a byte"),
    (300, "Envoy and Apache of old end a silent stream after 300 s"),
    (350, "an AWS network load balancer forgets a connection after 350 s without a byte"),
    (600, "Google's load balancer forgets a connection after 10 min without a byte"),
];

/// For a whole answer, whatever comes meanwhile.
const WHOLE: [(u64, &str); 7] = [
    (15, "Envoy and Istio end an answer after 15 s, where the route says nothing else"),
    (29, "AWS API Gateway ends an answer after 29 s"),
    (
        30,
        "30 s is the default of Spring's and Tomcat's asynchronous answers, Gunicorn's workers and Google Cloud's load balancer",
    ),
    (60, "60 s is what many platforms allow for an answer"),
    (300, "Cloud Run ends an answer after 5 min"),
    (600, "App Engine ends an answer after 10 min"),
    (900, "AWS Lambda, and hubs such as Wikimedia's, end an answer after 15 min"),
];

/// Whose silence of this length ends a connection.
pub(super) fn of_silence(time: Duration) -> Option<&'static str> {
    known(&SILENT, time)
}

/// Who ends an answer of this age.
pub(super) fn of_answer(time: Duration) -> Option<&'static str> {
    known(&WHOLE, time)
}

fn known(all: &[(u64, &'static str)], time: Duration) -> Option<&'static str> {
    let near = |seconds: u64| {
        let slack = Duration::from_secs(seconds / 25).max(Duration::from_secs(1));
        time.abs_diff(Duration::from_secs(seconds)) <= slack
    };
    all.iter().find(|(seconds, _)| near(*seconds)).map(|(_, whose)| *whose)
}
