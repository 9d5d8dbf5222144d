//! A text in every language: who shows it knows which one is read.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A text for people, in every language. What scripts read of it is its English.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// A text in each language.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// What is the same in every language: a name, or what a server says.
    pub fn plain(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { zh: en.clone(), en }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}
