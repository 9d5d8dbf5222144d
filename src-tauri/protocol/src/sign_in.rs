//! What a person does where a stream has no secret, and a sign-in with a code that is typed on a page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::text::Text;

/// Where it is. Never a token: those stay with the resident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "step", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SignInView {
    /// The authorization server is asked for a code.
    Asking,
    /// A person is to type it.
    Code {
        /// The code.
        code: String,
        /// The page to type it on, http or https.
        url: String,
        /// The same page with the code in it, where there is one.
        complete_url: Option<String>,
        /// Until when it can be typed.
        #[ts(type = "number")]
        expires_at_ms: i64,
    },
    /// It came to nothing.
    Failed {
        /// Why, in one line.
        message: Text,
    },
}

/// A secret that is missing, as a window says it: with its own button instead of the command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MissingView {
    /// What is missing, without what to do.
    pub cause: Text,
    /// What brings it.
    pub remedy: Remedy,
}

/// What brings a secret that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// Signing in, or typing the stream's main secret.
    SignIn,
    /// Typing it into the stream's form.
    Edit,
}
