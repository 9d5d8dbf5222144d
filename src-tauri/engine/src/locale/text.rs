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
    /// A text in each language, as it stands in a table.
    pub fn of((english, chinese): (&str, &str)) -> Self {
        Self { english: english.to_owned(), chinese: chinese.to_owned() }
    }

    /// What is the same in every language: what a server or the system says, a name, or nothing.
    pub fn plain(text: impl Into<String>) -> Self {
        let english = text.into();
        Self { chinese: english.clone(), english }
    }

    /// All of these, with this between them.
    pub fn joined(texts: impl Iterator<Item = Self>, (english, chinese): (&str, &str)) -> Self {
        let (all_english, all_chinese): (Vec<_>, Vec<_>) = texts.map(|text| (text.english, text.chinese)).unzip();
        Self { english: all_english.join(english), chinese: all_chinese.join(chinese) }
    }

    /// In a language.
    pub fn read(&self, locale: Locale) -> &str {
        match locale {
            Locale::English => &self.english,
            Locale::Chinese => &self.chinese,
        }
    }

    /// Whether its Chinese has a Han character; a text that was forgotten has none.
    #[cfg(test)]
    pub(crate) fn is_in_chinese(&self) -> bool {
        self.chinese.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one))
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

/// A text may be why something could not be done, where nobody branches on it.
impl std::error::Error for Text {}

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
