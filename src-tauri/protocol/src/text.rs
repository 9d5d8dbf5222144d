//! A text in every language: who shows it knows which one is read.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// A text for people, in every language. What scripts read of it is its English.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// How it is written: a program of before has one language only, and must be understood when it says that it is one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Plain(String),
    Each { en: String, zh: String },
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Said::deserialize(deserializer)? {
            Said::Plain(text) => Self::plain(text),
            Said::Each { en, zh } => Self { en, zh },
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::ErrorCode;
    use crate::wire::Message;

    #[test]
    fn what_a_program_of_before_refuses_is_understood() {
        let line = r#"{"type":"error","id":1,"code":"version","message":"end the running one"}"#;
        let Ok(Message::Error { code: ErrorCode::Version, message, .. }) = serde_json::from_str(line) else {
            panic!("another message");
        };
        assert_eq!(message, Text::plain("end the running one"));
        let each = Text::new("yes", "是");
        assert_eq!(serde_json::to_value(&each).and_then(serde_json::from_value::<Text>).ok(), Some(each));
    }
}
