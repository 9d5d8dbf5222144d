//! New names of rules, and of what rules are about.

use std::sync::Arc;

use super::rule::fingerprint;
use crate::config::Config;
use crate::model::StreamId;

/// What has a new name in a configuration: the old one, and the new one.
#[derive(Debug, Clone, Default)]
pub struct Renamed {
    /// A rule.
    pub rule: Option<(Arc<str>, Arc<str>)>,
    /// A stream.
    pub stream: Option<(String, StreamId)>,
}

impl Renamed {
    /// What the rule of that name would be about, were the stream called as before.
    pub(super) fn before(&self, config: &Config, rule: &str) -> Option<i64> {
        let (old, new) = self.stream.as_ref()?;
        let mut config = config.rules.iter().find(|config| &*config.name == rule)?.clone();
        for stream in config.streams.iter_mut().filter(|stream| *stream == new.as_str()) {
            stream.clone_from(old);
        }
        Some(fingerprint(&config))
    }
}
