//! Events that come late, because something holds them or the answer back.

use std::time::Duration;

use super::{Certainty, Code, Finding, Weight, count, size, span};
use crate::doctor::clumps::{Clump, clumps};
use crate::doctor::mend;
use crate::doctor::observations::{Body, Observations};
use crate::doctor::product::{Product, products};
use crate::locale::Text;
use crate::text;
use crate::transport::Why;

/// A header that takes longer is late: an event stream's can be sent at once.
const LATE: Duration = Duration::from_secs(2);
/// Nobody writes half a line and then nothing for so long.
const TORN: Duration = Duration::from_millis(300);
/// One torn clump is enough with a silence like this.
const TORN_LONG: Duration = Duration::from_secs(1);
/// Events that were made over so long and came at once were held.
const SPREAD_MS: f64 = 500.0;
/// Clumps like buffers: at least so many, with so many events, after a silence like this, of at least so many bytes.
const ALIKE: (usize, u64, Duration, u64) = (3, 4, Duration::from_secs(1), 1_400);

/// What shows that a body was held back on its way.
struct Held {
    certainty: Certainty,
    /// In words, after "events came".
    how: Text,
    clumps: Vec<Clump>,
}

pub(super) fn buffered(seen: &Observations) -> Option<Finding> {
    let held = seen.bodies().filter_map(held_back).min_by_key(|held| held.certainty)?;
    let events = held.clumps.iter().map(|clump| clump.events).sum::<u64>() / held.clumps.len().max(1) as u64;
    let bytes = held.clumps.iter().map(|clump| clump.bytes).sum::<u64>() / held.clumps.len().max(1) as u64;
    let silences = held.clumps.iter().map(|clump| clump.silence_before.max(clump.silence_after));
    let silence = silences.max().unwrap_or_default();
    let proxies: Vec<_> = products(seen);
    let by = match proxies.iter().find(|product| product.is_proxy()) {
        Some(product) => text!(
            "{product}, or what is behind it, holds events back: they come late and in clumps",
            "{product} 或它后面的环节扣留了事件：来得晚，而且成堆"
        ),
        None => text!(
            "Something on the way holds events back: they come late and in clumps",
            "途中有环节扣留了事件：来得晚，而且成堆"
        ),
    };
    let (clumps, how, size, pause) = (clumps_of(held.clumps.len()), held.how, size(bytes), span(silence));
    let finding = Finding::problem(Code::Buffered, held.certainty, by)
        .seen(text!(
            "{clumps} of about {size} and {events} events each, with up to {pause} of silence between them: {how}",
            "{clumps}，每堆约 {size}、{events} 个事件，其间静默最长 {pause}：{how}",
            clumps,
            pause,
            how
        ))
        .number("clumps", count(held.clumps.len()))
        .number("events", count(events))
        .number("bytes", count(bytes))
        .time("silence_s", silence)
        .mends(mend::unbuffer(&proxies));
    Some(finding)
}

fn clumps_of(number: usize) -> Text {
    if number == 1 { text!("1 clump", "1 堆") } else { text!("{number} clumps", "{number} 堆") }
}

/// Whether a body came as out of a buffer.
fn held_back(body: &Body) -> Option<Held> {
    let all = clumps(body);
    torn(&all).or_else(|| spread(&all)).or_else(|| alike(&all))
}

/// Whether a body shows that nothing held it back.
pub(super) fn flows(body: &Body) -> bool {
    body.events > 0 && held_back(body).is_none()
}

/// Clumps that end in the middle of a line: no server writes half of one and waits, but a full buffer does.
fn torn(all: &[Clump]) -> Option<Held> {
    let torn: Vec<_> = all.iter().filter(|clump| !clump.whole && clump.silence_after >= TORN).copied().collect();
    let certainty = match torn.len() {
        0 => return None,
        1 if torn[0].silence_after >= TORN_LONG => Certainty::Likely,
        1 => return None,
        _ => Certainty::Certain,
    };
    let how =
        text!("each ended in the middle of a line, as a full buffer does.", "每堆都断在一行中间，像缓冲区满了那样。");
    Some(Held { certainty, how, clumps: torn })
}

/// Events that were made one after the other and came at once. The first clump may be what was missed.
fn spread(all: &[Clump]) -> Option<Held> {
    let held = |clump: &&Clump| {
        let span = clump.source_span_ms.unwrap_or_default();
        let took = (clump.until - clump.at).as_secs_f64() * 1e3;
        let waited = clump.silence_before.as_secs_f64() * 1e3;
        clump.events >= 2 && span >= SPREAD_MS && span >= 5.0 * took && waited >= span / 2.0
    };
    let held: Vec<_> = all.iter().skip(1).filter(held).copied().collect();
    let widest = held.iter().filter_map(|clump| clump.source_span_ms).reduce(f64::max)?;
    let certainty = if held.len() >= 2 { Certainty::Likely } else { Certainty::Possible };
    let widest = span(Duration::from_secs_f64(widest / 1e3));
    let how = text!(
        "by the times in their ids or data they were made over {widest}, and came at once.",
        "按 id 或数据里的时间，它们是在 {widest}里陆续产生的，却同时到达。",
        widest
    );
    Some(Held { certainty, how, clumps: held })
}

/// Clumps of the same size with nothing between them.
fn alike(all: &[Clump]) -> Option<Held> {
    let (number, events, silence, bytes) = ALIKE;
    let like = |clump: &&Clump| clump.events >= events && clump.silence_before >= silence && clump.bytes >= bytes;
    let alike: Vec<_> = all.iter().skip(1).filter(like).copied().collect();
    let (least, most) = (alike.iter().map(|one| one.bytes).min()?, alike.iter().map(|one| one.bytes).max()?);
    if alike.len() < number || alike.len() + 1 < all.len() || most - least > most / 20 {
        return None;
    }
    let how = text!(
        "all are of the same size, like a buffer that is passed on when it is full. A server that sends in batches \
         looks the same.",
        "大小都一样，像缓冲区满了才放行。成批发送的服务器看上去也是这样。"
    );
    Some(Held { certainty: Certainty::Possible, how, clumps: alike })
}

pub(super) fn accel_buffering(seen: &Observations) -> Option<Finding> {
    let has_nginx = products(seen).contains(&Product::Nginx);
    let told = seen.head().and_then(|head| head.header("x-accel-buffering")).map(str::to_ascii_lowercase);
    let certainty = match (told.as_deref(), buffered(seen), late(seen)) {
        _ if !has_nginx => return None,
        (Some("no"), _, _) => return None,
        (Some("yes"), _, _) => Certainty::Certain,
        (_, Some(buffered), _) => buffered.certainty,
        (_, None, Some(_)) => Certainty::Likely,
        (_, None, None) => return None,
    };
    // That nginx buffers is said on its own; this is the other side from which it can be mended.
    let weight = if told.as_deref() == Some("yes") { Weight::Problem } else { Weight::Risk };
    let finding = Finding::new(
        Code::AccelBuffering,
        weight,
        certainty,
        text!("The server leaves it to nginx whether events come at once", "服务器没有要求 nginx 立即转发事件"),
    )
    .seen(text!(
        "nginx buffers by default. It would not, whatever its configuration says, if the server's answer had \
         X-Accel-Buffering: no (nginx takes that header out, so it cannot be seen here).",
        "nginx 默认会缓冲。只要服务器的应答带有 X-Accel-Buffering: no，无论怎样配置它都不会缓冲（nginx 会去掉这个头，\
         所以在这里看不到）。"
    ))
    .mends(mend::forbid_buffering(&products(seen)));
    Some(finding)
}

/// How long the header of the first answer took, where that is late; with what is waited for where it did not come.
fn late(seen: &Observations) -> Option<Duration> {
    let connects = seen.families.iter().any(|family| family.connected.is_ok());
    match &seen.visits.first()?.answer.head {
        Ok(head) => Some(head.after).filter(|after| head.is_stream() && *after >= LATE),
        Err(failure) if failure.why == Why::Silent && connects && !seen.works_otherwise() => Some(seen.watched),
        Err(_) => None,
    }
}

pub(super) fn first_byte_late(seen: &Observations) -> Option<Finding> {
    let after = late(seen)?;
    if buffered(seen).is_some_and(|finding| finding.certainty < Certainty::Possible) {
        return None;
    }
    let connect = seen.families.iter().filter_map(|family| family.connected.as_ref().ok()).min();
    let again = seen.again.as_ref().and_then(|again| again.visit.answer.head.as_ref().ok()).map(|head| head.after);
    let (certainty, second) = match (seen.failure(), again) {
        (Some(_), _) => (Certainty::Certain, Text::default()),
        (None, Some(second)) => {
            let (slow, took) = (second >= LATE, span(second));
            match slow {
                true => (Certainty::Certain, text!(" A second request took {took}.", "第二次请求用了 {took}。", took)),
                false => (
                    Certainty::Possible,
                    text!(" A second request took only {took}.", "第二次请求只用了 {took}。", took),
                ),
            }
        }
        (None, None) => (Certainty::Likely, Text::default()),
    };
    let connected = connect.map(|time| {
        let time = span(*time);
        text!(", though the connection stood after {time}", "，而连接 {time}后就已建立", time)
    });
    let connected = connected.unwrap_or_default();
    let products = products(seen);
    let proxy = products.iter().find(|product| product.is_proxy());
    let full = if proxy == Some(&Product::Nginx) {
        text!(" nginx waits until a buffer is full, unless it is told not to.", "nginx 会等缓冲区满，除非另有要求。")
    } else {
        Text::default()
    };
    let evidence = match seen.failure() {
        Some(failure) => {
            let why = &failure.message;
            text!("{why}{connected}.{full}", "{why}{connected}。{full}", why, connected, full)
        }
        None => {
            let took = span(after);
            text!(
                "The answer's header took {took}{connected}.{second}",
                "应答头用了 {took}{connected}。{second}",
                took,
                connected,
                second
            )
        }
    };
    let title = match (proxy, seen.failure()) {
        (Some(proxy), Some(_)) => {
            text!("{proxy}, or the server behind it, holds the answer back", "{proxy} 或它后面的服务器扣留了应答")
        }
        (None, Some(_)) => text!("The server takes the connection and does not answer", "服务器接受了连接，却不应答"),
        (_, None) => text!("The answer comes late", "应答来得晚"),
    };
    let finding = Finding::problem(Code::FirstByteLate, certainty, title).seen(evidence).time("header_s", after);
    Some(finding.mends(mend::unbuffer(&products)).paste(
        text!(
            "have the server send the header, and a first comment, before there is an event",
            "请让服务器在有事件之前就发送应答头和第一条注释"
        ),
        "res.flushHeaders();\nres.write(':\\n\\n');",
    ))
}
