//! A stream to be saved, and what goes with it.

use crate::auth::Typed;
use crate::config::StreamConfig;

/// A stream to be saved, and what goes with it.
#[derive(Debug, Clone)]
pub struct StreamEdit {
    /// The name of the stream to change; a new one without it.
    pub original: Option<String>,
    /// The stream.
    pub stream: StreamConfig,
    /// How it is to be written; without it, as it was but for what differs.
    pub written: Option<StreamText>,
    /// New secrets for the vault.
    pub typed: Typed,
    /// What a person has read and agreed to, in English: see [`consent`](crate::consent).
    pub agreed: Option<String>,
}

/// A stream as a person wrote it.
#[derive(Debug, Clone)]
pub struct StreamText {
    /// The TOML of one `[[stream]]`.
    pub text: String,
    /// How it was written before, which must be so still.
    pub base: Option<String>,
}

impl StreamEdit {
    /// A stream as it is, without anything else.
    pub fn new(original: Option<String>, stream: StreamConfig) -> Self {
        Self { original, stream, written: None, typed: Typed::default(), agreed: None }
    }
}
