//! Where the dashboard is opened.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A place in the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(tag = "spot", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Spot {
    /// Wherever it is.
    #[default]
    Anywhere,
    /// At an alert.
    Alert {
        /// Its number.
        #[ts(type = "number")]
        alert: i64,
    },
    /// At the list of the alerts that are not read yet.
    Unread,
    /// At a stream.
    Stream {
        /// Its name.
        stream: String,
    },
}

impl From<Option<i64>> for Spot {
    fn from(alert: Option<i64>) -> Self {
        alert.map_or(Self::Anywhere, |alert| Self::Alert { alert })
    }
}
