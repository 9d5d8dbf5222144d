//! A sign-in with a code that a person types on a page.

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
