//! A text in every language, made where it is known what it says, before it is known who reads it.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Locale;

/// A text for people. What scripts and logs read of it, and so how it is displayed and serialised, is its English.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Text {
    /// For scripts and logs, too.
    pub english: String,
    /// Simplified.
    pub chinese: String,
}

impl Text {
    /// What is the same in every language: what a server or the system says, a name, or nothing.
    pub fn plain(text: impl Into<String>) -> Self {
        let english = text.into();
        Self { chinese: english.clone(), english }
    }

    /// In a language.
    pub fn read(&self, locale: Locale) -> &str {
        match locale {
            Locale::English => &self.english,
            Locale::Chinese => &self.chinese,
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english)
    }
}

/// Makes a [`Text`]: English, then Chinese, each as [`format!`] takes it with names in braces. Names after that are
/// texts themselves and stand there in the same language: `text!("{who} answers {status}", "{who}应答 {status}", who)`.
#[macro_export]
macro_rules! text {
    ($english:literal, $chinese:literal $(, $part:ident)* $(,)?) => {
        $crate::locale::Text {
            english: {
                $(let $part = $part.english.as_str();)*
                format!($english)
            },
            chinese: {
                $(let $part = $part.chinese.as_str();)*
                format!($chinese)
            },
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_said_in_each_language_with_texts_inside_it() {
        let (host, why) = ("h:1", text!("connection refused", "连接被拒绝"));
        let whole = text!("cannot reach {host}: {why}", "无法连接 {host}：{why}", why);
        assert_eq!(whole.read(Locale::English), "cannot reach h:1: connection refused");
        assert_eq!(whole.read(Locale::Chinese), "无法连接 h:1：连接被拒绝");
        assert_eq!(Text::plain("503").read(Locale::Chinese), "503");
    }

    #[test]
    fn scripts_and_logs_read_english() {
        let said = text!("there is no network", "没有网络");
        assert_eq!(said.to_string(), "there is no network");
        assert_eq!(serde_json::to_value(&said).ok(), Some("there is no network".into()));
    }
}
