//! Silences that will end a connection one day.

use std::time::Duration;

use super::{Certainty, Code, Finding, count, cut, delay, span};
use crate::doctor::mend;
use crate::doctor::observations::Observations;
use crate::doctor::product::products;
use crate::text;

/// A silence that lasts so long and has no end yet: common timeouts are near.
const OPEN: Duration = Duration::from_secs(30);
/// One that a byte ended after so long was in time for most, not for all.
const NEAR: Duration = Duration::from_secs(50);
/// And after so long for few.
const OVER: Duration = Duration::from_secs(60);

pub(super) fn missing(seen: &Observations) -> Option<Finding> {
    // Nor is one missed where it may only have been held back.
    if cut::by_silence(seen).is_some() || delay::buffered(seen).is_some() {
        return None;
    }
    let after = seen.stream()?.after;
    let pause = seen.bodies().map(|body| body.longest_pause(after)).max()?;
    let longest = seen.bodies().map(|body| body.longest_silence(after)).max()?;
    let certainty = match longest {
        _ if longest >= OVER => Certainty::Certain,
        _ if pause >= NEAR || (longest > pause && longest >= OPEN) => Certainty::Likely,
        _ => return None,
    };
    let comments: usize = seen.bodies().map(|body| body.comments.len()).sum();
    let silence = span(longest);
    let finding = Finding::risk(Code::NoHeartbeat, certainty, text!("There is no heartbeat often enough", "心跳不够频繁"))
        .seen(text!(
            "For {silence} no byte came (comments in all: {comments}); proxies commonly cut a connection after 60 s of \
             silence, and a connection that is dead looks the same.",
            "有 {silence}没有收到任何数据（共 {comments} 条注释）；代理通常在静默 60 秒后切断连接，而死掉的连接看上去也一样。",
            silence
        ))
        .time("silence_s", longest)
        .number("comments", count(comments))
        .mends(mend::heartbeat(&products(seen)));
    Some(finding)
}
