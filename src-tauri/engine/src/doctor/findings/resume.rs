//! Ids, and whether the server goes on after one.

use std::time::Duration;

use super::{Certainty, Code, Finding, count};
use crate::doctor::observations::Observations;
use crate::doctor::report::{Resume, resume};
use crate::sse::MIN_RETRY;
use crate::text;
use crate::transport::one_line;

/// So many events without an id are no chance.
const ENOUGH: u64 = 3;
/// How much of an id is shown, in characters.
const SHOWN: usize = 40;

pub(super) fn no_ids(seen: &Observations) -> Option<Finding> {
    let events = seen.events();
    let with_id = seen.arrivals().filter(|arrival| arrival.id.is_some()).count();
    (events > 0 && with_id == 0 && seen.target.asks_to_resume).then(|| {
        let certainty = if events >= ENOUGH { Certainty::Certain } else { Certainty::Possible };
        Finding::risk(
            Code::NoIds,
            certainty,
            text!("Events have no ids, so none that is missed can be sent again", "事件没有 id，错过的无法补发"),
        )
        .seen(text!("None of {events} events has one.", "{events} 个事件都没有 id。"))
        .number("events", count(events))
        .paste(
            text!(
                "number them, and after a new connection send what comes after the request's Last-Event-ID",
                "请给事件编号，重新连接后从请求的 Last-Event-ID 之后开始发送"
            ),
            "id: 42\ndata: …",
        )
        .mend(text!(
            "where the id stands in the data, name it: resume = {{ from = \"/id\" }}",
            "如果 id 在数据里，请指明位置：resume = {{ from = \"/id\" }}"
        ))
    })
}

pub(super) fn ignored(seen: &Observations) -> Option<Finding> {
    let again = seen.again.as_ref().filter(|_| resume(seen) == Resume::Ignored)?;
    let after = one_line(again.after.as_deref()?, SHOWN);
    let first = again.visit.body.arrivals.iter().find_map(|arrival| arrival.id.as_deref());
    let evidence = match (&again.admits, first) {
        (Some(admits), _) => {
            let admits = one_line(admits, SHOWN);
            text!(
                "Asked to go on after {after}, it says itself that it goes on after {admits}.",
                "要求从 {after} 之后继续，它自己说是从 {admits} 之后继续。"
            )
        }
        (None, first) => {
            let next = seen.ids().last().map(|id| one_line(id, SHOWN)).unwrap_or_default();
            let first = first.map(|id| one_line(id, SHOWN)).unwrap_or_default();
            text!(
                "Asked to go on after {after}, it sent {first} first and left out {next}.",
                "要求从 {after} 之后继续，它先发来的是 {first}，漏掉了 {next}。"
            )
        }
    };
    let certainty = if again.admits.is_some() { Certainty::Certain } else { Certainty::Likely };
    let finding = Finding::problem(
        Code::ResumeIgnored,
        certainty,
        text!(
            "The server does not go on where it was asked to: missed events are lost",
            "服务器没有从要求的位置继续：错过的事件会丢失"
        ),
    )
    .seen(evidence)
    .mend(text!(
        "keep the last events in the server (a list, Redis, a table), and send those after Last-Event-ID first",
        "请在服务器上保留最近的事件（列表、Redis 或数据表），先发送 Last-Event-ID 之后的"
    ))
    .mend(text!(
        "if it wants the id as a parameter: resume = {{ send = {{ query = \"lastEventId\" }} }}",
        "如果它要求用参数传 id：resume = {{ send = {{ query = \"lastEventId\" }} }}"
    ));
    Some(finding)
}

pub(super) fn repeats(seen: &Observations) -> Option<Finding> {
    let again = seen.again.as_ref().filter(|_| resume(seen) == Resume::Repeats)?;
    let after = one_line(again.after.as_deref()?, SHOWN);
    let first = again.visit.body.arrivals.iter().find_map(|arrival| arrival.id.as_deref()).unwrap_or_default();
    let first = one_line(first, SHOWN);
    let title = text!(
        "The server sends again what was before the id that it was asked to go on after",
        "服务器重发了指定 id 之前的事件"
    );
    let finding = Finding::problem(Code::ResumeRepeats, Certainty::Likely, title)
        .seen(text!(
            "Asked to go on after {after}, it sent {first}, which came before or is the same.",
            "要求从 {after} 之后继续，它发来的 {first} 是之前的或同一个。"
        ))
        .mend(text!("send only what comes after the request's Last-Event-ID, and never number a connection's events from the start", "请只发送请求的 Last-Event-ID 之后的事件，不要让每个连接重新编号"))
        .mend(text!("if it wants the id as a parameter: resume = {{ send = {{ query = \"lastEventId\" }} }}", "如果它要求用参数传 id：resume = {{ send = {{ query = \"lastEventId\" }} }}"));
    Some(finding)
}

pub(super) fn retry_small(seen: &Observations) -> Option<Finding> {
    let retry: Duration = seen.bodies().filter_map(|body| body.retry).last()?;
    (retry < MIN_RETRY).then(|| {
        let (milliseconds, least) = (retry.as_millis(), MIN_RETRY.as_millis());
        Finding::risk(
            Code::RetrySmall,
            Certainty::Certain,
            text!("The server asks clients to come back at once", "服务器要求客户端立刻重连"),
        )
        .seen(text!(
            "It says retry: {milliseconds}; when it restarts, all clients come in the same moment, again and again. \
                 Streambell waits {least} ms at the least.",
            "它说 retry: {milliseconds}；它重启时，所有客户端会一次次同时涌来。Streambell 至少等 {least} 毫秒。"
        ))
        .number("retry_ms", retry.as_secs_f64() * 1e3)
        .paste(text!("a few seconds are usual", "通常是几秒"), "retry: 3000")
    })
}
