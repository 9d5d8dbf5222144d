//! The two looks in which each action is tried: in English and light, and in Chinese and dark.

use serde_json::json;
use streambell_tests::webdriver::Window;

/// How the page looks to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    EnglishLight,
    ChineseDark,
}

impl Look {
    pub(crate) fn language(self) -> &'static str {
        match self {
            Self::EnglishLight => "en",
            Self::ChineseDark => "zh",
        }
    }

    pub(crate) fn theme(self) -> &'static str {
        match self {
            Self::EnglishLight => "light",
            Self::ChineseDark => "dark",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::EnglishLight => Self::ChineseDark,
            Self::ChineseDark => Self::EnglishLight,
        }
    }

    /// What the page is once it looks so, as a selector.
    pub(crate) fn shown(self) -> String {
        format!("html[lang^=\"{}\"][data-theme=\"{}\"]", self.language(), self.theme())
    }

    /// A configuration in which this is chosen.
    pub(crate) fn spoken(self, config: &str) -> String {
        config.replacen(
            "version = 1\n",
            &format!("version = 1\nlanguage = \"{}\"\ndashboard.theme = \"{}\"\n", self.language(), self.theme()),
            1,
        )
    }

    /// Gives it to a window too, as if it had been shown so at the last start: what is asked of it before it knows the
    /// configuration is asked in this language.
    pub(crate) async fn give(self, window: &Window) {
        let kept = json!({ "language": self.language(), "theme": self.theme(), "unsaved": [] }).to_string();
        window.find("status-line").await;
        window.evaluate("localStorage.setItem('streambell.preferences', arguments[0])", &[json!(kept)]).await;
        window.reload().await;
        window.find_css(&self.shown()).await;
        // Once it knows how things are, whatever it offers can be done.
        window.find_css("[data-testid=\"add-stream\"]:enabled").await;
    }
}

/// Makes of each of these functions two tests: one in each look.
macro_rules! in_both_looks {
    ($($test:ident),+ $(,)?) => {
        mod english_and_light {
            $(#[tokio::test]
            async fn $test() {
                super::$test($crate::page::Look::EnglishLight).await;
            })+
        }
        mod chinese_and_dark {
            $(#[tokio::test]
            async fn $test() {
                super::$test($crate::page::Look::ChineseDark).await;
            })+
        }
    };
}
pub(crate) use in_both_looks;
