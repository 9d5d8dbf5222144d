//! What an alert says by itself that tells that nothing came, in every language.

use super::{Expect, RuleConfig, Trigger, length_in_words};
use crate::locale::{Locale, Text};
use crate::text;

/// Title and body, as templates.
pub(super) fn not_seen(locale: Locale) -> (&'static str, &'static str) {
    match locale {
        Locale::English => (
            "{{ rule }}: not seen{% if group %} from {{ group }}{% endif %} {{ deadline }}",
            "{% if seen %}The last one came {{ seen|time('%a %d %b %H:%M') }}.{% else %}None has come yet.{% endif %}",
        ),
        Locale::Chinese => (
            "{{ rule }}：{% if group %}{{ group }} {% endif %}{{ deadline }}没有收到",
            "{% if seen %}上一次收到是在 {{ seen|time('%m-%d %H:%M') }}。{% else %}至今还没有收到过。{% endif %}",
        ),
    }
}

impl RuleConfig {
    /// The templates of its title and body; those that it does not say itself are in this language.
    pub(crate) fn texts(&self, locale: Locale) -> (&str, &str) {
        if !matches!(self.trigger, Trigger::Expect(_)) {
            return (&self.title, &self.body);
        }
        let (english, own) = (not_seen(Locale::English), not_seen(locale));
        (
            if self.title == english.0 { own.0 } else { &self.title },
            if self.body == english.1 { own.1 } else { &self.body },
        )
    }
}

impl Expect {
    /// The deadline: `by 03:30`, `for 26h`.
    pub fn in_words(&self) -> Text {
        match self {
            Self::Within(length) => {
                let length = length_in_words(*length);
                text!("for {length}", "{length}内", length)
            }
            Self::By(daily) => {
                let by = daily.by.strftime("%H:%M");
                text!("by {by}", "{by} 前")
            }
        }
    }
}
