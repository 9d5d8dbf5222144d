//! Redirects that lead nowhere.

use super::{Certainty, Code, Finding, count};
use crate::doctor::observations::Observations;
use crate::transport::Why;

pub(super) fn endless(seen: &Observations) -> Option<Finding> {
    let failure = seen.failure().filter(|failure| failure.why == Why::Loop)?;
    let turns = &failure.turns;
    let mut places: Vec<&str> = turns.iter().map(|turn| turn.to.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let shown = turns.iter().rev().take(2).map(|turn| turn.to.as_str()).collect::<Vec<_>>().join(" and ");
    let finding = Finding::problem(Code::RedirectLoop, Certainty::Certain, "The redirects never end")
        .seen(format!("{} redirects over {} address(es), at last {shown}.", turns.len(), places.len()))
        .number("redirects", count(turns.len()))
        .number("addresses", count(places.len()))
        .mend("mend the rule that sends back; often http and https, or with and without a slash or www, send to each other")
        .paste("behind a proxy that ends TLS, have the server believe it", "proxy_set_header X-Forwarded-Proto $scheme;");
    Some(finding)
}

pub(super) fn refused(seen: &Observations) -> Option<Finding> {
    let failure = seen.failure().filter(|failure| failure.why == Why::Redirect)?;
    let finding = Finding::problem(Code::Redirect, Certainty::Certain, "The server redirects to where is not followed")
        .seen(failure.message.to_string())
        .mend("use the address that it leads to, if that is right; from https to http is never followed");
    Some(finding)
}
