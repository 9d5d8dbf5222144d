//! The program itself: its files, how it starts, and what a report of a fault needs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::text::Text;

/// What a person may want to know of the program, or to tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// A text for a report of a fault: no secret, no address, no event.
    pub text: String,
    /// The program's version.
    pub version: String,
    /// Where its files are.
    pub files: Vec<FileView>,
}

/// A file or folder of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileView {
    /// What it is.
    pub kind: FileKind,
    /// Where.
    pub path: String,
    /// Its size in bytes, with what is beside it; `None` where it does not exist.
    #[ts(type = "number | null")]
    pub bytes: Option<u64>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// The configuration.
    Configuration,
    /// The history.
    History,
    /// The text index of the history; it is made anew where it is missing.
    TextIndex,
    /// The folder of the logs.
    Logs,
    /// What starts the program at login.
    Autostart,
}

/// Whether the program starts when its user signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartAtLogin {
    /// Whether it does.
    pub enabled: bool,
    /// Why that cannot be changed here, in one line; empty where it can.
    pub trouble: Text,
}

/// That there is a secret in the keyring; never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoredSecret {
    /// Its name there.
    pub account: String,
    /// Whose it is.
    pub stream: String,
    /// Whether there is such a stream.
    pub known: bool,
    /// Which of the stream's.
    pub part: SecretPart,
}

/// Which of a stream's secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case", tag = "part")]
pub enum SecretPart {
    /// What it signs in with.
    Main,
    /// That of a header.
    Header {
        /// The header's name.
        name: String,
    },
    /// That of the OAuth 2 client.
    ClientSecret,
    /// An access token that a sign-in brought.
    AccessToken,
    /// The password of the client certificate.
    ClientCert,
}
