//! A diagnosis on its way to a client.

use streambell_engine::doctor;
use streambell_protocol::{
    Certainty, DoctorReport, Figures, Finding, FindingCode, IdsFigure, Mend, ResumeFigure, Verdict, Weight,
};

use super::view::text;

/// A report.
pub(super) fn report(from: doctor::Report) -> DoctorReport {
    DoctorReport {
        url: from.url,
        verdict: match from.verdict {
            doctor::Verdict::Healthy => Verdict::Healthy,
            doctor::Verdict::Findings => Verdict::Findings,
            doctor::Verdict::Unreachable => Verdict::Unreachable,
        },
        summary: text(&from.summary),
        findings: from.findings.into_iter().map(finding).collect(),
        figures: figures(from.figures),
        servers: from.servers,
        notes: from.notes.iter().map(text).collect(),
    }
}

fn finding(from: doctor::Finding) -> Finding {
    let mend = |mend: doctor::Mend| Mend { product: mend.product, words: text(&mend.words), paste: mend.paste };
    Finding {
        code: code(from.code),
        weight: match from.weight {
            doctor::Weight::Problem => Weight::Problem,
            doctor::Weight::Risk => Weight::Risk,
        },
        title: text(&from.title),
        evidence: text(&from.evidence),
        numbers: from.numbers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        certainty: match from.certainty {
            doctor::Certainty::Certain => Certainty::Certain,
            doctor::Certainty::Likely => Certainty::Likely,
            doctor::Certainty::Possible => Certainty::Possible,
        },
        mends: from.mends.into_iter().map(mend).collect(),
    }
}

fn figures(from: doctor::Figures) -> Figures {
    let small = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    Figures {
        status: from.status,
        http: from.http,
        header_ms: from.header_ms.map(small),
        first_byte_ms: from.first_byte_ms.map(small),
        watched_ms: small(from.watched_ms),
        connections: small(from.connections),
        events: small(from.events),
        events_per_second: from.events_per_second,
        heartbeat_s: from.heartbeat_s,
        longest_silence_s: from.longest_silence_s,
        ids: match from.ids {
            doctor::Ids::Unknown => IdsFigure::Unknown,
            doctor::Ids::None => IdsFigure::None,
            doctor::Ids::Some => IdsFigure::Some,
            doctor::Ids::All => IdsFigure::All,
        },
        resume: match from.resume {
            doctor::Resume::NotTried => ResumeFigure::NotTried,
            doctor::Resume::Unknown => ResumeFigure::Unknown,
            doctor::Resume::Works => ResumeFigure::Works,
            doctor::Resume::Ignored => ResumeFigure::Ignored,
            doctor::Resume::Repeats => ResumeFigure::Repeats,
        },
        retry_ms: from.retry_ms.map(small),
        certificate_days: from.certificate_days.map(|days| i32::try_from(days).unwrap_or(i32::MAX)),
        clock_s: from.clock_s,
    }
}

fn code(from: doctor::Code) -> FindingCode {
    match from {
        doctor::Code::Unreachable => FindingCode::Unreachable,
        doctor::Code::CertificateExpired => FindingCode::CertificateExpired,
        doctor::Code::CertificateName => FindingCode::CertificateName,
        doctor::Code::CertificateSelfSigned => FindingCode::CertificateSelfSigned,
        doctor::Code::CertificateAuthority => FindingCode::CertificateAuthority,
        doctor::Code::Tls => FindingCode::Tls,
        doctor::Code::CertificateEnds => FindingCode::CertificateEnds,
        doctor::Code::RedirectLoop => FindingCode::RedirectLoop,
        doctor::Code::Redirect => FindingCode::Redirect,
        doctor::Code::LoginPage => FindingCode::LoginPage,
        doctor::Code::Unauthorized => FindingCode::Unauthorized,
        doctor::Code::Forbidden => FindingCode::Forbidden,
        doctor::Code::Scope => FindingCode::Scope,
        doctor::Code::TokenExpired => FindingCode::TokenExpired,
        doctor::Code::TokenEnds => FindingCode::TokenEnds,
        doctor::Code::TokenInUrl => FindingCode::TokenInUrl,
        doctor::Code::NotFound => FindingCode::NotFound,
        doctor::Code::Status => FindingCode::Status,
        doctor::Code::ContentTypeMissing => FindingCode::ContentTypeMissing,
        doctor::Code::ContentTypeWrong => FindingCode::ContentTypeWrong,
        doctor::Code::Compressed => FindingCode::Compressed,
        doctor::Code::Cacheable => FindingCode::Cacheable,
        doctor::Code::Buffered => FindingCode::Buffered,
        doctor::Code::AccelBuffering => FindingCode::AccelBuffering,
        doctor::Code::FirstByteLate => FindingCode::FirstByteLate,
        doctor::Code::CutByAge => FindingCode::CutByAge,
        doctor::Code::CutBySilence => FindingCode::CutBySilence,
        doctor::Code::Cut => FindingCode::Cut,
        doctor::Code::NoHeartbeat => FindingCode::NoHeartbeat,
        doctor::Code::Http10 => FindingCode::Http10,
        doctor::Code::ConnectionClose => FindingCode::ConnectionClose,
        doctor::Code::Http2 => FindingCode::Http2,
        doctor::Code::NoIds => FindingCode::NoIds,
        doctor::Code::ResumeIgnored => FindingCode::ResumeIgnored,
        doctor::Code::ResumeRepeats => FindingCode::ResumeRepeats,
        doctor::Code::RetrySmall => FindingCode::RetrySmall,
        doctor::Code::Clock => FindingCode::Clock,
        doctor::Code::Ipv6 => FindingCode::Ipv6,
        doctor::Code::Proxy => FindingCode::Proxy,
    }
}
