//! Timeouts that are somebody's default.

use std::time::Duration;

/// In English and in Chinese.
type Saying = (&'static str, &'static str);

/// For silence: how many seconds without a byte, and whose.
const SILENT: [(u64, Saying); 10] = [
    (
        50,
        (
            "HAProxy's example configuration ends a silent answer after 50 s",
            "HAProxy 的示例配置会在 50 秒后结束静默的应答",
        ),
    ),
    (55, ("Heroku ends a connection after 55 s without a byte", "Heroku 在 55 秒没有数据后结束连接")),
    (
        60,
        (
            "60 s is the default of nginx (proxy_read_timeout), Apache and most load balancers",
            "60 秒是 nginx（proxy_read_timeout）、Apache 和多数负载均衡器的默认值",
        ),
    ),
    (100, ("Cloudflare ends a connection after 100 s without a byte", "Cloudflare 在 100 秒没有数据后结束连接")),
    (120, ("IIS ends a connection after 120 s without a byte", "IIS 在 120 秒没有数据后结束连接")),
    (180, ("Traefik ends an idle connection after 180 s", "Traefik 在 180 秒后结束空闲的连接")),
    (
        230,
        (
            "Azure's load balancer ends a connection after 230 s without a byte",
            "Azure 的负载均衡器在 230 秒没有数据后结束连接",
        ),
    ),
    (300, ("Envoy and Apache of old end a silent stream after 300 s", "Envoy 和旧版 Apache 在 300 秒后结束静默的流")),
    (
        350,
        (
            "an AWS network load balancer forgets a connection after 350 s without a byte",
            "AWS 的网络负载均衡器在 350 秒没有数据后丢弃连接",
        ),
    ),
    (
        600,
        (
            "Google's load balancer forgets a connection after 10 min without a byte",
            "Google 的负载均衡器在 10 分钟没有数据后丢弃连接",
        ),
    ),
];

/// For a whole answer, whatever comes meanwhile.
const WHOLE: [(u64, Saying); 7] = [
    (
        15,
        (
            "Envoy and Istio end an answer after 15 s, where the route says nothing else",
            "路由没有另外说明时，Envoy 和 Istio 在 15 秒后结束应答",
        ),
    ),
    (29, ("AWS API Gateway ends an answer after 29 s", "AWS API Gateway 在 29 秒后结束应答")),
    (
        30,
        (
            "30 s is the default of Spring's and Tomcat's asynchronous answers, Gunicorn's workers and Google Cloud's load balancer",
            "30 秒是 Spring 和 Tomcat 异步应答、Gunicorn 工作进程以及 Google Cloud 负载均衡器的默认值",
        ),
    ),
    (60, ("60 s is what many platforms allow for an answer", "60 秒是许多平台给一个应答的上限")),
    (300, ("Cloud Run ends an answer after 5 min", "Cloud Run 在 5 分钟后结束应答")),
    (600, ("App Engine ends an answer after 10 min", "App Engine 在 10 分钟后结束应答")),
    (
        900,
        (
            "AWS Lambda, and hubs such as Wikimedia's, end an answer after 15 min",
            "AWS Lambda 以及 Wikimedia 等中转服务在 15 分钟后结束应答",
        ),
    ),
];

/// Whose silence of this length ends a connection.
pub(super) fn of_silence(time: Duration) -> Option<Saying> {
    known(&SILENT, time)
}

/// Who ends an answer of this age.
pub(super) fn of_answer(time: Duration) -> Option<Saying> {
    known(&WHOLE, time)
}

fn known(all: &[(u64, Saying)], time: Duration) -> Option<Saying> {
    let near = |seconds: u64| {
        let slack = Duration::from_secs(seconds / 25).max(Duration::from_secs(1));
        time.abs_diff(Duration::from_secs(seconds)) <= slack
    };
    all.iter().find(|(seconds, _)| near(*seconds)).map(|(_, whose)| *whose)
}
