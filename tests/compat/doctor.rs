//! What the doctor finds behind servers and proxies that are set up wrong, and that it finds nothing where they are not.

mod access;
mod cut;
mod delay;
mod history;
mod resume;
mod scripted;
mod way;

use std::time::Duration;

use streambell_engine::auth::Credentials;
use streambell_engine::config::StreamConfig;
use streambell_engine::doctor::{Certainty, Code, Finding, Patient, Report, diagnose};

/// How long these watch.
const WATCH: Duration = Duration::from_millis(2_500);

/// The report on a stream.
pub(crate) async fn examined(config: StreamConfig) -> Report {
    watched(config, WATCH).await
}

/// The same after another time.
pub(crate) async fn watched(config: StreamConfig, watch: Duration) -> Report {
    diagnose(Patient { config, credentials: Credentials::default(), watch, longest: watch, history: Vec::new() }).await
}

/// The stream of an address.
pub(crate) fn at(url: &str) -> StreamConfig {
    StreamConfig { insecure: true, ..StreamConfig::new("patient", url) }
}

/// The codes of what was found.
pub(crate) fn codes(report: &Report) -> Vec<Code> {
    report.findings.iter().map(|finding| finding.code).collect()
}

/// What was found, however sure it is.
pub(crate) fn found(report: &Report, code: Code) -> &Finding {
    let found = report.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("no {code:?} in {report:#?}"))
}

/// What was found for certain.
pub(crate) fn certain(report: &Report, code: Code) -> &Finding {
    let found = found(report, code);
    assert_eq!(found.certainty, Certainty::Certain, "{found:?}");
    found
}
