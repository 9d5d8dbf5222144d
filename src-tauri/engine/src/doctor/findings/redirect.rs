//! Redirects that lead nowhere.

use super::{Certainty, Code, Finding, count};
use crate::doctor::observations::Observations;
use crate::locale::Text;
use crate::text;
use crate::transport::Why;

pub(super) fn endless(seen: &Observations) -> Option<Finding> {
    let failure = seen.failure().filter(|failure| failure.why == Why::Loop)?;
    let turns = &failure.turns;
    let mut places: Vec<&str> = turns.iter().map(|turn| turn.to.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let shown = Text::joined(turns.iter().rev().take(2).map(|turn| Text::plain(&turn.to)), (" and ", " 和 "));
    let (redirects, addresses) = (turns.len(), places.len());
    let finding = Finding::problem(
        Code::RedirectLoop,
        Certainty::Certain,
        text!("The redirects never end", "重定向没有尽头"),
    )
    .seen(text!(
        "{redirects} redirects over {addresses} address(es), at last {shown}.",
        "经过 {addresses} 个地址重定向了 {redirects} 次，最后是 {shown}。",
        shown
    ))
    .number("redirects", count(turns.len()))
    .number("addresses", count(places.len()))
    .mend(text!(
        "mend the rule that sends back; often http and https, or with and without a slash or www, send to each other",
        "请修正把请求送回去的规则；常见的是 http 与 https、有无斜杠或 www 互相跳转"
    ))
    .paste(
        text!("behind a proxy that ends TLS, have the server believe it", "如果代理负责 TLS，请让服务器信任它"),
        "proxy_set_header X-Forwarded-Proto $scheme;",
    );
    Some(finding)
}

pub(super) fn refused(seen: &Observations) -> Option<Finding> {
    let failure = seen.failure().filter(|failure| failure.why == Why::Redirect)?;
    let finding = Finding::problem(
        Code::Redirect,
        Certainty::Certain,
        text!("The server redirects to where is not followed", "重定向指向不会跟随的地址"),
    )
    .seen(failure.message.clone())
    .mend(text!(
        "use the address that it leads to, if that is right; from https to http is never followed",
        "如果目标地址正确，请直接使用它；从 https 到 http 永远不会跟随"
    ));
    Some(finding)
}
