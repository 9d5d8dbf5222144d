//! The way to the server: versions of HTTP and IP, proxies, clocks.

use super::{Certainty, Code, Finding, delay, span};
use crate::doctor::mend;
use crate::doctor::observations::{Answer, Head, Observations};
use crate::doctor::product::products;
use crate::doctor::report::clock_ahead;

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
        true => format!("Via: {via} names a hop that speaks HTTP/1.0."),
        false => format!("The answer is HTTP/{}.", head.http),
    };
    let title = "HTTP/1.0 is spoken, which knows no chunks: proxies wait for the end, or cut";
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
        let more = if chunked { "" } else { ", and without chunks: an end looks like a break" };
        Finding::risk(Code::ConnectionClose, Certainty::Certain, "The server closes each connection after one answer")
            .seen(format!("The answer says Connection: close{more}."))
            .mends(mend::http11(&products(seen)))
    })
}

pub(super) fn http2(seen: &Observations) -> Option<Finding> {
    let visit = seen.http1.as_ref()?;
    let other = visit.answer.head.as_ref().ok().filter(|head| head.is_stream())?;
    let evidence = match seen.failure() {
        Some(failure) => failure.message.to_string(),
        None => {
            // What breaks over both has another cause.
            let lasted = visit.body.end.is_none().then_some(visit.body.until)?;
            let oldest = seen.breaks_off().filter(|oldest| *oldest < lasted)?;
            format!(
                "Each connection over HTTP/2 broke off, at the latest after {}; one over HTTP/1.1 did not.",
                span(oldest)
            )
        }
    };
    let finding = Finding::problem(Code::Http2, Certainty::Certain, "HTTP/2 fails where HTTP/1.1 works")
        .seen(format!("{evidence} HTTP/1.1 answered {} after {}.", other.status, span(other.after)))
        .paste("use HTTP/1.1 for this stream", "http1 = true")
        .mend("and mend HTTP/2 in the server or proxy: often a timeout of whole streams, or Connection headers, which it forbids");
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
    let finding = Finding::risk(
        Code::Ipv6,
        Certainty::Certain,
        "The server cannot be reached over IPv6, though its name says so",
    )
    .seen(format!(
        "{} has {} IPv6 address(es): {why}; IPv4 connects in {}.",
        seen.target.host,
        six.addresses,
        span(*time)
    ))
    .time("ipv4_s", *time)
    .mend("have the server listen on IPv6 (nginx: listen [::]:443 ssl;), or take the AAAA record out")
    .mend("if other hosts fail too, it is this network's IPv6");
    Some(finding)
}

pub(super) fn proxy(seen: &Observations) -> Option<Finding> {
    let direct = seen.direct.as_ref()?;
    let works = direct.answer.head.as_ref().is_ok_and(Head::is_stream);
    let names = seen.target.proxies.join(", ");
    let finding = |certainty, title: &str| {
        let finding = Finding::problem(Code::Proxy, certainty, title);
        let host = &seen.target.host;
        if names == "proxy" {
            finding.mend("take the stream's proxy out")
        } else {
            finding.paste("leave this host out of the proxy", &format!("export NO_PROXY=\"$NO_PROXY,{host}\""))
        }
    };
    if !works {
        return None;
    }
    if seen.stream().is_none() {
        let through = outcome(&seen.visits.first()?.answer);
        let direct = outcome(&direct.answer);
        let evidence = format!("Through the proxy ({names}): {through}. Without it: {direct}.");
        return Some(finding(Certainty::Certain, "A proxy is in the way").seen(evidence));
    }
    let held = delay::buffered(seen).filter(|_| delay::flows(&direct.body))?;
    let evidence = format!("Through the proxy ({names}) events come in clumps; without it they flow.");
    Some(finding(held.certainty, "A proxy on this side holds events back").seen(evidence))
}

fn outcome(answer: &Answer) -> String {
    match &answer.head {
        Ok(head) => format!("{} after {}", head.status, span(head.after)),
        Err(failure) => failure.message.to_string(),
    }
}

pub(super) fn clock(seen: &Observations) -> Option<Finding> {
    let ahead = clock_ahead(seen)?;
    (ahead.abs() > CLOCK).then(|| {
        let time = span(std::time::Duration::try_from_secs_f64(ahead.abs()).unwrap_or_default());
        let side = if ahead > 0.0 { "ahead of" } else { "behind" };
        Finding::risk(Code::Clock, Certainty::Certain, "The server's clock and this machine's differ")
            .seen(format!("The server's Date is {time} {side} this machine's clock. Tokens may count as expired, or not valid yet."))
            .number("ahead_s", ahead.round())
            .paste("set the one that is wrong by the network's time", "timedatectl set-ntp true")
    })
}
