//! How a stream is asked for and read, between configuration and form.

use std::path::PathBuf;
use std::time::Duration;

use streambell_engine::config::{Outage, Redirects, Resume, StreamConfig};
use streambell_protocol::{OutageForm, RequestForm};

/// What a stream says of it.
pub(super) fn to_form(from: &StreamConfig) -> RequestForm {
    RequestForm {
        method: from.method.clone(),
        body: from.body.clone().unwrap_or_default(),
        retry_ms: u32::try_from(from.retry.as_millis()).unwrap_or(u32::MAX),
        ignore: from.resume.ignore.clone(),
        redirects: from.redirects != Redirects::SameOrigin,
        trust: match &from.redirects {
            Redirects::Trust(hosts) => hosts.clone(),
            Redirects::Follow | Redirects::SameOrigin => Vec::new(),
        },
        max_event: u32::try_from(from.max_event).unwrap_or(u32::MAX),
        strict: from.strict,
        http1: from.http1,
        insecure: from.insecure,
        notify: from.notify,
        ca_cert: from.ca_cert.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
        proxy: from.proxy.clone().unwrap_or_default(),
        outage: from.outage.map(outage_form),
    }
}

/// A stream with what the form says of it. What the form shows rounded stays exact where it did not change it.
pub(super) fn onto(form: &RequestForm, base: &StreamConfig) -> StreamConfig {
    let shown = to_form(base);
    let said = |text: &String| (!text.is_empty()).then(|| text.clone());
    let method = match form.method.trim() {
        "" => "GET".to_owned(),
        method => method.to_ascii_uppercase(),
    };
    StreamConfig {
        method,
        body: if form.body == shown.body { base.body.clone() } else { said(&form.body) },
        retry: if form.retry_ms == shown.retry_ms { base.retry } else { Duration::from_millis(form.retry_ms.into()) },
        resume: Resume { ignore: form.ignore.clone(), ..base.resume.clone() },
        redirects: match form.redirects {
            true if form.trust.is_empty() => Redirects::Follow,
            true => Redirects::Trust(form.trust.clone()),
            false => Redirects::SameOrigin,
        },
        max_event: if form.max_event == shown.max_event { base.max_event } else { form.max_event as usize },
        strict: form.strict,
        http1: form.http1,
        insecure: form.insecure,
        notify: form.notify,
        ca_cert: said(&form.ca_cert).map(PathBuf::from),
        proxy: said(&form.proxy),
        outage: if form.outage == shown.outage { base.outage } else { form.outage.map(outage) },
        ..base.clone()
    }
}

fn outage_form(from: Outage) -> OutageForm {
    match from {
        Outage::Off => OutageForm::Off,
        Outage::After(after) => OutageForm::After { seconds: u32::try_from(after.as_secs()).unwrap_or(u32::MAX) },
    }
}

fn outage(form: OutageForm) -> Outage {
    match form {
        OutageForm::Off => Outage::Off,
        OutageForm::After { seconds } => Outage::After(Duration::from_secs(seconds.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unusual() -> StreamConfig {
        StreamConfig {
            method: "POST".to_owned(),
            body: Some("{}".to_owned()),
            retry: Duration::from_micros(1_500_500),
            resume: Resume { ignore: vec!["heartbeat".to_owned()], ..Resume::default() },
            redirects: Redirects::SameOrigin,
            max_event: 4_096,
            strict: true,
            http1: true,
            insecure: true,
            notify: false,
            ca_cert: Some("/ca.pem".into()),
            proxy: Some("http://proxy:3128".to_owned()),
            outage: Some(Outage::After(Duration::from_millis(90_500))),
            ..StreamConfig::new("market", "https://a/stream")
        }
    }

    #[test]
    fn what_was_not_edited_stays_to_the_letter() {
        let trusting = StreamConfig { redirects: Redirects::Trust(vec!["*.example.com".to_owned()]), ..unusual() };
        for stream in [unusual(), trusting, StreamConfig::new("market", "https://a/stream")] {
            assert_eq!(onto(&to_form(&stream), &stream), stream);
        }
    }

    #[test]
    fn each_field_can_be_changed() {
        let new = StreamConfig::new("market", "https://a/stream");
        let exact = StreamConfig {
            retry: Duration::from_millis(1_500),
            outage: Some(Outage::After(Duration::from_secs(90))),
            ..unusual()
        };
        assert_eq!(onto(&to_form(&unusual()), &new), exact);
        assert_eq!(onto(&to_form(&new), &unusual()), new);
    }
}
