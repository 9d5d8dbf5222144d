//! The report as a person reads it.

use streambell_engine::doctor::{Certainty, Figures, Finding, Ids, Report, Resume, Verdict, Weight};

use crate::output::plain;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";

/// How wide a line may be.
const WIDTH: usize = 100;

/// The whole report.
pub(super) fn report(report: &Report, coloured: bool) -> String {
    let paint = |colour: &str, text: &str| match coloured {
        true => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let colour = match report.verdict {
        Verdict::Healthy => GREEN,
        Verdict::Findings => YELLOW,
        Verdict::Unreachable => RED,
    };
    let mut out = format!("{}  {}\n", paint(colour, &report.summary.english), paint(DIM, &plain(&report.url, None)));
    for (number, finding) in (1..).zip(&report.findings) {
        out.push('\n');
        write(&mut out, number, finding, &paint);
    }
    let figures = figures(&report.figures, &report.servers);
    if !figures.is_empty() {
        out.push('\n');
        for (name, value) in figures {
            out += &format!("  {}{}\n", paint(DIM, &format!("{name:<14}")), plain(&value, None));
        }
    }
    if !report.notes.is_empty() {
        out.push('\n');
        for note in &report.notes {
            out += &wrapped(&plain(&note.english, None), "  ", "  ");
        }
    }
    out
}

fn write(out: &mut String, number: usize, finding: &Finding, paint: &dyn Fn(&str, &str) -> String) {
    let colour = match finding.weight {
        Weight::Problem => RED,
        Weight::Risk => YELLOW,
    };
    let sure = match finding.certainty {
        Certainty::Certain => "",
        Certainty::Likely => " (likely)",
        Certainty::Possible => " (possible)",
    };
    let title = format!("{}{sure}", plain(&finding.title.english, None));
    *out += &format!("{} {}\n", paint(colour, &format!("{number}.")), paint(BOLD, &title));
    *out += &wrapped(&plain(&finding.evidence.english, None), "   ", "   ");
    for mend in &finding.mends {
        let words = match mend.product.as_str() {
            "" => mend.words.english.clone(),
            product => format!("{product}: {}", mend.words),
        };
        *out += &wrapped(&plain(&words, None), "   → ", "     ");
        for line in mend.paste.lines() {
            *out += &format!("       {}\n", plain(line, None));
        }
    }
}

/// What was measured, in the order of the way.
fn figures(figures: &Figures, servers: &[String]) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let mut row = |name, value: Option<String>| rows.extend(value.map(|value| (name, value)));
    row("answer", figures.status.zip(figures.http.as_ref()).map(|(status, http)| format!("{status} over HTTP/{http}")));
    row("by", (!servers.is_empty()).then(|| servers.join(", ")));
    let first = figures.first_byte_ms.map(|first| format!(", first byte after {first} ms")).unwrap_or_default();
    row("header", figures.header_ms.map(|header| format!("after {header} ms{first}")));
    let seconds = tenths(figures.watched_ms);
    let cuts = match figures.connections {
        0 | 1 => String::new(),
        connections => format!(", over {connections} connections"),
    };
    let is_stream = figures.first_byte_ms.is_some();
    row(
        "events",
        is_stream.then(|| format!("{} in {seconds} s ({} a second){cuts}", figures.events, figures.events_per_second)),
    );
    let silence = format!("longest silence {} s", figures.longest_silence_s);
    row(
        "heartbeat",
        is_stream.then(|| match figures.heartbeat_s {
            Some(every) => format!("every {every} s; {silence}"),
            None => format!("none seen; {silence}"),
        }),
    );
    let resume = match figures.resume {
        Resume::NotTried => "",
        Resume::Unknown => "; whether it resumes is not known",
        Resume::Works => "; it resumes after the last one",
        Resume::Ignored | Resume::Repeats => "; it does not resume after the last one",
    };
    row(
        "ids",
        match figures.ids {
            Ids::Unknown => None,
            Ids::None => Some("none".to_owned()),
            Ids::Some => Some(format!("some events have one{resume}")),
            Ids::All => Some(format!("all events have one{resume}")),
        },
    );
    row("retry", figures.retry_ms.map(|retry| format!("{retry} ms")));
    row(
        "certificate",
        figures.certificate_days.filter(|days| *days >= 0).map(|days| format!("good for {days} more days")),
    );
    rows
}

fn tenths(milliseconds: u64) -> String {
    match (milliseconds / 1_000, milliseconds % 1_000 / 100) {
        (seconds, 0) => seconds.to_string(),
        (seconds, tenth) => format!("{seconds}.{tenth}"),
    }
}

/// Text in lines that are not too long, after what begins the first and the others.
fn wrapped(text: &str, first: &str, others: &str) -> String {
    let mut out = first.to_owned();
    let mut width = first.chars().count();
    for (number, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        match number {
            0 => {}
            _ if width + 1 + length > WIDTH => {
                out += "\n";
                out += others;
                width = others.chars().count();
            }
            _ => {
                out.push(' ');
                width += 1;
            }
        }
        out += word;
        width += length;
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use streambell_engine::doctor::{Code, Mend};
    use streambell_engine::locale::Text;

    use super::*;

    fn healthy() -> Report {
        Report {
            url: "https://example.com/events?token=***".to_owned(),
            verdict: Verdict::Healthy,
            summary: Text::plain("This stream is well."),
            findings: Vec::new(),
            figures: Figures {
                status: Some(200),
                http: Some("2".to_owned()),
                header_ms: Some(34),
                first_byte_ms: Some(36),
                watched_ms: 15_000,
                connections: 1,
                events: 30,
                events_per_second: 2.0,
                heartbeat_s: Some(5.0),
                longest_silence_s: 0.6,
                ids: Ids::All,
                resume: Resume::Works,
                retry_ms: Some(3_000),
                certificate_days: Some(71),
                clock_s: Some(0.2),
            },
            servers: vec!["nginx 1.22.1".to_owned()],
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_healthy_stream_has_a_short_clean_bill() {
        let wanted = "\
This stream is well.  https://example.com/events?token=***

  answer        200 over HTTP/2
  by            nginx 1.22.1
  header        after 34 ms, first byte after 36 ms
  events        30 in 15 s (2 a second)
  heartbeat     every 5 s; longest silence 0.6 s
  ids           all events have one; it resumes after the last one
  retry         3000 ms
  certificate   good for 71 more days
";
        assert_eq!(report(&healthy(), false), wanted);
    }

    #[test]
    fn a_finding_is_said_with_its_evidence_and_what_to_paste() {
        let mend = Mend {
            product: "nginx".to_owned(),
            words: Text::plain("in the location"),
            paste: "proxy_buffering off;\ngzip off;".to_owned(),
        };
        let finding = Finding {
            code: Code::Buffered,
            weight: Weight::Problem,
            title: Text::plain("Events are held back\u{1b}[2J"),
            evidence: Text::plain("word ".repeat(30).trim_end()),
            numbers: BTreeMap::new(),
            certainty: Certainty::Likely,
            mends: vec![mend],
        };
        let sick = Report {
            verdict: Verdict::Findings,
            summary: Text::plain("1 thing is wrong."),
            findings: vec![finding],
            figures: Figures::default(),
            servers: Vec::new(),
            notes: vec![Text::plain("Watch longer.")],
            ..healthy()
        };
        let text = report(&sick, false);
        assert!(text.contains("\n1. Events are held back\\u{1b}[2J (likely)\n"), "{text}");
        assert!(
            text.contains("   → nginx: in the location\n       proxy_buffering off;\n       gzip off;\n"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.ends_with("  Watch longer.\n"), "{text}");
    }
}
