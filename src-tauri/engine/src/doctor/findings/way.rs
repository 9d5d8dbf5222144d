//! The way to the server: versions of HTTP and IP, proxies, clocks.

use super::{Certainty, Code, Finding, delay, span};
use crate::doctor::mend;
use crate::doctor::observations::{Answer, Head, Observations};
use crate::doctor::product::products;
use crate::doctor::report::clock_ahead;
use crate::locale::Text;
use crate::text;

/// Clocks that differ by more make tokens fail and dates lie; in seconds.
const CLOCK: f64 = 30.0;

pub(super) fn http10(seen: &Observations) -> Option<Finding> {
    let head = seen.stream()?;
    let via = head.all("via");
    let by_via = via.split(',').any(|one| one.trim().starts_with("1.0 ") || one.trim().starts_with("HTTP/1.0 "));
    if head.http != "1.0" && head.http != "0.9" && !by_via {
        return None;
    }
    let evidence = match by_via {
        true => text!("Via: {via} names a hop that speaks HTTP/1.0.", "Via: {via} 里有一段用 HTTP/1.0。"),
        false => {
            let http = head.http;
            text!("The answer is HTTP/{http}.", "应答是 HTTP/{http}。")
        }
    };
    let title = text!(
        "HTTP/1.0 is spoken, which knows no chunks: proxies wait for the end, or cut",
        "途中使用 HTTP/1.0，它不能分块：代理会等到结束或切断"
    );
    let finding =
        Finding::risk(Code::Http10, Certainty::Certain, title).seen(evidence).mends(mend::http11(&products(seen)));
    Some(finding)
}

pub(super) fn connection_close(seen: &Observations) -> Option<Finding> {
    let head = seen.stream().filter(|head| head.http == "1.1")?;
    let closes = head.all("connection").to_ascii_lowercase().split(',').any(|one| one.trim() == "close");
    // Without chunks nobody can tell an end from a break.
    let chunked = head.all("transfer-encoding").to_ascii_lowercase().contains("chunked");
    closes.then(|| {
        let more = match chunked {
            true => Text::default(),
            false => text!(", and without chunks: an end looks like a break", "，而且不分块：正常结束看上去像中断"),
        };
        Finding::risk(
            Code::ConnectionClose,
            Certainty::Certain,
            text!("The server closes each connection after one answer", "服务器每次应答后都关闭连接"),
        )
        .seen(text!("The answer says Connection: close{more}.", "应答写着 Connection: close{more}。", more))
        .mends(mend::http11(&products(seen)))
    })
}

pub(super) fn http2(seen: &Observations) -> Option<Finding> {
    let visit = seen.http1.as_ref()?;
    let other = visit.answer.head.as_ref().ok().filter(|head| head.is_stream())?;
    let evidence = match seen.failure() {
        Some(failure) => failure.message.clone(),
        None => {
            // What breaks over both has another cause.
            let lasted = visit.body.end.is_none().then_some(visit.body.until)?;
            let oldest = seen.breaks_off().filter(|oldest| *oldest < lasted)?;
            let oldest = span(oldest);
            text!(
                "Each connection over HTTP/2 broke off, at the latest after {oldest}; one over HTTP/1.1 did not.",
                "每个 HTTP/2 连接都中断了，最晚在 {oldest}后；HTTP/1.1 的没有。",
                oldest
            )
        }
    };
    let (status, after) = (other.status, span(other.after));
    let finding = Finding::problem(Code::Http2, Certainty::Certain, text!("HTTP/2 fails where HTTP/1.1 works", "HTTP/1.1 正常而 HTTP/2 失败"))
        .seen(text!(
            "{evidence} HTTP/1.1 answered {status} after {after}.",
            "{evidence} HTTP/1.1 在 {after}后返回 {status}。",
            evidence,
            after
        ))
        .paste(text!("use HTTP/1.1 for this stream", "请让这个流使用 HTTP/1.1"), "http1 = true")
        .mend(text!("and mend HTTP/2 in the server or proxy: often a timeout of whole streams, or Connection headers, which it forbids", "并修正服务器或代理的 HTTP/2：常见原因是整条流的超时，或它禁止的 Connection 头"));
    Some(finding)
}

pub(super) fn ipv6(seen: &Observations) -> Option<Finding> {
    // Servers on one's own machine commonly listen on one of both.
    if seen.target.is_local {
        return None;
    }
    let of = |version| seen.families.iter().find(|family| family.version == version);
    let (four, six) = (of(4)?, of(6)?);
    let (Ok(time), Err(why)) = (&four.connected, &six.connected) else { return None };
    let (host, addresses, took) = (&seen.target.host, six.addresses, span(*time));
    let finding = Finding::risk(
        Code::Ipv6,
        Certainty::Certain,
        text!(
            "The server cannot be reached over IPv6, though its name says so",
            "域名有 IPv6 地址，却无法通过 IPv6 连接"
        ),
    )
    .seen(text!(
        "{host} has {addresses} IPv6 address(es): {why}; IPv4 connects in {took}.",
        "{host} 有 {addresses} 个 IPv6 地址：{why}；IPv4 用 {took}连上。",
        why,
        took
    ))
    .time("ipv4_s", *time)
    .mend(text!(
        "have the server listen on IPv6 (nginx: listen [::]:443 ssl;), or take the AAAA record out",
        "请让服务器监听 IPv6（nginx：listen [::]:443 ssl;），或去掉 AAAA 记录"
    ))
    .mend(text!("if other hosts fail too, it is this network's IPv6", "如果其他主机也失败，问题在本网络的 IPv6"));
    Some(finding)
}

pub(super) fn proxy(seen: &Observations) -> Option<Finding> {
    let direct = seen.direct.as_ref()?;
    let works = direct.answer.head.as_ref().is_ok_and(Head::is_stream);
    let names = seen.target.proxies.join(", ");
    let finding = |certainty, title: Text| {
        let finding = Finding::problem(Code::Proxy, certainty, title);
        let host = &seen.target.host;
        if names == "proxy" {
            finding.mend(text!("take the stream's proxy out", "请去掉这个流的代理"))
        } else {
            finding.paste(
                text!("leave this host out of the proxy", "请让这台主机不经过代理"),
                &format!("export NO_PROXY=\"$NO_PROXY,{host}\""),
            )
        }
    };
    if !works {
        return None;
    }
    if seen.stream().is_none() {
        let through = outcome(&seen.visits.first()?.answer);
        let direct = outcome(&direct.answer);
        let evidence = text!(
            "Through the proxy ({names}): {through}. Without it: {direct}.",
            "经过代理（{names}）：{through}。不经过：{direct}。",
            through,
            direct
        );
        return Some(finding(Certainty::Certain, text!("A proxy is in the way", "途中有代理妨碍连接")).seen(evidence));
    }
    let held = delay::buffered(seen).filter(|_| delay::flows(&direct.body))?;
    let evidence = text!(
        "Through the proxy ({names}) events come in clumps; without it they flow.",
        "经过代理（{names}），事件成堆到来；不经过时正常。"
    );
    Some(
        finding(held.certainty, text!("A proxy on this side holds events back", "本地的代理扣留了事件")).seen(evidence),
    )
}

fn outcome(answer: &Answer) -> Text {
    match &answer.head {
        Ok(head) => {
            let (status, after) = (head.status, span(head.after));
            text!("{status} after {after}", "{after}后返回 {status}", after)
        }
        Err(failure) => failure.message.clone(),
    }
}

pub(super) fn clock(seen: &Observations) -> Option<Finding> {
    let ahead = clock_ahead(seen)?;
    (ahead.abs() > CLOCK).then(|| {
        let time = span(std::time::Duration::try_from_secs_f64(ahead.abs()).unwrap_or_default());
        let side = if ahead > 0.0 { text!("ahead of", "快") } else { text!("behind", "慢") };
        Finding::risk(
            Code::Clock,
            Certainty::Certain,
            text!("The server's clock and this machine's differ", "服务器与本机的时钟不一致"),
        )
        .seen(text!(
            "The server's Date is {time} {side} this machine's clock. Tokens may count as expired, or not valid yet.",
            "服务器的时间比本机{side} {time}。令牌可能被当作已过期或尚未生效。",
            time,
            side
        ))
        .number("ahead_s", ahead.round())
        .paste(
            text!("set the one that is wrong by the network's time", "请用网络时间校准走错的那个时钟"),
            "timedatectl set-ntp true",
        )
    })
}
