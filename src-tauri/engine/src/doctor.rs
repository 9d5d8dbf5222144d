//! Measures a stream and explains what is wrong between here and its server.
//!
//! Probes act and measure: `watch` connects like the stream would and notes what comes when, `probes` asks again in
//! other ways. What they saw is one plain value, [`Observations`]. [`findings`] looks at nothing else: a pure function
//! for each thing that can be wrong, which says what, on what evidence, how sure it is, and what to do about it.

mod certificate;
pub mod clumps;
pub mod findings;
pub mod mend;
pub mod observations;
mod probes;
pub mod product;
pub mod report;
mod source_time;
mod watch;

use std::time::Duration;

use crate::auth::{self, Credentials};
use crate::config::{Auth, StreamConfig};
use crate::locale::Text;
use crate::secrets::Vault;
use crate::text;
use crate::transport::HostGate;
use crate::uptime::Record;

pub use findings::{Certainty, Code, Finding, Weight};
pub use mend::Mend;
pub use observations::Observations;
pub use report::{Figures, Ids, Report, Resume, Verdict};

/// How long a stream is watched where nobody says how long.
pub const WATCH: Duration = Duration::from_secs(15);
/// And how long where nothing comes then: longer than the timeout that cuts most silent streams, of 60 s.
pub const LONGEST: Duration = Duration::from_secs(65);

/// What is to be diagnosed.
#[derive(Debug)]
pub struct Patient {
    /// The stream.
    pub config: StreamConfig,
    /// Its secrets; an access token where it has one.
    pub credentials: Credentials,
    /// How long to watch.
    pub watch: Duration,
    /// Where it is silent then, it is watched until something comes, and for so long at the most; no effect where that is
    /// not more than [`Self::watch`].
    pub longest: Duration,
    /// Its connections of before, newest first; may be empty.
    pub history: Vec<Record>,
}

impl Patient {
    /// A stream with what the vault has for it; an access token is fetched where that spends nothing.
    ///
    /// # Errors
    /// Why its secrets cannot be had, in one line.
    pub async fn of_stream(
        config: StreamConfig,
        vault: &Vault,
        watch: Duration,
        longest: Duration,
        history: Vec<Record>,
    ) -> Result<Self, Text> {
        if auth::spends_token(&config) {
            return Err(text!(
                "a diagnosis would spend the refresh token: give it an access token, as in streambell doctor --auth bearer URL",
                "诊断会用掉更新令牌：请改给它一个访问令牌，例如 streambell doctor --auth bearer URL"
            ));
        }
        let mut access = None;
        if let Auth::OAuth2(settings) = &config.auth {
            let granted = auth::grant(&config, settings, vault, &HostGate::default(), None, None).await;
            access = Some(granted.map_err(|refusal| refusal.message().clone())?.access.token);
        }
        let credentials = Credentials::read(&config, vault, access.as_ref()).await;
        let credentials = credentials.map_err(|refusal| refusal.message().clone())?;
        Ok(Self { config, credentials, watch, longest, history })
    }
}

/// Watches the stream, asks again in other ways, and says what is wrong. Takes as long as it watches and some seconds;
/// up to as long again where the answer comes late. Where the method is not GET or HEAD the request is made once only:
/// another may cost money.
pub async fn diagnose(patient: Patient) -> Report {
    let observations = probes::observe(&patient).await;
    report::report(&observations)
}
